"""What becomes of a booking on its day: the person comes and gets a number, or does not come; who looked is noted."""

from datetime import datetime

from django.db import transaction

from motcua.appointments.events import BookingMet
from motcua.appointments.models import Booking, Hall, Ticket
from motcua.appointments.services.ticketing import take_ticket
from motcua.appointments.states import BookingState, Priority
from motcua.appointments.times import day_of
from motcua.events.services import publish
from motcua.identity.people import PersonView
from motcua.identity.people import person as person_by_id
from motcua.identity.rights import Rights
from motcua.identity.states import PURPOSES, Purpose
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_access

# What the person reads as the purpose of a look at their name.
WHO_BOOKED = "receive people"


class BookingNotHere(LookupError):
    """No booking of that code stands in this hall today."""


class TooEarlyToMiss(RuntimeError):
    """The time of the booking is not over: the person may still come."""


@transaction.atomic
def check_in(*, hall_code: str, code: str, priority: Priority = Priority.NONE, now: datetime) -> Ticket:
    """Give whoever says the code of a booking of today their number; again, the same number.

    Raises ``BookingNotHere``.
    """
    row = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("hall", "group", "slot")
        .filter(hall__code=hall_code, day=day_of(now), code=code)
        .exclude(state=BookingState.CANCELLED)
        .first()
    )
    if row is None:
        raise BookingNotHere(hall_code)
    given = Ticket.objects.filter(booking=row).first()
    if given is not None:
        return given
    Booking.objects.filter(pk=row.pk).update(state=BookingState.CAME, settled_at=now)
    ticket = take_ticket(
        hall_code=hall_code, group_code=row.group.code, priority=priority, booking=row, now=now
    )
    _publish_met(row, came=True, actor="machine", now=now)
    return ticket


@transaction.atomic
def mark_missed(*, booking_id: int, rights: Rights, now: datetime) -> None:
    """Note that the person did not come; who comes later still gets a number.

    Raises ``Booking.DoesNotExist`` also out of reach or once settled, and ``TooEarlyToMiss``.
    """
    row = booking_within(booking_id, rights)
    if row.slot.ends_at > now:
        raise TooEarlyToMiss(booking_id)
    changed = Booking.objects.filter(pk=row.pk, state=BookingState.BOOKED).update(
        state=BookingState.MISSED, settled_at=now
    )
    if changed != 1:
        raise Booking.DoesNotExist(booking_id)
    _publish_met(row, came=False, actor=f"account:{rights.account_id}", now=now)


@transaction.atomic
def mark_told(*, booking_id: int, rights: Rights, now: datetime) -> None:
    """Note that somebody told the person that the plan has no room for them. Raises ``Booking.DoesNotExist``."""
    row = booking_within(booking_id, rights)
    Booking.objects.filter(pk=row.pk).exclude(displaced="").filter(told_at__isnull=True).update(told_at=now)


def note_seen(*, person_id: int, now: datetime) -> None:
    """Note that the person read on their own page which bookings the plan has no room for."""
    Booking.objects.filter(person=person_id, state=BookingState.BOOKED, told_at__isnull=True).exclude(
        displaced=""
    ).update(told_at=now)


@transaction.atomic
def who_booked(*, booking_id: int, rights: Rights, now: datetime) -> PersonView:
    """Return who booked, and note the reading under "who looked". Raises ``Booking.DoesNotExist``."""
    row = booking_within(booking_id, rights)
    found = person_by_id(row.person_id)
    grant = next(
        each
        for each in rights.grants
        if Purpose.HANDLE_CASES in PURPOSES[each.role]
        and each.covers(agency_path=row.hall.agency_path, place_path=row.hall.place_path)
    )
    note_access(
        person_key=found.key,
        asker=Asker(
            kind="account",
            reference=f"account:{rights.account_id}",
            label=str(grant.role.label),
            agency_path=grant.agency_path,
        ),
        purpose=WHO_BOOKED,
        source="appointments",
        what=("name", "appointment"),
        case_number="",
        now=now,
    )
    return found


def booking_within(booking_id: int, rights: Rights) -> Booking:
    """Return a booking of a hall at whose counters the officer works; raises ``Booking.DoesNotExist``."""
    row = Booking.objects.select_related("hall", "group", "slot").get(pk=booking_id)
    if not works_in(rights, row.hall):
        raise Booking.DoesNotExist(booking_id)
    return row


def works_in(rights: Rights, hall: Hall) -> bool:
    """Tell whether the officer works at the counters of the hall."""
    return rights.may(Purpose.HANDLE_CASES, agency_path=hall.agency_path, place_path=hall.place_path)


def _publish_met(row: Booking, *, came: bool, actor: str, now: datetime) -> None:
    publish(
        BookingMet(
            happened_at=now,
            agency_path=row.hall.agency_path,
            subject=f"booking:{row.pk}",
            actor=actor,
            group=row.group.code,
            came=came,
        )
    )
