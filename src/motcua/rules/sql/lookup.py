"""Large tables by the classes that their cells can tell apart: an array of rule numbers, or a joined relation."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
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

# A tree of CASE takes about 1.5 ns a row for each arm that is passed, an array access 10 to 20 ns whatever its size,
# and a joined relation 15 to 30 ns (see docs/adr/0015): from so many rules on, what does not grow with them wins.
LEAST_RULES = 48
LARGEST_ARRAY = 60_000
LARGEST_RELATION = 200_000
# So few texts are compared one after the other; more are searched by halves, and many are joined as a relation.
MOST_IN_A_ROW = 8
MOST_SEARCHED = 32


@dataclass(frozen=True, slots=True)
class Places:
    """Where the classes of a row stand among all: one whole number, from relations of texts where there are many.

    `groups` holds for each input the sets of rules, as bits, that its groups of classes are accepted by.
    """

    place: str
    joins: str
    joined: int
    groups: tuple[tuple[int, ...], ...]
    rules: int

    @property
    def size(self) -> int:
        """How many combinations of groups there are."""
        return math.prod(len(one) for one in self.groups)

    def looked_up(
        self, dialect: Dialect, pick: Callable[[int], int], numbering: Sequence[int | None]
    ) -> Numbered:
        """Return what `numbering` has for the rule that `pick` says, by one array over all combinations."""
        picks = [numbering[pick(_together(one))] for one in itertools.product(*self.groups)]
        text = dialect.number_at(picks, f"{self.place} + 1")
        way = Way("join" if self.joins else "lookup", self.rules, len(picks) + self.joined)
        return Numbered(text, way, self.joins, total=None not in numbering)

    def related(
        self, dialect: Dialect, order: Sequence[int], numbering: Sequence[int | None], owner: str
    ) -> Numbered | None:
        """Return it by a relation of the combinations that rules name; None where these are too many.

        `order` ranks the rules, of which only a last one may take every case.
        """
        found: dict[int, int] = {}
        rest = 0
        for rule in order:
            places = self._places(rule)
            if places is None:
                rest = rule + 1
                break
            for place in places:
                found.setdefault(place, rule + 1)
                if len(found) > LARGEST_RELATION:
                    return None
        at, number = dialect.name_of(f"{owner} at"), dialect.name_of(f"{owner} number")
        numbers = [numbering[rule] for rule in found.values()]
        relation = dialect.relation(
            {at: list(found), number: [-1 if one is None else one for one in numbers]}
        )
        otherwise = "NULL" if numbering[rest] is None else str(numbering[rest])
        text = f"NULLIF({number}, -1)" if None in numbers else number
        joins = f"{self.joins} LEFT JOIN {relation} ON {at} = {self.place}"
        way = Way("join", self.rules, len(found) + self.joined)
        return Numbered(f"COALESCE({text}, {otherwise})" if rest or otherwise != "NULL" else text, way, joins)

    def _places(self, rule: int) -> Iterator[int] | None:
        """Return the places that a rule accepts; None when it accepts them all."""
        accepted = [[group for group, rules in enumerate(one) if rules >> rule & 1] for one in self.groups]
        if all(len(some) == len(one) for some, one in zip(accepted, self.groups, strict=True)):
            return None
        sizes = [len(one) for one in self.groups]
        return (_place_of(combination, sizes) for combination in itertools.product(*accepted))


def _place_of(combination: Sequence[int], sizes: Sequence[int]) -> int:
    place = 0
    for group, size in zip(combination, sizes, strict=True):
        place = place * size + group
    return place


def places_of(
    writer: Expressions, table: CompiledTable, operands: Sequence[Sql], owner: str
) -> Places | None:
    """Return the places of a table's classes, or None where it is small or a cell says more than constants do."""
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
    place, joins, joined = "", "", 0
    for at, ((of_class, accepting), column, operand) in enumerate(
        zip(groups, columns, operands, strict=True)
    ):
        if column.kind is STRING and len(column.values) - 2 > MOST_SEARCHED:
            code, join = _joined_code(writer, column, of_class, operand, f"{owner} {at + 1}")
            joins += join
            joined += len(column.values) - 2
        else:
            code = _class_code(writer, column, of_class, operand)
        place = code if not place else f"({place}) * {len(accepting)} + {code}"
    accepted = tuple(tuple(accepting) for _, accepting in groups)
    return Places(place, joins, joined, accepted, len(table.cells))


def _joined_code(
    writer: Expressions, column: Column, of_class: Sequence[int], operand: Sql, name: str
) -> tuple[str, str]:
    """Return the group of a text among many, and the join with the relation that it is read from."""
    dialect = writer.dialect
    value, group = dialect.name_of(f"{name} text"), dialect.name_of(f"{name} group")
    texts = [writer.literal(one).text for one in column.values[:-2]]
    relation = dialect.relation({value: texts, group: list(of_class[:-2])})
    other, unknown = of_class[-2], of_class[-1]
    rest = (
        str(other)
        if other == unknown
        else f"CASE WHEN {operand.text} IS NULL THEN {unknown} ELSE {other} END"
    )
    return f"COALESCE({group}, {rest})", f" LEFT JOIN {relation} ON {value} = {operand.text}"


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
