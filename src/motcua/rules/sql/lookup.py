"""Large tables as a dense lookup: the class of each input, and an array of rule numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from motcua.rules.domains import Column, column_of
from motcua.rules.kinds import BOOLEAN, DATE, NUMBER, STRING, plain
from motcua.rules.sql.dialects import Dialect
from motcua.rules.sql.expressions import Expressions
from motcua.rules.sql.grids import grid_of
from motcua.rules.sql.subset import Sql
from motcua.rules.sql.ways import Numbered, Way
from motcua.rules.tables import CompiledTable
from motcua.rules.values import Value

LEAST_RULES = 48
LARGEST_ARRAY = 60_000
# So few texts are compared one after the other; more are searched by halves.
MOST_IN_A_ROW = 8


@dataclass(frozen=True, slots=True)
class Dense:
    """The place of a row's classes in an array, and for each place the rule, from 1, or 0 for none."""

    place: str
    picks: tuple[int, ...]
    rules: int

    def numbered(self, dialect: Dialect, numbering: Sequence[int | None]) -> Numbered:
        """Return what `numbering` has for the rule: its first is for none."""
        text = dialect.number_at([numbering[pick] for pick in self.picks], f"{self.place} + 1")
        return Numbered(text, Way("lookup", self.rules, len(self.picks)), total=None not in numbering)


def dense_lookup(
    writer: Expressions,
    table: CompiledTable,
    operands: Sequence[Sql],
    pick: Callable[[int], int],
) -> Dense | None:
    """Return the table as one array access, or None where it is small or has too many classes.

    `pick` says which rule, from 1, a set of accepting rules given as bits comes to; 0 for none.
    """
    if len(table.cells) < LEAST_RULES or not operands:
        return None
    columns: list[Column] = []
    for at, operand in enumerate(operands):
        if operand.kind not in (NUMBER, STRING, BOOLEAN, DATE):
            return None
        cells = [[row[at]] for row in table.cells]
        column = column_of("", "", plain(table.input_types[at]), cells, None)
        if column.unclear or column.kind is not operand.kind or (column.kind is STRING and column.ordered):
            return None
        columns.append(column)
    groups = [_groups(column, len(table.cells)) for column in columns]
    size = math.prod(len(accepting) for _, accepting in groups)
    if size > LARGEST_ARRAY:
        return None
    place = ""
    for (of_class, accepting), column, operand in zip(groups, columns, operands, strict=True):
        code = _class_code(writer, column, of_class, operand)
        place = code if not place else f"({place}) * {len(accepting)} + {code}"
    picks = tuple(
        pick(_together(combination))
        for combination in itertools.product(*(accepting for _, accepting in groups))
    )
    return Dense(place, picks, len(table.cells))


def _together(sets: Sequence[int]) -> int:
    together = sets[0]
    for one in sets[1:]:
        together &= one
    return together


def _groups(column: Column, rules: int) -> tuple[list[int], list[int]]:
    """Return the group of each class, and for each group the rules that accept it, as bits."""
    accepting: dict[int, int] = {}
    of_class: list[int] = []
    for place in range(len(column.values)):
        bits = sum(1 << at for at in range(rules) if column.masks[at] >> place & 1)
        of_class.append(accepting.setdefault(bits, len(accepting)))
    return of_class, list(accepting)


def _class_code(writer: Expressions, column: Column, of_class: Sequence[int], operand: Sql) -> str:
    known = [(value, of_class[at]) for at, value in enumerate(column.values) if value is not None]
    unknown = of_class[len(column.values) - 1]
    text = operand.text
    if column.kind is BOOLEAN:
        yes, no = (group for _, group in known)
        return f"(CASE WHEN {text} THEN {yes} WHEN NOT {text} THEN {no} ELSE {unknown} END)"
    if column.kind is STRING:
        named = sorted(known[:-1], key=lambda pair: pair[0])
        return _among_texts(writer, text, named, known[-1][1], unknown)
    grid = grid_of(writer, text, known) if column.kind is NUMBER else None
    if grid is not None:
        return grid.text(writer, text, unknown)
    inner = _among_ordered(writer, text, known, _cut_values(column))
    return f"(CASE WHEN {text} IS NULL THEN {unknown} ELSE {inner} END)"


def _cut_values(column: Column) -> set[int]:
    """Return the places of the classes that are one value, not an interval."""
    return {at for at, value in enumerate(column.values) if value is not None and value in column.cuts}


def _among_ordered(writer: Expressions, text: str, known: Sequence[tuple[Value, int]], cuts: set[int]) -> str:
    def among(low: int, high: int) -> str:
        if all(known[at][1] == known[low][1] for at in range(low, high + 1)):
            return str(known[low][1])
        middle = (low + high) // 2
        # The border between a class and the next is the one of the two that is a single value.
        if middle in cuts:
            test = f"{text} <= {writer.literal(known[middle][0]).text}"
        else:
            test = f"{text} < {writer.literal(known[middle + 1][0]).text}"
        return f"CASE WHEN {test} THEN {among(low, middle)} ELSE {among(middle + 1, high)} END"

    return among(0, len(known) - 1)


def _among_texts(
    writer: Expressions, text: str, named: Sequence[tuple[Value, int]], other: int, unknown: int
) -> str:
    if len(named) <= MOST_IN_A_ROW:
        arms = " ".join(f"WHEN {text} = {writer.literal(value).text} THEN {group}" for value, group in named)
        if other != unknown:
            arms += f" WHEN {text} IS NULL THEN {unknown}"
        return f"(CASE {arms} ELSE {other} END)" if arms else str(other)
    compared = writer.dialect.by_code_point(text)

    def among(low: int, high: int) -> str:
        if low == high:
            value, group = named[low]
            return f"CASE WHEN {text} = {writer.literal(value).text} THEN {group} ELSE {other} END"
        middle = (low + high) // 2
        test = f"{compared} <= {writer.literal(named[middle][0]).text}"
        return f"CASE WHEN {test} THEN {among(low, middle)} ELSE {among(middle + 1, high)} END"

    return f"(CASE WHEN {text} IS NULL THEN {unknown} ELSE {among(0, len(named) - 1)} END)"
