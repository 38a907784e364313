"""A person who stands before an officer with an identity card: found, or written down, by what the card says."""

import unicodedata
from datetime import date, datetime

from django.db import transaction

from motcua.events.services import publish
from motcua.identity.events import PersonPresented
from motcua.identity.models import Account, Person
from motcua.identity.numbers import BornInTheFuture, PersonNumber
from motcua.identity.people import PersonView, view_of
from motcua.identity.states import Sex
from motcua.identity.throttle import spend_presenting

SHORTEST_NAME, LONGEST_NAME = 2, 160


class PresentedRefused(ValueError):
    """What was read from the card cannot be taken; says why in both languages and names nobody."""

    field = "number"
    vi = "Thông tin trên thẻ chưa dùng được; hãy xem lại thẻ căn cước."
    en = "What was read from the card cannot be used; look at the identity card again."

    def __str__(self) -> str:
        return self.vi


class SomebodyElses(PresentedRefused):
    """The number is recorded with another name or another date of birth; which of them is not told."""

    vi = (
        "Số định danh, họ tên và ngày sinh không khớp nhau. Hãy đọc lại từng mục trên thẻ căn cước; nếu vẫn vậy,"
        " hướng dẫn người dân xác nhận tại cơ quan quản lý căn cước."
    )
    en = (
        "Number, name and date of birth do not belong together. Read each from the identity card again; if it stays"
        " so, ask the person to have it confirmed by the identity office."
    )


class NameNotUsable(PresentedRefused):
    """The name is missing, too long, or not a name."""

    field = "full_name"
    vi = "Ghi họ, chữ đệm và tên như trên thẻ căn cước, nhiều nhất 160 ký tự."
    en = "Write the full name as on the identity card, at most 160 characters."


class BirthDateDisagrees(PresentedRefused):
    """The year of birth is not the one that the number carries."""

    field = "born_on"
    vi = "Năm sinh không khớp với số định danh; hãy đọc lại ngày sinh và số trên thẻ căn cước."
    en = "The year of birth does not fit the citizen number; read both from the identity card again."


def person_presented(
    *,
    number: PersonNumber,
    full_name: str,
    born_on: date,
    account_id: int,
    now: datetime,
    sex: Sex | None = None,
    agency_path: str = "",
    corrects: bool = False,
) -> PersonView:
    """Return the person of the card that ``account_id`` has in front of them, written down if nobody has before.

    Who is recorded keeps the name that the national identity stated; letters with and without accents are taken
    as the same. With ``corrects`` a name and a date of birth that only an office has written are replaced: for
    officers who see the card. Raises ``PresentedRefused``, which tells the same of a wrong name and a wrong date,
    and ``TooManyTries``: who walks through numbers is stopped.
    """
    name = " ".join(unicodedata.normalize("NFC", full_name[: 2 * LONGEST_NAME]).split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not name.replace(" ", "").isprintable():
        raise NameNotUsable
    if born_on.year != number.birth_year:
        raise BirthDateDisagrees
    if born_on > now.date():
        raise BornInTheFuture
    # Before the transaction: what is rolled back with a refusal would not be counted.
    spend_presenting(account_id=account_id, now=now)
    with transaction.atomic():
        row, is_new, is_corrected = _written(number, name, born_on, sex, now, corrects=corrects)
        publish(
            PersonPresented(
                happened_at=now,
                agency_path=agency_path,
                subject=f"person:{row.pk}",
                actor=f"account:{account_id}",
                first_time=is_new,
                corrected=is_corrected,
            )
        )
    return view_of(row)


def _written(
    number: PersonNumber, name: str, born_on: date, sex: Sex | None, now: datetime, *, corrects: bool
) -> tuple[Person, bool, bool]:
    """Return the row, whether it is new, and whether what it said was corrected."""
    row, is_new = Person.objects.get_or_create(
        key=number.key(),
        defaults={
            "number_sealed": number.seal(),
            "name": name,
            "born_on": born_on,
            "sex": sex or number.sex,
            "recorded_at": now,
        },
    )
    if is_new:
        return row, True, False
    fits = folded(row.name) == folded(name) and row.born_on in (None, born_on)
    if fits and row.born_on is not None:
        return row, False, False
    if not fits and (not corrects or _stated_by_the_issuer(row)):
        raise SomebodyElses
    if not fits:
        row.name = name
    row.born_on = born_on
    row.save(update_fields=["name", "born_on"])
    return row, False, True


def _stated_by_the_issuer(row: Person) -> bool:
    return Account.objects.filter(person=row).exists()


def folded(name: str) -> str:
    """Return the name as two spellings of it compare: without accents, case and spaces more than one."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())
