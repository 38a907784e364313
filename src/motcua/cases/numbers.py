"""Numbers of cases: agency id, date and seven digits, the newer of the two forms seen in practice."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from motcua.events.trips import Rows

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def numbers_wanted(count: int) -> Rows:
    """Return the statement that draws so many numbers, to be run with others in one round trip.

    A sequence never makes two transactions wait; it may leave gaps, which the law allows for cases.
    """
    return Rows("SELECT nextval('cases_number') FROM generate_series(1, $1::int)", (str(count),))


def numbers_drawn(wanted: Rows, now: datetime) -> list[str]:
    """Return numbers that no case has had, such as ``H17-20261122-0000123``, of a statement that was run."""
    beginning = f"{settings.MOTCUA_DOSSIER_PREFIX}-{now.astimezone(LOCAL):%Y%m%d}"
    return [f"{beginning}-{int(number or 0):07d}" for (number,) in wanted.found]


def day_of(number: str) -> date:
    """Return the day that a number carries: the month in which the case is found at once."""
    return datetime.strptime(number.split("-")[-2], "%Y%m%d").replace(tzinfo=LOCAL).date()
