"""A person before a counter: found or written down, and never told of to who guesses."""

from datetime import date, datetime

import pytest
from django.db import transaction

from motcua.events.models import LedgerEntry
from motcua.identity.citizens import account_from_claims
from motcua.identity.models import Person
from motcua.identity.numbers import BornInTheFuture, PersonNumber
from motcua.identity.people import PersonView, record_person
from motcua.identity.presented import (
    BirthDateDisagrees,
    NameNotUsable,
    SomebodyElses,
    folded,
    person_presented,
)
from motcua.identity.states import Sex
from motcua.identity.throttle import PRESENTED_PER_ACCOUNT, TooManyTries

NUMBER, BORN = "049190000321", date(1990, 2, 3)
pytestmark = pytest.mark.django_db


def present(now: datetime, name: str = "Trần Thị Hoa", born_on: date = BORN, **more: bool) -> PersonView:
    number = PersonNumber.parse(NUMBER)
    return person_presented(
        number=number, full_name=name, born_on=born_on, account_id=7, now=now, agency_path="dn", **more
    )


def claims(**changed: object) -> dict[str, object]:
    return {
        "iss": "https://issuer.example",
        "sub": "a",
        "name": "Trần Thị Hoa",
        "birthdate": "1990-02-03",
        "gender": "female",
        "citizen_number": NUMBER,
        **changed,
    }


def test_who_is_not_recorded_is_written_down_and_the_ledger_names_nobody(now: datetime) -> None:
    view = present(now)

    assert (view.name, view.born_on, view.sex) == ("Trần Thị Hoa", BORN, Sex.FEMALE)
    entry = LedgerEntry.objects.get(name="PersonPresented")
    assert (entry.subject, entry.actor, entry.body["first_time"]) == (f"person:{view.id}", "account:7", True)
    assert NUMBER not in str(entry.body)


def test_the_person_who_signs_in_later_is_the_same_one(now: datetime) -> None:
    view = present(now)

    account = account_from_claims(claims(), now=now)

    assert account.person_id == view.id


@pytest.mark.parametrize("name", ["trần thị hoa", "TRAN THI HOA", " Trần  Thị Hoa "])
def test_case_accents_and_spaces_make_no_other_person(now: datetime, name: str) -> None:
    first = present(now)

    again = present(now, name)

    assert (again.id, again.name) == (first.id, "Trần Thị Hoa")


@pytest.mark.parametrize(
    ("name", "born_on"),
    [("Trần Thị Huê", BORN), ("Trần Thị Hoa", date(1990, 2, 4)), ("Lê", date(1990, 1, 1))],
)
def test_a_wrong_name_and_a_wrong_date_are_refused_alike(now: datetime, name: str, born_on: date) -> None:
    present(now)

    with pytest.raises(SomebodyElses) as refusal:
        present(now, name, born_on)

    assert str(refusal.value) == SomebodyElses.vi
    assert Person.objects.get().name == "Trần Thị Hoa"


def test_an_officer_with_the_card_corrects_what_an_office_wrote(now: datetime) -> None:
    present(now, "Trần Thị Hao")

    assert present(now, corrects=True).name == "Trần Thị Hoa"


def test_nobody_corrects_what_the_national_identity_stated(now: datetime) -> None:
    account_from_claims(claims(), now=now)

    with pytest.raises(SomebodyElses):
        present(now, "Trần Thị Huê", corrects=True)

    assert Person.objects.get().name == "Trần Thị Hoa"


def test_a_missing_date_of_birth_is_filled_in_from_the_card_and_kept(now: datetime) -> None:
    account_from_claims(claims(birthdate="1990"), now=now)

    assert present(now).born_on == BORN
    record_person(
        number=PersonNumber.parse(NUMBER), name="Trần Thị Hoa", born_on=None, sex=Sex.FEMALE, now=now
    )
    assert Person.objects.get().born_on == BORN


@pytest.mark.parametrize(
    ("name", "born_on", "refused"),
    [
        ("", BORN, NameNotUsable),
        ("H", BORN, NameNotUsable),
        ("Hoa\x07Mai", BORN, NameNotUsable),
        ("H" * 161, BORN, NameNotUsable),
        ("Trần Thị Hoa", date(1991, 2, 3), BirthDateDisagrees),
    ],
)
def test_what_cannot_be_on_a_card_is_refused(
    now: datetime, name: str, born_on: date, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        present(now, name, born_on)

    assert not Person.objects.exists()


def test_nobody_is_born_tomorrow(now: datetime) -> None:
    number = PersonNumber.parse("049326000321")

    with pytest.raises(BornInTheFuture):
        person_presented(
            number=number, full_name="Trần Bé", born_on=date(2026, 12, 30), account_id=7, now=now
        )


def test_who_walks_through_numbers_is_stopped_even_by_refusals(now: datetime) -> None:
    present(now)
    for _ in range(PRESENTED_PER_ACCOUNT - 1):
        with transaction.atomic(), pytest.raises(SomebodyElses):
            present(now, "Lê Thị Đoán")

    with pytest.raises(TooManyTries):
        present(now)


@pytest.mark.parametrize(("one", "other"), [("Đặng Hoà", "dang hòa"), ("NGUYỄN ÁNH", "nguyen anh")])
def test_two_spellings_of_a_name_compare_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)
