from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.calendars import DayNotCovered, vietnam

HCM = ZoneInfo("Asia/Ho_Chi_Minh")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HCM)


@pytest.mark.parametrize(
    ("filed", "hours", "due"),
    [
        ("2026-11-23T08:00", 2, "2026-11-23T10:00"),
        ("2026-11-23T11:00", 1, "2026-11-23T13:30"),
        ("2026-11-23T16:30", 1, "2026-11-25T08:00"),
        ("2026-11-21T10:00", 4, "2026-11-23T11:30"),
        ("2026-11-23T23:59", 1, "2026-11-25T08:30"),
        ("2026-02-13T16:00", 2, "2026-02-23T08:30"),
        ("2026-08-21T16:30", 1, "2026-08-22T08:00"),
        ("2026-08-28T16:00", 2, "2026-09-03T08:30"),
        ("2024-02-28T16:00", 2, "2024-02-29T08:30"),
        ("2024-12-31T16:30", 1, "2025-01-02T08:00"),
        ("2026-11-23T07:30", 8, "2026-11-23T17:00"),
        ("2026-11-25T07:30", 0.5, "2026-11-25T08:00"),
    ],
)
def test_deadline_counts_working_time_only(filed: str, hours: float, due: str) -> None:
    assert vietnam().after(at(filed), working_hours=hours) == at(due)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-11-24", False),
        ("2026-11-22", False),
        ("2025-04-26", True),
    ],
)
def test_swapped_saturday_is_worked_and_its_exchange_is_off(day: str, works: bool) -> None:
    assert vietnam().works_on(date.fromisoformat(day)) is works


def test_year_without_holidays_is_refused_and_not_guessed() -> None:
    with pytest.raises(DayNotCovered, match="2028"):
        vietnam().after(at("2027-12-31T16:00"), working_hours=40)


@given(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2026, 12, 1)),
    st.integers(min_value=1, max_value=300),
)
def test_time_between_filing_and_deadline_is_the_budget(filed: datetime, quarters: int) -> None:
    start = filed.replace(tzinfo=HCM)

    due = vietnam().after(start, working_hours=quarters / 4)

    assert vietnam().between(start, due) == timedelta(hours=quarters / 4)
    assert vietnam().between(due, start) == -timedelta(hours=quarters / 4)
