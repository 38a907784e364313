"""Built-ins on dates, times and durations."""

from __future__ import annotations

from decimal import Decimal

from motcua.rules import temporal as t
from motcua.rules.builtins.registry import builtin
from motcua.rules.kinds import (
    DATE,
    DATE_TIME,
    MONTH_DURATION,
    NUMBER,
    STRING,
    TIME,
)
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.values import Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _whole(value: Decimal) -> int | None:
    return int(value) if value == value.to_integral_value() else None


def _date(value: Date | DateTime) -> Date:
    return value.date if type(value) is DateTime else value  # type: ignore[return-value]  # a Date


@builtin("date(from: string)", DATE)
def date_from_text(text: str) -> Value:
    return t.parse_date(text)


@builtin("date(from: date)", DATE)
def date_from_moment(value: Date | DateTime) -> Value:
    return _date(value)


@builtin("date(year: number, month: number, day: number)", DATE)
def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> Value:
    parts = [_whole(part) for part in (year, month, day)]
    return None if None in parts else t.made_date(*parts)  # type: ignore[arg-type]  # None ruled out


@builtin("time(from: string)", TIME)
def time_from_text(text: str) -> Value:
    return t.parse_time(text)


@builtin("time(from: time)", TIME)
def time_from_time(value: Time) -> Value:
    return value


@builtin("time(from: moment)", TIME)
def time_from_moment(value: Date | DateTime) -> Value:
    return value.time if isinstance(value, DateTime) else Time(0, 0)


@builtin("time(hour: number, minute: number, second: number, offset: days?)", TIME)
def time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: DayDuration | None) -> Value:
    whole = [_whole(hour), _whole(minute)]
    if whole[0] is None or whole[1] is None or not 0 <= second < 60:
        return None
    if not 0 <= whole[0] < 24 or not 0 <= whole[1] < 60:
        return None
    nanos = whole[0] * t.HOUR + whole[1] * t.MINUTE + int(second * t.SECOND)
    if offset is None:
        return Time(nanos)
    shift = offset.nanos // t.SECOND
    return Time(nanos, shift) if abs(shift) <= 18 * 3600 else None


@builtin("date and time(from: string)", DATE_TIME)
def moment_from_text(text: str) -> Value:
    return t.parse_date_time(text)


@builtin("date and time(from: moment)", DATE_TIME)
def moment_from_moment(value: Date | DateTime) -> Value:
    return value if isinstance(value, DateTime) else DateTime(value, Time(0, 0))


@builtin("date and time(date: date, time: time)", DATE_TIME)
def moment_from_parts(date: Date | DateTime, time: Time) -> Value:
    return DateTime(_date(date), time)


@builtin("date and time(date: moment, timezone: string)", DATE_TIME)
def moment_in_zone(value: Date | DateTime, timezone: str) -> Value:
    moment = moment_from_moment(value)
    if t.zone_named(timezone) is None:
        return None
    if t.offset_of(moment) is None:
        return moment._replace(time=Time(moment.time.nanos, None, timezone))
    return t.in_zone(t.instant(moment), timezone)


@builtin("duration(from: string)")
def duration_from_text(text: str) -> Value:
    return t.parse_duration(text)


@builtin("duration(from: duration)")
def duration_from_duration(value: DayDuration | MonthDuration) -> Value:
    return value


@builtin("years and months duration(from: date, to: date)", MONTH_DURATION)
def months_between(start: Date | DateTime, end: Date | DateTime) -> Value:
    left, right = _date(start), _date(end)
    months = (right.year - left.year) * 12 + right.month - left.month
    # Only whole months count; the time of day does not.
    if months > 0 and right.day < left.day:
        months -= 1
    elif months < 0 and right.day > left.day:
        months += 1
    return MonthDuration(months)


@builtin("day of year(date: date)", NUMBER)
def day_of_year(value: Date | DateTime) -> Value:
    date = _date(value)
    return Decimal(t.day_number(date) - t.day_number(Date(date.year, 1, 1)) + 1)


@builtin("day of week(date: date)", STRING)
def day_of_week(value: Date | DateTime) -> Value:
    return _DAYS[t.weekday(_date(value)) - 1]


@builtin("month of year(date: date)", STRING)
def month_of_year(value: Date | DateTime) -> Value:
    return _MONTHS[_date(value).month - 1]


@builtin("week of year(date: date)", NUMBER)
def week_of_year(value: Date | DateTime) -> Value:
    day = t.day_number(_date(value))
    # ISO 8601: the week belongs to the year of its Thursday.
    thursday = t.date_of(day - (day + 3) % 7 + 3)
    first = t.day_number(Date(thursday.year, 1, 1))
    return Decimal((t.day_number(thursday) - first) // 7 + 1)


@builtin("now()", DATE_TIME)
def now() -> Value:
    return t.now()


@builtin("today()", DATE)
def today() -> Value:
    return t.now().date


@builtin("last day of month(date: date)", NUMBER)
def last_day_of_month(value: Date | DateTime) -> Value:
    date = _date(value)
    return Decimal(t.days_in_month(date.year, date.month))
