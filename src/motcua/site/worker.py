"""The job worker: takes jobs from PostgreSQL and runs them, several at a time."""

import asyncio
import os
import sys

import django

# Handlers are short transactions; this many share the one connection pool of the worker.
JOBS_AT_ONCE = 4


async def work() -> None:
    """Work until told to stop by SIGTERM or SIGINT; jobs in hand are finished first."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    if not isinstance(app.connector, DjangoConnector):
        raise TypeError(f"jobs are kept in PostgreSQL through Django, not by {type(app.connector).__name__}")
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                shutdown_graceful_timeout=15,
                update_heartbeat_interval=5,
                stalled_worker_timeout=30,
                # A finished job has left its trace in the ledger; the queue keeps only what failed.
                delete_jobs="successful",
            )


def main() -> int:
    """Set Django up and work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
    django.setup()
    asyncio.run(work())
    return 0


if __name__ == "__main__":
    sys.exit(main())
