"""Jobs: hear of cases that were filed while the process that filed them died."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from motcua.teams.services import hear_of_filings


@app.periodic(cron="*/5 * * * *")
@app.task(name="motcua.teams.hear", queue="housekeeping")
def hear(timestamp: int) -> None:
    """Write the numbers that nobody heard of; ``timestamp`` is the scheduled second."""
    hear_of_filings(now=datetime.now(UTC))
