"""Jobs of identity: what has ended is not kept."""

from datetime import UTC, datetime

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from motcua.identity.throttle import forget_old_tries


@app.periodic(cron="*/15 * * * *")
@app.task(name="motcua.identity.forget", queue="housekeeping")
def forget(timestamp: int) -> None:
    """Delete ended windows of sign-in tries and ended sessions; ``timestamp`` is the scheduled second."""
    now = datetime.now(UTC)
    forget_old_tries(now=now)
    Session.objects.filter(expire_date__lt=now).delete()
