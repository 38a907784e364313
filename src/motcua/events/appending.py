"""Rows appended by columns: a prepared statement for each table, so that many tables are filled in one round trip.

As quick in PostgreSQL as COPY for the few hundred rows of a batch, and nobody is woken between two tables.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from motcua.events.copying import array_cell
from motcua.events.trips import Rows

# Name, kind, and the values as texts: one for all rows, or one for each.
Column = tuple[str, str, str | Sequence[str]]
# Bytes, written as hexadecimal digits.
HEX = "hex"


def appended(table: str, columns: Sequence[Column]) -> Rows:
    """Return the statement that appends rows to the table, to be run with others in one round trip.

    At least one column has a value for each row. Table, names and kinds are written by the program, never by people.
    """
    like = tuple([(name, kind, type(values) is str) for name, kind, values in columns])
    return Rows(
        _statement(table, like),
        tuple(
            [
                values if isinstance(values, str) else _ARRAYS.get(kind, _plain_array)(values)
                for _, kind, values in columns
            ]
        ),
    )


@lru_cache(maxsize=256)
def _statement(table: str, like: Sequence[tuple[str, str, bool]]) -> str:
    names = ", ".join([f'"{name}"' for name, _, _ in like])
    arrays, aliases, cells = [], [], []
    for place, (_, kind, is_one) in enumerate(like, 1):
        sql = "text" if kind == HEX else kind
        cell = f"${place}::{sql}" if is_one else f"w{place}"
        if not is_one:
            arrays.append(f"${place}::{sql}[]")
            aliases.append(cell)
        cells.append(f"decode({cell}, 'hex')" if kind == HEX else cell)
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(cells)}"  # noqa: S608 - see above
        f" FROM unnest({', '.join(arrays)}) AS w ({', '.join(aliases)})"
    )


def _plain_array(texts: Sequence[str]) -> str:
    """Write an array of what has no letter that PostgreSQL would want quoted: numbers, moments, identities."""
    return "{" + ",".join(texts) + "}"


def _json_array(texts: Sequence[str]) -> str:
    """Write an array of JSON, which has many quotation marks and no raw zero."""
    whole = "\0".join(texts).replace("\\", "\\\\").replace('"', '\\"')
    if whole.count("\0") != len(texts) - 1:
        return array_cell(texts)
    return '{"' + whole.replace("\0", '","') + '"}'


_ARRAYS: dict[str, Callable[[Sequence[str]], str]] = {
    "text": array_cell,
    "ltree": array_cell,
    HEX: array_cell,
    "jsonb": _json_array,
}
