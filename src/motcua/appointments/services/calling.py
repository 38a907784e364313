"""Calls people to counters: the next in line, again, done, absent, on to another counter."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from motcua.appointments.line import Waiting, for_counter, in_order, row_of
from motcua.appointments.models import Counter, Serving, Ticket
from motcua.appointments.services.ticketing import lock_line
from motcua.appointments.states import Priority, ServingEnd, TicketState
from motcua.appointments.times import day_of
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose

RECENT = 12


class NobodyWaits(LookupError):
    """Nobody waits whom this counter may call."""


class CounterBusy(RuntimeError):
    """The counter has somebody already; finish, skip or hand over first."""


class NotAtCounter(LookupError):
    """Nobody is at the counter, or somebody else by now."""


@transaction.atomic
def call_next(*, counter_id: int, rights: Rights, now: datetime) -> Serving:
    """Call whoever is next for the counter, by ``line.in_order``, and return the visit that begins.

    Raises ``Counter.DoesNotExist`` also out of reach, ``CounterBusy`` and ``NobodyWaits``.
    """
    counter = counter_for(counter_id, rights)
    officer_id = rights.account_id
    if officer_id is None:
        raise Counter.DoesNotExist(counter_id)
    day = day_of(now)
    lock_line(counter.hall_id, day)
    if Serving.objects.filter(counter=counter, ended_at__isnull=True).exists():
        raise CounterBusy(counter_id)
    mine = for_counter(
        waiting_in(counter.hall_id, day), counter_id=counter.pk, groups=frozenset(counter.groups)
    )
    turns = in_order(mine, ahead_in_a_row=ahead_in_a_row(counter.hall_id, counter.groups, day), now=now)
    if not turns:
        raise NobodyWaits(counter_id)
    turn = turns[0]
    Ticket.objects.filter(pk=turn.waiting.ticket_id).update(state=TicketState.CALLED, for_counter=None)
    handed = (
        Serving.objects.filter(ticket=turn.waiting.ticket_id)
        .order_by("-ended_at")
        .values_list("ended_at", flat=True)
        .first()
    )
    return Serving.objects.create(
        ticket_id=turn.waiting.ticket_id,
        counter=counter,
        called_by_id=officer_id,
        called_at=now,
        waited_from=handed or turn.waiting.taken_at,
        last_called_at=now,
        ahead=turn.ahead,
    )


@transaction.atomic
def recall(*, counter_id: int, serving_id: int, rights: Rights, now: datetime) -> int:
    """Call the person at the counter once more and return the how-many-th call it is.

    Raises ``Counter.DoesNotExist`` and ``NotAtCounter``.
    """
    serving = _at_counter(counter_id, serving_id, rights)
    serving.calls += 1
    serving.last_called_at = now
    serving.save(update_fields=["calls", "last_called_at"])
    return serving.calls


@transaction.atomic
def end_serving(*, counter_id: int, serving_id: int, end: ServingEnd, rights: Rights, now: datetime) -> None:
    """End the visit: finished, or skipped because nobody came. Raises ``Counter.DoesNotExist`` and ``NotAtCounter``."""
    serving = _at_counter(counter_id, serving_id, rights)
    _close(serving, end, now)
    state = TicketState.SKIPPED if end is ServingEnd.SKIPPED else TicketState.FINISHED
    Ticket.objects.filter(pk=serving.ticket_id).update(state=state)


@transaction.atomic
def hand_over(*, counter_id: int, serving_id: int, to_counter_id: int, rights: Rights, now: datetime) -> None:
    """Send the person on to another counter of the hall, where they are called before those who waited less.

    Raises ``Counter.DoesNotExist`` for either counter, and ``NotAtCounter``.
    """
    serving = _at_counter(counter_id, serving_id, rights)
    other = Counter.objects.get(pk=to_counter_id, hall=serving.counter.hall_id)
    _close(serving, ServingEnd.HANDED_OVER, now)
    Ticket.objects.filter(pk=serving.ticket_id).update(state=TicketState.WAITING, for_counter=other)


@transaction.atomic
def back_in_line(*, ticket_id: int, rights: Rights, now: datetime) -> None:
    """Let somebody who was skipped, and came after all, wait again under their number.

    Raises ``Ticket.DoesNotExist``, also for a ticket that was not skipped today or is out of reach.
    """
    ticket = Ticket.objects.select_related("hall").get(
        pk=ticket_id, day=day_of(now), state=TicketState.SKIPPED
    )
    if not rights.may(
        Purpose.HANDLE_CASES, agency_path=ticket.hall.agency_path, place_path=ticket.hall.place_path
    ):
        raise Ticket.DoesNotExist(ticket_id)
    Ticket.objects.filter(pk=ticket_id, state=TicketState.SKIPPED).update(state=TicketState.WAITING)


def waiting_in(hall_id: int, day: date) -> tuple[Waiting, ...]:
    """Return everybody who waits in the hall, by number; one query."""
    rows = (
        Ticket.objects.filter(hall_id=hall_id, day=day, state=TicketState.WAITING)
        .order_by("number")
        .values_list(
            "pk",
            "number",
            "group__code",
            "priority",
            "taken_at",
            "booking__slot__starts_at",
            "booking__slot__ends_at",
            "for_counter",
        )
    )
    return tuple(
        Waiting(pk, number, group, Priority(priority), taken_at, starts_at, ends_at, counter)
        for pk, number, group, priority, taken_at, starts_at, ends_at, counter in rows
    )


def ahead_in_a_row(hall_id: int, groups: Iterable[str], day: date) -> int:
    """Return how many of these groups were called ahead of their number since the last by number; one query."""
    latest = (
        Serving.objects.filter(ticket__hall_id=hall_id, ticket__day=day, ticket__group__code__in=list(groups))
        .order_by("-called_at", "-pk")
        .values_list("ahead", flat=True)[:RECENT]
    )
    return row_of(latest)


def counter_for(counter_id: int, rights: Rights) -> Counter:
    """Return a counter at which the officer may work; raises ``Counter.DoesNotExist``."""
    counter = Counter.objects.select_related("hall").get(pk=counter_id)
    hall = counter.hall
    if not rights.may(Purpose.HANDLE_CASES, agency_path=hall.agency_path, place_path=hall.place_path):
        raise Counter.DoesNotExist(counter_id)
    return counter


def _at_counter(counter_id: int, serving_id: int, rights: Rights) -> Serving:
    counter = counter_for(counter_id, rights)
    serving = (
        Serving.objects.select_for_update(of=("self",))
        .select_related("counter")
        .filter(pk=serving_id, counter=counter, ended_at__isnull=True)
        .first()
    )
    if serving is None:
        raise NotAtCounter(serving_id)
    return serving


def _close(serving: Serving, end: ServingEnd, now: datetime) -> None:
    serving.ended_at, serving.end = now, end
    serving.save(update_fields=["ended_at", "end"])
