"""Jobs of bulk filing; every one may run twice and has its effect once."""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.cases.bulk.check import check_upload
from motcua.cases.bulk.filing import file_part
from motcua.cases.bulk.services import CHECK, FILE, QUEUE, SHEETS, empty_old_uploads
from motcua.cases.bulk.sheets import make_part

# A database that restarts is back in seconds; a day covers a long night.
_AGAIN = RetryStrategy(max_attempts=500, wait=10, linear_wait=10)


@app.task(name=CHECK, queue=QUEUE, retry=_AGAIN)
def check_list(upload_id: str) -> None:
    """Check a list that was handed in."""
    check_upload(upload_id=uuid.UUID(upload_id), now=datetime.now(UTC))


@app.task(name=FILE, queue=QUEUE, retry=_AGAIN)
def file_next_part(upload_id: str, after_line: int) -> None:
    """File the part of a list that follows a line."""
    file_part(upload_id=uuid.UUID(upload_id), after_line=after_line, now=datetime.now(UTC))


@app.task(name=SHEETS, queue=QUEUE, retry=_AGAIN)
def make_sheets(upload_id: str, layout: str, part: int, after_line: int) -> None:
    """Make one part of the QR sheets."""
    make_part(
        upload_id=uuid.UUID(upload_id), layout=layout, part=part, after_line=after_line, now=datetime.now(UTC)
    )


@app.periodic(cron="17 3 * * *")
@app.task(name="motcua.cases.bulk.empty", queue="housekeeping", retry=_AGAIN)
def empty_old(timestamp: int) -> None:
    """Delete what has been kept long enough; ``timestamp`` is the scheduled second."""
    empty_old_uploads(keep_days=settings.MOTCUA_BULK_KEEP_DAYS, now=datetime.now(UTC))
