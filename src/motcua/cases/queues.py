"""The officer's queue: the cases that need a person, the one due first at the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Q

from motcua.cases.models import Case, CaseQuerySet
from motcua.cases.queries import CaseView, view_of
from motcua.decisions.models import DecisionRecord
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Bilingual

Why = Literal["unknown_fact", "objection"]
_OBJECTED: dict[Why, bool] = {"unknown_fact": False, "objection": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What an officer wants to see of the queue; an empty text leaves that question open."""

    why: Why | None = None
    procedure: str = ""
    place_path: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case of the queue with the sentence that says why it waits; nothing about whose it is."""

    case: CaseView
    why: Why
    reason: Bilingual | None


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """How many cases wait for the same reason, in the same service and place."""

    why: Why
    procedure: str
    place_path: str
    count: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, how many the filter keeps, and the whole queue in groups to filter by."""

    waiting: tuple[Waiting, ...]
    total: int
    overdue: int
    groups: tuple[QueueGroup, ...]


def queue(
    rights: Rights, *, now: datetime, chosen: QueueFilter | None = None, page: int = 1, size: int = 25
) -> Queue:
    """Return the cases within the officer's rights that need a person; three queries, however many wait."""
    chosen = chosen or QueueFilter()
    mine = Case.objects.filter(
        rights.predicate("agency_path", "place_path", purpose=Purpose.READ_CASES)
    ).waiting_for_a_person()
    groups = _groups(mine, now)
    kept = [group for group in groups if _keeps(chosen, group)]
    start = (max(page, 1) - 1) * size
    rows = _narrowed(mine, chosen).order_by("due_at", "number")[start : start + size]
    cases = [view_of(row) for row in rows]
    reasons = _reasons([case.number for case in cases])
    return Queue(
        waiting=tuple(Waiting(case, _why(case.objected), reasons.get(case.number)) for case in cases),
        total=sum(group.count for group in kept),
        overdue=sum(group.overdue for group in kept),
        groups=groups,
    )


def _groups(mine: CaseQuerySet, now: datetime) -> tuple[QueueGroup, ...]:
    rows = (
        mine.values("objected", "procedure_code", "place_path")
        .annotate(count=Count("number"), overdue=Count("number", filter=Q(due_at__lt=now)))
        .order_by("objected", "procedure_code", "place_path")
    )
    return tuple(
        QueueGroup(
            why=_why(row["objected"]),
            procedure=row["procedure_code"],
            place_path=row["place_path"],
            count=row["count"],
            overdue=row["overdue"],
        )
        for row in rows
    )


def _keeps(chosen: QueueFilter, group: QueueGroup) -> bool:
    return (
        chosen.why in (None, group.why)
        and chosen.procedure in ("", group.procedure)
        and chosen.place_path in ("", group.place_path)
    )


def _narrowed(mine: CaseQuerySet, chosen: QueueFilter) -> CaseQuerySet:
    if chosen.why is not None:
        mine = mine.filter(objected=_OBJECTED[chosen.why])
    if chosen.procedure:
        mine = mine.filter(procedure_code=chosen.procedure)
    return mine.filter(place_path=chosen.place_path) if chosen.place_path else mine


def _why(objected: bool) -> Why:
    return "objection" if objected else "unknown_fact"


def _reasons(numbers: Sequence[str]) -> dict[str, Bilingual]:
    """Return the sentence of the latest decision on each case, where it has one in both languages."""
    rows = DecisionRecord.objects.filter(case_number__in=numbers).order_by("decided_at")
    return {
        row.case_number: Bilingual(vi=row.text_vi, en=row.text_en)
        for row in rows
        if row.text_vi.strip() and row.text_en.strip()
    }
