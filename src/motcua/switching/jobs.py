"""Jobs of dry runs; every one may run twice and has its effect once."""

import uuid
from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.switching import switch_jobs
from motcua.switching.dryrun import JOB, QUEUE, run

# The queue looks for an app's jobs in this module; those of switches stand beside their code.
__all__ = ["switch_jobs", "try_out"]


# A database that restarts is back in seconds; a day covers a long night.
@app.task(name=JOB, queue=QUEUE, retry=RetryStrategy(max_attempts=500, wait=10, linear_wait=10))
def try_out(run_id: str) -> None:
    """Work a dry run out."""
    run(run_id=uuid.UUID(run_id), now=datetime.now(UTC))
