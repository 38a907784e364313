"""What a database says of the columns of a relation: their types, and the digits of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from motcua.rules.sql.subset import Digits, NotInSubset


class Connection(Protocol):
    """What DuckDB's and psycopg's connections have in common; a Spark session has `sql` instead."""

    def execute(self, query: str) -> Any:  # a cursor of the driver's own type
        """Run a statement."""


class BinaryFloat(NotInSubset):
    """A column of binary floats, which would make decimals inexact."""


class ColumnTooWide(NotInSubset):
    """A column that can hold more digits than the arithmetic of a statement counts on."""


AT_ONCE = 10_000
_INTEGERS = {
    "tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19, "hugeint": 39,
    "utinyint": 3, "usmallint": 5, "uinteger": 10, "ubigint": 20, "uhugeint": 39, "int": 10,
}  # fmt: skip
_FLOATS = ("double", "float", "real")
# PostgreSQL's types by number, as its driver gives them.
_POSTGRES = {20: "bigint", 21: "smallint", 23: "integer", 700: "float", 701: "double"}
_POSTGRES_NUMERIC = 1700


def rows_of(connection: Any, query: str) -> list[tuple[Any, ...]]:  # any driver's connection
    """Run a query and return its rows as tuples."""
    if hasattr(connection, "createDataFrame"):
        return [tuple(row) for row in connection.sql(query).collect()]
    rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return rows


def streamed(connection: Any, query: str) -> Iterator[tuple[Any, ...]]:
    """Run a query and return its rows one after the other, without holding them all."""
    if hasattr(connection, "createDataFrame"):
        yield from (tuple(row) for row in connection.sql(query).toLocalIterator())
        return
    # A cursor of its own leaves the connection free for what is done with the rows.
    cursor = connection.cursor()
    try:
        cursor.execute(query)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows
    finally:
        cursor.close()


def column_names(connection: Any, dialect: str, source: str) -> list[str]:
    """Return the names of the columns of a relation."""
    query = f"SELECT * FROM {source}"
    if dialect == "spark":
        return list(connection.sql(query).columns)
    return [one[0] for one in connection.execute(f"{query} LIMIT 0").description]


def column_types(connection: Any, dialect: str, source: str, columns: Sequence[str]) -> list[str]:
    """Return the type of each column of the relation, in small letters; decimals as decimal(38,6)."""
    picked = f"SELECT {', '.join(columns)} FROM {source}"
    if dialect == "duckdb":
        return [str(row[1]).lower() for row in connection.execute(f"DESCRIBE {picked}").fetchall()]
    if dialect == "spark":
        return [str(kind).lower() for _, kind in connection.sql(picked).dtypes]
    found = connection.execute(f"{picked} LIMIT 0").description
    return [_postgres_type(one) for one in found]


def _postgres_type(column: Any) -> str:  # psycopg's own class
    if column.type_code == _POSTGRES_NUMERIC and column.precision is not None:
        return f"decimal({column.precision},{column.scale or 0})"
    return _POSTGRES.get(column.type_code, "other")


def digits_of_type(kind: str) -> Digits | None:
    """Return the digits of a number type; None for what is no number, or has no bound."""
    decimal = re.fullmatch(r"decimal\((\d+), ?(\d+)\)", kind)
    if decimal:
        return Digits(int(decimal[1]) - int(decimal[2]), int(decimal[2]))
    whole = _INTEGERS.get(kind)
    return None if whole is None else Digits(whole, 0)


def check_columns(
    connection: Any,
    *,
    dialect: str,
    source: str,
    columns: Mapping[str, str],
    digits: Mapping[str, Digits],
    decision: str,
) -> None:
    """Refuse binary floats among input columns, and columns wider than the arithmetic counts on.

    `columns` gives each input's SQL, `digits` what arithmetic counts on. Raises BinaryFloat and ColumnTooWide.
    """
    if not columns:
        return
    types = column_types(connection, dialect, source, list(columns.values()))
    for (name, column), kind in zip(columns.items(), types, strict=True):
        if kind in _FLOATS:
            raise BinaryFloat(f"the {kind.upper()} column {column}", element=decision)
        seen, held = digits_of_type(kind), digits.get(name)
        if seen is not None and held is not None and (seen.whole > held.whole or seen.scale > held.scale):
            raise ColumnTooWide(
                f"the column {column} of {seen}, where {held} are counted on: say it by `numbers`",
                element=decision,
            )


def numbers_of(
    connection: Any, dialect: str, source: str, columns: Mapping[str, str]
) -> dict[str, tuple[int, int]]:
    """Return the width and scale of the number columns of a relation, as `over` takes them by `numbers`."""
    types = column_types(connection, dialect, source, list(columns.values())) if columns else []
    found = {name: digits_of_type(kind) for name, kind in zip(columns, types, strict=True)}
    return {name: (one.whole + one.scale, one.scale) for name, one in found.items() if one is not None}
