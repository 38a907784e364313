"""The officer's queue: the cases that need a person, the one due first at the top."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from django.db.models import Case as Chosen
from django.db.models import CharField, Count, Exists, OuterRef, Q, Value, When

from motcua.calendars import vietnam
from motcua.calendars.working_time import DayNotCovered
from motcua.cases.consults.queries import AskedOfMe, asked_of, waiting_for_answer
from motcua.cases.models import Assignment, Case, CaseQuerySet
from motcua.cases.numbers import LOCAL
from motcua.cases.queries import CaseView, view_of
from motcua.cases.states import Phase
from motcua.decisions.models import DecisionRecord
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Bilingual

Why = Literal["unknown_fact", "step", "objection"]
# What the clock of a case says: nobody stores it. ``soon`` ends with the next working day.
ClockSays = Literal["overdue", "today", "soon", "later", "paused"]
# Whose cases: in the hands of some officers, of nobody, or whoever has them.
Hands = Literal["any", "nobody"] | tuple[int, ...]
# Beyond this a queue is not counted to the end: nobody acts on the difference, and everybody would wait for it.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What an officer wants to see of the queue; an empty text leaves that question open.

    ``hands`` are the accounts that have the case in hand.
    """

    why: Why | None = None
    procedure: str = ""
    place_path: str = ""
    agency_path: str = ""
    clock: ClockSays | None = None
    hands: Hands = "any"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the queue: what stands beyond it begins with the next case by date due and number."""

    due_at: datetime
    number: str

    def __str__(self) -> str:
        return f"{(self.due_at - _EPOCH) // timedelta(microseconds=1)}_{self.number}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """Return the place that a text names, or None if it names none."""
        moment, _, number = text.partition("_")
        if not (moment.isascii() and moment.isdigit() and len(moment) <= 16 and 0 < len(number) <= 40):
            return None
        return cls(_EPOCH + timedelta(microseconds=int(moment)), number)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hand:
    """The officer who has a case in hand."""

    account_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case of the queue with the sentence that says why it waits; nothing about whose it is."""

    case: CaseView
    why: Why
    reason: Bilingual | None
    hand: Hand | None = None
    asked: AskedOfMe | None = None


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """How many cases wait for the same reason, in one service, place and agency, with the same word of the clock."""

    why: Why
    procedure: str
    place_path: str
    agency_path: str
    clock: ClockSays
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of cases; ``more`` says that there are more than were counted."""

    count: int
    more: bool = False

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, how many the filter keeps, and the whole queue in groups to filter by.

    ``groups`` is None where the whole has more than ``MOST_COUNTED`` cases. ``before`` and ``after`` lead to the
    pages beside this one, where there are any.
    """

    waiting: tuple[Waiting, ...]
    total: Counted
    overdue: Counted
    groups: tuple[QueueGroup, ...] | None
    before: Cursor | None = None
    after: Cursor | None = None


def queue(
    rights: Rights,
    *,
    now: datetime,
    chosen: QueueFilter | None = None,
    after: Cursor | None = None,
    before: Cursor | None = None,
    size: int = 25,
) -> Queue:
    """Return the cases within the officer's rights that need a person; seven queries, however many wait.

    Those that wait for their applicant are shown where the filter asks for what is paused. The page begins beyond
    ``after``, or ends ahead of ``before``, or is the first one.
    """
    chosen = chosen or QueueFilter()
    mine = waiting_within(rights)
    kept = _narrowed(mine, chosen, now)
    rows, back, forth = _page(kept, after, before, size)
    numbers = [row.number for row in rows]
    reasons, hands = _reasons(numbers), hands_of(numbers)
    asked = asked_of(numbers, rights)
    total, overdue = _counted(kept, now)
    return Queue(
        waiting=tuple(
            Waiting(
                view_of(row),
                _why(row),
                reasons.get(row.number),
                hands.get(row.number),
                asked.get(row.number),
            )
            for row in rows
        ),
        total=total,
        overdue=overdue,
        groups=_groups(mine, now),
        before=back,
        after=forth,
    )


def waiting_within(rights: Rights) -> CaseQuerySet:
    """Return the cases that wait for an officer or their applicant and that are this officer's to work on.

    Those of their agency, and those that another agency has and asks them about; one query for the latter.
    """
    mine = rights.predicate("agency_path", "place_path", purpose=Purpose.READ_CASES)
    asked = waiting_for_answer(rights)
    if asked:
        # By number, so that an officer whom nobody asks has the plain condition and its index.
        mine |= Q(number__in=asked)
    return Case.objects.filter(mine, phase__in=(Phase.PERSON, Phase.CITIZEN))


def hands_of(numbers: Collection[str]) -> dict[str, Hand]:
    """Return who has each of the cases in hand; those that nobody has are left out. One query."""
    rows = Assignment.objects.standing().filter(case_number__in=list(numbers)).select_related("account")
    return {row.case_number: Hand(row.account_id, row.account.name) for row in rows}


