"""Many rows in one stream, in the text form of PostgreSQL's COPY, and small statements without ceremony."""

import json
import os
import select
from collections.abc import Iterable, Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg import errors
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


# Made once: an encoder with other settings than json's own would be made anew for each text.
written_json = json.JSONEncoder(ensure_ascii=False).encode


def cell(text: str) -> str:
    """Write a text as a cell of COPY. A NUL is left to PostgreSQL, which refuses it."""
    # Looking is much quicker than translating, and next to no text has any of them.
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


def json_cell(text: str) -> str:
    """Write JSON made by ``json.dumps``, which leaves no line breaks, as a cell of COPY."""
    return text.replace("\\", "\\\\")


def bytes_cell(content: bytes) -> str:
    """Write bytes as a cell of COPY."""
    return f"\\\\x{content.hex()}"


def moment_cell(moment: datetime | None) -> str:
    """Write a moment as a cell of COPY."""
    return NULL if moment is None else moment.isoformat()


def array_cell(texts: Iterable[str]) -> str:
    """Write texts as an array of PostgreSQL."""
    return "{" + ",".join([_quoted(text) for text in texts]) + "}"


def bytes_array_cell(hexes: Iterable[str]) -> str:
    """Write bytes, given as hexadecimal digits, as an array of PostgreSQL."""
    return "{" + ",".join([f'"\\\\x{digits}"' for digits in hexes]) + "}"


def fresh_ids(count: int) -> list[str]:
    """Return so many random UUIDs (version 4) as PostgreSQL reads them, at a tenth of the price of ``uuid.uuid4``."""
    digits = os.urandom(16 * count).hex()
    return [
        f"{digits[at : at + 12]}4{digits[at + 13 : at + 16]}{_VARIANT[digits[at + 16]]}{digits[at + 17 : at + 32]}"
        for at in range(0, 32 * count, 32)
    ]


# The two uppermost bits of the variant are 10, whatever was drawn.
_VARIANT = {digit: "89ab"[at % 4] for at, digit in enumerate("0123456789abcdef")}


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _ready() -> "PGconn":
    """Return the connection of libpq behind Django's, in a transaction if Django means to be in one."""
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    pgconn = raw.pgconn
    if not raw.autocommit and pgconn.transaction_status == TransactionStatus.IDLE:
        _checked(pgconn.exec_(b"BEGIN"))
    return pgconn


def _checked(result: "PGresult") -> "PGresult":
    if result.status not in _GOOD:
        # A failure without a state is libpq's own: the connection is gone.
        if result.error_field(DiagnosticField.SQLSTATE) is None:
            raise psycopg.OperationalError(result.get_error_message())
        raise errors.error_from_result(result)
    return result


_GOOD = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.COPY_IN})


def copy_rows(table: str, columns: str, lines: Sequence[str]) -> None:
    """Append rows to a table in one statement; each line is cells joined by tabs, in the order of the columns.

    Table and columns are written by the program, never by people.
    """
    if not lines:
        return
    with connection.wrap_database_errors:
        pgconn = _ready()
        _checked(pgconn.exec_(f"COPY {table} ({columns}) FROM STDIN".encode()))
        pgconn.put_copy_data(("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))
        pgconn.put_copy_end()
        _wait(pgconn)
        fault: Exception | None = None
        while (result := pgconn.get_result()) is not None:
            try:
                _checked(result)
            except psycopg.Error as error:
                fault = error
        if fault is not None:
            raise fault


def _wait(pgconn: "PGconn") -> None:
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


def rows_of(statement: str, *parameters: str) -> list[tuple[str | None, ...]]:
    """Run one statement and return its rows as texts, in the transaction of Django's connection.

    Straight through libpq: a batch runs dozens of small statements, and what a cursor does around each of them
    costs more than the statement. Parameters are texts that the statement casts (``$1::text[]``). What a connection
    runs a second time it keeps prepared: planning costs more than running where a table has many months.
    """
    with connection.wrap_database_errors:
        pgconn = _ready()
        values = [parameter.encode("utf-8", "surrogatepass") for parameter in parameters]
        name = _prepared(pgconn, statement)
        if name is None:
            result = _checked(pgconn.exec_params(statement.encode(), values))
        else:
            result = _checked(pgconn.exec_prepared(name, values))
        get, columns = result.get_value, range(result.nfields)
        return [
            tuple([None if (cell := get(row, at)) is None else cell.decode() for at in columns])
            for row in range(result.ntuples)
        ]


def _prepared(pgconn: "PGconn", statement: str) -> bytes | None:
    """Return the name under which the connection keeps the statement; None at first use, or when enough are kept."""
    kept = _kept.setdefault(connection.connection, {})
    name = kept.get(statement)
    if name is None and statement in kept:
        name = f"kept_{len(kept)}_{hash(statement) & 0xFFFFFFFF:x}".encode()
        _checked(pgconn.prepare(name, statement.encode()))
        kept[statement] = name
    elif len(kept) < MOST_KEPT:
        kept.setdefault(statement, None)
    return name


# By connection, so that what one has prepared is forgotten with it.
_kept: "WeakKeyDictionary[object, dict[str, bytes | None]]" = WeakKeyDictionary()
MOST_KEPT = 200


def run_together(statements: str) -> None:
    """Run statements without parameters in one round trip."""
    with connection.wrap_database_errors:
        _checked(_ready().exec_(statements.encode()))
