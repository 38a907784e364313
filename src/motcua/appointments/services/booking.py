"""Sells places in times: booked, moved to another time, given back."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from motcua.appointments.events import BookingCancelled, BookingMade, BookingMoved
from motcua.appointments.models import Booking, Hall, ServiceGroup, Slot
from motcua.appointments.openings import Time
from motcua.appointments.states import BookingState
from motcua.appointments.times import day_of, time_at
from motcua.events.services import publish

# One statement compares and takes: whoever comes second waits for the row and then sees it as it is.
_TAKE = """
INSERT INTO appointments_slot AS slot (group_id, starts_at, ends_at, taken) VALUES (%s, %s, %s, 1)
ON CONFLICT (group_id, starts_at) DO UPDATE SET taken = slot.taken + 1 WHERE slot.taken < %s
RETURNING id
"""
# The row of the slot is locked by _TAKE, so that nobody else looks for a free place of it now.
_FREE_PLACE = """
SELECT min(place) FROM generate_series(1, (SELECT taken FROM appointments_slot WHERE id = %(slot)s)) AS place
WHERE place NOT IN (SELECT place FROM appointments_booking WHERE slot_id = %(slot)s AND state <> 'cancelled')
"""
TRIES_FOR_A_CODE = 20


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking, and whether the same key had made it before."""

    booking: Booking
    repeated: bool


class TimeNotOffered(LookupError):
    """The group has no such time that could still be booked."""


class SlotFull(RuntimeError):
    """Every place of the time is taken."""


class TooManyOpen(RuntimeError):
    """The person holds as many open appointments in the group as the hall allows."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"at most {most} open appointments a person and group; cancel or move one")


class KeyReused(RuntimeError):
    """The key was used for another time or group."""


class BookingNotOpen(RuntimeError):
    """The booking is cancelled, settled or over."""


@transaction.atomic
def book(
    *,
    hall_code: str,
    group_code: str,
    starts_at: datetime,
    person_id: int,
    key: str,
    procedure: str = "",
    case_number: str = "",
    now: datetime,
) -> Booked:
    """Sell the person a place in the time and return the booking; the same key again returns the same.

    Raises ``ServiceGroup.DoesNotExist``, ``TimeNotOffered``, ``TooManyOpen``, ``SlotFull``, and ``KeyReused`` if
    the key stands for another time.
    """
    group = ServiceGroup.objects.select_related("hall").get(hall__code=hall_code, code=group_code)
    _lock_person(person_id)
    before = Booking.objects.select_related("slot", "group", "hall").filter(person=person_id, key=key).first()
    if before is not None:
        if (before.group_id, before.slot.starts_at) != (group.pk, starts_at):
            raise KeyReused(key)
        return Booked(before, repeated=True)
    _hold_plan(group.hall_id)
    time = _offered(group, starts_at, now)
    hold = Booking.objects.open(now).filter(person=person_id, group=group).count()
    if hold >= group.hall.most_open:
        raise TooManyOpen(group.hall.most_open)
    slot_id, place = _take(group, time)
    day = day_of(starts_at)
    row = Booking.objects.create(
        hall=group.hall,
        group=group,
        slot_id=slot_id,
        place=place,
        person_id=person_id,
        key=key,
        code=_free_code(group.hall, day),
        day=day,
        procedure=procedure,
        case_number=case_number,
        booked_at=now,
    )
    publish(
        BookingMade(
            happened_at=now,
            agency_path=group.hall.agency_path,
            subject=f"booking:{row.pk}",
            actor="citizen",
            group=group.code,
            starts_at=starts_at,
            place=place,
        )
    )
    return Booked(row, repeated=False)


@transaction.atomic
def move_booking(*, booking_id: int, person_id: int, starts_at: datetime, now: datetime) -> Booking:
    """Give the booking a place in another time of its group; the old place is free at once.

    Raises ``Booking.DoesNotExist``, ``BookingNotOpen``, ``TimeNotOffered`` and ``SlotFull``: then the old place stays.
    """
    row = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("hall", "group__hall", "slot")
        .get(pk=booking_id, person=person_id)
    )
    _hold_plan(row.hall_id)
    if row.state != BookingState.BOOKED or row.slot.ends_at <= now:
        raise BookingNotOpen(booking_id)
    if row.slot.starts_at == starts_at:
        return row
    time = _offered(row.group, starts_at, now)
    # Both rows are there and locked in the order of their ids, so that two who swap do not wait for each other.
    Slot.objects.bulk_create(
        [Slot(group=row.group, starts_at=time.starts_at, ends_at=time.ends_at, taken=0)],
        ignore_conflicts=True,
    )
    wanted = Slot.objects.get(group=row.group, starts_at=starts_at)
    list(Slot.objects.select_for_update().filter(pk__in=(row.slot_id, wanted.pk)).order_by("pk"))
    slot_id, place = _take(row.group, time)
    _give_back(row.slot_id)
    day, old_day = day_of(starts_at), row.day
    row.slot_id, row.place, row.day = slot_id, place, day
    if day != old_day and Booking.objects.filter(hall=row.hall, day=day, code=row.code).exists():
        row.code = _free_code(row.hall, day)
    row.displaced, row.displaced_at, row.told_at = "", None, None
    row.save(update_fields=["slot", "place", "day", "code", "displaced", "displaced_at", "told_at"])
    publish(
        BookingMoved(
            happened_at=now,
            agency_path=row.hall.agency_path,
            subject=f"booking:{row.pk}",
            actor="citizen",
            group=row.group.code,
            starts_at=starts_at,
            place=place,
        )
    )
    return row


@transaction.atomic
def cancel_booking(*, booking_id: int, person_id: int, now: datetime) -> None:
    """Give the place back; raises ``Booking.DoesNotExist`` and ``BookingNotOpen``."""
    row = Booking.objects.select_related("hall", "group").get(pk=booking_id, person=person_id)
    changed = Booking.objects.filter(pk=row.pk, state=BookingState.BOOKED).update(
        state=BookingState.CANCELLED, settled_at=now
    )
    if changed != 1:
        raise BookingNotOpen(booking_id)
    # Read after the update: a move that came first has put it into another time.
    _give_back(Booking.objects.values_list("slot_id", flat=True).get(pk=row.pk))
    publish(
        BookingCancelled(
            happened_at=now,
            agency_path=row.hall.agency_path,
            subject=f"booking:{row.pk}",
            actor="citizen",
            group=row.group.code,
        )
    )


def _lock_person(person_id: int) -> None:
    """Let one act of a person follow the other, so that nobody books past the limit from two windows at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('appointments'), %s)", [person_id % 2**31])


