"""Acts on the ledger: append events, deliver one to a handler once, take a checkpoint."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from motcua.events.appending import HEX, appended
from motcua.events.models import Checkpoint, Delivery, LedgerEntry
from motcua.events.outbox import queue_job, queue_jobs
from motcua.events.queries import ledger_heads
from motcua.events.trips import Rows, fetch, rows_of
from motcua.events.values import Event, canonical, microseconds
from motcua.events.writing import Telling, told
from motcua.seals.chain import GENESIS, entry_hash, format_heads, linked
from motcua.seals.keys import SigningKey

LANES = 16
# The two-key form of PostgreSQL's advisory locks; the first key is ours alone.
_LOCK_SPACE = 0x4D43


class NotInTransaction(RuntimeError):
    """An event was published outside the transaction of the act that it tells of."""


def publish(event: Event) -> None:
    """Append the event to the ledger and queue its handlers, in the caller's transaction.

    Raises ``NotInTransaction``. Costs two statements, and one more for each handler.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"publish {event.name} inside transaction.atomic")
    lane, sequence, previous = _free_lane()
    body = event.body()
    sealed = canonical(
        name=event.name,
        agency_path=event.agency_path,
        subject=event.subject,
        actor=event.actor,
        body=body,
    )
    LedgerEntry.objects.create(
        agency_path=event.agency_path,
        happened_at=event.happened_at,
        lane=lane,
        sequence=sequence + 1,
        name=event.name,
        subject=event.subject,
        actor=event.actor,
        body=body,
        hash=entry_hash(previous, lane, sequence + 1, microseconds(event.happened_at), sealed),
    )
    _appended.times += 1
    for handler in handlers_of(event.name):
        queue_job("motcua.events.deliver", queue="events", lane=lane, sequence=sequence + 1, handler=handler)


_COLUMNS = (
    ("agency_path", "text"),
    ("happened_at", "timestamptz"),
    ("sequence", "bigint"),
    ("name", "text"),
    ("subject", "text"),
    ("actor", "text"),
    ("body", "jsonb"),
    ("hash", HEX),
)


class Lane:
    """A lane of the ledger that is to be taken; ``rows`` may be fetched with other statements.

    It stays taken until the transaction ends: take it late, then commit.
    """

    def __init__(self) -> None:
        self._free = Rows(_TAKE, (str(LANES), str(_LOCK_SPACE)))
        self._last = Rows(_LAST_OF_TAKEN)
        self._appended = _appended.times
        self.rows = (self._free, self._last)

    def head(self) -> tuple[int, int, bytes]:
        """Return the lane with its last sequence and hash, when its rows were fetched; waits if none was free."""
        if not self._free.found or self._appended != _appended.times:
            return _free_lane()
        lane = int(self._free.found[0][0] or 0)
        if not self._last.found:
            return lane, 0, GENESIS
        sequence, digest = self._last.found[0]
        return lane, int(sequence or 0), bytes.fromhex(digest or "")


class _Appended(threading.local):
    """How often this thread has appended to a lane: what a lane ended with before is then no longer known."""

    times = 0


_appended = _Appended()


