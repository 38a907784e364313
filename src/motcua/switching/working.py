"""Temporary tables of one run, and functions of Python put over the distinct rows of a table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

from django.db import DataError, connection, transaction

from motcua.registers.sets import literal, quoted

# JIT compiles for seconds what runs for less; the time limit of pages is not for a job that reads a city.
_SETTINGS = {
    "hash_mem_multiplier": "2",
    "jit": "off",
    # Of a key made of a whole row the planner knows nothing, and would compare each row with each.
    "enable_nestloop": "off",
    "statement_timeout": "0",
    # Every value of every column is looked at for statistics, and estimates within a factor of two do.
    "default_statistics_target": "10",
    # Cores are used by several sessions: a parallel worker reads no temporary table.
    "max_parallel_workers_per_gather": "0",
}
# What sorts and hashes of all sessions of one run may take together, and their temporary tables.
_MEMORY_MB, _BUFFERS_MB = 192, 192


class TooAlike(RuntimeError):
    """Two different rows have the same hash; it happens once in a lifetime, and nothing may rest on it."""


@contextmanager
def working(sessions: int = 1) -> Iterator["Tables"]:
    """Set this session, one of so many, up for large joins and drop what was made; settings are given back."""
    tables = Tables()
    with connection.cursor() as cursor:
        before = {}
        for name, value in {**_SETTINGS, "work_mem": f"{_MEMORY_MB // sessions}MB"}.items():
            cursor.execute(f"SELECT current_setting({literal(name)})")
            before[name] = cursor.fetchone()[0]
            cursor.execute(f"SET {name} = {literal(value)}")
    _widen_buffers(_BUFFERS_MB // sessions)
    try:
        yield tables
    finally:
        if not connection.needs_rollback and connection.is_usable():
            tables.drop()
            with connection.cursor() as cursor:
                for name, value in before.items():
                    cursor.execute(f"SET {name} = {literal(value)}")


def _widen_buffers(megabytes: int) -> None:
    """Keep temporary tables in memory, if this session has not used any yet: afterwards it is too late."""
    with suppress(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET temp_buffers = '{megabytes}MB'")


class Tables:
    """What one session made so far, by name."""

    def __init__(self) -> None:
        self._made: list[str] = []
        connection.ensure_connection()
        # Of psycopg, which lets another thread read from it while its own waits.
        self._session = connection.connection

    def make(self, name: str, query: str, *, joined: bool = True) -> int:
        """Make a temporary table of a query, with statistics if it is to be joined, and return how many rows it has."""
        table = quoted(name)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
            self._made.append(name)
            cursor.execute(f"CREATE TEMPORARY TABLE {table} AS {query}")
            rows = int(cursor.rowcount)
            if joined:
                cursor.execute(f"ANALYZE {table}")
        return rows

    def outline(self, name: str, query: str) -> None:
        """Make a table with the columns of a query and no row."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{quoted(name)}")
            self._made.append(name)
            cursor.execute(f"CREATE TEMPORARY TABLE {quoted(name)} AS {query} WITH NO DATA")

    def take(self, name: str, of: str, others: Sequence["Tables"]) -> None:
        """Make a table of the rows that tables of one name have in other sessions; those have nothing else to do."""
        session = self._session
        listed = others[0]._session.execute(_COLUMNS, [f"pg_temp.{quoted(of)}"]).fetchall()
        columns = ", ".join(f"{quoted(column)} {kind}" for column, kind in listed)
        session.execute(f"DROP TABLE IF EXISTS pg_temp.{quoted(name)}")
        self._made.append(name)
        session.execute(f"CREATE TEMPORARY TABLE {quoted(name)} ({columns})")
        for other in others:
            read = other._session.cursor().copy(f"COPY pg_temp.{quoted(of)} TO STDOUT (FORMAT BINARY)")
            written = session.cursor().copy(f"COPY {quoted(name)} FROM STDIN (FORMAT BINARY)")
            with read as blocks, written as into:
                for block in blocks:
                    into.write(block)
        session.execute(f"ANALYZE {quoted(name)}")

    def drop(self, *names: str) -> None:
        """Drop these tables, or all."""
        with connection.cursor() as cursor:
            for name in names or tuple(self._made):
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{quoted(name)}")
        self._made = [name for name in self._made if names and name not in names]

    def tabulate(
        self,
        name: str,
        *,
        of: str,
        columns: Sequence[str],
        results: Sequence[str],
        work_out: Callable[[tuple[Any, ...]], Sequence[str | None]],  # of the columns, as psycopg reads them
    ) -> None:
        """Work out ``results`` once for each distinct row of ``columns`` (SQL over ``of``) and keep them by its hash.

        Join the table on ``key = hash_of(columns)``.
        """
        key = hash_of([f"c{at}" for at in range(len(columns))])
        picked = ", ".join(f"{column} AS c{at}" for at, column in enumerate(columns)) or "1 AS c0"
        if not columns:
            key = hash_of(["c0"])
        named = ", ".join(f"{quoted(result)} text" for result in results)
        connection.ensure_connection()
        # Django's own cursor would hold all rows; this one hands them on as they come.
        with connection.connection.cursor() as reading:
            made = [
                (row[0], *work_out(row[1:] if columns else ()))
                for row in reading.stream(f"SELECT {key}, * FROM (SELECT DISTINCT {picked} FROM {of}) AS t")
            ]
        if len({row[0] for row in made}) < len(made):
            raise TooAlike(name)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{quoted(name)}")
            self._made.append(name)
            cursor.execute(f"CREATE TEMPORARY TABLE {quoted(name)} (key bigint, {named})")
            with cursor.copy(f"COPY {quoted(name)} FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {quoted(name)}")


_COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def hash_of(columns: Sequence[str]) -> str:
    """Return the SQL of the key by which :meth:`Tables.tabulate` keeps a row."""
    return f"hash_record_extended(ROW({', '.join(columns)}), 0)"


def constant(value: str | int | date | datetime | None) -> str:
    """Return a value as a constant of PostgreSQL."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return literal(value if isinstance(value, str) else value.isoformat())
