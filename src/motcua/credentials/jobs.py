"""Jobs: publish the status list soon after a revocation, and often enough that offline scanners trust it."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from motcua.credentials.services import publish_if_due


@app.periodic(cron="* * * * *")
@app.task(name="motcua.credentials.publish", queue="housekeeping")
def publish(timestamp: int) -> None:
    """Publish if there is something new to tell; ``timestamp`` is the scheduled second."""
    publish_if_due(now=datetime.now(UTC))