def publish_together(
    events: Sequence[Event | Telling], *, lane: Lane | None = None, after: Sequence[Rows] = ()
) -> None:
    """Append the events to one lane of the ledger, in their order, and queue their handlers.

    Raises ``NotInTransaction``. The lane stays taken until the transaction ends: call it last, then commit. Statements
    ``after`` which the ledger tells of what they wrote go with it, in one round trip. Costs that trip, one for a lane
    unless one was fetched, and a statement for each kind of handler.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("publish events inside transaction.atomic")
    if not events:
        fetch(*after)
        return
    if lane is None:
        lane = Lane()
        fetch(*lane.rows)
    number, sequence, previous = lane.head()
    lines: list[tuple[str, str, str, str, str, str, str, str]] = []
    deliveries: list[dict[str, str | int]] = []
    handlers = {name: handlers_of(name) for name in {event.name for event in events}}
    happened_at, moment = None, ""
    for each in events:
        told_at, name, agency_path, subject, actor, sealed, body = (
            each if isinstance(each, Telling) else told(each)
        )
        sequence += 1
        if told_at is not happened_at:
            happened_at, moment = told_at, told_at.isoformat()
            hashed = linked(number, microseconds(told_at))
        previous = hashed(previous, sequence, sealed)
        lines.append((agency_path, moment, str(sequence), name, subject, actor, body, previous.hex()))
        if handlers[name]:
            deliveries += [
                {"lane": number, "sequence": sequence, "handler": handler} for handler in handlers[name]
            ]
    columns = zip(_COLUMNS, zip(*lines, strict=True), strict=True)
    named = [(name, kind, values) for (name, kind), values in columns]
    fetch(*after, appended("events_ledgerentry", [*named, ("lane", "smallint", str(number))]))
    _appended.times += 1
    queue_jobs("motcua.events.deliver", queue="events", arguments=deliveries)


def _free_lane() -> tuple[int, int, bytes]:
    """Lock a lane until the transaction ends and return it with its last sequence and hash.

    Many lanes, because one would make every transaction wait for the one before it to reach the disk.
    A transaction that publishes twice finds its own lane free again; only when all are taken does it
    wait, and then it holds none, so that no two can wait for each other.
    """
    lane = Lane()
    fetch(*lane.rows)
    taken, last = lane.rows
    if not taken.found:
        taken.found = rows_of(_ANY, str(LANES))
        waited = taken.found[0][0] or ""
        rows_of("SELECT pg_advisory_xact_lock($1::int, $2::int)", str(_LOCK_SPACE), waited)
        # A statement of its own: its snapshot begins after the lock, so it sees the last entry.
        last.found = rows_of(_LAST, waited)
    return lane.head()


# Told to the transaction, so that the statement after it knows the lane without another round trip.
_TAKE = """
SELECT set_config('motcua.lane', lane::text, true) FROM (
    SELECT lane FROM (
        SELECT (pg_backend_pid() + step) % $1::int AS lane FROM generate_series(0, $1::int - 1) AS step
    ) AS lanes WHERE pg_try_advisory_xact_lock($2::int, lane) LIMIT 1
) AS taken
"""
# A statement of its own: its snapshot begins after the lock, so it sees the last entry.
_LAST_OF_TAKEN = """
SELECT sequence, encode(hash, 'hex') FROM events_ledgerentry
WHERE lane = nullif(current_setting('motcua.lane', true), '')::smallint ORDER BY sequence DESC LIMIT 1
"""
_ANY = "SELECT pg_backend_pid() % $1::int"
_LAST = (
    "SELECT sequence, encode(hash, 'hex') FROM events_ledgerentry WHERE lane = $1::smallint"
    " ORDER BY sequence DESC LIMIT 1"
)


def handlers_of(event_name: str) -> tuple[str, ...]:
    """Return the dotted paths of the functions that react to the event, from the table in the wiring."""
    table: Mapping[str, tuple[str, ...]] = import_string(settings.MOTCUA_HANDLERS)
    return table.get(event_name, ())


def deliver_once(*, lane: int, sequence: int, handler: str, now: datetime) -> bool:
    """Run the handler for the entry in one transaction and return True; False if it had run before.

    A crash between effect and note undoes both, so that a job run again has its effect once.
    """
    with transaction.atomic():
        delivery, fresh = Delivery.objects.get_or_create(lane=lane, sequence=sequence, handler=handler)
        if not fresh:
            return False
        entry = LedgerEntry.objects.get(lane=delivery.lane, sequence=delivery.sequence)
        react: Callable[[LedgerEntry, datetime], None] = import_string(handler)
        react(entry, now)
    return True


@transaction.atomic
def take_checkpoint(*, key: SigningKey, now: datetime) -> str:
    """Sign the heads of all lanes, keep and return the text; others keep it to find a cut tail."""
    heads = format_heads(ledger_heads(), key)
    Checkpoint.objects.create(taken_at=now, heads=heads)
    return heads


def create_months(*, now: datetime, months: int = 14) -> int:
    """Create the monthly partitions of every partitioned table from last month on; return how many were new.

    The application role may call it: the tables are made by a function that runs as their owner.
    """
    first = now.astimezone(UTC).date().replace(day=1) - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT create_months(%s, %s)", [first, months])
        made: int = cursor.fetchone()[0]
    return made
