"""Jobs of the relay."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.events.services import deliver_once


@app.task(
    name="motcua.events.deliver",
    queue="events",
    retry=RetryStrategy(max_attempts=20, exponential_wait=3),
)
def deliver(lane: int, sequence: int, handler: str) -> None:
    """Deliver one entry to one handler; run at least once, with its effect once."""
    deliver_once(lane=lane, sequence=sequence, handler=handler)
