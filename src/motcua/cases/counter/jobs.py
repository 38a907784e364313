"""Jobs of the counter: what an officer began and left is not kept."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from motcua.cases.counter.drafts import forget_old_drafts


@app.periodic(cron="37 * * * *")
@app.task(name="motcua.cases.counter.forget", queue="housekeeping")
def forget(timestamp: int) -> None:
    """Drop drafts of the counter that nobody has touched for a day; ``timestamp`` is the scheduled second."""
    forget_old_drafts(now=datetime.now(UTC))
