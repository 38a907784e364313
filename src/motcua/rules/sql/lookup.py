"""Large tables by the classes that their cells can tell apart: an array of rule numbers, or a joined relation."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from motcua.rules.domains import Column, column_of, first_bit, rules_by_class
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
# What may be tried to find such combinations, and the largest whole number that a place may be.
MOST_TRIED = 2_000_000
LARGEST_PLACE = 2**31 - 1
# So few texts are compared one after the other; more are searched by halves, and many are joined as a relation.
MOST_IN_A_ROW = 8
MOST_SEARCHED = 32


@dataclass(frozen=True, slots=True)
class Places:
    """Where the classes of a row stand: `codes` has the group of each input, from `joins` where texts are many.

    `groups` holds for each input the sets of rules, as bits, that its groups of classes are accepted by. Bits
    are in `order`, the order in which the first rule that fires counts.
    """

    codes: tuple[str, ...]
    joins: str
    joined: int
    groups: tuple[tuple[int, ...], ...]
    order: Sequence[int]

    @property
    def place(self) -> str:
        """The place among all combinations of groups, as one whole number from 0."""
        text = self.codes[0]
        for code, accepting in zip(self.codes[1:], self.groups[1:], strict=True):
            text = f"({text}) * {len(accepting)} + {code}"
        return text

    @property
    def size(self) -> int:
        """How many combinations of groups there are."""
        return math.prod(len(one) for one in self.groups)

    def looked_up(self, dialect: Dialect, numbering: Sequence[int | None], *, alone: bool) -> Numbered:
        """Return what `numbering` has for the rule that fires, by one array over all combinations.

        If `alone`, several rules that fire together are none.
        """
        picks = [numbering[self._picked(one, alone)] for one in self._together()]
        text = dialect.number_at(picks, f"{self.place} + 1")
        way = Way("join" if self.joins else "lookup", len(self.order), len(picks) + self.joined)
        return Numbered(text, way, self.joins, total=None not in numbering)

    def _together(self) -> Sequence[int]:
        """Return the rules that accept each combination of groups, the last input's groups next to each other."""
        together = list(self.groups[0])
        for accepting in self.groups[1:]:
            together = [one & other for one in together for other in accepting]
        return together

    def _picked(self, accepting: int, alone: bool) -> int:
        if not accepting or (alone and accepting.bit_count() > 1):
            return 0
        return self.order[first_bit(accepting)] + 1

    def related(self, dialect: Dialect, numbering: Sequence[int | None], owner: str) -> Numbered | None:
        """Return it by a relation of the combinations that rules name; None where these are too many.

        A rule that takes every case is what stays where no rule before it fires.
        """
        last = self.everywhere
        asked = (1 << (len(self.order) if last is None else last)) - 1
        found = self._named(asked) if self.size <= LARGEST_PLACE else None
        if found is None:
            return None
        rest = numbering[0 if last is None else self.order[last] + 1]
        at, number = dialect.name_of(f"{owner} at"), dialect.name_of(f"{owner} number")
        numbers = [self.number(first_bit(rules), numbering) for _, rules in found]
        relation = dialect.relation({at: [place for place, _ in found], number: numbers})
        joins = f"{self.joins} LEFT JOIN {relation} ON {at} = {self.place}"
        way = Way("join", len(self.order), len(found) + self.joined)
        return Numbered(number if rest is None else f"COALESCE({number}, {rest})", way, joins)

    @property
    def everywhere(self) -> int | None:
        """The rank of the first rule that takes every case, if there is one."""
        taking = (1 << len(self.order)) - 1
        for accepting in itertools.chain(*self.groups):
            taking &= accepting
        return first_bit(taking) if taking else None

    def number(self, rank: int, numbering: Sequence[int | None]) -> int:
        """Return the number of the rule of a rank; only where no rule fires there may be none."""
        return numbering[self.order[rank] + 1] or 0

    def accepted(self, at: int) -> list[int]:
        """Return for each rule, in their order, the groups of an input that it accepts, as bits."""
        return rules_by_class(self.groups[at], len(self.order))

    def _named(self, asked: int) -> list[tuple[int, int]] | None:
        """Return the places where some of the rules fire, with these as bits; None where there are too many."""
        found = [(0, asked)]
        tried = 0
        for accepting in self.groups:
            tried += len(found) * len(accepting)
            if tried > MOST_TRIED:
                return None
            found = [
                (place * len(accepting) + group, both)
                for place, left in found
                for group, rules in enumerate(accepting)
                if (both := left & rules)
            ]
            if len(found) > LARGEST_RELATION:
                return None
        return found


def places_of(
    writer: Expressions, table: CompiledTable, operands: Sequence[Sql], order: Sequence[int]
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
    groups = [_groups(column, order) for column in columns]
    codes: list[str] = []
    joins, joined = "", 0
    for at, ((of_class, _), column, operand) in enumerate(zip(groups, columns, operands, strict=True)):
        if column.kind is STRING and len(column.values) - 2 > MOST_SEARCHED:
            code, join = _joined_code(writer, column, of_class, operand, f"{table.owner} {at + 1}")
            joins += join
            joined += len(column.values) - 2
        else:
            code = _class_code(writer, column, of_class, operand)
        codes.append(code)
    accepted = tuple(tuple(accepting) for _, accepting in groups)
    return Places(tuple(codes), joins, joined, accepted, order)


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


def _groups(column: Column, order: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the group of each class, and for each group the rules that accept it, as bits in their order."""
    accepting: dict[int, int] = {}
    by_class = rules_by_class([column.masks[rule] for rule in order], len(column.values))
    return [accepting.setdefault(bits, len(accepting)) for bits in by_class], list(accepting)


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
    cuts = set(column.cuts)
    return {at for at, value in enumerate(column.values) if value is not None and value in cuts}


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
