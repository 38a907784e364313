"""Working time as a rising line over the days of a calendar, summed up once and then only looked up.

Asking how much has passed, or when a given amount will have, costs one bisection however many years lie between.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
MINUTE = 60_000_000
SECOND = 1_000_000


class DayNotCovered(ValueError):
    """A moment or a deadline lies where the calendar knows no holidays."""


@dataclass(frozen=True, slots=True)
class DayShape:
    """The hours of one working day and what the whole of it counts for.

    ``spans`` are in microseconds since midnight, in order and apart; ``length`` is their sum; ``worth`` is
    what the day counts for on the line, in microseconds of working time.
    """

    spans: tuple[tuple[int, int], ...]
    length: int
    worth: int

    def gone(self, time_of_day: int) -> int:
        """Return what the day has counted for at that time of day."""
        gone = 0
        for opens, closes in self.spans:
            if time_of_day >= closes:
                gone += closes - opens
            else:
                gone += max(0, time_of_day - opens)
                break
        return gone if self.worth == self.length else gone * self.worth // self.length

    def time_at(self, amount: int) -> int:
        """Return the first time of day at which the day has counted for ``amount``, more than nothing."""
        left = amount if self.worth == self.length else -(-amount * self.length // self.worth)
        for opens, closes in self.spans[:-1]:
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        return self.spans[-1][0] + left

    def open_at_or_after(self, time_of_day: int) -> int | None:
        """Return that time of day if the office works then, or else its next opening on this day, if any."""
        for opens, closes in self.spans:
            if time_of_day < closes:
                return max(opens, time_of_day)
        return None


class Measure:
    """How much working time has passed since the first day of a calendar, in microseconds.

    ``shapes`` has one entry for each day from ``first_day`` on; ``None`` is a day off.
    """

    __slots__ = ("_first", "_first_day", "_last_day", "_shapes", "_totals", "_zone")

    def __init__(self, zone: ZoneInfo, first_day: date, shapes: Sequence[DayShape | None]) -> None:
        self._zone = zone
        self._first_day = first_day
        self._first = first_day.toordinal()
        self._last_day = first_day + timedelta(days=len(shapes) - 1)
        self._shapes = tuple(shapes)
        # Working time gone before each day begins; one entry more than days.
        self._totals = tuple(accumulate((shape.worth if shape else 0 for shape in shapes), initial=0))

    def passed(self, moment: datetime) -> int:
        """Return the working time from the first day of the calendar to ``moment``.

        Raises ``DayNotCovered`` outside the days of the calendar.
        """
        index, time_of_day = self._place(moment)
        shape = self._shapes[index]
        return self._totals[index] + (shape.gone(time_of_day) if shape else 0)

    def after(self, moment: datetime, amount: int) -> datetime:
        """Return the moment at which ``amount`` (not negative) has passed since ``moment``.

        What would end at a closing ends there and not at the next opening. An amount of nothing ends at once,
        or at the next opening if the office is closed. Raises ``DayNotCovered`` past the last day.
        """
        index, time_of_day = self._place(moment)
        if not amount:
            return self._opening(index, time_of_day)
        shape = self._shapes[index]
        target = self._totals[index] + (shape.gone(time_of_day) if shape else 0) + amount
        day = bisect_left(self._totals, target) - 1
        if day >= len(self._shapes):
            raise self._too_late()
        ending = self._shapes[day]
        assert ending is not None, "the line rises only on working days"
        return self._moment(day, ending.time_at(target - self._totals[day]))

    def opening_of(self, day: date) -> datetime | None:
        """Return when the office first opens on that day, or nothing on a day off."""
        index = self._index(day)
        shape = self._shapes[index]
        return self._moment(index, shape.spans[0][0]) if shape else None

    def _opening(self, index: int, time_of_day: int) -> datetime:
        for day in range(index, len(self._shapes)):
            shape = self._shapes[day]
            opening = shape.open_at_or_after(time_of_day if day == index else 0) if shape else None
            if opening is not None:
                return self._moment(day, opening)
        raise self._too_late()

    def _place(self, moment: datetime) -> tuple[int, int]:
        local = moment.astimezone(self._zone)
        time_of_day = local.hour * HOUR + local.minute * MINUTE + local.second * SECOND + local.microsecond
        return self._index(local), time_of_day

    def _index(self, day: date) -> int:
        index = day.toordinal() - self._first
        if index < 0:
            raise DayNotCovered(
                f"the working calendar begins on {self._first_day:%d/%m/%Y}; add the holidays of {day.year}"
            )
        if index >= len(self._shapes):
            raise self._too_late(day.year)
        return index

    def _moment(self, index: int, time_of_day: int) -> datetime:
        midnight = datetime.fromordinal(self._first + index).replace(tzinfo=self._zone)
        return midnight + timedelta(microseconds=time_of_day)

    def _too_late(self, year: int | None = None) -> DayNotCovered:
        missing = year or self._last_day.year + 1
        return DayNotCovered(
            f"the working calendar ends on {self._last_day:%d/%m/%Y}; add the holidays of {missing}"
        )
