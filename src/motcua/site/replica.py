"""Reads boards and exports from a replica while it keeps up, and from the database itself otherwise.

Only what is counted or exported: sessions, rights and everything that is written stay where they are written.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from motcua.web.ui.reading import read_as_of

log = logging.getLogger("motcua.replica")
ALIAS = "replica"
# Who counts and lists: their tables are read from the replica while it is chosen. Rights are not among them.
COUNTED = frozenset({"cases", "decisions"})
READERS = ("/operations/",)
LOOK_EVERY_SECONDS = 2.0
ASK_AGAIN_AFTER_SECONDS = 10.0
_chosen: ContextVar[bool] = ContextVar("replica_chosen", default=False)

Answer = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class State:
    """Whether the replica may be read, as of when its rows are, and why not."""

    usable: bool
    as_of: datetime | None
    because: str = ""


class Router:
    """Sends reads of what is counted to the replica, for as long as a reader has chosen it."""

    # Any: the hints of Django's interface.
    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Return the replica, or None for the usual database."""
        return ALIAS if _chosen.get() and model._meta.app_label in COUNTED else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Nothing is ever made on the replica: it copies."""
        return False if db == ALIAS else None


class Replica:
    """What this process knows of the replica; looked at every two seconds at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state = State(False, None, "it was not asked yet")
        self._until = float("-inf")

    def state(self) -> State:
        """Return whether the replica may be read; two short queries, seldom."""
        with self._lock:
            if self._clock() >= self._until:
                self._state = _looked_at()
                pause = LOOK_EVERY_SECONDS if self._state.usable else ASK_AGAIN_AFTER_SECONDS
                self._until = self._clock() + pause
            return self._state

    def failed(self) -> None:
        """Note that a read failed: it is not asked again for a while."""
        with self._lock:
            self._state = State(False, None, "it does not answer")
            self._until = self._clock() + ASK_AGAIN_AFTER_SECONDS
        connections[ALIAS].close()


REPLICA = Replica()


def is_configured() -> bool:
    """Tell whether this installation has a replica."""
    return ALIAS in settings.DATABASES


@contextlib.contextmanager
def reading_from_replica() -> Iterator[datetime | None]:
    """Read what is counted from the replica if there is one and it keeps up; yields as of when its rows are."""
    state = REPLICA.state() if is_configured() else State(False, None)
    if not state.usable:
        yield None
        return
    chosen, moment = _chosen.set(True), read_as_of.set(state.as_of)
    try:
        yield state.as_of
    finally:
        _chosen.reset(chosen)
        read_as_of.reset(moment)


class ReplicaReads:
    """Middleware: boards read from the replica; one that fails in their hands is passed over at once."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, from the replica where that is meant."""
        if request.method not in ("GET", "HEAD") or not request.path.startswith(READERS):
            return self.get_response(request)
        with reading_from_replica():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Ask the view once more, of the database itself, when the replica has failed it."""
        if not _chosen.get() or not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.warning("the replica failed (%s); reading from the database itself", type(exception).__name__)
        REPLICA.failed()
        _chosen.set(False)
        read_as_of.set(None)
        found = request.resolver_match
        if found is None:
            return None
        answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return answer


def _looked_at() -> State:
    """Compare the replica with the database: what has it replayed, and how long ago was that?"""
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn(), pg_last_xact_replay_timestamp()"
            )
            copies, replayed, moment = cursor.fetchone()
    except Error:
        connections[ALIAS].close()
        return State(False, None, "it does not answer")
    if not copies:
        return State(False, None, "it is not a replica: it takes writes of its own")
    now = datetime.now(UTC)
    if _has_everything(replayed):
        return State(True, now)
    if moment is None:
        return State(False, None, "it has replayed nothing yet")
    behind = now - moment
    limit = timedelta(seconds=settings.REPLICA_MOST_BEHIND_SECONDS)
    if behind > limit:
        return State(False, moment, f"it is {behind.total_seconds():.0f} s behind")
    return State(True, moment)


def _has_everything(replayed: str) -> bool:
    """Tell whether the replica has replayed all that is durable; no if the database is away.

    Durable is what is flushed: behind it stands only what the database writes for itself, such as hints of
    its cleaning, and a replica may not be given that for a while.
    """
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), %s) <= 0", [replayed])
            return bool(cursor.fetchone()[0])
    except Error:
        return False