def _hold_plan(hall_id: int) -> None:
    """Keep whoever changes the plan out until this is sold; those who book share the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM appointments_hall WHERE id = %s FOR SHARE", [hall_id])


def _offered(group: ServiceGroup, starts_at: datetime, now: datetime) -> Time:
    day = day_of(starts_at)
    in_reach = now < starts_at and day <= day_of(now) + timedelta(days=group.hall.days_ahead)
    time = time_at(group, starts_at) if in_reach else None
    if time is None:
        raise TimeNotOffered(f"{group.code} has no time at {starts_at.isoformat()}")
    return time


def _take(group: ServiceGroup, time: Time) -> tuple[int, int]:
    """Take a place of the time and return slot and place; raises ``SlotFull``. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [group.pk, time.starts_at, time.ends_at, time.capacity])
        found = cursor.fetchone()
        if found is None:
            raise SlotFull(f"{group.code} at {time.starts_at.isoformat()} is full")
        cursor.execute(_FREE_PLACE, {"slot": found[0]})
        return found[0], cursor.fetchone()[0]


def _give_back(slot_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE appointments_slot SET taken = taken - 1 WHERE id = %s", [slot_id])


def _free_code(hall: Hall, day: date) -> str:
    """Return six digits that no booking of the hall has on that day; the constraint holds the rest."""
    for _ in range(TRIES_FOR_A_CODE):
        code = f"{secrets.randbelow(1_000_000):06d}"
        if not Booking.objects.filter(hall=hall, day=day, code=code).exists():
            return code
    raise SlotFull(f"no code is free in {hall.code}")
