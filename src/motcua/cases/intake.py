"""The intake of one web process: requests that come together are filed together, and everyone gets a turn.

A request alone is filed at once. While writers are busy others gather, and the next batch takes them all. Accounts
take turns, so that one that sends seven times its day waits behind itself and not before the others.
"""

import asyncio
import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection

from motcua.cases.patience import Patience
from motcua.cases.services.filing import Filed, Requested, file_together
from motcua.registers.queries import registers_over_the_network

log = logging.getLogger(__name__)
Outcome = Filed | Exception
File = Callable[[Sequence[Requested]], list[Outcome]]

WRITERS = 2
MOST_WAITING = 2_000
# Of one account: beyond it the account is told to come back, before its body is read.
MOST_OF_ONE = 250
MOST_TOGETHER = 96
# Places of one account in a batch while others come too. The length of a batch is what everybody in the next one
# waits, so that a flood may have as much of it as leaves the others' answers nearly as quick as without it.
SHARE = 3
# What is left of a flood when its share is taken waits so long for company: a batch of nothing else would keep those
# waiting who are just sending their next, and a small batch costs nearly what a large one does.
FOR_COMPANY_SECONDS = 0.005
# Under load those who have just been answered are sending their next: one batch of them and of those who wait already
# costs a third less than two of half, or than one of all but the quickest. They are given half the time of the batch
# before, so much at most; nobody waits so where they come in smaller numbers.
FOR_THE_ANSWERED, FOR_THE_ANSWERED_SECONDS = 0.5, 0.02
LOADED = 8
# Whoever came alone for so long has the batches to itself.
ALONE_AFTER_SECONDS = 1.0
# The second writer helps when so many wait, or when the first is held up: two half batches cost more than a whole.
SEVERAL = 32
PATIENCE_SECONDS = 0.1
WITHIN_SECONDS = 20.0
# A statement or lock that takes longer than this would hold up everyone behind it.
_LIMITS = (
    "SET statement_timeout = '10s'; SET lock_timeout = '3s'; SET idle_in_transaction_session_timeout = '15s';"
    " SET plan_cache_mode = force_generic_plan"
)
# The server ended the connection (57P), or the connection itself failed (08).
_ENDED = ("57P", "08")
_IDLE_SECONDS = 5.0
_FAR_KNOWN_SECONDS = 10.0


class IntakeFull(RuntimeError):
    """More requests wait than can be filed in time; send the same again, with the same key, a little later."""

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"the intake is full; come back in {retry_after_seconds} s")


