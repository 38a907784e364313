"""Questions about halls, times, bookings and lines; what they give are values for pages and doors."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hmac import compare_digest
from math import cos, hypot, radians

from motcua.appointments.models import (
    Booking,
    BookingQuerySet,
    Counter,
    GroupPlan,
    Hall,
    HallHours,
    ServiceGroup,
    Slot,
)
from motcua.appointments.openings import (
    Span,
    plan_on,
    spans_of,
    times_of,
)
from motcua.appointments.states import BookingState, HoursKind
from motcua.appointments.times import day_of, hall_spans, own_hours, plans_of
from motcua.calendars.working_time import vietnam
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose

KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class GroupView:
    """Services that a hall receives people for together."""

    id: int
    code: str
    label_vi: str
    label_en: str
    procedures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CounterView:
    """A window of a hall and the codes of its groups."""

    id: int
    number: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HallView:
    """A hall as pages show it; ``km`` from where the reader is, if that is known."""

    id: int
    code: str
    name: str
    name_en: str
    address: str
    agency_path: str
    place_path: str
    most_open: int
    days_ahead: int
    tickets_per_day: int | None
    groups: tuple[GroupView, ...]
    km: int | None = None

    def group(self, code: str) -> GroupView | None:
        """Return the group of that code."""
        return next((each for each in self.groups if each.code == code), None)

    def group_for(self, procedure: str) -> GroupView | None:
        """Return the group that receives people for the procedure; the first if none names it."""
        named = next((each for each in self.groups if procedure in each.procedures), None)
        return named or (self.groups[0] if self.groups else None)


@dataclass(frozen=True, slots=True)
class TimeView:
    """A time and how many places of it are left."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    left: int


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking; ``ticket`` is the number that the person got on coming, with its secret."""

    id: int
    hall: HallView
    group: GroupView
    starts_at: datetime
    ends_at: datetime
    place: int
    code: str
    procedure: str
    case_number: str
    state: BookingState
    displaced: str
    told_at: datetime | None
    booked_at: datetime
    ticket: int | None
    ticket_secret: str

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can still be moved or cancelled."""
        return self.state is BookingState.BOOKED and self.ends_at > now


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan that holds now or will hold."""

    group: GroupView
    first_day: date
    last_day: date | None
    slot_minutes: int
    capacity: int


@dataclass(frozen=True, slots=True)
class HoursView:
    """Hours of a hall's own that are not over."""

    id: int
    kind: HoursKind
    first_day: date
    last_day: date
    opens: time
    closes: time
    reason: str


class HallNotKnown(LookupError):
    """No hall has that code, or the reader may not know of it."""


class BookingNotKnown(LookupError):
    """The person has no such booking."""


def halls(*, near: tuple[str, float | None, float | None] | None = None) -> list[HallView]:
    """Return all halls; with ``near`` (path, latitude, longitude) those that serve it first, then by distance.

    Two queries.
    """
    rows = list(Hall.objects.order_by("name"))
    groups = _groups_of([row.pk for row in rows])
    found = [_hall(row, groups.get(row.pk, ()), near) for row in rows]
    if near is not None:
        path = near[0]
        serves = {row.pk: path == row.place_path or path.startswith(f"{row.place_path}.") for row in rows}
        # The nearest of those that serve the place is the one with the smallest area: the longest path.
        found.sort(
            key=lambda hall: (
                not serves[hall.id],
                -len(hall.place_path) if serves[hall.id] else 0,
                hall.km if hall.km is not None else 10_000,
                hall.name,
            )
        )
    return found


def hall(code: str) -> HallView:
    """Return a hall; raises ``HallNotKnown``. Two queries."""
    row = Hall.objects.filter(code=code[:40]).first()
    if row is None:
        raise HallNotKnown(code)
    return _hall(row, _groups_of([row.pk]).get(row.pk, ()))


