"""Working time of an office: hours by day of the week, holidays and swapped working days as dated data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import yaml


class DayNotCovered(ValueError):
    """A deadline reaches a year whose holidays are not in the calendar yet."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When an office works.

    ``hours`` are the spans of an ordinary working day, in order and apart; ``holidays`` are days off on
    what would be a working day; ``swapped`` are days worked on what would be a weekend. ``last_day`` is
    the last day for which holidays and swaps are known.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    holidays: frozenset[date]
    swapped: frozenset[date]
    last_day: date

    def works_on(self, day: date) -> bool:
        """Tell whether the office works on that day."""
        return day in self.swapped or (day.weekday() in self.weekdays and day not in self.holidays)

    def spans(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the working spans from ``moment`` on, the first one cut to begin at it.

        Raises ``DayNotCovered`` past the last day known.
        """
        local = moment.astimezone(self.zone)
        day = local.date()
        while day <= self.last_day:
            if self.works_on(day):
                for opens, closes in self.hours:
                    start = max(local, datetime.combine(day, opens, self.zone))
                    end = datetime.combine(day, closes, self.zone)
                    if start < end:
                        yield start, end
            day += timedelta(days=1)
        raise DayNotCovered(
            f"the working calendar ends on {self.last_day:%d/%m/%Y}; add the holidays of {day.year}"
        )

    def after(self, moment: datetime, *, working_hours: float) -> datetime:
        """Return the moment at which ``working_hours`` (more than zero) of working time have passed.

        What arrives after hours counts from the next opening.
        """
        left = timedelta(hours=working_hours)
        spans = self.spans(moment)
        # The spans end by raising, so both loops over them end by what they find.
        while True:
            start, end = next(spans)
            if left <= end - start:
                return start + left
            left -= end - start

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from ``start`` to ``end``; negative when ``end`` comes first."""
        if end < start:
            return -self.between(end, start)
        total = timedelta()
        spans = self.spans(start)
        while True:
            opens, closes = next(spans)
            if opens >= end:
                return total
            total += min(closes, end) - opens


def read_calendar(text: str) -> WorkingCalendar:
    """Read a calendar from YAML; raises ``ValueError`` or ``KeyError`` where the text is not one."""
    body = yaml.safe_load(text)
    return WorkingCalendar(
        zone=ZoneInfo(body["zone"]),
        weekdays=frozenset(body["weekdays"]),
        hours=tuple((time.fromisoformat(span[0]), time.fromisoformat(span[1])) for span in body["hours"]),
        holidays=frozenset(body["holidays"]),
        swapped=frozenset(body["swapped"]),
        last_day=body["last_day"],
    )


@cache
def vietnam() -> WorkingCalendar:
    """Return the calendar shipped for Vietnam's public offices; its sources are named in the file."""
    return read_calendar(files("motcua.calendars").joinpath("vietnam.yaml").read_text(encoding="utf-8"))
