"""Dates, times and durations of FEEL: any year of nine digits, nanoseconds, offsets and zones.

Python's own types stop at year 1 and know no month durations, so these are plain tuples: they
compare in C, and what FEEL means by "equal" and "before" is decided in `comparison`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LARGEST_YEAR = 999_999_999
# In nanoseconds or months: far beyond what a calendar holds, and short enough to compute with.
LARGEST_DURATION = 10**40


class Date(NamedTuple):
    """A day of the proleptic Gregorian calendar."""

    year: int
    month: int
    day: int


class Time(NamedTuple):
    """A time of day in nanoseconds, with an offset in seconds, or a zone, or neither."""

    nanos: int
    offset: int | None = None
    zone: str | None = None


class DateTime(NamedTuple):
    """A day and a time of day."""

    date: Date
    time: Time


class DayDuration(NamedTuple):
    """A days and time duration in nanoseconds."""

    nanos: int


class MonthDuration(NamedTuple):
    """A years and months duration in months."""

    months: int


def day_number(date: Date) -> int:
    """Return the count of days since 1970-01-01."""
    year, month, day = date
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def date_of(number: int) -> Date:
    """Return the date that is `number` days after 1970-01-01."""
    number += 719_468
    era, of_era = divmod(number, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    part = (5 * of_year + 2) // 153
    month = part + (3 if part < 10 else -9)
    return Date(year + era * 400 + (month <= 2), month, of_year - (153 * part + 2) // 5 + 1)


def days_in_month(year: int, month: int) -> int:
    """Return the length of the month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def made_date(year: int, month: int, day: int) -> Date | None:
    """Return the date, or None when there is no such day."""
    if not -LARGEST_YEAR <= year <= LARGEST_YEAR or not 1 <= month <= 12:
        return None
    if not 1 <= day <= days_in_month(year, month):
        return None
    return Date(year, month, day)


def in_range(date: Date) -> Date | None:
    """Return the date unless its year is beyond what FEEL can write."""
    return date if -LARGEST_YEAR <= date.year <= LARGEST_YEAR else None


def plus_months(date: Date, months: int) -> Date | None:
    """Return the same day of a later month, or that month's last day."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return in_range(Date(year, month + 1, min(date.day, days_in_month(year, month + 1))))


def plus_days(date: Date, days: int) -> Date | None:
    """Return the date `days` later."""
    return in_range(date_of(day_number(date) + days))


def weekday(date: Date) -> int:
    """Return 1 for Monday to 7 for Sunday."""
    return (day_number(date) + 3) % 7 + 1


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo | None:
    """Return the IANA zone, or None when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def offset_in_zone(name: str, date: Date, nanos: int) -> int:
    """Return the offset in seconds of a zone at a local moment; years Python lacks are mapped."""
    local = _python_day(date).replace(tzinfo=zone_named(name)) + timedelta(seconds=nanos // SECOND)
    return int((local.utcoffset() or timedelta()).total_seconds())


def offset_at(name: str, nanos: int) -> int:
    """Return the offset in seconds of a zone at an instant, in nanoseconds since 1970 in UTC."""
    days, rest = divmod(nanos, DAY)
    at = _python_day(date_of(days)).replace(tzinfo=UTC) + timedelta(seconds=rest // SECOND)
    return int((at.astimezone(zone_named(name)).utcoffset() or timedelta()).total_seconds())


def _python_day(date: Date) -> datetime:
    """Return a day that Python knows: of a year beyond 9998, one of the same calendar; before 2, the first."""
    year, month, day = date
    if year > 9998:
        year = 9200 + year % 400
    return datetime(2, 1, 1) if year < 2 else datetime(year, month, day)  # noqa: DTZ001 - the zone is set by the caller


def offset_of(value: DateTime) -> int | None:
    """Return the offset in seconds that a date and time stands at, or None for a local one."""
    time = value.time
    if time.zone is not None:
        return offset_in_zone(time.zone, value.date, time.nanos)
    return time.offset


def time_offset(time: Time) -> int | None:
    """Return the offset of a time of day; a zone counts as on 1 January 2020."""
    if time.zone is not None:
        return offset_in_zone(time.zone, Date(2020, 1, 1), time.nanos)
    return time.offset


def instant(value: DateTime) -> int:
    """Return nanoseconds since 1970 in UTC; a local date and time counts as UTC."""
    local = day_number(value.date) * DAY + value.time.nanos
    return local - (offset_of(value) or 0) * SECOND


def moved(value: DateTime, nanos: int) -> DateTime | None:
    """Return the moment `nanos` later, at the same offset or in the same zone.

    A day is 24 hours on the time line (DMN 1.5, 10.3.2.3.6), so in a zone that changes its clocks
    in between the time of day moves.
    """
    offset, zone = value.time.offset, value.time.zone
    if zone is not None:
        return in_zone(instant(value) + nanos, zone)
    days, rest = divmod(day_number(value.date) * DAY + value.time.nanos + nanos, DAY)
    date = in_range(date_of(days))
    return None if date is None else DateTime(date, Time(rest, offset, zone))


def in_zone(nanos: int, zone: str) -> DateTime | None:
    """Return what clocks in a zone show at an instant, in nanoseconds since 1970 in UTC."""
    days, rest = divmod(nanos + offset_at(zone, nanos) * SECOND, DAY)
    date = in_range(date_of(days))
    return None if date is None else DateTime(date, Time(rest, None, zone))


_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_TIME = (
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,20}))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*))?"
)
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DURATION = re.compile(
    r"(-)?P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?",
    re.ASCII,
)
_LONGEST = 40