def halls_for(rights: Rights, *purposes: Purpose) -> list[HallView]:
    """Return the halls at which an officer serves one of the purposes, by name; two queries."""
    rows = [
        row
        for row in Hall.objects.order_by("name")
        if any(
            rights.may(purpose, agency_path=row.agency_path, place_path=row.place_path)
            for purpose in purposes
        )
    ]
    groups = _groups_of([row.pk for row in rows])
    return [_hall(row, groups.get(row.pk, ())) for row in rows]


def is_kiosk_key(code: str, key: str) -> bool:
    """Tell whether the key lets a machine give out numbers of the hall."""
    row = Hall.objects.filter(code=code).only("kiosk_key").first()
    return row is not None and bool(key) and compare_digest(row.kiosk_key.encode(), key.encode())


def kiosk_key(code: str) -> str:
    """Return the key of the machines of a hall; raises ``HallNotKnown``."""
    row = Hall.objects.filter(code=code).only("kiosk_key").first()
    if row is None:
        raise HallNotKnown(code)
    return row.kiosk_key


def counters_of(hall_id: int) -> tuple[CounterView, ...]:
    """Return the counters of a hall by number; one query."""
    rows = Counter.objects.filter(hall=hall_id).order_by("number")
    return tuple(CounterView(row.pk, row.number, tuple(row.groups)) for row in rows)


def days_with_room(group_id: int, now: datetime) -> list[tuple[date, int]]:
    """Return each day with times of the group within its hall's reach, and how many places are left; three queries."""
    group = ServiceGroup.objects.select_related("hall").get(pk=group_id)
    today = day_of(now)
    last = today + timedelta(days=group.hall.days_ahead)
    own, plans = own_hours(group.hall, today, last), plans_of(group)
    taken = _taken(group_id, now)
    days = []
    for ahead in range(group.hall.days_ahead + 1):
        day = today + timedelta(days=ahead)
        times = times_of(spans_of(day, vietnam(), own), plan_on(day, plans))
        coming = [each for each in times if each.starts_at > now]
        if coming:
            left = sum(max(0, each.capacity - taken.get(each.starts_at, 0)) for each in coming)
            days.append((day, left))
    return days


def times_with_room(group_id: int, day: date, now: datetime) -> list[TimeView]:
    """Return the times of a group on a day that are still to come, with what is left of each; four queries."""
    group = ServiceGroup.objects.select_related("hall").get(pk=group_id)
    today = day_of(now)
    if not today <= day <= today + timedelta(days=group.hall.days_ahead):
        return []
    taken = _taken(group_id, now)
    times = times_of(hall_spans(group.hall, day), plan_on(day, plans_of(group)))
    return [
        TimeView(
            each.starts_at,
            each.ends_at,
            each.capacity,
            max(0, each.capacity - taken.get(each.starts_at, 0)),
        )
        for each in times
        if each.starts_at > now
    ]


def spans_today(hall_view: HallView, day: date) -> tuple[Span, ...]:
    """Return when the hall receives people on the day; one query."""
    return hall_spans(Hall(pk=hall_view.id), day)


def bookings_of(person_id: int, now: datetime, *, most: int = 20) -> list[BookingView]:
    """Return the bookings of a person: those to come first, soonest first, then the latest of the others."""
    rows = list(_bookings().filter(person=person_id).order_by("-slot__starts_at")[:200])
    found = _views(rows)
    coming = sorted((each for each in found if each.is_open(now)), key=lambda each: each.starts_at)
    return [*coming, *[each for each in found if not each.is_open(now)][: max(0, most - len(coming))]]


def booking_of(person_id: int, booking_id: int) -> BookingView:
    """Return one booking of a person; raises ``BookingNotKnown``."""
    row = _bookings().filter(person=person_id, pk=booking_id).first()
    if row is None:
        raise BookingNotKnown(booking_id)
    return _views([row])[0]


def bookings_on(hall_id: int, day: date) -> list[BookingView]:
    """Return the bookings of a hall on a day that were not cancelled, by time and place."""
    rows = _bookings().filter(hall=hall_id, day=day).exclude(state=BookingState.CANCELLED)
    return _views(list(rows.order_by("slot__starts_at", "group__position", "place")))


