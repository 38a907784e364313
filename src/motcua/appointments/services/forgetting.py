"""Drops what nobody needs any more: tickets name nobody but are not kept; bookings name a person."""

from datetime import datetime, timedelta

from django.db import transaction

from motcua.appointments.models import Booking, Slot, Ticket, TicketSeries
from motcua.appointments.times import day_of

KEEP_TICKETS_DAYS = 30
KEEP_BOOKINGS_DAYS = 90


@transaction.atomic
def forget_old(*, now: datetime) -> tuple[int, int]:
    """Delete tickets and bookings past their time, and return how many of each."""
    today = day_of(now)
    line_until = today - timedelta(days=KEEP_TICKETS_DAYS)
    tickets = Ticket.objects.filter(day__lt=line_until)
    dropped = tickets.count()
    tickets.delete()
    TicketSeries.objects.filter(day__lt=line_until).delete()
    booked_until = today - timedelta(days=KEEP_BOOKINGS_DAYS)
    bookings, _ = Booking.objects.filter(day__lt=booked_until).delete()
    Slot.objects.filter(
        ends_at__lt=now - timedelta(days=KEEP_BOOKINGS_DAYS + 1), bookings__isnull=True
    ).delete()
    return dropped, bookings
