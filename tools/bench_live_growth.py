"""What one more request costs when many are stored already.

Copies of one installation are filled and measured in turn: the processor time that all processes of the installation
spend on a request, PostgreSQL's included. They are filled by set while no process of theirs runs, not filed one by one:
each statement copies the rows that a thousand filed cases left in a table, moved back in time and renumbered, so that a
row has the shape and the size of a filed one. Indexes are left out meanwhile and made anew at the end, which takes a
third of the time. The triggers of foreign keys are left out too, since what the rows point at is there, and the hashes
of the copied ledger are those of their originals.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from bench_live_limit import tables_of
from bench_live_servers import Figures, load, measured
from live_installation import Installation
from psycopg import sql

from motcua.seals.status import IDS_PER_LIST, ISSUED_PER_LIST
from motcua.site import environment, postgres

if TYPE_CHECKING:
    from bench_live import Bench

# What a stored case takes with its indexes, seen at a hundred thousand; the disk must hold a tenth more, and the log.
BYTES_PER_CASE, BYTES_OF_LOG = 4_800, 9_000_000_000
# As many tables are filled at a time.
FILLING = 2
TEMPLATES, DAYS = 1000, 330
MEANWHILE = {"autovacuum": "off", "max_wal_size": "8GB"}
_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL), a.attidentity <> '' OR a.attgenerated <> ''
    FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
"""


class TooLittleDisk(RuntimeError):
    """The disk does not hold so many cases."""


class NotFilled(RuntimeError):
    """A copy could not be filled."""


def growth(bench: "Bench") -> None:
    """Fill copies of the installation and measure each in turn."""
    sizes = [int(size) for size in bench.options.growth.split(",")]
    load(bench.site.url, bench.senders, "--closed", "--requests", str(TEMPLATES), "--seconds", "120")
    refuse_too_little_disk(bench, sum(sizes))
    bench.site.stop()
    copies = {}
    for size in sizes:
        folder = bench.site.folder.with_name(f"{bench.site.folder.name}-{size}")
        shutil.copytree(
            bench.site.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("socket", "*.log")
        )
        give_to_postgres(bench, folder)
        copies[size] = Installation(folder, bench.site.people)
    figures = {size: Figures() for size in sizes}
    try:
        for size, site in copies.items():
            began = time.monotonic()
            filled = site.python(__file__, str(size))
            if filled.returncode:
                raise NotFilled(filled.stderr)
            print(f"filled {size:,} cases in {time.monotonic() - began:.0f} s", flush=True)
        for site in copies.values():
            site.start()
            site.wait_until_ready(300)
            load(site.url, bench.senders, *bench.closed(64))
        for _ in range(bench.options.rounds * 2):
            for size, site in copies.items():
                measured(figures[size], site.cpu_seconds, site.url, bench.senders, *bench.closed(64))
        tell(bench, figures, copies)
    finally:
        for site in copies.values():
            site.stop()
            shutil.rmtree(site.folder)
        bench.site.start()
        bench.site.wait_until_ready(120)


def tell(bench: "Bench", figures: dict[int, Figures], copies: dict[int, Installation]) -> None:
    """Print cost and ratio for each size."""
    least = figures[min(figures)]
    bench.head("stored cases", "a second", "p95 ms", "CPU ms", "CPU to least", "GB on disk", "wanted")
    for size, seen in sorted(figures.items()):
        with psycopg.connect(copies[size].database_url()) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        gigabytes = row[0] / 1e9 if row else 0.0
        wanted = "1.15 at most" if size >= 10_000_000 else ""
        bench.say(f"{size:,}", seen.speed, seen.p95, seen.cpu, seen.cpu / least.cpu, gigabytes, wanted)


def refuse_too_little_disk(bench: "Bench", cases: int) -> None:
    """Raise ``TooLittleDisk`` before anything is filled."""
    free = shutil.disk_usage(bench.site.folder).free
    needed = cases * BYTES_PER_CASE * 1.1 + BYTES_OF_LOG
    if free < needed:
        raise TooLittleDisk(
            f"{cases:,} cases need about {needed / 1e9:.0f} GB and {bench.site.folder} has {free / 1e9:.0f} GB free"
        )


