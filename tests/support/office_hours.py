"""Working time counted the slow way, span by span, so that a test need not trust the product's own reckoning."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(hours=8)
_DATA = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "src/motcua/calendars/vietnam.yaml").read_text(encoding="utf-8")
)
_OFF, _SWAPPED = set(_DATA["holidays"]), set(_DATA["swapped"])
SPANS = ((time(7, 30), time(11, 30)), (time(13), time(17)))


def _works(day: date) -> bool:
    return day in _SWAPPED or (day.weekday() < 5 and day not in _OFF)


def _spans_from(moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield what is left of each span of office hours from the moment on."""
    day = moment.astimezone(CITY).date()
    while True:
        for begin, end in SPANS if _works(day) else ():
            opens, closes = (datetime.combine(day, each, CITY) for each in (begin, end))
            if closes > moment:
                yield max(opens, moment), closes
        day += timedelta(days=1)


def after(moment: datetime, amount: timedelta) -> datetime:
    """Return the moment at which so much office time has passed; a full day ends at its closing."""
    if not amount:
        return moment
    for opens, closes in _spans_from(moment):
        if amount <= closes - opens:
            return (opens + amount).astimezone(UTC)
        amount -= closes - opens
    raise AssertionError


def between(first: datetime, last: datetime) -> timedelta:
    """Return the office time that passes between two moments."""
    passed = timedelta()
    for opens, closes in _spans_from(first):
        if opens >= last:
            return passed
        passed += min(closes, last) - opens
    raise AssertionError
