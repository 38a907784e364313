"""Many rows in one stream: the text form of PostgreSQL's COPY, and statements sent without waiting for each other."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import psycopg
from django.db import connection

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


# Made once: an encoder with other settings than json's own would be made anew for each text.
written_json = json.JSONEncoder(ensure_ascii=False).encode


def cell(text: str) -> str:
    """Write a text as a cell of COPY. A NUL is left to PostgreSQL, which refuses it."""
    return text if text.isidentifier() else text.translate(_ESCAPES)


def json_cell(text: str) -> str:
    """Write JSON made by ``json.dumps``, which leaves no line breaks, as a cell of COPY."""
    return text.replace("\\", "\\\\")


def bytes_cell(content: bytes) -> str:
    """Write bytes as a cell of COPY."""
    return f"\\\\x{content.hex()}"


def moment_cell(moment: datetime | None) -> str:
    """Write a moment as a cell of COPY."""
    return NULL if moment is None else moment.isoformat()


def raw_connection() -> "psycopg.Connection[tuple[object, ...]]":
    """Return psycopg's connection behind Django's, in whose transaction everything here runs."""
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    return raw


def copy_rows(table: str, columns: str, lines: Sequence[str]) -> None:
    """Append rows to a table in one statement; each line is cells joined by tabs, in the order of the columns.

    Table and columns are written by the program, never by people.
    """
    if not lines:
        return
    statement = f"COPY {table} ({columns}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(raw_connection()) as cursor,
        cursor.copy(statement.encode()) as copy,
    ):
        copy.write("\n".join(lines) + "\n")


@contextmanager
def sent_together() -> Iterator["psycopg.Cursor[tuple[object, ...]]"]:
    """Send statements without waiting for the answer of each; one cursor is given, more can be opened on it.

    The answers are there when their cursor is read, or at the end.
    """
    raw = raw_connection()
    with connection.wrap_database_errors, raw.pipeline(), psycopg.Cursor(raw) as cursor:
        yield cursor
