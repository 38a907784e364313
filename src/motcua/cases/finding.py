"""An officer looks for a case: by its number, by the applicant's name without accents, or by the citizen number.

Names and citizen numbers are personal data: whoever is shown to an officer sees later that they were.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Func, QuerySet, TextField

from motcua.agencies.names import fold
from motcua.cases.models import Case
from motcua.cases.queries import CaseView, view_of
from motcua.cases.services.open import asker_over
from motcua.identity.models import Person
from motcua.identity.numbers import NumberRefused, PersonNumber
from motcua.identity.people import PersonView, people_by_id
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_accesses

NUMBER = re.compile(r"[A-Z][0-9A-Z.]{0,11}-[0-9]{8}-[0-9]{7}")
CITIZEN_NUMBER = re.compile(r"[0-9]{12}")
SHORTEST_NAME, LONGEST_NAME = 3, 80
SHOWN = ("applicant",)


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case with who applied."""

    case: CaseView
    applicant: PersonView


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, newest first; ``more`` says that it is not all."""

    found: tuple[FoundCase, ...] = ()
    more: bool = False


class TooShort(ValueError):
    """So few letters fit half of the city; give more of the name."""


@transaction.atomic
def find_cases(*, words: str, rights: Rights, now: datetime, size: int = 20) -> Search:
    """Return the cases within the officer's rights, and note for each applicant that they were shown.

    ``words`` is a case number, the twelve digits of a citizen number, or words of a name in their order, with or
    without accents. Raises ``TooShort`` for less than three letters. Three queries and a note.
    """
    rows = list(_rows(words, rights)[: size + 1])
    people = people_by_id({row.applicant_id for row in rows[:size]})
    found = tuple(FoundCase(view_of(row), people[row.applicant_id]) for row in rows[:size])
    _note(found, rights, now)
    return Search(found, len(rows) > size)


def _rows(words: str, rights: Rights) -> "QuerySet[Case]":
    mine = Case.objects.filter(rights.predicate("agency_path", "place_path", purpose=Purpose.READ_CASES))
    # A number begins with its day: this is the newest first, along an index that is there.
    mine = mine.order_by("-number")
    plain = re.sub(r"\s", "", words).upper()
    if NUMBER.fullmatch(plain):
        return mine.filter(number=plain)
    if CITIZEN_NUMBER.fullmatch(plain):
        try:
            key = PersonNumber.parse(plain).key()
        except NumberRefused:
            return mine.none()
        return mine.filter(applicant__in=Person.objects.filter(key=key))
    # A pattern of LIKE is no part of a name.
    name = re.sub(r"[%_\\\0]", "", fold(words))[:LONGEST_NAME].strip()
    if len(name) < SHORTEST_NAME:
        raise TooShort(name)
    folded = Func("name", function="folded_name", output_field=TextField())
    return mine.filter(applicant__in=Person.objects.alias(folded=folded).filter(folded__contains=name))


def _note(found: Iterable[FoundCase], rights: Rights, now: datetime) -> None:
    by_asker: dict[Asker, list[tuple[bytes, str]]] = defaultdict(list)
    for each in found:
        by_asker[asker_over(each.case, rights)].append((each.applicant.key, each.case.number))
    for asker, seen in by_asker.items():
        note_accesses(
            seen=seen, asker=asker, purpose=Purpose.READ_CASES.value, source="cases", what=SHOWN, now=now
        )
