"""The job worker: takes jobs from PostgreSQL and runs them, several at a time."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable

import django

log = logging.getLogger(__name__)

# Handlers are short transactions; this many share the one connection pool of the worker.
JOBS_AT_ONCE = 4
# What a clock may be put right by without anybody being told.
SET_BACK_SECONDS = 60.0
LOOK_EVERY_SECONDS = 5.0
# A worker that died before the clock was set back would seem to live until the clock comes there again, and what it
# held would wait for so long. Who lives reports anew in a moment.
REPORTS_FROM_THE_FUTURE = (
    "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE last_heartbeat > now()"
)


async def work() -> None:
    """Work until told to stop by SIGTERM or SIGINT; jobs in hand are finished first."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    if not isinstance(app.connector, DjangoConnector):
        raise TypeError(f"jobs are kept in PostgreSQL through Django, not by {type(app.connector).__name__}")
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async(), asyncio.TaskGroup() as beside:
            await worker_app.connector.execute_query_async(REPORTS_FROM_THE_FUTURE)
            watch = beside.create_task(end_when_clock_is_set_back())
            await worker_app.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                shutdown_graceful_timeout=15,
                update_heartbeat_interval=5,
                stalled_worker_timeout=30,
                # A finished job has left its trace in the ledger; the queue keeps only what failed.
                delete_jobs="successful",
            )
            watch.cancel()


async def end_when_clock_is_set_back(
    clock: Callable[[], float] = time.time, every_seconds: float = LOOK_EVERY_SECONDS
) -> None:
    """End the worker in good order if the clock is set back by more than a minute; the supervisor starts another.

    Periodic work is planned ahead, and would not be done until the clock has come there again.
    """
    ahead = clock() - time.monotonic()
    while True:
        await asyncio.sleep(every_seconds)
        before, ahead = ahead, clock() - time.monotonic()
        if before - ahead > SET_BACK_SECONDS:
            log.warning("the clock was set back by %.0f s: ending, to begin anew", before - ahead)
            os.kill(os.getpid(), signal.SIGTERM)
            return


def main() -> int:
    """Set Django up and work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
    django.setup()
    asyncio.run(work())
    return 0


if __name__ == "__main__":
    sys.exit(main())
