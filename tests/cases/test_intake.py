"""The intake: together when several wait, in turn by account, bounded, and never lost without a word."""

import asyncio
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import OperationalError, connection
from garden import MEMBER, STRANGER, WARD, Cite

from motcua.cases import intake as module
from motcua.cases.intake import Intake, IntakeFull
from motcua.cases.models import Case
from motcua.cases.services import Filed, Requested
from motcua.cases.states import Channel
from motcua.procedures.queries import ProcedureView

Outcomes = list[Filed | Exception]
# What a machine under load may need for what is done at once on a quiet one.
PATIENCE_SECONDS = 60.0


def wanted(account: int, key: str = "") -> Requested:
    """Return a request of which the intake reads only the account, the key and what its service asks."""
    procedure = SimpleNamespace(content=SimpleNamespace(facts=()))
    return cast(
        "Requested", SimpleNamespace(account_id=account, key=key or str(uuid.uuid4()), procedure=procedure)
    )


class Recorder:
    """Files by noting; each batch waits for a permit when there is a gate."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = threading.Semaphore(0)
        self.entered = threading.Event()
        self.is_open = True

    def __call__(self, several: Sequence[Requested]) -> Outcomes:
        self.entered.set()
        if not self.is_open:
            assert self.gate.acquire(timeout=PATIENCE_SECONDS)
        self.batches.append([each.account_id for each in several])
        return [Filed(each.key, "done", "yes", repeated=False) for each in several]

    def close(self) -> None:
        self.is_open = False

    def open(self) -> None:
        self.is_open = True
        for _ in range(100):
            self.gate.release()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    # These tests are about the queue: its writers touch no database.
    monkeypatch.setattr(Intake, "_get_ready", lambda _: None)
    return Recorder()


Make = Callable[..., Intake]


@pytest.fixture
def make(recorder: Recorder) -> Iterator[Make]:
    made: list[Intake] = []

    def started(**settings: Any) -> Intake:
        intake = Intake(file=recorder, writers=1, **settings)
        made.append(intake)
        intake.start()
        return intake

    yield started
    recorder.open()
    for intake in made:
        intake.close()


def in_threads(
    intake: Intake, several: Sequence[Requested]
) -> tuple[list[threading.Thread], dict[str, object]]:
    """Submit each from a thread of its own, one after the other, and return the threads and what becomes of each."""
    outcomes: dict[str, object] = {}

    def submit(one: Requested) -> None:
        try:
            outcomes[one.key] = intake.submit(one)
        except Exception as refusal:  # noqa: BLE001
            outcomes[one.key] = refusal

    put = intake._near.put
    arrived = threading.Event()

    def noted(waiting: module._Waiting, now: float) -> module._Waiting | None:
        try:
            return put(waiting, now)
        finally:
            arrived.set()

    threads = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake._near, "put", noted)
        for one in several:
            arrived.clear()
            threads.append(threading.Thread(target=submit, args=(one,)))
            threads[-1].start()
            assert arrived.wait(PATIENCE_SECONDS)
    return threads, outcomes


def test_alone_is_filed_at_once(make: Make, recorder: Recorder) -> None:
    intake = make()

    began = time.process_time()
    filed = intake.submit(wanted(1, "k1"))

    assert filed.number == "k1"
    assert recorder.batches == [[1]]
    assert time.process_time() - began < 0.05


def test_what_waits_is_filed_together(make: Make, recorder: Recorder) -> None:
    recorder.close()
    intake = make()
    first, _ = in_threads(intake, [wanted(1)])
    recorder.entered.wait(PATIENCE_SECONDS)
    others, outcomes = in_threads(intake, [wanted(number) for number in range(2, 12)])

    recorder.open()
    for thread in first + others:
        thread.join(PATIENCE_SECONDS)

    assert sorted(len(batch) for batch in recorder.batches) == [1, 10]
    assert all(isinstance(outcome, Filed) for outcome in outcomes.values())


def test_accounts_take_turns(make: Make, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOGETHER", 4)
    recorder.close()
    intake = make()
    first, _ = in_threads(intake, [wanted(9)])
    recorder.entered.wait(PATIENCE_SECONDS)
    many, _ = in_threads(intake, [wanted(7) for _ in range(12)])
    few, _ = in_threads(intake, [wanted(1), wanted(2), wanted(3)])

    recorder.open()
    for thread in first + many + few:
        thread.join(PATIENCE_SECONDS)

    # Whoever came after twelve of one account is in the very next batch.
    assert recorder.batches[1] == [7, 1, 2, 3]


def test_flood_of_one_account_gets_its_share_of_a_batch(
    make: Make, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ALONE_AFTER_SECONDS", 60.0)
    recorder.close()
    intake = make()
    first, _ = in_threads(intake, [wanted(9)])
    recorder.entered.wait(PATIENCE_SECONDS)
    many, of_many = in_threads(intake, [wanted(7) for _ in range(module.SHARE * 3)])
    few, _ = in_threads(intake, [wanted(1), wanted(2)])

    recorder.open()
    for thread in first + many + few:
        thread.join(PATIENCE_SECONDS)

    assert [batch.count(7) for batch in recorder.batches] == [0, module.SHARE, module.SHARE, module.SHARE]
    assert set(recorder.batches[1]) == {7, 1, 2}
    assert all(isinstance(outcome, Filed) for outcome in of_many.values())


def test_left_of_a_flood_waits_a_moment_for_company(
    make: Make, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ALONE_AFTER_SECONDS", 60.0)
    monkeypatch.setattr(module, "FOR_COMPANY_SECONDS", 20.0)
    recorder.close()
    intake = make()
    first, _ = in_threads(intake, [wanted(9)])
    recorder.entered.wait(PATIENCE_SECONDS)
    many, _ = in_threads(intake, [wanted(7) for _ in range(module.SHARE * 2)])
    few, _ = in_threads(intake, [wanted(1)])
    for _ in range(2):
        recorder.gate.release()
    for thread in first + few:
        thread.join(PATIENCE_SECONDS)

    # Only the flood is left: it is not taken before somebody else comes.
    began = time.monotonic()
    other, _ = in_threads(intake, [wanted(2)])
    recorder.open()
    for thread in many + other:
        thread.join(PATIENCE_SECONDS)

    assert recorder.batches[1:] == [[7, 1, 7, 7], [7, 2, 7, 7]]
    assert time.monotonic() - began < PATIENCE_SECONDS


def test_account_that_comes_alone_has_the_whole_batch(
    make: Make, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ALONE_AFTER_SECONDS", 0.0)
    recorder.close()
    intake = make()
    first, _ = in_threads(intake, [wanted(7)])
    recorder.entered.wait(PATIENCE_SECONDS)
    many, _ = in_threads(intake, [wanted(7) for _ in range(module.SHARE * 3)])

    recorder.open()
    for thread in first + many:
        thread.join(PATIENCE_SECONDS)

    assert [len(batch) for batch in recorder.batches] == [1, module.SHARE * 3]


def test_account_with_too_many_waiting_is_refused_and_no_other(make: Make, recorder: Recorder) -> None:
    recorder.close()
    intake = make(most_of_one=3)
    first, _ = in_threads(intake, [wanted(9)])
    recorder.entered.wait(PATIENCE_SECONDS)
    many, of_many = in_threads(intake, [wanted(7) for _ in range(5)])
    few, of_few = in_threads(intake, [wanted(1), wanted(2)])
    at_bound = intake.is_at_bound(7), intake.is_at_bound(1)

    recorder.open()
    for thread in first + many + few:
        thread.join(PATIENCE_SECONDS)

    assert [isinstance(outcome, IntakeFull) for outcome in of_many.values()].count(True) == 2
    assert all(isinstance(outcome, Filed) for outcome in of_few.values())
    assert at_bound == (True, False)
    assert not intake.is_at_bound(7)


def test_second_writer_helps_when_the_first_is_held_up(recorder: Recorder) -> None:
    recorder.close()
    intake = Intake(file=recorder, writers=2)
    intake.start()
    first, _ = in_threads(intake, [wanted(1)])
    recorder.entered.wait(PATIENCE_SECONDS)
    recorder.entered.clear()
    second, _ = in_threads(intake, [wanted(2)])

    helped = recorder.entered.wait(PATIENCE_SECONDS)
    recorder.open()
    for thread in first + second:
        thread.join(PATIENCE_SECONDS)
    intake.close()

    assert helped
    assert sorted(recorder.batches) == [[1], [2]]


def test_second_writer_helps_though_requests_keep_coming(recorder: Recorder) -> None:
    recorder.close()
    intake = Intake(file=recorder, writers=2)
    intake.start()
    threads, _ = in_threads(intake, [wanted(1)])
    recorder.entered.wait(PATIENCE_SECONDS)
    recorder.entered.clear()
    until = time.monotonic() + PATIENCE_SECONDS
    account = 1
    # One every few milliseconds: patience is lost with the oldest, not with the newest.
    while not recorder.entered.is_set() and time.monotonic() < until and account < module.SEVERAL - 1:
        account += 1
        threads += in_threads(intake, [wanted(account)])[0]
        time.sleep(0.01)

    helped = recorder.entered.wait(PATIENCE_SECONDS)
    recorder.open()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    intake.close()

    assert helped


def test_full_queue_refuses_whoever_has_most_waiting(make: Make, recorder: Recorder) -> None:
    recorder.close()
    intake = make(most_waiting=10)
    first, _ = in_threads(intake, [wanted(9)])
    recorder.entered.wait(PATIENCE_SECONDS)
    many, of_many = in_threads(intake, [wanted(7) for _ in range(10)])
    few, of_few = in_threads(intake, [wanted(1), wanted(2)])

    recorder.open()
    for thread in first + many + few:
        thread.join(PATIENCE_SECONDS)

    refused = [outcome for outcome in of_many.values() if isinstance(outcome, IntakeFull)]
    assert len(refused) == 2
    assert all(outcome.retry_after_seconds >= 1 for outcome in refused)
    assert all(isinstance(outcome, Filed) for outcome in of_few.values())


def test_nobody_waits_longer_than_promised(make: Make, recorder: Recorder) -> None:
    recorder.close()
    intake = make()

    with pytest.raises(IntakeFull):
        intake.submit(wanted(1), within_seconds=0.05)


def test_what_waited_too_long_is_not_filed(make: Make, recorder: Recorder) -> None:
    recorder.close()
    intake = make()
    first, _ = in_threads(intake, [wanted(9)])
    recorder.entered.wait(PATIENCE_SECONDS)
    with pytest.raises(IntakeFull):
        intake.submit(wanted(1), within_seconds=0.05)

    recorder.open()
    first[0].join(PATIENCE_SECONDS)
    intake.close()

    assert recorder.batches == [[9]]


def test_closing_files_what_was_accepted_and_takes_no_more(make: Make, recorder: Recorder) -> None:
    recorder.close()
    intake = make()
    waiting, outcomes = in_threads(intake, [wanted(number) for number in range(5)])
    ending = threading.Thread(target=intake.close)
    ending.start()
    until = time.monotonic() + PATIENCE_SECONDS
    while not intake._near._closed and time.monotonic() < until:
        time.sleep(0.001)
    with pytest.raises(IntakeFull):
        intake.submit(wanted(6))

    recorder.open()
    ending.join(PATIENCE_SECONDS)
    for thread in waiting:
        thread.join(PATIENCE_SECONDS)

    assert len(outcomes) == 5
    assert all(isinstance(outcome, Filed) for outcome in outcomes.values())


def test_a_loop_waits_without_a_thread(make: Make, recorder: Recorder) -> None:
    intake = make()

    async def several() -> list[Filed]:
        return await asyncio.gather(
            *(intake.submit_async(wanted(number, f"k{number}")) for number in range(50))
        )

    filed = asyncio.run(several())

    assert [each.number for each in filed] == [f"k{number}" for number in range(50)]


def test_batch_that_fails_is_told_to_all_and_the_next_is_filed(make: Make, recorder: Recorder) -> None:
    intake = make()

    def fail(_: Sequence[Requested]) -> Outcomes:
        raise RuntimeError("poison")

    intake._file = fail
    with pytest.raises(RuntimeError, match="poison"):
        intake.submit(wanted(1))
    intake._file = recorder

    assert intake.submit(wanted(1, "k1")).number == "k1"


@pytest.fixture
def real() -> Iterator[Intake]:
    intake = Intake(writers=2)
    intake.start()
    yield intake
    intake.close()


@pytest.fixture
def garden_want(procedure: ProcedureView, citizen: Cite) -> Callable[..., Requested]:
    def made(number: str = MEMBER, key: str | None = None) -> Requested:
        who = citizen(number)
        return Requested(
            procedure, {"ward": WARD}, who.person, who.account_id, Channel.API, key or str(uuid.uuid4())
        )

    return made


def cut_every_other_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.django_db(transaction=True)
def test_cut_connection_is_made_again_and_nothing_is_doubled(
    garden_want: Callable[..., Requested], real: Intake
) -> None:
    real.submit(garden_want())
    real.submit(garden_want())
    cut_every_other_connection()

    filed = [real.submit(garden_want(STRANGER)) for _ in range(4)]

    assert len({each.number for each in filed}) == 4
    assert Case.objects.count() == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("module", "step"), [("together", "settle_together"), ("writing", "publish_together")]
)
def test_connection_cut_in_the_middle_of_a_batch_leaves_no_half(
    garden_want: Callable[..., Requested],
    real: Intake,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    step: str,
) -> None:
    # Before statements that go in one round trip, and before tables that are filled together.
    path = f"motcua.cases.services.filing.{module}"
    usual, cut = getattr(import_module(path), step), []

    def cut_and_go_on(*positional: Any, **named: Any) -> None:
        if not cut:
            cut.append(1)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        usual(*positional, **named)

    monkeypatch.setattr(f"{path}.{step}", cut_and_go_on)
    filed = real.submit(garden_want(key="k1"))

    assert cut == [1]
    assert filed.state == "granted"
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_database_that_stays_away_is_told_to_everyone(
    garden_want: Callable[..., Requested], real: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> Outcomes:
        connection.close()
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(real, "_file", away)

    with pytest.raises(OperationalError):
        real.submit(garden_want())


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_filed_each_once(garden_want: Callable[..., Requested], real: Intake) -> None:
    several = [garden_want((MEMBER, STRANGER)[number % 2]) for number in range(60)]

    async def submit_all() -> list[Filed]:
        return await asyncio.gather(*(real.submit_async(each) for each in several))

    filed = asyncio.run(submit_all())

    assert len({each.number for each in filed}) == Case.objects.count() == 60


def queue_of(*, share: int = 3) -> module.Queue:
    return module.Queue(100, most_of_one=50, share=share)


def put(queue: module.Queue, *accounts: int) -> None:
    for account in accounts:
        now = time.monotonic()
        # Nobody is told anything here: what is looked at is who is taken when.
        queue.put(module._Waiting(wanted(account), now + 60, cast("Any", None), None), now)


def later(queue: module.Queue, *accounts: int, then: Callable[[], object] = lambda: None) -> threading.Timer:
    def come() -> None:
        put(queue, *accounts)
        then()

    timer = threading.Timer(0.1, come)
    timer.start()
    return timer


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give those who were answered all the time that a slow machine may need."""
    monkeypatch.setattr(module, "FOR_THE_ANSWERED", 1e6)
    monkeypatch.setattr(module, "FOR_THE_ANSWERED_SECONDS", 2 * PATIENCE_SECONDS)