def displaced_in(hall_id: int, now: datetime, *, most: int = 200) -> list[BookingView]:
    """Return the bookings to come that the plan of a hall has no room for, soonest first."""
    rows = _bookings().filter(hall=hall_id, state=BookingState.BOOKED, slot__starts_at__gt=now)
    return _views(list(rows.exclude(displaced="").order_by("slot__starts_at", "pk")[:most]))


def plans_in(hall_view: HallView, today: date) -> list[PlanView]:
    """Return the plans of a hall that hold now or later, by group, the one that was set last first."""
    rows = GroupPlan.objects.filter(group__hall=hall_view.id).order_by("group__position", "-pk")
    by_id = {each.id: each for each in hall_view.groups}
    views = []
    covered: set[int] = set()
    for row in rows:
        over = row.last_day is not None and row.last_day < today
        if over or row.group_id in covered:
            continue
        views.append(
            PlanView(by_id[row.group_id], row.first_day, row.last_day, row.slot_minutes, row.capacity)
        )
        if row.last_day is None and row.first_day <= today:
            # What was set before is hidden by it on every day from now on.
            covered.add(row.group_id)
    return views


def hours_in(hall_id: int, today: date) -> list[HoursView]:
    """Return the hours of a hall's own that are not over, by first day."""
    rows = HallHours.objects.filter(hall=hall_id, lifted_at__isnull=True, last_day__gte=today)
    return [
        HoursView(row.pk, HoursKind(row.kind), row.first_day, row.last_day, row.opens, row.closes, row.reason)
        for row in rows.order_by("first_day", "opens", "pk")
    ]


def _taken(group_id: int, now: datetime) -> dict[datetime, int]:
    rows = Slot.objects.filter(group=group_id, starts_at__gt=now).values_list("starts_at", "taken")
    return dict(rows)


def _bookings() -> BookingQuerySet:
    return Booking.objects.select_related("hall", "group", "slot", "ticket")


def _views(rows: Sequence[Booking]) -> list[BookingView]:
    found: list[BookingView] = []
    for row in rows:
        group = _group(row.group)
        ticket = getattr(row, "ticket", None)
        found.append(
            BookingView(
                id=row.pk,
                hall=_hall(row.hall, (group,)),
                group=group,
                starts_at=row.slot.starts_at,
                ends_at=row.slot.ends_at,
                place=row.place,
                code=row.code,
                procedure=row.procedure,
                case_number=row.case_number,
                state=BookingState(row.state),
                displaced=row.displaced,
                told_at=row.told_at,
                booked_at=row.booked_at,
                ticket=ticket.number if ticket else None,
                ticket_secret=ticket.secret if ticket else "",
            )
        )
    return found


def _groups_of(hall_ids: Collection[int]) -> dict[int, tuple[GroupView, ...]]:
    found: dict[int, tuple[GroupView, ...]] = {}
    for row in ServiceGroup.objects.filter(hall__in=list(hall_ids)).order_by("position", "pk"):
        found[row.hall_id] = (*found.get(row.hall_id, ()), _group(row))
    return found


def _group(row: ServiceGroup) -> GroupView:
    return GroupView(row.pk, row.code, row.label_vi, row.label_en, tuple(row.procedures))


def _hall(
    row: Hall, groups: tuple[GroupView, ...], near: tuple[str, float | None, float | None] | None = None
) -> HallView:
    return HallView(
        id=row.pk,
        code=row.code,
        name=row.name,
        name_en=row.name_en or row.name,
        address=row.address,
        agency_path=row.agency_path,
        place_path=row.place_path,
        most_open=row.most_open,
        days_ahead=row.days_ahead,
        tickets_per_day=row.tickets_per_day,
        groups=groups,
        km=_km(row, near),
    )


def _km(row: Hall, near: tuple[str, float | None, float | None] | None) -> int | None:
    """Return the distance in whole kilometers, flat over so short a way; null where a position is not known."""
    if near is None or near[1] is None or near[2] is None or row.latitude is None or row.longitude is None:
        return None
    north = float(row.latitude) - near[1]
    east = (float(row.longitude) - near[2]) * cos(radians(near[1]))
    return round(hypot(north, east) * KM_PER_DEGREE)
