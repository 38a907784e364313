"""An event reaches each of its handlers at least once, and has its effect on each once."""

import threading
from datetime import datetime

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from motcua.events.models import Checkpoint, Delivery, LedgerEntry
from motcua.events.services import deliver_once, publish

from .conftest import NOW, moved

WEIGH, STUMBLE = f"{__name__}.weigh", f"{__name__}.stumble"
HANDLERS = {"StoneMoved": (WEIGH, STUMBLE)}


def weigh(entry: LedgerEntry, now: datetime) -> None:
    """Have an effect that can be counted: one row for each run."""
    Checkpoint.objects.create(taken_at=now, heads=entry.subject)


def stumble(entry: LedgerEntry, now: datetime) -> None:
    """Have the same effect and fail after it."""
    weigh(entry, now)
    raise RuntimeError(entry.subject)


@pytest.fixture
def entry(db: None, settings: Settings) -> LedgerEntry:
    settings.MOTCUA_HANDLERS = f"{__name__}.HANDLERS"
    with transaction.atomic():
        publish(moved(1))
    return LedgerEntry.objects.get(subject="stone-1")


def effects() -> int:
    return Checkpoint.objects.filter(heads="stone-1").count()


def test_publishing_queues_one_job_for_each_handler(entry: LedgerEntry) -> None:
    jobs = ProcrastinateJob.objects.filter(
        task_name="motcua.events.deliver", args__lane=entry.lane, args__sequence=entry.sequence
    )

    assert sorted(job.args["handler"] for job in jobs) == sorted((WEIGH, STUMBLE))


def test_job_that_runs_twice_has_its_effect_once(entry: LedgerEntry) -> None:
    outcomes = [
        deliver_once(lane=entry.lane, sequence=entry.sequence, handler=WEIGH, now=NOW) for _ in range(2)
    ]

    assert (outcomes, effects()) == ([True, False], 1)


def test_handler_that_fails_leaves_nothing_and_may_run_again(entry: LedgerEntry) -> None:
    with pytest.raises(RuntimeError, match="stone-1"):
        deliver_once(lane=entry.lane, sequence=entry.sequence, handler=STUMBLE, now=NOW)

    assert effects() == 0
    assert not Delivery.objects.filter(lane=entry.lane, sequence=entry.sequence).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_job_have_its_effect_once(entry: LedgerEntry) -> None:
    together = threading.Barrier(2)
    outcomes: list[bool] = []

    def work() -> None:
        together.wait(60)
        try:
            outcomes.append(deliver_once(lane=entry.lane, sequence=entry.sequence, handler=WEIGH, now=NOW))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (sorted(outcomes), effects()) == ([False, True], 1)
