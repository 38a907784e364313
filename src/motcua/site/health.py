"""``/healthz`` and ``/readyz``: is this process alive, and how is every component and since when."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.site import environment
from motcua.site.replica import REPLICA, is_configured

PROCESS_STARTED_AT = datetime.now(UTC)
WORKER_SILENT_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the installation: does it work, since when, and what is wrong."""

    name: str
    ok: bool
    since: datetime | None
    because: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the component as the page shows it; ``since`` is null when unknown."""
        since = self.since.astimezone(UTC).isoformat(timespec="seconds") if self.since else None
        return {"name": self.name, "ok": self.ok, "since": since, "because": self.because}


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that this web process answers, and since when."""
    return JsonResponse({"status": "ok", "since": PROCESS_STARTED_AT.isoformat(timespec="seconds")})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Name each component: 503 when the database is out of reach, for then no request can be answered.

    A silent worker or an old status list makes the site "degraded": requests are still taken, none is lost.
    """
    components = components_at(timezone.now())
    essential = all(part.ok for part in components if part.name in ("database", "web"))
    everything = all(part.ok for part in components)
    status = "ready" if everything else "degraded" if essential else "down"
    answer = {"status": status, "components": [part.to_json() for part in components]}
    return JsonResponse(answer, status=200 if essential else 503)


def components_at(now: datetime) -> list[Component]:
    """Ask every component how it is; costs one short query each."""
    return [
        Component("web", True, PROCESS_STARTED_AT),
        _asked("database", _database, now),
        _asked("worker", _worker, now),
        _asked("status_list", _status_list, now),
        _asked("ledger", _ledger, now),
        *_replica(),
        *_programs(),
    ]


def _asked(name: str, question: Callable[[datetime], Component], now: datetime) -> Component:
    try:
        return question(now)
    except Error:
        # The text of a database error can carry data; the log has it, this page does not.
        return Component(name, False, None, "the database does not answer")


def _database(now: datetime) -> Component:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time(), pg_is_in_recovery()")
        since, read_only = cursor.fetchone()
    return Component("database", not read_only, since, "it is read-only" if read_only else "")


def _worker(now: datetime) -> Component:
    with connection.cursor() as cursor:
        # A report from the future was written before the clock was set back, perhaps by a worker that is dead.
        cursor.execute(
            "SELECT max(last_heartbeat) FROM procrastinate_workers WHERE last_heartbeat <= %s",
            [now + WORKER_SILENT_AFTER],
        )
        (last,) = cursor.fetchone()
    if last is None:
        return Component("worker", False, None, "no worker has reported")
    silent = now - last > WORKER_SILENT_AFTER
    return Component("worker", not silent, last, f"silent since {last:%H:%M:%S}" if silent else "")


def _status_list(now: datetime) -> Component:
    """The list that offline scanners need: one that has expired makes them answer "cannot tell"."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT issued_at, expires_at FROM credentials_statuslist ORDER BY issued_at DESC LIMIT 1"
        )
        newest = cursor.fetchone()
    if newest is None:
        return Component(
            "status_list", False, None, "none has been published; run: motcua credentials publish"
        )
    issued_at, expires_at = newest
    old = expires_at <= now
    return Component(
        "status_list", not old, issued_at, f"expired at {expires_at:%Y-%m-%d %H:%M}" if old else ""
    )


def _ledger(now: datetime) -> Component:
    """The ledger is sound only while the role that we work as can neither change nor delete in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('events_ledgerentry', 'UPDATE, DELETE, TRUNCATE'),"
            # Of the last entry of each lane: there is no index by time alone.
            " (SELECT max(last.happened_at) FROM generate_series(0, 15) AS lanes (lane) CROSS JOIN LATERAL ("
            "SELECT happened_at FROM events_ledgerentry AS entry WHERE entry.lane = lanes.lane::smallint"
            " ORDER BY sequence DESC LIMIT 1) AS last)"
        )
        may_change, since = cursor.fetchone()
    return Component(
        "ledger", not may_change, since, "the application role may change it" if may_change else ""
    )


def _replica() -> list[Component]:
    """The replica for boards, if there is one: without it they read the database itself, so nothing is lost."""
    if not is_configured():
        return []
    state = REPLICA.state()
    because = state.because and f"{state.because}; boards and exports read the database itself"
    return [Component("replica", state.usable, state.as_of, because)]


def _programs() -> list[Component]:
    """What the supervisor keeps running, if this installation runs under ``motcua serve``."""
    path = environment.data_dir() / "run" / "programs.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))["programs"]
    except (OSError, ValueError, KeyError):
        return []
    return [
        Component(
            f"program {name}",
            _is_alive(state["pid"]),
            datetime.fromisoformat(state["since"]),
            f"restarted {state['restarts']} times" if state["restarts"] else "",
        )
        for name, state in kept.items()
    ]


def _is_alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
