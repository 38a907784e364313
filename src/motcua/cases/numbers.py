"""Numbers of cases: agency id, date and seven digits, the newer of the two forms seen in practice."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def next_numbers(count: int, now: datetime) -> list[str]:
    """Return numbers that no case has had, such as ``H17-20261122-0000123``; one statement for all.

    A sequence never makes two transactions wait; it may leave gaps, which the law allows for cases.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [count])
        rows = cursor.fetchall()
    beginning = f"{settings.MOTCUA_DOSSIER_PREFIX}-{now.astimezone(LOCAL):%Y%m%d}"
    return [f"{beginning}-{number:07d}" for (number,) in rows]


def day_of(number: str) -> date:
    """Return the day that a number carries: the month in which the case is found at once."""
    return datetime.strptime(number.split("-")[-2], "%Y%m%d").replace(tzinfo=LOCAL).date()
