"""Hit policies: what a table makes of the outputs of the rules hit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from motcua.rules.operators import add, equal, order
from motcua.rules.tables import CompiledTable
from motcua.rules.values import Value


def hit_policy(made: CompiledTable, policy: str, aggregation: str) -> Callable[[list[Value]], Value]:
    """Return what a policy makes of the outputs of the rules hit, in rule order."""
    if policy == "A":
        return _all_same
    if policy == "P":
        return lambda rows: _ranked(made, rows)[0]
    if policy == "O":
        return lambda rows: _ranked(made, rows)
    if policy == "R" or not aggregation:
        return lambda rows: rows
    return {"COUNT": _count, "SUM": _sum, "MIN": _smallest, "MAX": _largest}[aggregation]


def _all_same(rows: list[Value]) -> Value:
    first = rows[0]
    return first if all(equal(first, row) is True or first is row for row in rows[1:]) else None


def _ranked(made: CompiledTable, rows: list[Value]) -> list[Value]:
    names = [clause.name for clause in made.table.outputs]

    def place(row: Value) -> tuple[int, ...]:
        cells = [row] if len(names) == 1 else [row[name] for name in names]
        return tuple(
            next((at for at, one in enumerate(wanted) if equal(one, cell) is True), len(wanted))
            for wanted, cell in zip(made.priorities, cells, strict=True)
        )

    return sorted(rows, key=place)


def _count(rows: list[Value]) -> Value:
    return Decimal(len(rows))


def _sum(rows: list[Value]) -> Value:
    value = rows[0]
    for row in rows[1:]:
        value = add(value, row)
    return value


def _extreme(rows: list[Value], wanted: int) -> Value:
    best = rows[0]
    for row in rows[1:]:
        found = order(row, best)
        if found is None:
            return None
        if found == wanted:
            best = row
    return best


def _smallest(rows: list[Value]) -> Value:
    return _extreme(rows, -1)


def _largest(rows: list[Value]) -> Value:
    return _extreme(rows, 1)