def give_to_postgres(bench: "Bench", folder: object) -> None:
    """Let the copied files belong to the account that PostgreSQL runs as."""
    from pathlib import Path

    if os.geteuid() == 0:
        below = bench.site.folder / "postgres" / "data"
        owner = below.stat()
        top = Path(str(folder)) / "postgres" / "data"
        for path in (top, *top.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def fill(url: str, cases: int) -> None:
    """Store so many cases, in every table that a request writes to, over the months before today."""
    with psycopg.connect(url, autocommit=True) as connection, set_meanwhile(connection):
        connection.execute(f"SELECT create_months((current_date - {DAYS + 31})::date, 14)")
        numbers = [
            number
            for (number,) in connection.execute(
                "SELECT number FROM cases_case WHERE phase = 'granted' ORDER BY filed_at DESC LIMIT %s",
                [TEMPLATES],
            )
        ]
        copies = -(-cases // len(numbers))
        tables = tables_of(connection, numbers[0])
        with ThreadPoolExecutor(FILLING) as pool:
            for _ in pool.map(lambda table: _fill(url, table, tables[table], numbers, copies), tables):
                pass
        # Those who come next draw in the list that the copies left half full.
        connection.execute(
            "SELECT setval('credentials_issued', %s)", [ISSUED_PER_LIST + copies * len(numbers)]
        )
        connection.execute("VACUUM (ANALYZE, FREEZE)")
    # What the filling left to be written must not be written while others are measured.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    os.sync()


@contextmanager
def set_meanwhile(connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[None]:
    """Let the server look after its tables less often while they are filled, and as before afterward."""
    for name, value in MEANWHILE.items():
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    connection.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        for name in MEANWHILE:
            connection.execute(f"ALTER SYSTEM RESET {name}")
        connection.execute("SELECT pg_reload_conf()")


def _fill(url: str, table: str, named_by: str, numbers: list[str], copies: int) -> None:
    """Copy the rows that the cases have in the table so many times, on a connection of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off; SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute(
            sql.SQL(
                "CREATE TEMP TABLE template AS SELECT t.*, named.ordinal AS template_ordinal"
                " FROM unnest({numbers}::text[]) WITH ORDINALITY AS named (number, ordinal)"
                " JOIN {table} t ON t.{by} = named.number"
            ).format(numbers=sql.Literal(numbers), table=sql.Identifier(table), by=sql.Identifier(named_by))
        )
        filling = _filling(connection, table, named_by, len(numbers))
        left_out = _indexes_of(connection, table)
        for drop, _ in left_out:
            connection.execute(drop)
        for first in range(1, copies + 1, 100):
            connection.execute(filling, [first, min(copies, first + 99)])
        for _, make in left_out:
            connection.execute(make)


def _indexes_of(
    connection: "psycopg.Connection[tuple[object, ...]]", table: str
) -> list[tuple[sql.SQL, sql.SQL]]:
    """Return for each index that no foreign key needs the statement that drops it and the one that makes it again."""
    found = []
    for index, key, definition in connection.execute(_INDEXES, {"table": table}).fetchall():
        if key is None:
            made = str(definition).replace(" ON ONLY ", " ON ")
            found.append((f"DROP INDEX {index}", made))
        else:
            begins = f"ALTER TABLE {table}"
            found.append((f"{begins} DROP CONSTRAINT {key}", f"{begins} ADD CONSTRAINT {key} {definition}"))
    return [(sql.SQL(drop), sql.SQL(make)) for drop, make in found]


_INDEXES = """
    SELECT i.indexrelid::regclass::text, quote_ident(c.conname),
        coalesce(pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid))
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid
    WHERE i.indrelid = %(table)s::regclass
        AND NOT EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid)
"""


def _filling(
    connection: "psycopg.Connection[tuple[object, ...]]", table: str, named_by: str, templates: int
) -> sql.Composed:
    """Return the statement that copies the rows of the templates, each copy some days older than the one before."""
    names, values = [], []
    days = sql.SQL("(1 + copy %% {})").format(sql.Literal(DAYS))
    for name, kind, made in connection.execute(_COLUMNS, [table]).fetchall():
        if made or name == "id":
            if kind != "uuid":
                continue
            # Those of passes begin with the time, as filing draws them.
            value = sql.SQL("uuidv7()" if table == "credentials_credential" else "gen_random_uuid()")
        else:
            value = _value(name, str(kind), named_by, days, templates)
        names.append(sql.Identifier(str(name)))
        values.append(value)
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM template AS t"
        " CROSS JOIN generate_series(%s::int, %s::int) AS copy"
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(names),
        values=sql.SQL(", ").join(values),
    )


def _value(name: object, kind: str, named_by: str, days: sql.Composed, templates: int) -> sql.Composable:
    """Return what stands in a column of a copied row."""
    column = sql.SQL("t.{}").format(sql.Identifier(str(name)))
    order = sql.SQL("(copy * {} + t.template_ordinal)").format(sql.Literal(templates))
    if name == named_by:
        day = sql.SQL("(substring({} from '-([0-9]{{8}})-')::date - {}::int)").format(column, days)
        # Beyond the numbers that the city itself gave on that day.
        of_day = sql.SQL("(1000000 + copy / {} * {} + t.template_ordinal)").format(
            sql.Literal(DAYS), sql.Literal(templates)
        )
        return sql.SQL(
            "split_part({}, '-', 1) || '-' || to_char({}, 'YYYYMMDD') || '-' || lpad({}::text, 7, '0')"
        ).format(column, day, of_day)
    if kind in ("timestamp with time zone", "date"):
        unit = sql.SQL("{}::int") if kind == "date" else sql.SQL("{} * interval '1 day'")
        return sql.SQL("{} - ").format(column) + unit.format(days)
    match str(name):
        case "revocation_id":
            # As many in each list as are drawn there, spread over it, from the second list on.
            return sql.SQL("(1 + ({n} - 1) / {half}) * {whole}::bigint + mod({n} * 7919, {whole})").format(
                n=order, half=sql.Literal(ISSUED_PER_LIST), whole=sql.Literal(IDS_PER_LIST)
            )
        case "key":
            return sql.SQL("'filled-' || ") + order
        case "sequence":
            return sql.SQL("{} + copy * 1000000::bigint").format(column)
        case "explanation":
            # Nobody reads it back here, and ten million of them fill the disk.
            return sql.SQL("'{}'::jsonb")
        case _:
            return column


if __name__ == "__main__":
    with postgres.server_of_one_command():
        fill(environment.embedded_url("postgres"), int(sys.argv[1]))
