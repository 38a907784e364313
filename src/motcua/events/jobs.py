"""Jobs of the relay, and of the ledger itself: checkpoints and the months ahead."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.events.keys import ledger_key
from motcua.events.services import create_months, deliver_once, take_checkpoint


@app.task(
    name="motcua.events.deliver",
    queue="events",
    # Every minute for a day: an outage ends within minutes, and nobody should wait days for the next try.
    retry=RetryStrategy(max_attempts=1440, wait=60),
)
def deliver(lane: int, sequence: int, handler: str) -> None:
    """Deliver one entry to one handler; run at least once, with its effect once."""
    deliver_once(lane=lane, sequence=sequence, handler=handler, now=datetime.now(UTC))


@app.periodic(cron="*/10 * * * *")
@app.task(name="motcua.events.checkpoint", queue="housekeeping")
def checkpoint(timestamp: int) -> None:
    """Sign the heads of the ledger and publish them; ``timestamp`` is the scheduled second."""
    take_checkpoint(key=ledger_key(now=datetime.now(UTC)), now=datetime.now(UTC))


@app.periodic(cron="17 3 * * *")
@app.task(name="motcua.events.months", queue="housekeeping")
def months(timestamp: int) -> None:
    """Make the partitions of the coming months; ``timestamp`` is the scheduled second."""
    create_months(now=datetime.now(UTC))
