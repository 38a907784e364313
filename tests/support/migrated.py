"""One migrated database in the test server, which every process of a run copies: migrating takes eleven seconds.

Processes of several runs and checkouts may come at once. Each claims the databases it uses by an advisory lock on
their names, which the server lifts however the process ends. What nobody claims is left over from a run that was
killed or from other migrations, and goes.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from psycopg import sql

OURS = "test_motcua_"
_MIGRATED = f"{OURS}migrated_"
# Two numbers make a lock: this one for ours, then that of a name, or of looking after all of them.
_LOCKS = 7_060_321
_LOOKING_AFTER = 0
_LEFT_OVER = """
SELECT datname FROM pg_database
WHERE starts_with(datname, %(ours)s)
    AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname)
    AND NOT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND classid::bigint = %(locks)s
            AND objid::bigint = hashtext(pg_database.datname)::bigint & 4294967295
    )
"""


@contextmanager
def template_for(name: str) -> Iterator[str]:
    """Yield the database to copy for the one of this name; both are claimed until the end.

    Migrates when no run before left a database with these very migrations.
    """
    # Locks of this kind hold within one database, so all meet in the one that every server has.
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname="postgres", autocommit=True) as server:
        template = _MIGRATED + _version(server)
        server.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCKS, _LOOKING_AFTER])
        for used in (template, name):
            server.execute("SELECT pg_advisory_lock_shared(%s, hashtext(%s))", [_LOCKS, used])
        for (left_over,) in server.execute(_LEFT_OVER, {"ours": OURS, "locks": _LOCKS}).fetchall():
            # Somebody who looks into it keeps it for another time.
            with suppress(psycopg.errors.ObjectInUse):
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(left_over)))
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [template]).rowcount:
            _make(server, template)
        server.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, _LOOKING_AFTER])
        yield template


def _version(server: psycopg.Connection) -> str:
    """Return a hash over all that decides what a migrated database is like."""
    seen = sha256(f"{server.info.server_version} {metadata.version('procrastinate')}".encode())
    seen.update(metadata.version("django").encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            text = file.read_text(encoding="utf-8")
            seen.update(f"\0{app.label} {file.name}\0{text}".encode())
            # Our kinds of columns are defined outside the migrations.
            for module in re.findall(r"^(?:import|from) (motcua\.[\w.]+)", text, re.MULTILINE):
                spec = find_spec(module)
                seen.update(Path(spec.origin).read_bytes() if spec and spec.origin else b"")
    return seen.hexdigest()[:16]


def _make(server: psycopg.Connection, template: str) -> None:
    """Migrate a new database and name it only then, so that one cut off on its way is never copied."""
    unfinished = f"{template}_unfinished"
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        call_command("migrate", interactive=False, run_syncdb=True, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    # PostgreSQL copies no database that somebody is in.
    for change in (
        sql.SQL("ALLOW_CONNECTIONS false"),
        sql.SQL("RENAME TO {}").format(sql.Identifier(template)),
    ):
        server.execute(sql.SQL("ALTER DATABASE {} {}").format(sql.Identifier(unfinished), change))
