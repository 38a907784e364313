"""Working time of an office: hours by day of the week, holidays and swapped working days as dated data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from motcua.calendars.measures import HOUR, MICROSECOND, MINUTE, SECOND, DayNotCovered, DayShape, Measure

__all__ = ["CalendarRefused", "DayNotCovered", "OfficeHours", "WorkingCalendar", "read_calendar", "vietnam"]


KEYS = frozenset(
    {"zone", "weekdays", "hours", "holidays", "swapped", "first_day", "last_day", "announced_to"}
)


class CalendarRefused(ValueError):
    """The text is not a working calendar; the sentence says where and what to write."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spans of a working day, in order and apart, as they hold from a day on."""

    first_day: date
    spans: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When an office works.

    ``hours`` are dated, oldest first; ``holidays`` are days off on what would be a working day; ``swapped``
    are days worked on what would be a weekend. Nothing is known before ``first_day`` and after ``last_day``.
    After ``announced_to`` the days are provisional: the decision on holidays and swaps is not out yet.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    hours: tuple[OfficeHours, ...]
    holidays: frozenset[date]
    swapped: frozenset[date]
    first_day: date
    last_day: date
    announced_to: date
    by_hours: Measure = field(init=False, repr=False, compare=False)
    by_days: Measure = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Built once: every question is then a look-up, however many years lie between two moments.
        shapes = self._shapes()
        worth = self.ordinary_day // MICROSECOND
        alike = {shape: DayShape(shape.spans, shape.length, worth) for shape in shapes if shape is not None}
        same = all(shape.length == worth for shape in alike)
        by_hours = Measure(self.zone, self.first_day, shapes)
        by_days = (
            by_hours
            if same
            else Measure(self.zone, self.first_day, [alike[shape] if shape else None for shape in shapes])
        )
        object.__setattr__(self, "by_hours", by_hours)
        object.__setattr__(self, "by_days", by_days)

    @property
    def ordinary_day(self) -> timedelta:
        """Return the working time of a day by the newest office hours: the length that "one day" has in words."""
        return sum((_length(span) for span in self.hours[-1].spans), timedelta())

    def works_on(self, day: date) -> bool:
        """Tell whether the office works on that day."""
        return day in self.swapped or (day.weekday() in self.weekdays and day not in self.holidays)

    def after(self, moment: datetime, *, working_hours: float) -> datetime:
        """Return the moment at which ``working_hours`` (not negative) of working time have passed.

        What arrives after hours counts from the next opening. Raises ``DayNotCovered`` past the last day.
        """
        return self.by_hours.after(moment, timedelta(hours=working_hours) // MICROSECOND)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from ``start`` to ``end``; negative when ``end`` comes first."""
        return timedelta(microseconds=self.by_hours.passed(end) - self.by_hours.passed(start))

    def working_day_before(self, moment: datetime) -> datetime:
        """Return the opening of the last working day before the day of ``moment``."""
        day = moment.astimezone(self.zone).date()
        while True:
            day -= timedelta(days=1)
            opening = self.by_hours.opening_of(day)
            if opening is not None:
                return opening

    def opening_of(self, moment: datetime) -> datetime | None:
        """Return when the office opens on the day of ``moment``, or nothing on a day off."""
        return self.by_hours.opening_of(moment.astimezone(self.zone).date())

    def is_provisional(self, moment: datetime) -> bool:
        """Tell whether ``moment`` lies where the decision on holidays and swaps is not out yet."""
        return moment.astimezone(self.zone).date() > self.announced_to

    def _shapes(self) -> list[DayShape | None]:
        shapes: list[DayShape | None] = []
        ahead = list(reversed(self.hours))
        shape = _shape(ahead.pop())
        day = self.first_day
        while day <= self.last_day:
            while ahead and ahead[-1].first_day <= day:
                shape = _shape(ahead.pop())
            shapes.append(shape if self.works_on(day) else None)
            day += timedelta(days=1)
        return shapes


def read_calendar(text: str) -> WorkingCalendar:
    """Read a calendar from YAML; raises ``CalendarRefused`` where the text is not one.

    ``hours`` is a list of ``{from: day, spans: [[opens, closes], ...]}``, the other keys are those of
    ``WorkingCalendar``.
    """
    try:
        body = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as fault:
        raise CalendarRefused(f"this is not YAML, or a day in it does not exist: {fault}") from fault
    if not isinstance(body, Mapping):
        raise CalendarRefused("the calendar is not a mapping; begin with zone, weekdays and hours")
    if wrong := sorted(KEYS ^ body.keys(), key=str):
        raise CalendarRefused(f"{wrong[0]}: missing or not known; the keys are {', '.join(sorted(KEYS))}")
    first_day, announced_to, last_day = (_day(body, key) for key in ("first_day", "announced_to", "last_day"))
    if not first_day <= announced_to <= last_day:
        raise CalendarRefused("first_day, announced_to and last_day must follow each other")
    holidays, swapped = _days(body, "holidays"), _days(body, "swapped")
    if both := sorted(holidays & swapped):
        raise CalendarRefused(f"{both[0]} is both a holiday and a swapped working day; keep one of the two")
    return WorkingCalendar(
        zone=_zone(body["zone"]),
        weekdays=_weekdays(body["weekdays"]),
        hours=_all_hours(body["hours"], first_day),
        holidays=holidays,
        swapped=swapped,
        first_day=first_day,
        last_day=last_day,
        announced_to=announced_to,
    )


@cache
def vietnam() -> WorkingCalendar:
    """Return the calendar shipped for Vietnam's public offices; its sources are named in the file."""
    return read_calendar(files("motcua.calendars").joinpath("vietnam.yaml").read_text(encoding="utf-8"))


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise CalendarRefused(f"zone: {name!r} is not known; write Asia/Ho_Chi_Minh") from fault


def _weekdays(given: object) -> frozenset[int]:
    if not isinstance(given, list) or not given or not set(given) <= set(range(7)):
        raise CalendarRefused("weekdays: write the days worked as numbers, 0 for Monday to 6 for Sunday")
    return frozenset(given)


def _day(body: Mapping[str, object], key: str) -> date:
    day = body[key]
    if type(day) is not date:
        raise CalendarRefused(f"{key}: {day!r} is no day; write 2026-11-24")
    return day


def _days(body: Mapping[str, object], key: str) -> frozenset[date]:
    days = body[key]
    if not isinstance(days, list):
        raise CalendarRefused(f"{key}: write a list of days, each beginning with a dash")
    for day in days:
        if type(day) is not date:
            raise CalendarRefused(f"{key}: {day!r} is no day; write 2026-11-24")
    return frozenset(days)


def _all_hours(periods: object, first_day: date) -> tuple[OfficeHours, ...]:
    if not isinstance(periods, list) or not periods:
        raise CalendarRefused("hours: write a list of periods, each with from (a day) and spans")
    hours = tuple(_office_hours(period) for period in periods)
    begins = [period.first_day for period in hours]
    if begins[0] > first_day:
        raise CalendarRefused("hours: the first office hours must hold from first_day or earlier")
    if begins != sorted(set(begins)):
        raise CalendarRefused("hours: write the periods in the order of their days, each day once")
    return hours


def _office_hours(period: object) -> OfficeHours:
    if not isinstance(period, Mapping) or period.keys() != {"from", "spans"}:
        raise CalendarRefused("hours: each period has from (a day) and spans (a list of [opens, closes])")
    first_day = _day(period, "from")
    try:
        spans = tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in period["spans"]
        )
    except (TypeError, ValueError) as fault:
        raise CalendarRefused(
            f'hours from {first_day}: write spans as ["07:30", "11:30"], in quotes'
        ) from fault
    ends = [moment for span in spans for moment in span]
    if not ends or ends != sorted(set(ends)):
        raise CalendarRefused(f"hours from {first_day}: the spans must be in order, apart and not empty")
    return OfficeHours(first_day, spans)


def _shape(hours: OfficeHours) -> DayShape:
    spans = tuple((_of_day(opens), _of_day(closes)) for opens, closes in hours.spans)
    length = sum(closes - opens for opens, closes in spans)
    return DayShape(spans, length, length)


def _of_day(moment: time) -> int:
    return moment.hour * HOUR + moment.minute * MINUTE + moment.second * SECOND + moment.microsecond


def _length(span: tuple[time, time]) -> timedelta:
    return timedelta(microseconds=_of_day(span[1]) - _of_day(span[0]))
