"""The limit of the machine: the rows of real submissions by COPY, with commit in batches, and the bare signatures.

The rows are those that the installation stored for requests of this run, byte for byte, copied into tables of the
same columns, checks and indexes. Nothing is validated, asked, decided or answered.
"""

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

import psycopg
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from psycopg import sql

# What a column is called in which a table names the case that a row belongs to.
NAMES = ("number", "case_number", "subject")
SCHEMA = "bench_limit"
ALGORITHM = ec.ECDSA(SHA256())
_TABLES = """
    SELECT c.relname, a.attname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attname = ANY(%s) AND NOT a.attisdropped AND a.atttypid IN ('text'::regtype, 'varchar'::regtype)
        AND c.relname NOT LIKE 'plain\\_%%'
    ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of real submissions: for each batch the bytes of COPY by table, and how many cases it holds."""

    tables: tuple[str, ...]
    batches: tuple[dict[str, bytes], ...]
    cases: tuple[int, ...]

    @property
    def bytes_per_case(self) -> float:
        """How much is copied for one submission."""
        return sum(len(part) for batch in self.batches for part in batch.values()) / sum(self.cases)


def tables_of(connection: "psycopg.Connection[tuple[str, str]]", number: str) -> dict[str, str]:
    """Return every table that holds a row of the case, with the column that says so."""
    found: dict[str, str] = {}
    for table, column in connection.execute(_TABLES, [list(NAMES)]).fetchall():
        asked = sql.SQL("SELECT 1 FROM {} WHERE {} = %s LIMIT 1").format(
            sql.Identifier(table), sql.Identifier(column)
        )
        if connection.execute(asked, [number]).fetchone():
            found.setdefault(table, column)
    return found


def rows_of(url: str, numbers: Sequence[str], batch: int) -> Rows:
    """Read the rows of these cases out as COPY gives them, and make the tables that take them."""
    with psycopg.connect(url) as connection:
        tables = tables_of(connection, numbers[0])
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in tables:
            for schema, kept in ((SCHEMA, "ALL"), (f"{SCHEMA}_bare", "DEFAULTS")):
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
                connection.execute(f"DROP TABLE IF EXISTS {schema}.{table}")
                connection.execute(f"CREATE TABLE {schema}.{table} (LIKE public.{table} INCLUDING {kept})")
        batches, cases = [], []
        for at in range(0, len(numbers), batch):
            some = list(numbers[at : at + batch])
            batches.append(
                {table: _copied(connection, table, column, some) for table, column in tables.items()}
            )
            cases.append(len(some))
    return Rows(tuple(tables), tuple(batches), tuple(cases))


def _copied(
    connection: "psycopg.Connection[tuple[str, str]]", table: str, column: str, numbers: list[str]
) -> bytes:
    query = sql.SQL("COPY (SELECT * FROM {} WHERE {} = ANY({})) TO STDOUT (FORMAT BINARY)").format(
        sql.Identifier(table), sql.Identifier(column), sql.Literal(numbers)
    )
    with connection.cursor().copy(query) as copy:
        return b"".join(bytes(part) for part in copy)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one process stores: every ``of``-th batch from ``number`` on, until the time is over."""

    url: str
    rows: Rows
    schema: str
    seconds: float
    number: int
    of: int


def rate(url: str, rows: Rows, *, processes: int, seconds: float, schema: str = SCHEMA) -> float:
    """Return how many submissions a second the limit stores and signs, over at most ``seconds``."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(f'{schema}.{table}' for table in rows.tables)}")
    context = multiprocessing.get_context("fork")
    barrier, done = context.Barrier(processes), context.Queue()
    shares = [_Share(url, rows, schema, seconds, number, processes) for number in range(processes)]
    workers = [context.Process(target=_store, args=(share, barrier, done)) for share in shares]
    for worker in workers:
        worker.start()
    results = [done.get() for _ in workers]
    for worker in workers:
        worker.join()
    return sum(cases / spent for cases, spent in results)


def _store(share: _Share, barrier: Barrier, done: "multiprocessing.Queue[tuple[int, float]]") -> None:
    """Sign and store the batches of the share."""
    key = ec.generate_private_key(ec.SECP256R1())
    message, stored = b"a" * 200, 0
    mine = list(zip(share.rows.batches, share.rows.cases, strict=True))[share.number :: share.of]
    with psycopg.connect(share.url) as connection:
        barrier.wait()
        began = time.perf_counter()
        for batch, cases in mine:
            if time.perf_counter() - began > share.seconds:
                break
            for _ in range(cases):
                key.sign(message, ALGORITHM)
            for table, content in batch.items():
                into = f"COPY {share.schema}.{table} FROM STDIN (FORMAT BINARY)"
                with connection.cursor().copy(into) as copy:
                    copy.write(content)
            connection.commit()
            stored += cases
        done.put((stored, time.perf_counter() - began))
