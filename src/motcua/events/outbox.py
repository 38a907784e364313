"""Queues jobs in the caller's transaction: the job exists if and only if what it follows from was committed."""

from collections.abc import Mapping, Sequence

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from procrastinate.types import JSONValue


def queue_job(task: str, *, queue: str, in_seconds: int = 0, **arguments: str | int) -> None:
    """Queue the task by its name, to run ``in_seconds`` from now at the earliest; one statement.

    The connection is always Django's. The app of Procrastinate would use its own inside the worker, and
    commit there at once: the job of an act that is then undone would stay, and one of an act not yet
    committed would be taken too early.
    """
    configure_task(
        name=task,
        job_manager=JobManager(DjangoConnector()),
        queue=queue,
        schedule_in={"seconds": in_seconds} if in_seconds else None,
    ).defer(**arguments)


def queue_jobs(
    task: str, *, queue: str, arguments: Sequence[Mapping[str, str | int]], in_seconds: int = 0
) -> None:
    """Queue the task once for each of the arguments; one statement, none for no arguments."""
    jobs: list[dict[str, JSONValue]] = [dict(each) for each in arguments]
    if jobs:
        configure_task(
            name=task,
            job_manager=JobManager(DjangoConnector()),
            queue=queue,
            schedule_in={"seconds": in_seconds} if in_seconds else None,
        ).batch_defer(*jobs)
