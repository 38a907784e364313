"""People in the database: found by number, brought up to date, and unreadable in a stolen dump."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from motcua.identity.citizens import AccountClosed, AnotherPerson, account_from_claims
from motcua.identity.models import Account, Person
from motcua.identity.numbers import PersonNumber
from motcua.identity.oidc import SignInNotFinished
from motcua.identity.people import (
    NoPersonBehind,
    PersonNotKnown,
    person,
    person_by_key,
    person_of,
    record_person,
)
from motcua.identity.states import Sex

NUMBER = "049190000321"
pytestmark = pytest.mark.django_db


def claims(**changed: object) -> dict[str, object]:
    return {
        "iss": "https://issuer.example",
        "sub": NUMBER,
        "name": "Trần Thị Hoa",
        "birthdate": "1990-02-03",
        "gender": "female",
        "citizen_number": NUMBER,
        **changed,
    }


def whole_database() -> str:
    """Every row of every table as text, as a plain dump shows it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        lines = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            lines += [row[0] for row in cursor.fetchall()]
    return "\n".join(lines)


def test_a_stolen_dump_does_not_show_the_number(now: datetime) -> None:
    account = account_from_claims(claims(), now=now)

    dump = whole_database()

    # The person is in the dump, so the search below looks in the right place.
    assert "Trần Thị Hoa" in dump
    assert account.login in dump
    for hidden in (NUMBER, NUMBER.encode().hex(), NUMBER[::-1], f"{int(NUMBER):x}"):
        assert hidden not in dump


def test_the_number_still_finds_the_person(now: datetime) -> None:
    account = account_from_claims(claims(), now=now)

    found = person_by_key(PersonNumber.parse("0491 9000 0321").key())

    assert found == person_of(account) == person_of(account.pk) == person(found.id)
    assert (found.name, found.born_on, found.sex) == ("Trần Thị Hoa", date(1990, 2, 3), Sex.FEMALE)
    assert found.masked_number == "•••••••••321"


def test_signing_in_again_brings_the_person_up_to_date(now: datetime) -> None:
    first = account_from_claims(claims(), now=now)

    again = account_from_claims(claims(name="Trần Thị  Hoa Mai"), now=now)

    assert again.pk == first.pk
    assert person_of(again).name == Account.objects.get().name == "Trần Thị Hoa Mai"
    assert Person.objects.count() == 1


def test_the_same_subject_at_another_issuer_is_another_account_of_the_same_person(now: datetime) -> None:
    first = account_from_claims(claims(), now=now)
    second = account_from_claims(claims(iss="https://other.example"), now=now)

    assert first.pk != second.pk
    assert person_of(first) == person_of(second)


def test_a_subject_that_comes_with_another_number_is_refused(now: datetime) -> None:
    account_from_claims(claims(), now=now)

    with pytest.raises(AnotherPerson):
        account_from_claims(claims(citizen_number="049190000322"), now=now)

    assert Account.objects.count() == Person.objects.count() == 1


def test_a_closed_account_is_refused(now: datetime) -> None:
    account_from_claims(claims(), now=now)
    Account.objects.update(is_active=False)

    with pytest.raises(AccountClosed):
        account_from_claims(claims(name="Tên Mới"), now=now)

    assert Person.objects.get().name == "Trần Thị Hoa"


@pytest.mark.parametrize(
    "wrong",
    [
        {"citizen_number": None},
        {"citizen_number": "049190"},
        {"citizen_number": "003190000321"},
        {"citizen_number": "049299000321"},
        {"citizen_number": ["049190000321"]},
        {"name": ""},
        {"name": None},
        {"name": "x" * 161},
        {"name": "Hoa\x00"},
        {"birthdate": "1991-02-03"},
    ],
)
def test_claims_without_a_usable_person_are_refused(now: datetime, wrong: dict[str, object]) -> None:
    with pytest.raises(SignInNotFinished) as refusal:
        account_from_claims(claims(**wrong), now=now)

    assert NUMBER not in str(refusal.value)
    assert not Account.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize(("birthdate", "kept"), [("1990", None), ("", None), (None, None)])
def test_a_date_of_birth_may_be_unknown(now: datetime, birthdate: object, kept: date | None) -> None:
    account = account_from_claims(claims(birthdate=birthdate, gender="other"), now=now)

    assert person_of(account).born_on == kept
    assert person_of(account).sex == Sex.FEMALE


def test_the_claims_may_have_other_names(now: datetime, settings: Settings) -> None:
    settings.OIDC_NUMBER_CLAIM, settings.OIDC_NAME_CLAIM = "cccd", "ho_ten"

    account = account_from_claims(claims(cccd="048190000999", ho_ten="Lê Văn Tám"), now=now)

    assert person_of(account).name == "Lê Văn Tám"


def test_a_number_is_one_person(now: datetime) -> None:
    number = PersonNumber(NUMBER)
    first = record_person(number=number, name="A", born_on=None, sex=Sex.FEMALE, now=now)

    assert record_person(number=number, name="B", born_on=None, sex=Sex.FEMALE, now=now).pk == first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(key=number.key(), number_sealed=b"", name="C", sex="male", recorded_at=now)


def test_no_person_behind_and_no_such_person_are_refused(now: datetime) -> None:
    with pytest.raises(NoPersonBehind):
        person_of(0)
    with pytest.raises(PersonNotKnown):
        person_by_key(PersonNumber(NUMBER).key())


def test_a_citizen_account_needs_an_issuer(now: datetime) -> None:
    with pytest.raises(IntegrityError, match="account_citizens_come_from_an_issuer"), transaction.atomic():
        Account.objects.create(kind="citizen", login="x", name="x", created_at=now)
