"""Gives out numbers in the line of a hall: each once, without a gap, and no more than there are."""

import secrets
from datetime import date, datetime

from django.db import connection, transaction

from motcua.appointments.models import Booking, Hall, ServiceGroup, Ticket, TicketSeries
from motcua.appointments.openings import open_at
from motcua.appointments.states import Priority, TicketState
from motcua.appointments.times import day_of, hall_spans

# The number is drawn in the transaction that keeps the ticket: what is rolled back was never given.
_NEXT = """
INSERT INTO appointments_ticketseries AS series (hall_id, day, last_number) VALUES (%s, %s, 1)
ON CONFLICT (hall_id, day) DO UPDATE SET last_number = series.last_number + 1
WHERE %s::int IS NULL OR series.last_number < %s::int
RETURNING last_number
"""


class HallClosed(RuntimeError):
    """The hall receives nobody at this moment."""


class NoTicketsLeft(RuntimeError):
    """All numbers of the day have been given out."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"all {most} numbers of today have been given out")


class TicketNotWaiting(RuntimeError):
    """The ticket is not in the line any more."""


@transaction.atomic
def take_ticket(
    *,
    hall_code: str,
    group_code: str,
    priority: Priority,
    now: datetime,
    booking: Booking | None = None,
) -> Ticket:
    """Give the next number of today; with a booking, one that is called at its time.

    Raises ``ServiceGroup.DoesNotExist``, ``HallClosed`` and ``NoTicketsLeft``. Who booked has a place: the limit of
    the day is not theirs. Five statements.
    """
    group = ServiceGroup.objects.select_related("hall").get(hall__code=hall_code, code=group_code)
    day = day_of(now)
    if open_at(now, hall_spans(group.hall, day)) is None and booking is None:
        raise HallClosed(hall_code)
    number = _next_number(group.hall, day, None if booking else group.hall.tickets_per_day)
    return Ticket.objects.create(
        hall=group.hall,
        group=group,
        day=day,
        number=number,
        secret=secrets.token_urlsafe(16),
        priority=priority,
        booking=booking,
        taken_at=now,
    )


@transaction.atomic
def leave_line(*, secret: str, now: datetime) -> None:
    """Take a ticket out of the line for its holder; raises ``Ticket.DoesNotExist`` and ``TicketNotWaiting``."""
    ticket = Ticket.objects.get(secret=secret)
    lock_line(ticket.hall_id, ticket.day)
    standing = Ticket.objects.filter(pk=ticket.pk, day=day_of(now), state=TicketState.WAITING)
    if standing.update(state=TicketState.LEFT) != 1:
        raise TicketNotWaiting(secret)


def lock_line(hall_id: int, day: date) -> None:
    """Let one change of the line of a hall follow the other, until the transaction ends."""
    list(TicketSeries.objects.select_for_update().filter(hall_id=hall_id, day=day))


def _next_number(hall: Hall, day: date, most: int | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [hall.pk, day, most, most])
        found = cursor.fetchone()
    if found is None:
        raise NoTicketsLeft(most or 0)
    number: int = found[0]
    return number
