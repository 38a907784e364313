"""The application role can append to the ledger and read it, nothing else; the owner's work is not its own."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from motcua.site import database
from motcua.site.settings import database_settings

ROLE = "motcua_app_of_tests"


@pytest.fixture(scope="module")
def owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[psycopg.Connection]:
    """Connect to the test database as its owner, outside Django's transactions."""
    del django_db_setup
    with django_db_blocker.unblock():
        parameters = connection.get_connection_params()
    address = {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port")
        if name in parameters
    }
    with psycopg.connect(**address, autocommit=True) as owner:
        yield owner


@pytest.fixture(scope="module")
def application(owner: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """Connect as a role that has just been granted the application's rights."""
    address = f"/{owner.info.dbname}?host={owner.info.host}&port={owner.info.port}"
    if owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
        owner.execute(f"CREATE ROLE {ROLE} LOGIN")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", f"postgresql://{ROLE}@{address}")
        environment.setenv("DATABASE_OWNER_URL", f"postgresql://{owner.info.user}@{address}")
        database.grant_application_role()
    with psycopg.connect(f"postgresql://{ROLE}@{address}", autocommit=True) as role:
        yield role
    owner.execute(f"DROP OWNED BY {ROLE}")


@pytest.mark.parametrize("table", database.APPEND_ONLY_TABLES)
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"])
def test_ledger_cannot_be_changed(application: psycopg.Connection, table: str, right: str) -> None:
    assert application.execute("SELECT has_table_privilege(%s, %s)", [table, right]).fetchone() == (False,)


@pytest.mark.parametrize("table", database.APPEND_ONLY_TABLES)
def test_ledger_cannot_be_emptied(application: psycopg.Connection, table: str) -> None:
    for act in ("DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(sql.SQL(act).format(sql.Identifier(table)))


@pytest.mark.parametrize("table", ["events_ledgerentry", "registers_access"])
def test_partitions_are_no_way_around(application: psycopg.Connection, table: str) -> None:
    partitions = application.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table]
    ).fetchall()

    assert partitions
    for (partition,) in partitions:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(f"DELETE FROM {partition}")


@pytest.mark.parametrize("table", database.APPEND_ONLY_TABLES)
@pytest.mark.parametrize("right", ["SELECT", "INSERT"])
def test_ledger_can_be_read_and_appended(application: psycopg.Connection, table: str, right: str) -> None:
    assert application.execute("SELECT has_table_privilege(%s, %s)", [table, right]).fetchone() == (True,)


def test_application_creates_no_tables(application: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("CREATE TABLE planted (id int)")


def test_next_partition_is_born_closed(owner: psycopg.Connection, application: psycopg.Connection) -> None:
    owner.execute(
        "CREATE TABLE events_ledgerentry_next PARTITION OF events_ledgerentry"
        " FOR VALUES FROM ('2090-01-01') TO ('2090-02-01')"
    )
    try:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM events_ledgerentry_next")
    finally:
        owner.execute("DROP TABLE events_ledgerentry_next")


def test_month_that_the_application_has_made_is_closed_to_it(
    owner: psycopg.Connection, application: psycopg.Connection
) -> None:
    application.execute("SELECT create_months('2089-03-01', 1)")
    try:
        application.execute(
            "INSERT INTO events_ledgerentry"
            " (agency_path, happened_at, lane, sequence, name, subject, actor, body, hash)"
            " VALUES ('dn', '2089-03-05', 0, 9999999, 'Planted', 'x', 'machine', '{}', sha256('x'))"
        )
        kept = owner.execute("SELECT count(*) FROM events_ledgerentry_208903").fetchone()
        for table in ("events_ledgerentry", "events_ledgerentry_208903"):
            for act in ("UPDATE {} SET name = 'y'", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    application.execute(sql.SQL(act).format(sql.Identifier(table)))
        assert kept == (1,)
        assert owner.execute("SELECT name FROM events_ledgerentry_208903").fetchall() == [("Planted",)]
    finally:
        for parent in ("events_ledgerentry", "registers_access", "cases_case", "decisions_decisionrecord"):
            owner.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(f"{parent}_208903")))


def test_register_declared_later_is_read_not_written(
    owner: psycopg.Connection, application: psycopg.Connection
) -> None:
    owner.execute("CREATE SCHEMA register_of_tests")
    owner.execute("CREATE TABLE register_of_tests.records (name text)")
    try:
        assert application.execute("SELECT count(*) FROM register_of_tests.records").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("INSERT INTO register_of_tests.records VALUES ('x')")
    finally:
        owner.execute("DROP SCHEMA register_of_tests CASCADE")


def test_application_works_with_time_limits_and_full_durability() -> None:
    options = str(database_settings("app")["OPTIONS"]["options"])

    assert "statement_timeout=30000" in options
    assert "synchronous_commit" not in options
