"""Reads what a hall offers from its tables: the hours of a day and the times of a group."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from motcua.appointments.models import GroupPlan, Hall, HallHours, ServiceGroup
from motcua.appointments.openings import OwnHours, Plan, Span, Time, plan_on, spans_of, times_of
from motcua.appointments.states import HoursKind
from motcua.calendars.working_time import vietnam

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def day_of(moment: datetime) -> date:
    """Return the day on which a moment falls in the city."""
    return moment.astimezone(LOCAL).date()


def own_hours(hall: Hall, first: date, last: date) -> tuple[OwnHours, ...]:
    """Return the hours of the hall's own that touch these days; one query."""
    rows = HallHours.objects.filter(
        hall=hall, lifted_at__isnull=True, first_day__lte=last, last_day__gte=first
    )
    return tuple(
        OwnHours(HoursKind(row.kind), row.first_day, row.last_day, row.opens, row.closes)
        for row in rows.order_by("pk")
    )


def plans_of(group: ServiceGroup) -> tuple[Plan, ...]:
    """Return the plans of a group in the order in which they were set; one query."""
    rows = GroupPlan.objects.filter(group=group).order_by("pk")
    return tuple(Plan(row.first_day, row.last_day, row.slot_minutes, row.capacity) for row in rows)


def hall_spans(hall: Hall, day: date) -> tuple[Span, ...]:
    """Return when the hall receives people on that day; one query."""
    return spans_of(day, vietnam(), own_hours(hall, day, day))


def times_on(group: ServiceGroup, day: date) -> tuple[Time, ...]:
    """Return the times of a group on that day, free or not; two queries."""
    return times_of(hall_spans(group.hall, day), plan_on(day, plans_of(group)))


def time_at(group: ServiceGroup, starts_at: datetime) -> Time | None:
    """Return the time of the group that begins at the moment; two queries."""
    found = times_on(group, day_of(starts_at))
    return next((time for time in found if time.starts_at == starts_at), None)
