"""Sets what a hall offers. Nobody who booked is dropped: who no longer fits is marked, listed and told."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction

from motcua.agencies.queries import agency
from motcua.appointments.events import GroupPlanSet, HallHoursLifted, HallHoursSet, HallOpened
from motcua.appointments.models import Booking, Counter, GroupPlan, Hall, HallHours, ServiceGroup
from motcua.appointments.openings import OwnHours, Plan, plan_on, spans_of, times_of
from motcua.appointments.states import BookingState, Displaced, HoursKind
from motcua.appointments.times import own_hours, plans_of
from motcua.calendars.working_time import vietnam
from motcua.events.services import publish
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose


@dataclass(frozen=True, slots=True)
class GroupOffered:
    """A group of a hall as it is set up."""

    code: str
    label_vi: str
    label_en: str
    procedures: tuple[str, ...]


@transaction.atomic
def open_hall(
    *,
    agency_code: str,
    address: str,
    position: tuple[Decimal, Decimal] | None,
    groups: Sequence[GroupOffered],
    most_open: int,
    days_ahead: int,
    tickets_per_day: int | None,
    now: datetime,
) -> Hall:
    """Open the hall of an agency or change its rules; groups are added and never taken away.

    Raises ``AgencyNotKnown``.
    """
    office = agency(agency_code)
    rules = {
        "agency_path": office.path,
        "place_path": office.place_path,
        "name": office.name,
        "name_en": office.name_en,
        "address": address,
        "latitude": position[0] if position else None,
        "longitude": position[1] if position else None,
        "most_open": most_open,
        "days_ahead": days_ahead,
        "tickets_per_day": tickets_per_day,
    }
    hall, _ = Hall.objects.update_or_create(
        code=agency_code, defaults=rules, create_defaults={**rules, "kiosk_key": _new_key()}
    )
    for position_of, group in enumerate(groups):
        ServiceGroup.objects.update_or_create(
            hall=hall,
            code=group.code,
            defaults={
                "label_vi": group.label_vi,
                "label_en": group.label_en,
                "procedures": list(group.procedures),
                "position": position_of,
            },
        )
    publish(
        HallOpened(
            happened_at=now,
            agency_path=hall.agency_path,
            subject=f"hall:{hall.code}",
            actor="machine",
            most_open=most_open,
            days_ahead=days_ahead,
            tickets_per_day=tickets_per_day,
        )
    )
    return hall


@transaction.atomic
def set_counter(*, hall_code: str, number: int, groups: Sequence[str]) -> Counter:
    """Set which groups a counter of the hall receives; raises ``Hall.DoesNotExist``."""
    hall = Hall.objects.get(code=hall_code)
    row, _ = Counter.objects.update_or_create(hall=hall, number=number, defaults={"groups": list(groups)})
    return row


@transaction.atomic
def set_plan(*, hall_code: str, group_code: str, plan: Plan, rights: Rights, now: datetime) -> int:
    """Set how many people fit into a time of the group from a day on; return how many booked people no longer fit.

    Raises ``Hall.DoesNotExist`` also for a hall out of reach, and ``ServiceGroup.DoesNotExist``.
    """
    hall = locked_hall(hall_code, rights)
    group = ServiceGroup.objects.get(hall=hall, code=group_code)
    GroupPlan.objects.create(
        group=group,
        first_day=plan.first_day,
        last_day=plan.last_day,
        slot_minutes=plan.slot_minutes,
        capacity=plan.capacity,
        set_at=now,
        set_by_id=rights.account_id,
    )
    displaced = mark_displaced(hall, now)
    publish(
        GroupPlanSet(
            happened_at=now,
            agency_path=hall.agency_path,
            subject=f"hall:{hall.code}",
            actor=_actor(rights),
            group=group_code,
            first_day=plan.first_day,
            last_day=plan.last_day,
            slot_minutes=plan.slot_minutes,
            capacity=plan.capacity,
            displaced=displaced,
        )
    )
    return displaced


@transaction.atomic
def set_hours(*, hall_code: str, hours: OwnHours, reason: str, rights: Rights, now: datetime) -> int:
    """Close the hall, or open it besides its office hours; return how many booked people no longer fit.

    Raises ``Hall.DoesNotExist`` also for a hall out of reach.
    """
    hall = locked_hall(hall_code, rights)
    HallHours.objects.create(
        hall=hall,
        kind=hours.kind,
        first_day=hours.first_day,
        last_day=hours.last_day,
        opens=hours.opens,
        closes=hours.closes,
        reason=reason,
        set_at=now,
        set_by_id=rights.account_id,
    )
    displaced = mark_displaced(hall, now)
    publish(
        HallHoursSet(
            happened_at=now,
            agency_path=hall.agency_path,
            subject=f"hall:{hall.code}",
            actor=_actor(rights),
            kind=hours.kind.value,
            first_day=hours.first_day,
            last_day=hours.last_day,
            reason=reason,
            displaced=displaced,
        )
    )
    return displaced


@transaction.atomic
def lift_hours(*, hall_code: str, hours_id: int, rights: Rights, now: datetime) -> int:
    """End hours of the hall's own; return how many booked people no longer fit.

    Raises ``Hall.DoesNotExist`` and ``HallHours.DoesNotExist``, also for hours lifted before.
    """
    hall = locked_hall(hall_code, rights)
    if HallHours.objects.filter(pk=hours_id, hall=hall, lifted_at__isnull=True).update(lifted_at=now) != 1:
        raise HallHours.DoesNotExist(hours_id)
    displaced = mark_displaced(hall, now)
    publish(
        HallHoursLifted(
            happened_at=now,
            agency_path=hall.agency_path,
            subject=f"hall:{hall.code}",
            actor=_actor(rights),
            hours=hours_id,
            displaced=displaced,
        )
    )
    return displaced


@transaction.atomic
def new_kiosk_key(*, hall_code: str, rights: Rights) -> str:
    """Give the hall a new key for its machines and return it; those with the old one give out nothing more."""
    hall = locked_hall(hall_code, rights)
    key = _new_key()
    Hall.objects.filter(pk=hall.pk).update(kiosk_key=key)
    return key


def may_plan(rights: Rights, hall: Hall) -> bool:
    """Tell whether the officer sets what the hall offers: who works at its counters, and leaders."""
    return any(
        rights.may(purpose, agency_path=hall.agency_path, place_path=hall.place_path)
        for purpose in (Purpose.HANDLE_CASES, Purpose.DIRECT)
    )


def locked_hall(hall_code: str, rights: Rights) -> Hall:
    """Return the hall, with those who book kept out until the transaction ends; raises ``Hall.DoesNotExist``."""
    hall = Hall.objects.select_for_update().get(code=hall_code)
    if not may_plan(rights, hall):
        raise Hall.DoesNotExist(hall_code)
    return hall


def mark_displaced(hall: Hall, now: datetime) -> int:
    """Mark each booking to come that the plan as it is now has no room for, and return how many there are.

    Of too many in one time, those who booked last. A mark goes when there is room again. Three queries and one for
    each group and change.
    """
    rows = list(
        Booking.objects.filter(hall=hall, state=BookingState.BOOKED, slot__starts_at__gt=now)
        .select_related("slot")
        .order_by("booked_at", "pk")
    )
    if not rows:
        return 0
    days = sorted({row.day for row in rows})
    own = own_hours(hall, days[0], days[-1])
    plans = {group.pk: plans_of(group) for group in hall.groups.all()}
    room: dict[tuple[int, date], dict[tuple[datetime, datetime], int]] = {}
    counted: dict[int, int] = defaultdict(int)
    total = 0
    for row in rows:
        at = (row.group_id, row.day)
        if at not in room:
            offered = times_of(spans_of(row.day, vietnam(), own), plan_on(row.day, plans[row.group_id]))
            room[at] = {(each.starts_at, each.ends_at): each.capacity for each in offered}
        capacity = room[at].get((row.slot.starts_at, row.slot.ends_at))
        counted[row.slot_id] += 1
        because = ""
        if capacity is None:
            because = Displaced.CLOSED
        elif counted[row.slot_id] > capacity:
            because = Displaced.FULL
        total += bool(because)
        if because != row.displaced:
            Booking.objects.filter(pk=row.pk).update(
                displaced=because, displaced_at=now if because else None, told_at=None
            )
    return total


def whole_day(kind: HoursKind, first_day: date, last_day: date) -> OwnHours:
    """Return hours from the first minute of each day to its last."""
    return OwnHours(kind, first_day, last_day, time.min, time(23, 59))


def _new_key() -> str:
    return secrets.token_urlsafe(24)


def _actor(rights: Rights) -> str:
    return f"account:{rights.account_id}" if rights.account_id else "machine"