class _Waiting:
    """A request in the queue, and how to tell what became of it."""

    __slots__ = ("future", "loop", "until", "wanted")

    def __init__(
        self,
        wanted: Requested,
        until: float,
        future: "Future[Filed] | asyncio.Future[Filed]",
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        self.wanted = wanted
        self.until = until
        self.future = future
        self.loop = loop


class Queue:
    """Requests that wait, in turn by account; bounded, also for each account. Safe to use from several threads."""

    def __init__(self, most: int, *, most_of_one: int, share: int) -> None:
        self._most, self._most_of_one, self._share = most, most_of_one, share
        self._lock = threading.Lock()
        # One waits for whatever comes, the other for more than the first can take: told apart, because a request that
        # woke both would cost a hand-over of the interpreter for nothing.
        self._any, self._more = threading.Condition(self._lock), threading.Condition(self._lock)
        self._of: OrderedDict[int, deque[_Waiting]] = OrderedDict()
        self._size = 0
        self._taken_at = 0.0
        # How many must wait for the first to be woken; nobody is idle at nought.
        self._wakes_first = 0
        self._first_took, self._first_took_at = 0, 0.0
        # Who had more waiting than its share when the last batch was taken.
        self._over: frozenset[int] = frozenset()
        self._last_account, self._mixed_until = 0, 0.0
        self._closed = False

    def __len__(self) -> int:
        return self._size

    def is_at_bound(self, account: int) -> bool:
        """Tell whether the account has as many waiting as one may have."""
        several = self._of.get(account)
        return several is not None and len(several) >= self._most_of_one

    def put(self, waiting: _Waiting, now: float) -> _Waiting | None:
        """Add a request; return the one that has to give way, if any: the last of the account with most.

        Raises ``IntakeFull`` when closed, and when the account has as many waiting as one may have.
        """
        account = waiting.wanted.account_id
        with self._lock:
            if self._closed or self.is_at_bound(account):
                raise IntakeFull(1)
            self._of.setdefault(account, deque()).append(waiting)
            self._size += 1
            if account != self._last_account:
                self._last_account, self._mixed_until = account, now + ALONE_AFTER_SECONDS
            if self._size == 1:
                self._taken_at = now
            given_way = self._give_way() if self._size > self._most else None
            if self._wakes_first:
                if self._size >= self._wakes_first:
                    self._any.notify()
            elif self._size == 1 or self._size >= SEVERAL:
                # Once for each batch, to begin to lose patience; and when there is enough for two.
                self._more.notify()
        return given_way

    def _give_way(self) -> _Waiting:
        account = max(self._of, key=lambda each: len(self._of[each]))
        several = self._of[account]
        last = several.pop()
        self._size -= 1
        if not several:
            del self._of[account]
        return last

    def take(self, most: int) -> list[_Waiting]:
        """Wait for requests and take up to so many, one of each account in turn; none when closed and empty.

        While several accounts come, none gets more than its share.
        """
        with self._lock:
            self._wait_for_the_answered(most)
            self._wakes_first = 1
            while not self._size and not self._closed:
                self._any.wait()
            until = time.monotonic() + FOR_COMPANY_SECONDS
            while self._is_left_of_a_flood() and (left := until - time.monotonic()) > 0 and not self._closed:
                self._any.wait(left)
            self._wakes_first = 0
            taken = self._take(most)
            self._first_took, self._first_took_at = len(taken), time.monotonic()
            return taken

    def _wait_for_the_answered(self, most: int) -> None:
        """Let as many come as were answered just now, if that was a good number, beside those who wait already."""
        now = time.monotonic()
        until = now + min(FOR_THE_ANSWERED * (now - self._first_took_at), FOR_THE_ANSWERED_SECONDS)
        if self._first_took < LOADED or self._over:
            return
        # Woken once, when all are there: to be woken by each would cost a hand-over of the interpreter each time.
        self._wakes_first = min(self._first_took + self._size, most)
        while self._size < self._wakes_first and (left := until - time.monotonic()) > 0 and not self._closed:
            self._any.wait(left)

    def take_several(self, most: int) -> list[_Waiting]:
        """Do as :meth:`take` does once several wait, or nobody has taken any for ``PATIENCE_SECONDS``."""
        with self._lock:
            while not self._closed:
                now = time.monotonic()
                left = self._taken_at + PATIENCE_SECONDS - now if self._size else None
                if self._is_left_of_a_flood():
                    # It has had its share: a writer of its own would take time from everyone.
                    left = PATIENCE_SECONDS
                elif left is not None and (left <= 0 or self._ready(now) >= SEVERAL):
                    break
                self._more.wait(left)
            return self._take(most)

    def _is_left_of_a_flood(self) -> bool:
        """Tell whether something waits, and all of it beyond the shares of its accounts in the last batch."""
        over = self._over
        return bool(over) and bool(self._of) and len(self._of) <= len(over) and over.issuperset(self._of)

    def _share_at(self, now: float) -> int:
        return self._share if now < self._mixed_until else self._most

    def _ready(self, now: float) -> int:
        """Return how many could be taken now."""
        if self._size < SEVERAL:
            return 0
        share = self._share_at(now)
        return sum(min(len(several), share) for several in self._of.values())

    def _take(self, most: int) -> list[_Waiting]:
        now = time.monotonic()
        taken: list[_Waiting] = []
        for _ in range(self._share_at(now)):
            for account in list(self._of):
                if len(taken) == most:
                    break
                several = self._of[account]
                taken.append(several.popleft())
                if several:
                    # Its next request waits behind the first of everyone else.
                    self._of.move_to_end(account)
                else:
                    del self._of[account]
            if not self._of or len(taken) == most:
                break
        self._size -= len(taken)
        self._taken_at = now
        # With a full batch anyone may be left, a flood or not.
        self._over = frozenset(self._of) if len(taken) < most and now < self._mixed_until else frozenset()
        return taken

    def close(self) -> None:
        """Take nothing more; what waits is still taken."""
        with self._lock:
            self._closed = True
            self._any.notify_all()
            self._more.notify_all()


class Intake:
    """Files what is submitted, by threads of its own with a connection each.

    Services that ask registers over the network have writers of their own, so that a slow register of one service
    holds up no other.
    """

    def __init__(
        self,
        *,
        file: File | None = None,
        most_waiting: int = MOST_WAITING,
        most_of_one: int = MOST_OF_ONE,
        writers: int = WRITERS,
    ) -> None:
        self._file = file or _file_now
        self._near, self._far = (Queue(most_waiting, most_of_one=most_of_one, share=SHARE) for _ in range(2))
        self._far_names: frozenset[str] = frozenset()
        self._far_known_until = 0.0
        self._per_second = 100.0
        # By loop, so that what waits on one that ended is forgotten with it.
        self._patience: WeakKeyDictionary[asyncio.AbstractEventLoop, Patience] = WeakKeyDictionary()
        self._threads = [
            threading.Thread(
                target=self._write,
                args=(queue.take_several if number else queue.take,),
                name=f"intake-{place}-{number}",
            )
            for place, queue in (("near", self._near), ("far", self._far))
            for number in range(writers)
        ]

    def start(self) -> None:
        """Begin to file."""
        for thread in self._threads:
            thread.start()

    def close(self, within_seconds: float = 15.0) -> None:
        """Take nothing more, file what was accepted, and return when that is done or the time is up."""
        until = time.monotonic() + within_seconds
        for queue in (self._near, self._far):
            queue.close()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))

    def submit(self, wanted: Requested, within_seconds: float = WITHIN_SECONDS) -> Filed:
        """File the request and return what became of it; raises what ``file_case`` raises, and ``IntakeFull``.

        When the time is up the outcome is not known: the same request sent again, with its key, tells it.
        """
        future: Future[Filed] = Future()
        self._put(wanted, within_seconds, future, None)
        try:
            return future.result(within_seconds)
        except TimeoutError:
            raise IntakeFull(self._retry_after()) from None

    async def submit_async(self, wanted: Requested, within_seconds: float = WITHIN_SECONDS) -> Filed:
        """File the request from an event loop, as :meth:`submit` does."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Filed] = loop.create_future()
        self._put(wanted, within_seconds, future, loop)
        patience = self._patience.get(loop)
        if patience is None:
            patience = self._patience[loop] = Patience(loop, self._give_up)
        patience.add(future, time.monotonic() + within_seconds)
        try:
            return await future
        finally:
            patience.remove(future)

    def _give_up(self, future: "asyncio.Future[Filed]") -> None:
        _settle(future, IntakeFull(self._retry_after()))

    def is_at_bound(self, account: int) -> bool:
        """Tell whether the next request of the account would be refused, whatever it asks; cheap."""
        return self._near.is_at_bound(account) or self._far.is_at_bound(account)

    def _put(
        self,
        wanted: Requested,
        within_seconds: float,
        future: "Future[Filed] | asyncio.Future[Filed]",
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        now = time.monotonic()
        facts = wanted.procedure.content.facts
        far = self._far_names and any(fact.register_name in self._far_names for fact in facts)
        queue = self._far if far else self._near
        given_way = queue.put(_Waiting(wanted, now + within_seconds, future, loop), now)
        if given_way is not None:
            _deliver([(given_way, IntakeFull(self._retry_after()))])

    def _retry_after(self) -> int:
        return max(1, min(30, round((len(self._near) + len(self._far)) / max(self._per_second, 1.0))))

    def _write(self, take: Callable[[int], list[_Waiting]]) -> None:
        last = time.monotonic()
        while taken := take(MOST_TOGETHER):
            began = time.monotonic()
            late = [waiting for waiting in taken if waiting.until < began]
            _deliver([(waiting, IntakeFull(self._retry_after())) for waiting in late])
            batch = [waiting for waiting in taken if waiting.until >= began]
            if batch:
                self._file_batch(batch, idle=began - last > _IDLE_SECONDS)
                last = time.monotonic()
                self._per_second += 0.1 * (len(batch) / max(last - began, 0.001) - self._per_second)
        connection.close()

    def _file_batch(self, batch: Sequence[_Waiting], *, idle: bool) -> None:
        wanted = [waiting.wanted for waiting in batch]
        try:
            outcomes = self._file_on_a_fresh_or_known_connection(wanted, idle=idle)
        # A writer that died would leave everyone waiting: each is told, and the next batch is tried.
        except Exception as fault:
            log.exception("a batch of %d could not be filed", len(batch))
            connection.close()
            outcomes = [fault] * len(batch)
        _deliver(list(zip(batch, outcomes, strict=True)))

    def _file_on_a_fresh_or_known_connection(
        self, wanted: Sequence[Requested], *, idle: bool
    ) -> list[Outcome]:
        if idle:
            close_old_connections()
        try:
            self._get_ready()
            return self._file(wanted)
        except (OperationalError, InterfaceError) as fault:
            if not _lost_the_connection(fault):
                raise
            # Each key is filed once however often it is tried, so that a second try on a new connection is safe.
            log.warning("the connection to the database was lost; trying once more")
            connection.close()
            self._get_ready()
            return self._file(wanted)

    def _get_ready(self) -> None:
        if connection.connection is None:
            with connection.cursor() as cursor:
                cursor.execute(_LIMITS)
        if time.monotonic() > self._far_known_until:
            self._far_names = registers_over_the_network()
            self._far_known_until = time.monotonic() + _FAR_KNOWN_SECONDS


def _file_now(wanted: Sequence[Requested]) -> list[Outcome]:
    return file_together(wanted, now=datetime.now(UTC))


def _lost_the_connection(fault: DatabaseError | InterfaceError) -> bool:
    """Tell a connection that ended, of itself or by the server's word, from a statement that failed on a good one."""
    state = getattr(fault.__cause__, "sqlstate", None)
    # Without a state it is libpq's own word, not the server's.
    return not isinstance(state, str) or state.startswith(_ENDED)


