"""People: who stands behind an account, shown without their number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from motcua.identity.models import Account, Person
from motcua.identity.numbers import PersonNumber
from motcua.identity.states import Sex


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as pages may show one; ``id`` finds the person's cases, ``key`` what registers know."""

    id: int
    key: bytes
    name: str
    born_on: date | None
    sex: Sex
    masked_number: str
    birth_year: int


class NoPersonBehind(LookupError):
    """The account belongs to no natural person."""


class PersonNotKnown(LookupError):
    """No person with that key has signed in or been recorded."""


def person_of(account: Account | int) -> PersonView:
    """Return the person behind an account; raises ``NoPersonBehind``."""
    pk = account if isinstance(account, int) else account.pk
    row = Person.objects.filter(accounts=pk).first()
    if row is None:
        raise NoPersonBehind(f"account:{pk} has no person behind it; sign in with the national identity")
    return view_of(row)


def person(person_id: int) -> PersonView:
    """Return a recorded person; raises ``Person.DoesNotExist``."""
    return view_of(Person.objects.get(pk=person_id))


def people_by_id(ids: Collection[int]) -> dict[int, PersonView]:
    """Return the recorded people of those ids; one query."""
    return {row.pk: view_of(row) for row in Person.objects.filter(pk__in=list(ids))}


def person_by_key(key: bytes) -> PersonView:
    """Return the recorded person of that key; raises ``PersonNotKnown``."""
    row = Person.objects.filter(key=key).first()
    if row is None:
        raise PersonNotKnown("no person of that key is recorded here")
    return view_of(row)


@transaction.atomic
def record_person(
    *, number: PersonNumber, name: str, born_on: date | None, sex: Sex, now: datetime
) -> Person:
    """Write the person down, or bring name, date of birth and sex up to date, and return the row.

    A date of birth that is known stays where none is stated.
    """
    dated = {} if born_on is None else {"born_on": born_on}
    row, _ = Person.objects.update_or_create(
        key=number.key(),
        defaults={"name": name, "sex": sex, **dated},
        create_defaults={
            "number_sealed": number.seal(),
            "name": name,
            "born_on": born_on,
            "sex": sex,
            "recorded_at": now,
        },
    )
    return row


def names_by_id(ids: Collection[int]) -> dict[int, str]:
    """Return the recorded name of each person; one query."""
    return dict(Person.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def names_by_key(keys: Collection[bytes]) -> dict[bytes, str]:
    """Return the recorded name of each person key; unknown keys are left out. One query."""
    rows = Person.objects.filter(key__in=list(keys)).values_list("key", "name")
    return {bytes(key): name for key, name in rows}


@transaction.atomic
def record_new_people(
    several: Collection[tuple[PersonNumber, str]], *, now: datetime
) -> dict[bytes, PersonView]:
    """Write down those whom nobody has recorded, by number and name, and return all by key.

    Who is recorded already keeps the name that the national identity stated. Two statements at most.
    """
    wanted = {number.key(): (number, name) for number, name in several}
    known = {bytes(row.key): row for row in Person.objects.filter(key__in=list(wanted))}
    missing = [(key, *wanted[key]) for key in wanted if key not in known]
    if missing:
        Person.objects.bulk_create(
            (
                Person(
                    key=key,
                    number_sealed=number.seal(),
                    name=name,
                    born_on=None,
                    sex=number.sex,
                    recorded_at=now,
                )
                for key, number, name in missing
            ),
            # Another list may name the same person at this moment; whoever comes first is taken.
            ignore_conflicts=True,
        )
        rows = Person.objects.filter(key__in=[key for key, _, _ in missing])
        known |= {bytes(row.key): row for row in rows}
    return {key: view_of(row) for key, row in known.items()}


def view_of(row: Person) -> PersonView:
    """Return the row as a value; opens the sealed number only to mask it and to read the year of birth.

    The issuer may leave the date of birth out; the number always carries the year.
    """
    number = PersonNumber.unseal(bytes(row.number_sealed))
    return PersonView(
        id=row.pk,
        key=bytes(row.key),
        name=row.name,
        born_on=row.born_on,
        sex=Sex(row.sex),
        masked_number=number.masked,
        birth_year=row.born_on.year if row.born_on else number.birth_year,
    )