def test_those_who_were_answered_join_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    patient(monkeypatch)
    queue = queue_of()
    put(queue, *range(module.LOADED))
    assert len(queue.take(96)) == module.LOADED
    put(queue, 100, 101)

    timer = later(queue, *range(module.LOADED))

    assert len(queue.take(96)) == module.LOADED + 2
    timer.join()


def test_who_comes_back_first_is_not_filed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    patient(monkeypatch)
    queue = queue_of()
    put(queue, *range(module.LOADED))
    queue.take(96)
    put(queue, 0)

    timer = later(queue, *range(1, module.LOADED), then=queue.close)

    # As many again might come, so that only closing ends the wait before its time.
    assert len(queue.take(96)) == module.LOADED
    timer.join()


def test_those_who_do_not_come_back_are_not_waited_for_long() -> None:
    queue = queue_of()
    put(queue, *range(module.LOADED))
    queue.take(96)
    put(queue, 100)

    began = time.monotonic()

    assert len(queue.take(96)) == 1
    assert time.monotonic() - began < PATIENCE_SECONDS / 2


def test_after_a_few_nobody_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    patient(monkeypatch)
    queue = queue_of()
    put(queue, *range(module.LOADED - 1))
    queue.take(96)
    put(queue, 100)

    began = time.monotonic()

    assert len(queue.take(96)) == 1
    assert time.monotonic() - began < PATIENCE_SECONDS


def test_a_loop_is_told_when_its_time_is_up(make: Make, recorder: Recorder) -> None:
    recorder.close()
    intake = make()

    async def several() -> list[object]:
        quick = [intake.submit_async(wanted(number), 0.2) for number in range(3)]
        return await asyncio.gather(*quick, return_exceptions=True)

    began = time.monotonic()
    outcomes = asyncio.run(several())

    assert all(isinstance(outcome, IntakeFull) for outcome in outcomes)
    assert time.monotonic() - began >= 0.2
