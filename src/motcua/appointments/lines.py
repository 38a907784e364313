"""Questions about the line of a hall: what is called now, who waits, what a ticket may expect, how long things took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from motcua.appointments.line import in_order
from motcua.appointments.models import Counter, Serving, Ticket
from motcua.appointments.queries import HallView
from motcua.appointments.services.calling import ahead_in_a_row, waiting_in
from motcua.appointments.states import Priority, ServingEnd, TicketState
from motcua.appointments.times import day_of
from motcua.appointments.waits import Range, Spread, estimated_wait, spread

# A counter that called nobody for so long is not counted on.
CALLING_WITHIN = timedelta(minutes=30)
MOST_CALLED = 8


@dataclass(frozen=True, slots=True)
class CallView:
    """One call as the hall sees it; ``mark`` changes whenever it is called again."""

    serving_id: int
    ticket_id: int
    number: int
    counter: int
    group_vi: str
    group_en: str
    priority: Priority
    called_at: datetime
    last_called_at: datetime
    calls: int
    open: bool
    has_appointment: bool

    @property
    def mark(self) -> str:
        """Return what tells this call from every other."""
        return f"{self.serving_id}.{self.calls}"


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket; where it stands and what it may expect follow from the line."""

    id: int
    hall_id: int
    hall_code: str
    hall_name: str
    hall_name_en: str
    group_code: str
    group_vi: str
    group_en: str
    number: int
    day: date
    secret: str
    priority: Priority
    taken_at: datetime
    state: TicketState
    booked_at: datetime | None
    counter: int | None
    ahead: int | None
    estimate: Range | None


@dataclass(frozen=True, slots=True)
class WaitingView:
    """One who waits, as counters see it, in the order of calling."""

    ticket_id: int
    number: int
    group: str
    priority: Priority
    taken_at: datetime
    booked_at: datetime | None
    for_counter: int | None


@dataclass(frozen=True, slots=True)
class HallFigures:
    """The day of one hall or of one of its groups."""

    label_vi: str
    label_en: str
    taken: int
    waiting: int
    finished: int
    absent: int
    left: int
    waited: Spread
    served: Spread


class TicketNotKnown(LookupError):
    """No ticket has that secret."""


def calls_now(hall_id: int, now: datetime) -> list[CallView]:
    """Return the latest call of each counter today, the newest first; one query."""
    rows = (
        Serving.objects.filter(ticket__hall=hall_id, ticket__day=day_of(now))
        .select_related("ticket__group", "counter")
        .order_by("counter", "-called_at", "-pk")
        .distinct("counter")
    )
    return sorted(map(_call, rows), key=lambda call: call.last_called_at, reverse=True)[:MOST_CALLED]


def call_at(counter_id: int, now: datetime) -> CallView | None:
    """Return who is at a counter now, also since another day; one query."""
    row = (
        Serving.objects.filter(counter=counter_id, ended_at__isnull=True)
        .select_related("ticket__group", "counter")
        .first()
    )
    return _call(row) if row else None


def line_of(hall_id: int, now: datetime) -> list[WaitingView]:
    """Return who waits in a hall, in the order in which they would be called by one counter for all; two queries."""
    everyone = waiting_in(hall_id, day_of(now))
    groups = {each.group for each in everyone}
    turns = in_order(everyone, ahead_in_a_row=ahead_in_a_row(hall_id, groups, day_of(now)), now=now)
    return [
        WaitingView(
            turn.waiting.ticket_id,
            turn.waiting.number,
            turn.waiting.group,
            turn.waiting.priority,
            turn.waiting.taken_at,
            turn.waiting.booked_from,
            turn.waiting.for_counter,
        )
        for turn in turns
    ]


def skipped_today(hall_id: int, now: datetime) -> list[tuple[int, int]]:
    """Return id and number of the tickets whose holders were absent when called, the latest first."""
    rows = Ticket.objects.filter(hall=hall_id, day=day_of(now), state=TicketState.SKIPPED)
    return list(rows.order_by("-number").values_list("pk", "number")[:20])


def ticket_of(secret: str, now: datetime) -> TicketView:
    """Return the ticket with what it may expect; raises ``TicketNotKnown``. Five queries at most."""
    row = Ticket.objects.select_related("hall", "group", "booking__slot").filter(secret=secret[:24]).first()
    if row is None:
        raise TicketNotKnown
    counter, ahead, estimate = None, None, None
    if row.state == TicketState.CALLED:
        counter = (
            Serving.objects.filter(ticket=row, ended_at__isnull=True)
            .values_list("counter__number", flat=True)
            .first()
        )
    elif row.state == TicketState.WAITING and row.day == day_of(now):
        ahead = _ahead_of(row, now)
        estimate = (
            estimated_wait(
                ahead=ahead,
                served_seconds=_served_seconds(row.hall_id, row.group_id, row.day),
                counters=_calling(row.hall_id, row.group.code, now),
            )
            if ahead is not None
            else None
        )
    return TicketView(
        id=row.pk,
        hall_id=row.hall_id,
        hall_code=row.hall.code,
        hall_name=row.hall.name,
        hall_name_en=row.hall.name_en or row.hall.name,
        group_code=row.group.code,
        group_vi=row.group.label_vi,
        group_en=row.group.label_en,
        number=row.number,
        day=row.day,
        secret=row.secret,
        priority=Priority(row.priority),
        taken_at=row.taken_at,
        state=TicketState(row.state),
        booked_at=row.booking.slot.starts_at if row.booking else None,
        counter=counter,
        ahead=ahead,
        estimate=estimate,
    )


