"""A calendar is dated data: what it must say, and what is refused with the line and the remedy."""

from datetime import date, datetime, timedelta

import pytest

from motcua.calendars import DayNotCovered, read_calendar, vietnam
from motcua.calendars.working_time import CalendarRefused

GOOD = """
zone: Asia/Ho_Chi_Minh
first_day: 2026-01-01
announced_to: 2026-06-30
last_day: 2026-12-31
weekdays: [0, 1, 2, 3, 4]
hours:
  - from: 2026-01-01
    spans: [["08:00", "12:00"]]
holidays: [2026-01-01]
swapped: [2026-01-03]
"""


def test_calendar_is_read_as_it_is_written() -> None:
    calendar = read_calendar(GOOD)

    assert calendar.ordinary_day == timedelta(hours=4)
    assert not calendar.works_on(date(2026, 1, 1))
    assert calendar.works_on(date(2026, 1, 3))
    assert calendar.is_provisional(datetime(2026, 7, 1, tzinfo=calendar.zone))
    assert not calendar.is_provisional(datetime(2026, 6, 30, 23, tzinfo=calendar.zone))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("zone: Asia/Ho_Chi_Minh", "zone: Asia/Atlantis", "zone: 'Asia/Atlantis' is not known"),
        ("zone: Asia/Ho_Chi_Minh", "zones: x", "zone: missing or not known"),
        ("first_day: 2026-01-01", "first_day: soon", "first_day: 'soon' is no day"),
        ("first_day: 2026-01-01", "first_day: 2026-02-30", "a day in it does not exist"),
        ("first_day: 2026-01-01", "first_day: 2027-01-01", "must follow each other"),
        ("announced_to: 2026-06-30", "announced_to: 2027-06-30", "must follow each other"),
        ("weekdays: [0, 1, 2, 3, 4]", "weekdays: [1, 8]", "0 for Monday to 6 for Sunday"),
        ("weekdays: [0, 1, 2, 3, 4]", "weekdays: []", "0 for Monday to 6 for Sunday"),
        ("holidays: [2026-01-01]", "holidays: 2026-01-01", "holidays: write a list of days"),
        ("holidays: [2026-01-01]", "holidays: [New Year]", "holidays: 'New Year' is no day"),
        ("swapped: [2026-01-03]", "swapped: [2026-01-01]", "2026-01-01 is both a holiday and a swapped"),
        ('spans: [["08:00", "12:00"]]', 'spans: [["12:00", "08:00"]]', "in order, apart and not empty"),
        ('spans: [["08:00", "12:00"]]', "spans: []", "in order, apart and not empty"),
        ('spans: [["08:00", "12:00"]]', "spans: [[08:00, 12:00]]", "write spans as"),
        ('spans: [["08:00", "12:00"]]', 'span: [["08:00", "12:00"]]', "each period has from"),
        ("- from: 2026-01-01", "- from: 2026-02-01", "must hold from first_day or earlier"),
        (
            "holidays:",
            '  - from: 2026-01-01\n    spans: [["08:00", "12:00"]]\nholidays:',
            "in the order of their days",
        ),
        (
            'hours:\n  - from: 2026-01-01\n    spans: [["08:00", "12:00"]]',
            "hours: []",
            "write a list of periods",
        ),
        ("zone: Asia", "\tzone: Asia", "this is not YAML"),
    ],
)
def test_calendar_that_cannot_be_is_refused_with_its_place(before: str, after: str, said: str) -> None:
    assert before in GOOD

    with pytest.raises(CalendarRefused) as refusal:
        read_calendar(GOOD.replace(before, after))

    assert said in str(refusal.value)


def test_a_text_without_keys_is_refused() -> None:
    with pytest.raises(CalendarRefused, match="not a mapping"):
        read_calendar("- 2026-01-01")


def test_days_outside_the_calendar_are_refused_and_not_guessed() -> None:
    calendar = read_calendar(GOOD)
    before, after = (datetime(year, 6, 1, 9, tzinfo=calendar.zone) for year in (2025, 2027))

    with pytest.raises(DayNotCovered, match=r"begins on 01/01/2026; add the holidays of 2025"):
        calendar.between(before, before)
    with pytest.raises(DayNotCovered, match=r"ends on 31/12/2026; add the holidays of 2027"):
        calendar.after(after, working_hours=1)
    with pytest.raises(DayNotCovered, match=r"add the holidays of 2027"):
        calendar.after(datetime(2026, 12, 31, 13, tzinfo=calendar.zone), working_hours=0)


def test_every_holiday_of_vietnam_takes_a_working_day_or_stands_on_a_weekend() -> None:
    calendar = vietnam()

    assert not any(calendar.works_on(day) for day in calendar.holidays)
    assert all(day.weekday() in (5, 6) for day in calendar.swapped)
    assert all(calendar.works_on(day) for day in calendar.swapped)
    assert calendar.ordinary_day == timedelta(hours=8)


@pytest.mark.parametrize(
    ("year", "days"),
    # By hand: the weekdays of the year, less those off (New Year, Tet, Hung Kings, 30 April and 1 May, National Day,
    # 24 November; days swapped included), plus the Saturdays worked.
    [
        (2024, 262 - (1 + 5 + 1 + 3 + 2) + 1),
        (2025, 261 - (1 + 5 + 1 + 3 + 2) + 1),
        (2026, 261 - (2 + 5 + 1 + 2 + 3 + 1) + 2),
    ],
)
def test_year_has_as_many_working_days_as_counted_by_hand(year: int, days: int) -> None:
    first = date(year, 1, 1)
    whole = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]

    assert sum(vietnam().works_on(day) for day in whole) == days
