"""Round trips to the database: many small statements in one, many tables filled in one.

A batch of requests reads and writes a few rows of two dozen tables. To send a statement, to wait and to wake up again
costs more than most of these statements do, and so does what a cursor does around each of them: this is libpq itself.
"""

import select
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg import errors
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Row = tuple[str | None, ...]
MOST_KEPT = 300


@dataclass(slots=True, eq=False)
class Rows:
    """A statement on its way and, once :func:`fetch` has run it, its rows as texts.

    Parameters are texts that the statement casts (``$1::text[]``).
    """

    statement: str
    parameters: tuple[str, ...] = ()
    found: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Copy:
    """Rows for one table: lines are cells joined by tabs, in the order of the columns.

    Table and columns are written by the program, never by people.
    """

    table: str
    columns: str
    lines: Sequence[str]


def fetch(*several: Rows) -> None:
    """Run the statements one after the other in one round trip, in the transaction of Django's connection.

    Each sees what those before it did, and what others committed before it began. When one fails, those after it are
    not run, and its error is raised. A connection keeps what it runs prepared: planning costs more than running where
    a table has many months.
    """
    if not several:
        return
    with connection.wrap_database_errors:
        connection.ensure_connection()
        raw: psycopg.Connection[tuple[object, ...]] = connection.connection
        pgconn, kept = raw.pgconn, _kept.setdefault(raw, _Kept())
        pgconn.enter_pipeline_mode()
        try:
            sent: list[_Sent] = []
            if not raw.autocommit and pgconn.transaction_status == TransactionStatus.IDLE:
                pgconn.send_query_params(b"BEGIN", None)
                sent.append(None)
            for rows in several:
                sent += _send(pgconn, rows, kept)
            pgconn.pipeline_sync()
            _receive(pgconn, sent, kept)
        finally:
            # A connection that is gone stays in this mode; it is thrown away for its own reason.
            with suppress(psycopg.Error):
                pgconn.exit_pipeline_mode()


def rows_of(statement: str, *parameters: str) -> list[Row]:
    """Run one statement and return its rows as texts, in the transaction of Django's connection."""
    rows = Rows(statement, parameters)
    fetch(rows)
    return rows.found


class _Kept:
    """What a connection has prepared: the name of each statement there."""

    def __init__(self) -> None:
        self.names: dict[str, bytes] = {}
        self._count = 0

    def new_name(self) -> bytes | None:
        """Return a name that was never used on this connection; None when enough is kept."""
        if len(self.names) >= MOST_KEPT:
            return None
        self._count += 1
        return f"kept_{self._count}".encode()


# By connection, so that what one has prepared is forgotten with it.
_kept: "WeakKeyDictionary[object, _Kept]" = WeakKeyDictionary()
# What an answer is to: the BEGIN, a statement that was prepared under a name, or rows that are wanted.
_Sent = tuple[str, bytes] | Rows | None


def _send(pgconn: "PGconn", rows: Rows, kept: _Kept) -> list[_Sent]:
    """Send a statement, prepared first if it is new here; return what the answers will be to."""
    values = [parameter.encode("utf-8", "surrogatepass") for parameter in rows.parameters]
    name = kept.names.get(rows.statement)
    if name is not None:
        pgconn.send_query_prepared(name, values)
        return [rows]
    name = kept.new_name()
    if name is None:
        pgconn.send_query_params(rows.statement.encode(), values)
        return [rows]
    pgconn.send_prepare(name, rows.statement.encode())
    pgconn.send_query_prepared(name, values)
    return [(rows.statement, name), rows]


def _receive(pgconn: "PGconn", sent: Sequence[_Sent], kept: _Kept) -> None:
    """Take the answers in; raises the first fault once all are in, so that the connection can go on."""
    fault: psycopg.Error | None = None
    for each in sent:
        result = _next(pgconn)
        if result is None:
            raise fault or psycopg.OperationalError(pgconn.error_message.decode("utf-8", "replace"))
        try:
            checked(result)
        except psycopg.Error as error:
            fault = fault or error
        else:
            if isinstance(each, Rows):
                each.found = _texts(result)
            elif each is not None:
                kept.names[each[0]] = each[1]
        # Between the answers to two statements stands an empty one.
        _next(pgconn)
    while (result := _next(pgconn)) is not None and result.status != ExecStatus.PIPELINE_SYNC:
        pass
    if fault is not None:
        raise fault


def _next(pgconn: "PGconn") -> "PGresult | None":
    if pgconn.is_busy():
        wait(pgconn)
    return pgconn.get_result()


def _texts(result: "PGresult") -> list[Row]:
    get, columns = result.get_value, range(result.nfields)
    return [
        tuple([None if (cell := get(row, at)) is None else cell.decode() for at in columns])
        for row in range(result.ntuples)
    ]


def copy_rows(table: str, columns: str, lines: Sequence[str]) -> None:
    """Append rows to one table, as :func:`copy_together` does."""
    copy_together([Copy(table, columns, lines)])


def copy_together(copies: Sequence[Copy]) -> None:
    """Append rows to several tables, in their order, as one message of several commands; none for no rows."""
    filled = [copy for copy in copies if copy.lines]
    if not filled:
        return
    with connection.wrap_database_errors:
        pgconn = _ready()
        commands = "; ".join(f"COPY {copy.table} ({copy.columns}) FROM STDIN" for copy in filled)
        pgconn.send_query(commands.encode())
        waiting, fault = list(reversed(filled)), None
        while (result := _next(pgconn)) is not None:
            try:
                checked(result)
            except psycopg.Error as error:
                fault = fault or error
            if result.status == ExecStatus.COPY_IN:
                pgconn.put_copy_data(("\n".join(waiting.pop().lines) + "\n").encode("utf-8", "surrogatepass"))
                pgconn.put_copy_end()
        if fault is not None:
            raise fault


def run_together(statements: str) -> None:
    """Run statements without parameters in one round trip."""
    with connection.wrap_database_errors:
        checked(_ready().exec_(statements.encode()))


def _ready() -> "PGconn":
    """Return the connection of libpq behind Django's, in a transaction if Django means to be in one."""
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    pgconn = raw.pgconn
    if not raw.autocommit and pgconn.transaction_status == TransactionStatus.IDLE:
        checked(pgconn.exec_(b"BEGIN"))
    return pgconn


_GOOD = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.COPY_IN})


def checked(result: "PGresult") -> "PGresult":
    """Return the result if it is good; else raise what it says."""
    if result.status not in _GOOD:
        # A failure without a state is libpq's own: the connection is gone, or a statement before it had failed.
        if result.error_field(DiagnosticField.SQLSTATE) is None:
            raise psycopg.OperationalError(result.get_error_message())
        raise errors.error_from_result(result)
    return result


def wait(pgconn: "PGconn") -> None:
    """Wait until the result is there: ``get_result`` would wait too, but with Python's lock in its hands."""
    poll = select.poll()
    # What the socket would not take at once is still in libpq's hands.
    poll.register(pgconn.socket, select.POLLIN | select.POLLOUT)
    while pgconn.flush():
        poll.poll()
        pgconn.consume_input()
    poll.modify(pgconn.socket, select.POLLIN)
    while pgconn.is_busy():
        poll.poll()
        pgconn.consume_input()
