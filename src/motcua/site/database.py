"""Roles, migrations and grants: who may do what in the database.

Two roles work with it. The owner migrates and creates the tables of registers; the application can do neither,
and on the ledger it can only read and append.
"""

from datetime import UTC, datetime

import psycopg
from psycopg import sql

from motcua.site import environment

OWNER_ROLE = "motcua_owner"
APPLICATION_ROLE = "motcua_app"
# The application may append to these and read them, nothing else; partitions included.
APPEND_ONLY_TABLES = (
    "events_ledgerentry",
    "events_checkpoint",
    "registers_access",
    "registers_questionlist",
    "fees_feereceipt",
    "decisions_factheading",
    "documents_resultsignature",
    "archives_archiveddossier",
)


def prepare_embedded_roles() -> None:
    """Create both roles and the database in the embedded server; repeatable."""
    with psycopg.connect(environment.embedded_url("postgres", "postgres"), autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER_ROLE, APPLICATION_ROLE):
            if role not in roles:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'motcua'").fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE motcua OWNER {}").format(sql.Identifier(OWNER_ROLE)))


def grant_application_role() -> None:
    """Give the application role exactly its rights on what exists and on what the owner creates later; repeatable.

    Runs as the owner. Costs one statement per schema and append-only table.
    """
    owner = environment.parse_database_url(environment.database_url("owner"))
    application = environment.parse_database_url(environment.database_url("app")).user
    if application in ("", owner.user):
        # One role for both (a developer's own server): there is nobody to take rights from.
        return
    role = sql.Identifier(application)
    with psycopg.connect(environment.database_url("owner")) as connection:
        connection.execute(_ADVISORY_LOCK)
        for statement in _default_grants(role):
            connection.execute(statement)
        for (schema,) in connection.execute(_OUR_SCHEMAS).fetchall():
            for statement in _schema_grants(schema, role):
                connection.execute(statement)
        for table in APPEND_ONLY_TABLES:
            for schema, name in connection.execute(_TABLE_AND_PARTITIONS, {"table": table}).fetchall():
                connection.execute(
                    sql.SQL(
                        "REVOKE ALL ON {table} FROM {role}; GRANT SELECT, INSERT ON {table} TO {role}"
                    ).format(table=sql.Identifier(schema, name), role=role)
                )


# Two starts at once would otherwise collide on the catalogue rows of the grants.
_ADVISORY_LOCK = "SELECT pg_advisory_xact_lock(hashtext('motcua grants'))"
_OUR_SCHEMAS = (
    r"SELECT nspname FROM pg_namespace WHERE nspname = 'public' OR nspname LIKE 'register\_%' ORDER BY 1"
)
_TABLE_AND_PARTITIONS = """
    WITH RECURSIVE tree(relation) AS (
        SELECT to_regclass('public.' || quote_ident(%(table)s))::oid
        UNION ALL
        SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relation
    )
    SELECT nspname, relname
    FROM tree JOIN pg_class ON pg_class.oid = relation JOIN pg_namespace ON pg_namespace.oid = relnamespace
"""


def _default_grants(role: sql.Identifier) -> list[sql.Composed]:
    """Rights on what the owner will create between two migrations.

    That is the tables of a register declared later, and the next month's partition of an append-only table:
    so never UPDATE or DELETE.
    """
    return [
        sql.SQL("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {}").format(role),
        sql.SQL("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {}").format(role),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO {}").format(role),
        sql.SQL("ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {}").format(role),
    ]


def _schema_grants(schema: str, role: sql.Identifier) -> list[sql.Composed]:
    """Everything in our own tables; of the registers, which only the owner loads, reading."""
    rights = sql.SQL("SELECT, INSERT, UPDATE, DELETE" if schema == "public" else "SELECT")
    parts = {"schema": sql.Identifier(schema), "role": role, "rights": rights}
    return [
        sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**parts),
        sql.SQL("GRANT {rights} ON ALL TABLES IN SCHEMA {schema} TO {role}").format(**parts),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}").format(**parts),
    ]


def connect_as(role: environment.DatabaseRole) -> None:
    """Make Django of this process work as ``role`` from now on."""
    from django.db import connections

    from motcua.site.settings import database_settings

    connections["default"].close()
    connections["default"].settings_dict.update(database_settings(role))


def migrate(*, verbosity: int = 1) -> None:
    """Bring the tables to the present version as the owner, then give the application its rights."""
    from django.core.management import call_command

    from motcua.events.services import create_months

    if environment.uses_embedded_database():
        prepare_embedded_roles()
    connect_as("owner")
    call_command("migrate", interactive=False, verbosity=verbosity)
    create_months(now=datetime.now(UTC))
    grant_application_role()
