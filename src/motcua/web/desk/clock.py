"""The legal clock in words: how much working time is left, or by how much it is exceeded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils import timezone

from motcua.calendars import vietnam
from motcua.calendars.working_time import DayNotCovered
from motcua.web.ui.legal_clock import SOON, working_amount
from motcua.web.ui.words import Bilingual, time_in_words


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: the moment, the words, and how urgent it is (shown by a sign and a colour as well)."""

    due_at: datetime
    words: Bilingual
    urgency: Literal["overdue", "soon", "later", "paused"]


def paused_clock(due_at: datetime) -> Clock:
    """Return the clock of a case that waits for its applicant; the date that stood before is due for nobody."""
    return Clock(
        due_at, Bilingual("tạm dừng, chờ người nộp", "stands still, waits for the applicant"), "paused"
    )


def clock_of(due_at: datetime, now: datetime) -> Clock:
    """Return the clock of a case; where the calendar ends, the words give the moment itself."""
    calendar = vietnam()
    try:
        left = calendar.between(now, due_at)
    except DayNotCovered:
        return _beyond_calendar(due_at, now)
    if due_at < now:
        over = working_amount(-left, calendar)
        return Clock(due_at, Bilingual(f"quá hạn {over.vi}", f"overdue by {over.en}"), "overdue")
    amount = working_amount(left, calendar)
    words = Bilingual(f"còn {amount.vi}", f"{amount.en} left")
    if timezone.localdate(due_at) == timezone.localdate(now):
        words = Bilingual(f"đến hạn hôm nay, {words.vi}", f"due today, {words.en}")
        return Clock(due_at, words, "soon")
    return Clock(due_at, words, "soon" if left <= SOON else "later")


def _beyond_calendar(due_at: datetime, now: datetime) -> Clock:
    vi, en = time_in_words(due_at, "vi"), time_in_words(due_at, "en")
    if due_at < now:
        return Clock(due_at, Bilingual(f"quá hạn từ {vi}", f"overdue since {en}"), "overdue")
    return Clock(due_at, Bilingual(f"hạn {vi}", f"due {en}"), "later")
