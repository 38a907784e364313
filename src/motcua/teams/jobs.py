"""Jobs: hear of cases that were filed while the process that filed them died, and forget what was never filed."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from motcua.teams.services import hear_of_filings
from motcua.teams.services.forget import forget_unfiled


@app.periodic(cron="*/5 * * * *")
@app.task(name="motcua.teams.hear", queue="housekeeping")
def hear(timestamp: int) -> None:
    """Write the numbers that nobody heard of; ``timestamp`` is the scheduled second."""
    hear_of_filings(now=datetime.now(UTC))


# Half past two at night in the city.
@app.periodic(cron="30 19 * * *")
@app.task(name="motcua.teams.forget", queue="housekeeping")
def forget(timestamp: int) -> None:
    """Delete help that led to no case; ``timestamp`` is the scheduled second."""
    forget_unfiled(now=datetime.now(UTC))
