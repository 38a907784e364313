"""Numbers of cases: agency id, date and seven digits, the newer of the two forms seen in practice."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def next_number(now: datetime) -> str:
    """Return a number that no case has had, such as ``H17-20261122-0000123``.

    A sequence never makes two transactions wait; it may leave gaps, which the law allows for cases.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number')")
        row = cursor.fetchone()
    return f"{settings.MOTCUA_DOSSIER_PREFIX}-{now.astimezone(LOCAL):%Y%m%d}-{row[0]:07d}"
