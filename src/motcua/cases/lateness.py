"""What is late and what soon will be, by office and by the officer in whose hands it is, for those who lead them.

Counted are the cases that the asker may read or oversee, as in ``cases.counts``; nothing here names a case.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from motcua.cases.counts import counted_for
from motcua.cases.desk.absences import LEADING, Away, read_absences
from motcua.cases.models import Absence, Apology, Assignment
from motcua.cases.queues import end_of_day, near_until
from motcua.cases.states import Phase
from motcua.identity.queries import account_names
from motcua.identity.rights import Rights


@dataclass(frozen=True, slots=True)
class LateLine:
    """The late and near cases of an office in one officer's hands.

    ``account_id`` is None for those that nobody has, ``name`` is empty for them and where the asker leads not the
    office: then all of its cases are one line. ``apologized`` counts the late ones with a promised day to come.
    """

    agency_path: str
    account_id: int | None
    name: str
    named: bool
    overdue: int
    today: int
    soon: int
    apologized: int


def lateness(rights: Rights, *, now: datetime) -> list[LateLine]:
    """Return a line for each office and officer with late or near cases, the most late first; two queries."""
    midnight, near = end_of_day(now), near_until(now)
    late = Q(due_at__lt=now)
    hand = Assignment.objects.standing().filter(case_number=OuterRef("number")).values("account_id")[:1]
    sorry = Apology.objects.filter(case_number=OuterRef("number"), promised_at__gte=now)
    rows = (
        counted_for(rights)
        .filter(phase=Phase.PERSON, due_at__lt=near)
        .annotate(hand=Subquery(hand), sorry=Exists(sorry))
        .values("agency_path", "hand")
        .annotate(
            overdue=Count("number", filter=late),
            today=Count("number", filter=Q(due_at__gte=now, due_at__lt=midnight)),
            soon=Count("number", filter=Q(due_at__gte=midnight)),
            apologized=Count("number", filter=late & Q(sorry=True)),
        )
        .order_by(F("overdue").desc(), "agency_path", "hand")
    )
    columns = ("agency_path", "hand", "overdue", "today", "soon", "apologized")
    return _lines(list(rows.values_list(*columns)), rights)


def _lines(rows: list[tuple[str, int | None, int, int, int, int]], rights: Rights) -> list[LateLine]:
    names = account_names({hand for _, hand, *_ in rows if hand is not None})
    merged: dict[tuple[str, int | None, bool], list[int]] = {}
    for path, hand, *counts in rows:
        named = leads(rights, path)
        key = (path, hand if named else None, named)
        merged[key] = [a + b for a, b in zip(merged.get(key, [0, 0, 0, 0]), counts, strict=True)]
    return [
        LateLine(path, account, names.get(account or 0, ""), named, *sums)
        for (path, account, named), sums in merged.items()
    ]


def leads(rights: Rights, agency_path: str) -> bool:
    """Tell whether the asker leads the office."""
    return any(
        grant.role in LEADING
        and (agency_path == grant.agency_path or agency_path.startswith(f"{grant.agency_path}."))
        for grant in rights.grants
    )


def away_under(rights: Rights, *, now: datetime) -> list[Away]:
    """Return who is away in the offices that the asker leads, with who stands in; one query."""
    led = Q(pk__in=[])
    for grant in rights.grants:
        if grant.role in LEADING:
            led |= Q(
                account__appointments__agency__path__within=grant.agency_path,
                account__appointments__place_path__within=grant.place_path,
            )
    return read_absences(Absence.objects.at(now).filter(led).distinct())
