"""A clock that is set back stops neither periodic work nor what a dead worker held."""

import asyncio
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from motcua.site.health import components_at
from motcua.site.worker import REPORTS_FROM_THE_FUTURE, end_when_clock_is_set_back


@pytest.mark.parametrize(("by_seconds", "ends"), [(-3600, True), (-61, True), (-30, False), (3600, False)])
def test_worker_ends_in_good_order_when_the_clock_is_set_back(by_seconds: float, ends: bool) -> None:
    told = list[int]()
    times = iter([0.0, 0.0, by_seconds])

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, lambda: told.append(signal.SIGTERM))
        clock = lambda: time.monotonic() + next(times, by_seconds)  # noqa: E731
        watch = loop.create_task(end_when_clock_is_set_back(clock, 0.01))
        await asyncio.sleep(0.2)
        watch.cancel()

    asyncio.run(watched())

    assert told == ([signal.SIGTERM] if ends else [])


def worker_at(now: datetime) -> tuple[bool, datetime | None]:
    component = next(each for each in components_at(now) if each.name == "worker")
    return component.ok, component.since


@pytest.mark.django_db
def test_report_from_the_future_is_no_sign_of_life_and_is_put_right() -> None:
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [now + timedelta(hours=1)]
        )
        assert worker_at(now) == (False, None)

        cursor.execute(REPORTS_FROM_THE_FUTURE)

        cursor.execute("SELECT max(last_heartbeat) <= now() FROM procrastinate_workers")
        assert cursor.fetchone() == (True,)
