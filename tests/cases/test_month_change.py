"""Batches around the end of a month: each case belongs to the day on which its batch began, and is found again."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from garden import MEMBER, STRANGER, WARD, Cite

from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL, day_of
from motcua.cases.queries import case_of_person
from motcua.cases.services import Filed, Requested, file_together
from motcua.cases.states import Channel
from motcua.events.queries import verify_ledger
from motcua.procedures.queries import ProcedureView

# The months of cases are those of the city, the months of what happened to them those of UTC.
IN_THE_CITY = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
IN_UTC = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
Want = Callable[..., Requested]


@pytest.fixture
def want(procedure: ProcedureView, citizen: Cite) -> Want:
    def wanted(number: str = MEMBER, key: str = "") -> Requested:
        who = citizen(number)
        return Requested(
            procedure, {"ward": WARD}, who.person, who.account_id, Channel.API, key or str(uuid.uuid4())
        )

    return wanted


def filed(outcomes: list[Filed | Exception]) -> list[Filed]:
    good = [outcome for outcome in outcomes if isinstance(outcome, Filed)]
    assert len(good) == len(outcomes), outcomes
    return good


def file_in_a_thread(several: list[Requested], now: datetime) -> list[Filed]:
    try:
        return filed(file_together(several, now=now))
    finally:
        connection.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'cases_caseentry'::regclass"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("midnight", [IN_THE_CITY, IN_UTC], ids=["city", "utc"])
@pytest.mark.django_db(transaction=True)
def test_batch_that_commits_after_midnight_belongs_to_the_day_it_began(
    want: Want, midnight: datetime
) -> None:
    before, after = [want(MEMBER), want(STRANGER)], [want(MEMBER), want(STRANGER)]
    connection.ensure_connection()

    with ThreadPoolExecutor(2) as writers:
        with transaction.atomic(), connection.cursor() as cursor:
            # The old month's batch stands in the middle of its writing while the new month's overtakes it.
            cursor.execute("LOCK TABLE cases_caseentry IN SHARE ROW EXCLUSIVE MODE")
            old = writers.submit(file_in_a_thread, before, midnight - MOMENT)
            until = time.monotonic() + 60
            while not somebody_waits() and time.monotonic() < until:
                time.sleep(0.02)
            assert somebody_waits()
            new = writers.submit(file_in_a_thread, after, midnight)
            time.sleep(0.1)
        olds, news = old.result(60), new.result(60)

    days = {each.number: day_of(each.number) for each in (*olds, *news)}
    expected = (midnight - MOMENT).astimezone(LOCAL).date(), midnight.astimezone(LOCAL).date()
    assert {days[each.number] for each in olds} == {expected[0]}
    assert {days[each.number] for each in news} == {expected[1]}
    assert dict(Case.objects.values_list("number", "filed_on")) == days
    assert verify_ledger() is None


@pytest.mark.parametrize("midnight", [IN_THE_CITY, IN_UTC], ids=["city", "utc"])
@pytest.mark.django_db
def test_key_of_the_old_month_is_known_in_the_new(want: Want, midnight: datetime) -> None:
    first, again = want(key="k1"), want(key="k1")
    (given,) = filed(file_together([first], now=midnight - MOMENT))

    told, other = filed(file_together([again, want()], now=midnight + MOMENT))

    assert (told.number, told.qr, told.repeated) == (given.number, given.qr, True)
    assert not other.repeated
    found = case_of_person(given.number, first.applicant.id).case
    assert found.number == given.number
    assert Case.objects.count() == 2


@pytest.mark.django_db
def test_last_moment_of_the_month_in_the_city_is_not_yet_the_next(want: Want) -> None:
    outcomes = [filed(file_together([want()], now=IN_THE_CITY + step))[0] for step in (-MOMENT, MOMENT * 0)]

    assert [day_of(each.number) for each in outcomes] == [date(2026, 11, 30), date(2026, 12, 1)]