def waiting_by_group(hall_id: int, now: datetime) -> dict[str, int]:
    """Return how many wait in each group of a hall; one query."""
    counts: dict[str, int] = {}
    for each in waiting_in(hall_id, day_of(now)):
        counts[each.group] = counts.get(each.group, 0) + 1
    return counts


def figures_of(halls: Sequence[HallView], day: date) -> list[tuple[HallView, HallFigures, list[HallFigures]]]:
    """Return for each hall its figures of the day and those of its groups; two queries.

    Waiting is measured from taking the number to the first call, serving from a call to its end, absences apart.
    """
    ids = [each.id for each in halls]
    tickets = list(Ticket.objects.filter(hall__in=ids, day=day).values_list("hall", "group__code", "state"))
    servings = list(
        Serving.objects.filter(ticket__hall__in=ids, ticket__day=day).values_list(
            "ticket__hall", "ticket__group__code", "called_at", "waited_from", "ended_at", "end"
        )
    )
    found = []
    for hall in halls:
        mine = [row for row in tickets if row[0] == hall.id]
        visits = [row for row in servings if row[0] == hall.id]
        whole = _figures(hall.name, hall.name_en, [row[2] for row in mine], [row[2:] for row in visits])
        parts = [
            _figures(
                group.label_vi,
                group.label_en,
                [row[2] for row in mine if row[1] == group.code],
                [row[2:] for row in visits if row[1] == group.code],
            )
            for group in hall.groups
        ]
        found.append((hall, whole, parts))
    return found


Visit = tuple[datetime, datetime, datetime | None, str]


def _figures(label_vi: str, label_en: str, states: Sequence[str], visits: Sequence[Visit]) -> HallFigures:
    waited = [int((called - since).total_seconds()) for called, since, _, _ in visits]
    served = [
        int((ended - called).total_seconds())
        for called, _, ended, end in visits
        if ended is not None and end != ServingEnd.SKIPPED
    ]
    return HallFigures(
        label_vi=label_vi,
        label_en=label_en,
        taken=len(states),
        waiting=states.count(TicketState.WAITING),
        finished=states.count(TicketState.FINISHED),
        absent=states.count(TicketState.SKIPPED),
        left=states.count(TicketState.LEFT),
        waited=spread(waited),
        served=spread(served),
    )


def _ahead_of(row: Ticket, now: datetime) -> int | None:
    """Return how many are called before the ticket by the counters of its group, as the line stands."""
    groups = {
        code
        for codes in Counter.objects.filter(hall=row.hall_id, groups__contains=[row.group.code]).values_list(
            "groups", flat=True
        )
        for code in codes
    } or {row.group.code}
    same = [
        each
        for each in waiting_in(row.hall_id, row.day)
        if each.group in groups and (each.for_counter is None or each.ticket_id == row.pk)
    ]
    turns = in_order(same, ahead_in_a_row=ahead_in_a_row(row.hall_id, groups, row.day), now=now)
    return next((at for at, turn in enumerate(turns) if turn.waiting.ticket_id == row.pk), None)


def _served_seconds(hall_id: int, group_id: int, day: date) -> list[int]:
    rows = Serving.objects.filter(
        ticket__hall=hall_id, ticket__day=day, ticket__group=group_id, end=ServingEnd.FINISHED
    ).values_list("called_at", "ended_at")
    return [int((ended - called).total_seconds()) for called, ended in rows if ended is not None]


def _calling(hall_id: int, group: str, now: datetime) -> int:
    """Return how many counters of the group called somebody lately."""
    return (
        Serving.objects.filter(
            counter__hall=hall_id, counter__groups__contains=[group], last_called_at__gt=now - CALLING_WITHIN
        )
        .values("counter")
        .distinct()
        .count()
    )


def _call(row: Serving) -> CallView:
    return CallView(
        serving_id=row.pk,
        ticket_id=row.ticket_id,
        number=row.ticket.number,
        counter=row.counter.number,
        group_vi=row.ticket.group.label_vi,
        group_en=row.ticket.group.label_en,
        priority=Priority(row.ticket.priority),
        called_at=row.called_at,
        last_called_at=row.last_called_at,
        calls=row.calls,
        open=row.ended_at is None,
        has_appointment=row.ticket.booking_id is not None,
    )
