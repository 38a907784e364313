"""A job exists if and only if what it follows from was committed, in the worker as well as in the web."""

import asyncio
import itertools
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.events.outbox import queue_job

# The queue is not emptied between tests: each act queues under a number of its own.
TASK = "tests.outbox"
NUMBERS = itertools.count(1)


def in_worker(act: Callable[[], None]) -> None:
    """Run the act as a job would run it: in a thread of a worker whose own connector is open."""
    assert isinstance(app.connector, DjangoConnector)

    def alone() -> None:
        try:
            act()
        finally:
            connection.close()

    async def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]  # the type is asserted above
            async with worker.open_async():
                await sync_to_async(alone, thread_sensitive=False)()

    asyncio.run(work())


def queued(number: int) -> int:
    return ProcrastinateJob.objects.filter(task_name=TASK, args__number=number).count()


Run = Callable[[Callable[[], None]], None]
IN_WORKER_AND_WEB = pytest.mark.parametrize("run", [in_worker, lambda act: act()], ids=["worker", "web"])


@pytest.mark.django_db(transaction=True)
@IN_WORKER_AND_WEB
def test_job_of_an_act_that_was_undone_is_not_queued(run: Run) -> None:
    number = next(NUMBERS)

    def queue_and_fail() -> None:
        with transaction.atomic():
            queue_job(TASK, queue="tests", number=number)
            raise RuntimeError("the act fails after it queued a job")

    with pytest.raises(RuntimeError, match="after it queued"):
        run(queue_and_fail)

    assert queued(number) == 0


@pytest.mark.django_db(transaction=True)
@IN_WORKER_AND_WEB
def test_job_of_an_act_that_was_committed_is_queued_once(run: Run) -> None:
    number = next(NUMBERS)

    def queue_and_commit() -> None:
        with transaction.atomic():
            queue_job(TASK, queue="tests", number=number)

    run(queue_and_commit)

    assert queued(number) == 1


@pytest.mark.django_db
def test_job_for_later_waits_for_its_time() -> None:
    number = next(NUMBERS)

    queue_job(TASK, queue="tests", in_seconds=90, number=number)

    job = ProcrastinateJob.objects.get(task_name=TASK, args__number=number)
    assert job.scheduled_at is not None