def parse_date(text: str) -> Date | None:
    """Read `2025-07-01`."""
    found = _DATE_ONLY.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    return made_date(int(found[1]), int(found[2]), int(found[3]))


def parse_time(text: str) -> Time | None:
    """Read `07:30:00`, with a fraction, and with `Z`, an offset or `@Zone`."""
    read = _read_time(text)
    return None if read is None else Time(read.nanos % DAY, read.offset, read.zone)


def _read_time(text: str) -> Time | None:
    found = _TIME_ONLY.fullmatch(text) if len(text) <= 2 * _LONGEST else None
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    fraction = int((found[4] or "0").ljust(9, "0")[:9])
    end_of_day = (hour, minute, second, fraction) == (24, 0, 0, 0)
    if (hour > 23 and not end_of_day) or minute > 59 or second > 59:
        return None
    nanos = hour * HOUR + minute * MINUTE + second * SECOND + fraction
    if found[5]:
        return Time(nanos, 0)
    if found[6]:
        shift = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
        if int(found[8]) > 59 or int(found[9] or 0) > 59 or shift > 18 * 3600:
            return None
        return Time(nanos, -shift if found[6] == "-" else shift)
    if found[10]:
        return None if zone_named(found[10]) is None else Time(nanos, None, found[10])
    return Time(nanos)


def parse_date_time(text: str) -> DateTime | None:
    """Read `2025-07-01T07:30:00` with what a time may carry; a bare date is its midnight."""
    day, found, clock = text.partition("T")
    date = parse_date(day)
    if date is None:
        return None
    if not found:
        return DateTime(date, Time(0))
    time = _read_time(clock)
    if time is None:
        return None
    if time.nanos == DAY:
        following = plus_days(date, 1)
        return None if following is None else DateTime(following, time._replace(nanos=0))
    return DateTime(date, time)


def parse_duration(text: str) -> DayDuration | MonthDuration | None:
    """Read `P1Y2M` or `P3DT4H5M6.7S`; the two kinds do not mix."""
    found = _DURATION.fullmatch(text) if len(text) <= 2 * _LONGEST else None
    if found is None or text[-1] in "PT":
        return None
    sign = -1 if found[1] else 1
    if found[2] or found[3]:
        if found[4] or found[5]:
            return None
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return MonthDuration(sign * months) if months <= LARGEST_DURATION else None
    nanos = int(found[4] or 0) * DAY + int(found[6] or 0) * HOUR + int(found[7] or 0) * MINUTE
    nanos += int(found[8] or 0) * SECOND + int((found[9] or "0").ljust(9, "0")[:9])
    return DayDuration(sign * nanos) if nanos <= LARGEST_DURATION else None


def parse_temporal(text: str) -> Date | Time | DateTime | DayDuration | MonthDuration | None:
    """Read whatever an at-literal holds."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def write_date(date: Date) -> str:
    """Write the date as FEEL reads it."""
    year = f"-{-date.year:04d}" if date.year < 0 else f"{date.year:04d}"
    return f"{year}-{date.month:02d}-{date.day:02d}"


def write_time(time: Time) -> str:
    """Write the time as FEEL reads it."""
    seconds, fraction = divmod(time.nanos, SECOND)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if fraction:
        text += f".{fraction:09d}".rstrip("0")
    if time.zone is not None:
        return f"{text}@{time.zone}"
    if time.offset is None:
        return text
    if time.offset == 0:
        return f"{text}Z"
    shift = abs(time.offset)
    text += f"{'-' if time.offset < 0 else '+'}{shift // 3600:02d}:{shift // 60 % 60:02d}"
    return f"{text}:{shift % 60:02d}" if shift % 60 else text


def write_date_time(value: DateTime) -> str:
    """Write the date and time as FEEL reads it."""
    return f"{write_date(value.date)}T{write_time(value.time)}"


def write_duration(value: DayDuration | MonthDuration) -> str:
    """Write the duration in its shortest ISO 8601 form."""
    if isinstance(value, MonthDuration):
        years, months = divmod(abs(value.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{'-' if value.months < 0 else ''}P{text or '0M'}"
    days, rest = divmod(abs(value.nanos), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, fraction = divmod(rest, SECOND)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if fraction:
        clock += f"{seconds}.{fraction:09d}".rstrip("0") + "S"
    elif seconds:
        clock += f"{seconds}S"
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if value.nanos < 0 else ''}P{text or 'T0S'}"


def now() -> DateTime:
    """Return the present moment in UTC; only `now()` and `today()` of FEEL read this clock."""
    at = datetime.now(tz=UTC)
    nanos = ((at.hour * 60 + at.minute) * 60 + at.second) * SECOND + at.microsecond * 1000
    return DateTime(Date(at.year, at.month, at.day), Time(nanos, 0))
