"""Jobs of dry runs and switches; every one may run twice and has its effect once."""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.directives.services import tell_ended
from motcua.switching.dryrun import JOB, QUEUE, run
from motcua.switching.forgetting import forget_effects
from motcua.switching.switch import call_waiting, execute, start_due
from motcua.switching.undo import SWITCH

# A database that restarts is back in seconds; a day covers a long night.
_AGAIN = RetryStrategy(max_attempts=500, wait=10, linear_wait=10)


@app.task(name=JOB, queue=QUEUE, retry=_AGAIN)
def try_out(run_id: str) -> None:
    """Work a dry run out."""
    run(run_id=uuid.UUID(run_id), now=datetime.now(UTC))


@app.periodic(cron="* * * * *")
@app.task(name="motcua.switching.start_due", queue="housekeeping")
def start_due_switches(timestamp: int) -> None:
    """Queue what is due within the next minute, and what was left half done; ``timestamp`` is the scheduled second."""
    start_due(now=datetime.now(UTC))


@app.periodic(cron="* * * * *")
@app.task(name="motcua.switching.tell_ended", queue="housekeeping")
def tell_ended_directives(timestamp: int) -> None:
    """Tell the ledger which directives reached their own end; ``timestamp`` is the scheduled second."""
    tell_ended(now=datetime.now(UTC))


@app.periodic(cron="40 2 * * *")
@app.task(name="motcua.switching.forget_effects", queue="housekeeping")
def forget_old_effects(timestamp: int) -> None:
    """Drop what dry runs listed once it has served; ``timestamp`` is the scheduled second."""
    forget_effects(now=datetime.now(UTC), keep_days=settings.MOTCUA_EFFECTS_KEEP_DAYS)


@app.task(name=SWITCH, queue=QUEUE, retry=_AGAIN)
def carry_out(switch_id: str) -> None:
    """Carry a switch, or its undoing, as far as it goes, and call the next if one waits for its end."""
    execute(uuid.UUID(switch_id), datetime.now(UTC))
    call_waiting(now=datetime.now(UTC), but=uuid.UUID(switch_id))
