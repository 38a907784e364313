"""What is outstanding, cut into shares that several sessions work on at once, so that no core waits.

Temporary tables belong to one session, and PostgreSQL reads them with one process.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db import connection

from motcua.switching.working import Tables, working

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Share:
    """A session with its tables, and the thread that works with it; the first share is the caller's own thread."""

    place: int
    tables: Tables
    hand: ThreadPoolExecutor | None = None


def most_shares() -> int:
    """Return how many sessions may work at once: one, where others would not see what this one has not committed."""
    return 1 if connection.in_atomic_block else int(settings.MOTCUA_SWITCH_PROCESSES)


@contextmanager
def shares(count: int) -> Iterator[list[Share]]:
    """Open so many sessions, the caller's own among them; closes the others."""
    with ExitStack() as stack:
        own = Share(0, stack.enter_context(working(count)))
        yield [own, *(stack.enter_context(_elsewhere(place, count)) for place in range(1, count))]


@contextmanager
def _elsewhere(place: int, count: int) -> Iterator[Share]:
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="dry-run") as hand:
        session = working(count)
        tables = hand.submit(session.__enter__).result()
        try:
            yield Share(place, tables, hand)
        finally:
            hand.submit(_leave, session).result()


def _leave(session: AbstractContextManager[Tables]) -> None:
    try:
        session.__exit__(None, None, None)
    finally:
        connection.close()


def each(several: Sequence[Share], do: Callable[[Share], T]) -> list[T]:
    """Do the same for every share at once and return what each gave, in their order; raises what the first raised."""
    others: list[Future[T]] = [share.hand.submit(do, share) for share in several if share.hand is not None]
    try:
        own = do(several[0])
    finally:
        wait(others)
    return [own, *(other.result() for other in others)]
