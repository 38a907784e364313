"""Declaring a register: its row, its schema and its empty table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from psycopg import sql

from motcua.directives.services import declare_parameters, withdraw_parameters
from motcua.registers.declaration import Declaration
from motcua.registers.models import Register
from motcua.registers.tables import create_indexes, create_table, records_of

APPLICATION_ROLE: Final = "motcua_app"


@dataclass(frozen=True, slots=True)
class Declared:
    """What declaring did; ``must_load`` says that the register holds nothing until a file is loaded."""

    name: str
    created: bool
    must_load: bool


@transaction.atomic
def declare(declaration: Declaration, *, now: datetime) -> Declared:
    """Create the register or bring it to the declaration; needs the owner role of the database.

    The same declaration again changes nothing. Other columns, key, lookups or source empty the register: until
    a file is loaded its answers are unknown, never no. For one kept by directives it says what they may set.
    """
    register = Register.objects.select_for_update().filter(name=declaration.name).first()
    content = declaration.model_dump(mode="json")
    created = register is None
    before = None if register is None else Declaration.model_validate(register.declaration)
    reshaped = before is None or _shape(before) != _shape(declaration)
    if register is None:
        register = Register(name=declaration.name)
    if created or register.declaration != content:
        register.title_vi = declaration.title.vi
        register.title_en = declaration.title.en
        register.owner = declaration.owner
        register.source = declaration.source
        register.declaration = content
        register.declared_at = now
        if reshaped:
            register.current_load = None
        register.save()
    if reshaped and before is not None and before.source == "table":
        _drop_records(before)
    if reshaped and declaration.source == "table":
        _create_records(declaration)
    if declaration.source == "directive":
        if created or before != declaration:
            declare_parameters(register=declaration.name, specs=declaration.parameters, now=now)
    elif before is not None and before.source == "directive":
        withdraw_parameters(register=declaration.name, now=now)
    return Declared(
        name=declaration.name,
        created=created,
        must_load=declaration.source == "table" and register.current_load_id is None,
    )


def _shape(declaration: Declaration) -> tuple[object, ...]:
    return declaration.source, declaration.columns, declaration.key, declaration.lookups


def _drop_records(declaration: Declaration) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(records_of(declaration)))


def _create_records(declaration: Declaration) -> None:
    schema = sql.Identifier(declaration.schema_name)
    records = records_of(declaration)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE])
        if cursor.fetchone():
            role = sql.Identifier(APPLICATION_ROLE)
            cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role))
            # Every load makes a new table; the default right goes with it.
            cursor.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO {}").format(
                    schema, role
                )
            )
        # A table may have stayed behind from a register of the same name.
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(records))
        cursor.execute(create_table(declaration, records))
        for statement in create_indexes(declaration, records):
            cursor.execute(statement)
