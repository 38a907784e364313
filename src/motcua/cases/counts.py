"""Counts of cases for indicators and boards, and the lists of numbers behind them.

Counted are the cases that the asker may read or oversee. Their exact counts by place are shown however
small they are: they are the ground of the asker's duty, carry no name, and go to nobody else. Numbers of
cases are listed only for those who may read the cases themselves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.db.models.functions import TruncHour

from motcua.cases.models import Case, CaseQuerySet
from motcua.cases.numbers import LOCAL
from motcua.cases.states import Phase
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose


@dataclass(frozen=True, slots=True)
class CaseKind:
    """What a figure may ask of a case."""

    state: str
    phase: str
    answer: str
    reason: str
    channel: str
    by_machine: bool
    objected: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many cases of one procedure and place are of one kind; ``place_path`` names place and period."""

    procedure_code: str
    place_path: str
    kind: CaseKind
    count: int


@dataclass(frozen=True, slots=True)
class HourCount:
    """Cases filed in the hour that begins at ``hour``, and how many of them stand granted by now."""

    hour: datetime
    requests: int
    granted: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of case numbers, oldest first, and how many there are in all."""

    numbers: tuple[str, ...]
    total: int


COLUMNS = {"reason": "reason_code"}


def case_counts(*, rights: Rights, now: datetime, procedure: str = "", within: str = "") -> list[CaseCount]:
    """Count the cases that the asker may read or oversee; one query, one row a combination."""
    keys = [field.name for field in fields(CaseKind)]
    columns = [COLUMNS.get(key, key) for key in keys]
    rows = (
        _chosen(counted_for(rights), procedure, within)
        .annotate(**_derived(now))
        .values("procedure_code", "place_path", *columns)
        .annotate(count=Count("number"))
        .order_by("procedure_code", "place_path", *columns)
    )
    return [
        CaseCount(
            procedure_code=row["procedure_code"],
            place_path=row["place_path"],
            kind=CaseKind(**{key: row[column] for key, column in zip(keys, columns, strict=True)}),
            count=row["count"],
        )
        for row in rows
    ]


def case_numbers(
    kinds: Iterable[CaseKind],
    *,
    rights: Rights,
    now: datetime,
    procedure: str = "",
    within: str = "",
    page: int = 1,
    size: int = 100,
) -> Listing:
    """Return the numbers of the cases of these kinds that the asker may read; two queries."""
    wanted = Q(number__in=[])
    for kind in kinds:
        wanted |= Q(**{COLUMNS.get(f.name, f.name): getattr(kind, f.name) for f in fields(CaseKind)})
    readable = Case.objects.filter(_reading(rights))
    rows = _chosen(readable, procedure, within).annotate(**_derived(now)).filter(wanted)
    start = (max(page, 1) - 1) * size
    numbers = rows.order_by("filed_on", "number").values_list("number", flat=True)
    return Listing(tuple(numbers[start : start + size]), rows.count())


def requests_by_hour(
    *, rights: Rights, now: datetime, hours: int, procedure: str = "", within: str = ""
) -> list[HourCount]:
    """Count the cases filed in each of the last ``hours`` hours, this one included, oldest first; one query."""
    this_hour = now.astimezone(LOCAL).replace(minute=0, second=0, microsecond=0)
    first = this_hour - timedelta(hours=hours - 1)
    rows = (
        _chosen(counted_for(rights), procedure, within)
        # The day as well as the moment: partitions of other months are then not read.
        .filter(filed_on__gte=first.date(), filed_at__gte=first, filed_at__lte=now)
        .annotate(hour=TruncHour("filed_at", tzinfo=LOCAL))
        .values("hour")
        .annotate(requests=Count("number"), granted=Count("number", filter=Q(phase=Phase.GRANTED)))
        .order_by("hour")
    )
    found = {row["hour"]: HourCount(row["hour"], row["requests"], row["granted"]) for row in rows}
    every = [first + timedelta(hours=step) for step in range(hours)]
    return [found.get(hour, HourCount(hour, 0, 0)) for hour in every]


def may_count(rights: Rights) -> bool:
    """Tell whether there is any place whose cases the asker may read or oversee."""
    return rights.serves(Purpose.READ_CASES) or rights.serves(Purpose.OVERSEE)


def may_list(rights: Rights) -> bool:
    """Tell whether there is any place whose cases the asker may read."""
    return rights.serves(Purpose.READ_CASES)


def _reading(rights: Rights) -> Q:
    return rights.predicate("agency_path", "place_path", purpose=Purpose.READ_CASES)


def counted_for(rights: Rights) -> CaseQuerySet:
    """Return the cases that the asker may read or oversee, to be counted and never shown."""
    overseen = rights.predicate("agency_path", "place_path", purpose=Purpose.OVERSEE)
    return Case.objects.filter(_reading(rights) | overseen)


def _chosen(rows: CaseQuerySet, procedure: str, within: str) -> CaseQuerySet:
    if procedure:
        rows = rows.filter(procedure_code=procedure)
    return rows.filter(place_path__within=within) if within else rows


def _derived(now: datetime) -> "Mapping[str, ExpressionWrapper[Q]]":
    return {
        "by_machine": ExpressionWrapper(Q(decided_by="machine"), output_field=BooleanField()),
        "overdue": ExpressionWrapper(Q(phase__in=Phase.open(), due_at__lt=now), output_field=BooleanField()),
    }
