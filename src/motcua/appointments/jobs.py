"""Jobs of appointments: what has passed is not kept."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from motcua.appointments.services.forgetting import forget_old


@app.periodic(cron="41 2 * * *")
@app.task(name="motcua.appointments.forget", queue="housekeeping")
def forget(timestamp: int) -> None:
    """Delete old tickets and bookings; ``timestamp`` is the scheduled second."""
    forget_old(now=datetime.now(UTC))
