"""Job: every night, put what ended long enough ago into the archive."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from motcua.archives.services import archive_ended, renew_stamps

# Some three hours of one core: what a first night leaves is taken by the next, or by ``motcua archive run``.
MOST_A_NIGHT = 30_000


# A quarter past one at night in the city.
@app.periodic(cron="15 18 * * *")
@app.task(name="motcua.archives.archive", queue="housekeeping", lock="archive")
def archive(timestamp: int) -> None:
    """Renew time stamps that end soon and archive ended dossiers; ``timestamp`` is the scheduled second."""
    now = datetime.now(UTC)
    renew_stamps(now=now, most=MOST_A_NIGHT)
    archive_ended(now=now, after_days=settings.MOTCUA_ARCHIVE_AFTER_DAYS, most=MOST_A_NIGHT)