def _page(
    kept: CaseQuerySet, after: Cursor | None, before: Cursor | None, size: int
) -> tuple[list[Case], Cursor | None, Cursor | None]:
    """Return the rows of a page with the places to go on from, backwards and forwards.

    By place and not by number of page: the hundredth page costs what the first does, and a case that is settled
    meanwhile moves none of the others out of sight.
    """
    if before is not None and after is None:
        ahead = Q(due_at__lte=before.due_at) & (Q(due_at__lt=before.due_at) | Q(number__lt=before.number))
        rows = list(kept.filter(ahead).order_by("-due_at", "-number")[: size + 1])
        more, rows = len(rows) > size, rows[size - 1 :: -1] if len(rows) > size else rows[::-1]
        return rows, _place(rows, 0) if more else None, _place(rows, -1)
    if after is not None:
        kept = kept.filter(
            Q(due_at__gte=after.due_at) & (Q(due_at__gt=after.due_at) | Q(number__gt=after.number))
        )
    rows = list(kept.order_by("due_at", "number")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return rows, _place(rows, 0) if after is not None else None, _place(rows, -1) if more else None


def _place(rows: Sequence[Case], at: int) -> Cursor | None:
    return Cursor(rows[at].due_at, rows[at].number) if rows else None


def _counted(kept: CaseQuerySet, now: datetime) -> tuple[Counted, Counted]:
    """Return how many there are, and how many of them are late: those due first are counted first."""
    found = kept.order_by("due_at", "number")[: MOST_COUNTED + 1].aggregate(
        total=Count("number"), late=Count("number", filter=_by_clock(now)["overdue"])
    )
    return _at_most(found["total"]), _at_most(found["late"])


def _at_most(count: int) -> Counted:
    return Counted(min(count, MOST_COUNTED), count > MOST_COUNTED)


def _groups(mine: CaseQuerySet, now: datetime) -> tuple[QueueGroup, ...] | None:
    if mine.order_by("due_at", "number")[: MOST_COUNTED + 1].count() > MOST_COUNTED:
        return None
    rows = (
        mine.annotate(why=_WHY, clock=_clock_says(now))
        .values_list("why", "procedure_code", "place_path", "agency_path", "clock")
        .annotate(count=Count("number"))
        .order_by("why", "procedure_code", "place_path", "agency_path", "clock")
    )
    return tuple(QueueGroup(*row) for row in rows)


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


def near_until(now: datetime) -> datetime:
    """Return the end of the next working day, up to which a date is near; where the calendar ends, of the next day."""
    midnight = end_of_day(now)
    try:
        return end_of_day(vietnam().after(midnight, working_hours=1))
    except DayNotCovered:
        return midnight + timedelta(days=1)


def end_of_day(moment: datetime) -> datetime:
    """Return the midnight with which the day of the moment ends in the city."""
    return datetime.combine(moment.astimezone(LOCAL).date() + timedelta(days=1), time(), LOCAL)


def _by_clock(now: datetime) -> dict[ClockSays, Q]:
    midnight, near = end_of_day(now), near_until(now)
    owed = Q(phase=Phase.PERSON)
    return {
        "paused": Q(phase=Phase.CITIZEN),
        "overdue": owed & Q(due_at__lt=now),
        "today": owed & Q(due_at__gte=now, due_at__lt=midnight),
        "soon": owed & Q(due_at__gte=midnight, due_at__lt=near),
        "later": owed & Q(due_at__gte=near),
    }


def _clock_says(now: datetime) -> Chosen:
    whens = [When(condition, then=Value(says)) for says, condition in _by_clock(now).items()]
    return Chosen(*whens, output_field=CharField())


def _narrowed(mine: CaseQuerySet, chosen: QueueFilter, now: datetime) -> CaseQuerySet:
    mine = mine.waiting_for_a_person() if chosen.clock is None else mine.filter(_by_clock(now)[chosen.clock])
    if chosen.why is not None:
        mine = mine.filter(_BY_WHY[chosen.why])
    if chosen.procedure:
        mine = mine.filter(procedure_code=chosen.procedure)
    if chosen.agency_path:
        mine = mine.filter(agency_path__within=chosen.agency_path)
    if chosen.place_path:
        mine = mine.filter(place_path=chosen.place_path)
    return _in_hands(mine, chosen.hands)


def _in_hands(mine: CaseQuerySet, hands: Hands) -> CaseQuerySet:
    if hands == "any":
        return mine
    standing = Assignment.objects.standing()
    if hands == "nobody":
        return mine.filter(~Exists(standing.filter(case_number=OuterRef("number"))))
    # From the few cases in hand to the cases, never the other way round.
    return mine.filter(number__in=standing.filter(account__in=hands).values("case_number"))


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
