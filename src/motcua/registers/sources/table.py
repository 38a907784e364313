"""A register in our own database: one statement reads everything that is asked of it."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import OperationalError, connection
from psycopg import errors, sql

from motcua.registers.declaration import Declaration
from motcua.registers.facts import Value
from motcua.registers.questions import Asked
from motcua.registers.readings import MOST_RECORDS, Cells, Found, Reading, SourceSilent
from motcua.registers.tables import records_of

_GUARDED = sql.SQL(
    "SAVEPOINT reading;"
    " SELECT set_config('motcua.before', current_setting('statement_timeout'), true);"
    " SELECT set_config('statement_timeout', %s, true);"
    " {statement};"
    " SELECT set_config('statement_timeout', current_setting('motcua.before'), true);"
    " RELEASE SAVEPOINT reading"
)
# Place of the statement among those above.
_RESULT = 3

Parameter = Value | list[bytes] | int


def read_table(
    *,
    declaration: Declaration,
    readings: Sequence[Reading],
    person_keys: Sequence[bytes],
    purpose: str,
    within_seconds: float,
    now: datetime,
) -> Callable[[], Found]:
    """Prepare the statement; calling the result runs it, and raises ``SourceSilent`` when time is up."""
    del purpose, now  # the log has them; the table itself does not need to know

    statement, values = _statement(declaration, readings, list(person_keys))

    def finish() -> Found:
        found: dict[tuple[int, bytes], list[Cells]] = {}
        for reading, person, cells in _run(declaration.name, statement, values, within_seconds):
            key = (reading, bytes(person) if person is not None else b"")
            found.setdefault(key, []).append(tuple(cells))
        return Found(found)

    return finish


def _run(
    name: str, statement: sql.Composed, values: list[Parameter], within_seconds: float
) -> list[tuple[int, bytes | None, list[str | None]]]:
    milliseconds = str(max(1, math.ceil(within_seconds * 1000)))
    with connection.cursor() as cursor:
        try:
            # One round trip: a savepoint, so that a statement that ran out of time leaves the caller's
            # transaction whole, and a time limit that ends with the statement.
            cursor.execute(_GUARDED.format(statement=statement), [milliseconds, *values])
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.QueryCanceled):
                raise
            cursor.execute("ROLLBACK TO SAVEPOINT reading")
            raise SourceSilent(f"The register {name} did not answer within {within_seconds} s") from error
        for _ in range(_RESULT):
            cursor.nextset()
        rows: list[tuple[int, bytes | None, list[str | None]]] = cursor.fetchall()
    return rows


def _statement(
    declaration: Declaration, readings: Sequence[Reading], person_keys: list[bytes]
) -> tuple[sql.Composed, list[Parameter]]:
    parts: list[sql.Composable] = []
    values: list[Parameter] = []
    for number, reading in enumerate(readings):
        conditions: list[sql.Composable] = []
        wanted: list[Parameter] = []
        for column, value in reading.exact:
            if value is Asked.PERSON:
                conditions.append(sql.SQL("{} = asked.person").format(sql.Identifier(column)))
            else:
                conditions.append(sql.SQL("{} = %s").format(sql.Identifier(column)))
                wanted.append(value)
        persons = sql.SQL("unnest(%s::bytea[])" if reading.about_person else "unnest(ARRAY[NULL::bytea])")
        if reading.about_person:
            values.append(person_keys)
        values.extend([*wanted, MOST_RECORDS + 1])
        parts.append(
            sql.SQL(
                "SELECT {number}, asked.person, read.cells FROM {persons} AS asked (person)"
                " CROSS JOIN LATERAL (SELECT {cells} AS cells FROM {records} WHERE {where} LIMIT %s) AS read"
            ).format(
                number=sql.Literal(number),
                persons=persons,
                cells=_cells(declaration, reading.columns),
                records=records_of(declaration),
                where=sql.SQL(" AND ").join(conditions),
            )
        )
    return sql.SQL(" UNION ALL ").join(parts), values


def _cells(declaration: Declaration, columns: tuple[str, ...]) -> sql.Composable:
    """Return the columns as an array of texts, as ``answers.value_of`` reads them."""
    texts: list[sql.Composable] = []
    for name in columns:
        as_text = "encode({}, 'hex')" if declaration.column(name).type == "person" else "{}::text"
        texts.append(sql.SQL(as_text).format(sql.Identifier(name)))
    return sql.SQL("ARRAY[{}]::text[]").format(sql.SQL(", ").join(texts))