def _deliver(outcomes: Sequence[tuple[_Waiting, Outcome]]) -> None:
    """Tell everyone what became of their request; each event loop is woken once."""
    of_loops: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting, Outcome]]] = {}
    for waiting, outcome in outcomes:
        if waiting.loop is None:
            _settle(waiting.future, outcome)
        else:
            of_loops.setdefault(waiting.loop, []).append((waiting, outcome))
    for loop, several in of_loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, several)


def _settle_all(several: Sequence[tuple[_Waiting, Outcome]]) -> None:
    for waiting, outcome in several:
        _settle(waiting.future, outcome)


def _settle(future: "Future[Filed] | asyncio.Future[Filed]", outcome: Outcome) -> None:
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


_running: Intake | None = None


def start_intake() -> Intake:
    """Start the intake of this process; from now on :func:`submit` goes through it."""
    global _running  # noqa: PLW0603 - one a process, as its connections are
    _running = Intake()
    _running.start()
    return _running


def stop_intake() -> None:
    """File what was accepted and end the intake of this process."""
    global _running
    ending, _running = _running, None
    if ending is not None:
        ending.close()


def submit(wanted: Requested) -> Filed:
    """File the request through the intake of this process, or by itself where none runs (commands, tests).

    Raises what ``file_case`` raises, and ``IntakeFull``.
    """
    if _running is not None:
        return _running.submit(wanted)
    (outcome,) = _file_now([wanted])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def is_at_bound(account_id: int) -> bool:
    """Tell whether the account has so many waiting in this process that its next would be refused."""
    return _running is not None and _running.is_at_bound(account_id)


async def submit_async(wanted: Requested) -> Filed:
    """File the request from an event loop, through the intake of this process."""
    if _running is None:
        return await asyncio.to_thread(submit, wanted)
    return await _running.submit_async(wanted)
