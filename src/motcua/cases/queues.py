"""The officer's queue: the cases that need a person, the one due first at the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from django.db.models import Case as Chosen
from django.db.models import CharField, Count, Q, Value, When

from motcua.cases.models import Case, CaseQuerySet
from motcua.cases.numbers import LOCAL
from motcua.cases.queries import CaseView, view_of
from motcua.cases.states import Phase
from motcua.decisions.models import DecisionRecord
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Bilingual

Why = Literal["unknown_fact", "step", "objection"]
# What the clock of a case says: nobody stores it.
ClockSays = Literal["overdue", "today", "later", "paused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What an officer wants to see of the queue; an empty text leaves that question open."""

    why: Why | None = None
    procedure: str = ""
    place_path: str = ""
    clock: ClockSays | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case of the queue with the sentence that says why it waits; nothing about whose it is."""

    case: CaseView
    why: Why
    reason: Bilingual | None


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """How many cases wait for the same reason, in the same service and place, and with the same word of the clock."""

    why: Why
    procedure: str
    place_path: str
    clock: ClockSays
    count: int

    @property
    def overdue(self) -> int:
        """How many of them are late."""
        return self.count if self.clock == "overdue" else 0


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
    """Return the cases within the officer's rights that need a person; three queries, however many wait.

    Those that wait for their applicant are shown where the filter asks for what is paused.
    """
    chosen = chosen or QueueFilter()
    mine = Case.objects.filter(
        rights.predicate("agency_path", "place_path", purpose=Purpose.READ_CASES),
        phase__in=(Phase.PERSON, Phase.CITIZEN),
    )
    groups = _groups(mine, now)
    kept = [group for group in groups if _keeps(chosen, group)]
    start = (max(page, 1) - 1) * size
    rows = _narrowed(mine, chosen, now).order_by("due_at", "number")[start : start + size]
    found = list(rows)
    reasons = _reasons([row.number for row in found])
    return Queue(
        waiting=tuple(Waiting(view_of(row), _why(row), reasons.get(row.number)) for row in found),
        total=sum(group.count for group in kept),
        overdue=sum(group.overdue for group in kept),
        groups=groups,
    )


def _groups(mine: CaseQuerySet, now: datetime) -> tuple[QueueGroup, ...]:
    rows = (
        mine.annotate(why=_WHY, clock=_clock_says(now))
        .values("why", "procedure_code", "place_path", "clock")
        .annotate(count=Count("number"))
        .order_by("why", "procedure_code", "place_path", "clock")
    )
    return tuple(
        QueueGroup(
            why=row["why"],
            procedure=row["procedure_code"],
            place_path=row["place_path"],
            clock=row["clock"],
            count=row["count"],
        )
        for row in rows
    )


# What people decide has no decision while it is on its way; what rules could not decide has one.
_STEP = Q(objected=False, decided_by="")
_WHY = Chosen(
    When(objected=True, then=Value("objection")),
    When(_STEP, then=Value("step")),
    default=Value("unknown_fact"),
    output_field=CharField(),
)
_BY_WHY: dict[Why, Q] = {
    "objection": Q(objected=True),
    "step": _STEP,
    "unknown_fact": Q(objected=False) & ~Q(decided_by=""),
}


def _by_clock(now: datetime) -> dict[ClockSays, Q]:
    midnight = datetime.combine(now.astimezone(LOCAL).date() + timedelta(days=1), time(), LOCAL)
    owed = Q(phase=Phase.PERSON)
    return {
        "paused": Q(phase=Phase.CITIZEN),
        "overdue": owed & Q(due_at__lt=now),
        "today": owed & Q(due_at__gte=now, due_at__lt=midnight),
        "later": owed & Q(due_at__gte=midnight),
    }


def _clock_says(now: datetime) -> Chosen:
    whens = [When(condition, then=Value(says)) for says, condition in _by_clock(now).items()]
    return Chosen(*whens, output_field=CharField())


def _keeps(chosen: QueueFilter, group: QueueGroup) -> bool:
    return (
        chosen.why in (None, group.why)
        and chosen.procedure in ("", group.procedure)
        and chosen.place_path in ("", group.place_path)
        and (group.clock != "paused" if chosen.clock is None else chosen.clock == group.clock)
    )


def _narrowed(mine: CaseQuerySet, chosen: QueueFilter, now: datetime) -> CaseQuerySet:
    mine = mine.waiting_for_a_person() if chosen.clock is None else mine.filter(_by_clock(now)[chosen.clock])
    if chosen.why is not None:
        mine = mine.filter(_BY_WHY[chosen.why])
    if chosen.procedure:
        mine = mine.filter(procedure_code=chosen.procedure)
    return mine.filter(place_path=chosen.place_path) if chosen.place_path else mine


def _why(row: Case) -> Why:
    return "objection" if row.objected else "unknown_fact" if row.decided_by else "step"


def _reasons(numbers: Sequence[str]) -> dict[str, Bilingual]:
    """Return the sentence of the latest decision on each case, where it has one in both languages."""
    rows = DecisionRecord.objects.filter(case_number__in=numbers).order_by("decided_at")
    return {
        row.case_number: Bilingual(vi=row.text_vi, en=row.text_en)
        for row in rows
        if row.text_vi.strip() and row.text_en.strip()
    }
