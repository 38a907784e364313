"""The legal clock in words: how much working time is left, or by how much it is exceeded."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from motcua.calendars import vietnam
from motcua.calendars.working_time import DayNotCovered, WorkingCalendar
from motcua.web.ui.words import Bilingual, time_in_words

SOON = timedelta(hours=2)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: the moment, the words, and how urgent it is (shown by a sign and a colour as well)."""

    due_at: datetime
    words: Bilingual
    urgency: Literal["overdue", "soon", "later"]


def clock_of(due_at: datetime, now: datetime) -> Clock:
    """Return the clock of a case; where the calendar ends, the words give the moment itself."""
    calendar = vietnam()
    try:
        left = calendar.between(now, due_at)
    except DayNotCovered:
        return _beyond_calendar(due_at, now)
    if due_at < now:
        over = _amount(-left, calendar)
        return Clock(due_at, Bilingual(f"quá hạn {over.vi}", f"overdue by {over.en}"), "overdue")
    amount = _amount(left, calendar)
    return Clock(
        due_at, Bilingual(f"còn {amount.vi}", f"{amount.en} left"), "soon" if left <= SOON else "later"
    )


def _beyond_calendar(due_at: datetime, now: datetime) -> Clock:
    vi, en = time_in_words(due_at, "vi"), time_in_words(due_at, "en")
    if due_at < now:
        return Clock(due_at, Bilingual(f"quá hạn từ {vi}", f"overdue since {en}"), "overdue")
    return Clock(due_at, Bilingual(f"hạn {vi}", f"due {en}"), "later")


def _amount(span: timedelta, calendar: WorkingCalendar) -> Bilingual:
    """Say a span of working time in at most two units: days and hours, or hours and minutes."""
    days, rest = divmod(span, calendar.ordinary_day)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // MINUTE
    units = [
        (days, "ngày", "day"),
        (hours, "giờ", "hour"),
        (minutes if not days else 0, "phút", "minute"),
    ]
    said = [(count, vi, en) for count, vi, en in units if count]
    if not said:
        return Bilingual("chưa đến 1 phút làm việc", "less than a working minute")
    vi = " ".join(f"{count} {unit}" for count, unit, _ in said)
    en = " ".join(f"{count} working {unit}{'s' if count > 1 else ''}" for count, _, unit in said[:1])
    en += "".join(f" {count} {unit}{'s' if count > 1 else ''}" for count, _, unit in said[1:])
    return Bilingual(f"{vi} làm việc", en)
