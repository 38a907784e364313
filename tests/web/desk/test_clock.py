"""Deadlines are told in working time, in words, and overdue is never told by colour alone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from motcua.web.desk.clock import clock_of

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
# A Friday; the office works 7:30 to 11:30 and 13:00 to 17:00.
MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=LOCAL)
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("due_at", "now", "vietnamese", "english", "urgency"),
    [
        (
            MORNING + timedelta(hours=3),
            MORNING,
            "đến hạn hôm nay, còn 3 giờ làm việc",
            "due today, 3 working hours left",
            "soon",
        ),
        (
            MORNING + timedelta(hours=2),
            MORNING,
            "đến hạn hôm nay, còn 2 giờ làm việc",
            "due today, 2 working hours left",
            "soon",
        ),
        (
            MORNING + timedelta(minutes=90),
            MORNING,
            "đến hạn hôm nay, còn 1 giờ 30 phút làm việc",
            "due today, 1 working hour 30 minutes left",
            "soon",
        ),
        (
            MORNING,
            MORNING,
            "đến hạn hôm nay, còn chưa đến 1 phút làm việc",
            "due today, less than a working minute left",
            "soon",
        ),
        (MONDAY, MORNING, "còn 1 ngày làm việc", "1 working day left", "later"),
        (MORNING, MONDAY, "quá hạn 1 ngày làm việc", "overdue by 1 working day", "overdue"),
        (
            MORNING,
            MORNING + timedelta(minutes=1),
            "quá hạn 1 phút làm việc",
            "overdue by 1 working minute",
            "overdue",
        ),
    ],
)
def test_time_left_is_working_time(
    due_at: datetime, now: datetime, vietnamese: str, english: str, urgency: str
) -> None:
    clock = clock_of(due_at, now)

    assert (clock.words.vi, clock.words.en, clock.urgency) == (vietnamese, english, urgency)


def test_weekend_takes_nothing_from_the_time_left() -> None:
    saturday, sunday = (datetime(2026, 11, day, 12, 0, tzinfo=LOCAL) for day in (21, 22))

    assert clock_of(MONDAY, saturday).words == clock_of(MONDAY, sunday).words


def test_a_day_beyond_the_calendar_is_told_by_its_date() -> None:
    late = datetime(2099, 1, 5, 9, 0, tzinfo=LOCAL)

    ahead, past = clock_of(late, MORNING), clock_of(MORNING, late)

    assert ahead.words.vi == "hạn Thứ Hai, 5/1/2099, 09:00"
    assert past.words.vi == "quá hạn từ Thứ Sáu, 20/11/2026, 08:00"
    assert (ahead.urgency, past.urgency) == ("later", "overdue")
