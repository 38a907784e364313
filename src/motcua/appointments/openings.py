"""When a hall receives people on a day, and into which times that falls: pure calculation over dated data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from motcua.appointments.states import HoursKind
from motcua.calendars.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Span:
    """Hours without a break; ``bookable`` unless only tickets of the day are given in them."""

    opens_at: datetime
    closes_at: datetime
    bookable: bool = True


@dataclass(frozen=True, slots=True)
class OwnHours:
    """Hours of a hall that differ from the calendar, on each day from first to last."""

    kind: HoursKind
    first_day: date
    last_day: date
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Plan:
    """How many people fit into one time of so many minutes, from a day to a day or without end."""

    first_day: date
    last_day: date | None
    slot_minutes: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Time:
    """A time that can be booked, and for how many people."""

    starts_at: datetime
    ends_at: datetime
    capacity: int


def spans_of(day: date, calendar: WorkingCalendar, own: Iterable[OwnHours]) -> tuple[Span, ...]:
    """Return when the hall receives people on that day, in order.

    Office hours of the calendar, then what the hall opens besides, less what it closes. A day that the calendar
    does not cover has only hours that were opened on purpose.
    """
    todays = [hours for hours in own if hours.first_day <= day <= hours.last_day]
    spans = [Span(_at(day, a, calendar), _at(day, b, calendar)) for a, b in _office_hours(day, calendar)]
    for hours in todays:
        if hours.kind is not HoursKind.CLOSED:
            added = Span(
                _at(day, hours.opens, calendar),
                _at(day, hours.closes, calendar),
                bookable=hours.kind is HoursKind.OPEN,
            )
            # What is open already keeps its own kind: only the rest of the hours is added.
            rest = [added]
            for span in spans:
                rest = [part for piece in rest for part in _less(piece, span.opens_at, span.closes_at)]
            spans.extend(rest)
    for hours in todays:
        if hours.kind is HoursKind.CLOSED:
            opens, closes = _at(day, hours.opens, calendar), _at(day, hours.closes, calendar)
            spans = [part for span in spans for part in _less(span, opens, closes)]
    return tuple(sorted(spans, key=lambda span: span.opens_at))


def plan_on(day: date, plans: Sequence[Plan]) -> Plan | None:
    """Return the plan that holds on that day; ``plans`` stand in the order in which they were set."""
    holding = [
        plan for plan in plans if plan.first_day <= day and (plan.last_day is None or day <= plan.last_day)
    ]
    return holding[-1] if holding else None


def times_of(spans: Iterable[Span], plan: Plan | None) -> tuple[Time, ...]:
    """Return the times that can be booked in these hours; a rest shorter than a time is left out."""
    if plan is None or plan.capacity == 0:
        return ()
    length = timedelta(minutes=plan.slot_minutes)
    times = []
    for span in spans:
        start = span.opens_at
        while span.bookable and start + length <= span.closes_at:
            times.append(Time(start, start + length, plan.capacity))
            start += length
    return tuple(times)


def open_at(moment: datetime, spans: Iterable[Span]) -> Span | None:
    """Return the hours in which the moment falls."""
    return next((span for span in spans if span.opens_at <= moment < span.closes_at), None)


def _office_hours(day: date, calendar: WorkingCalendar) -> tuple[tuple[time, time], ...]:
    if not calendar.first_day <= day <= calendar.last_day or not calendar.works_on(day):
        return ()
    return next(period.spans for period in reversed(calendar.hours) if period.first_day <= day)


def _less(span: Span, opens: datetime, closes: datetime) -> list[Span]:
    """Return what is left of a span without these hours."""
    if closes <= span.opens_at or span.closes_at <= opens:
        return [span]
    parts = [Span(span.opens_at, opens, span.bookable), Span(closes, span.closes_at, span.bookable)]
    return [part for part in parts if part.opens_at < part.closes_at]


def _at(day: date, moment: time, calendar: WorkingCalendar) -> datetime:
    return datetime.combine(day, moment, calendar.zone)
