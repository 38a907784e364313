"""Decision tables as SQL: the number of the rule that fires, and its outputs by that number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from motcua.rules import syntax as s
from motcua.rules.analysis import TableCheck
from motcua.rules.codegen import constant_of
from motcua.rules.kinds import ANY, NULL, NUMBER, STRING, AllowedType, FeelType, plain
from motcua.rules.sql.candidates import by_candidates
from motcua.rules.sql.classes import Told, told
from motcua.rules.sql.expressions import Expressions
from motcua.rules.sql.lookup import LARGEST_ARRAY, places_of
from motcua.rules.sql.numbers import digits_in
from motcua.rules.sql.subset import SCALARS, NotInSubset, Sql
from motcua.rules.sql.trees import Tree
from motcua.rules.sql.ways import Numbered, Way, among
from motcua.rules.tables import CompiledTable
from motcua.rules.values import Value

# Beyond so many different outputs a CASE over the rule number is slower than an array.
MOST_ARMS = 12
_SMALL_WHOLE = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Groups:
    """The different answers of a table, numbered from 1, and the number for no rule, then for each rule."""

    answers: tuple[tuple[Value, ...], ...]
    numbering: tuple[int, ...]


class TableSql:
    """One table over operands that are already columns."""

    def __init__(self, writer: Expressions, table: CompiledTable, operands: Sequence[Sql]) -> None:
        self.writer = writer
        self.table = table
        self.operands = operands
        self.policy = table.table.policy
        self.aggregation = table.table.aggregation

    def refused(self, construct: str) -> NotInSubset:
        """Return the refusal of the table."""
        return NotInSubset(construct, element=self.table.owner)

    def conditions(self) -> list[str]:
        """Return one condition for each rule."""
        made: list[str] = []
        for row in self.table.cells:
            parts = [
                self.writer.cell(operand, cell) for operand, cell in zip(self.operands, row, strict=True)
            ]
            kept = [part for part in parts if part != "TRUE"]
            made.append(" AND ".join(kept) or "TRUE")
        return made

    def numbered(self, numbering: Sequence[int | None]) -> Numbered:
        """Return the number of the rule that fires: `numbering` has one for none, then one for each rule.

        Under U several rules that fire together are none, as the standard has it.
        """
        columns = self._told()
        order = self.ranked()
        alone = self.policy == "U" and self.may_overlap
        if self.policy == "A" and self.may_overlap:
            raise self.refused("an ANY table whose overlapping rules may disagree")
        large = self._large(order, numbering, alone=alone)
        if large is not None:
            return large
        labels = ["NULL" if number is None else str(number) for number in numbering]
        tree = Tree(self.writer, self.operands, self.table.cells, columns, labels)
        text = tree.written(order)
        if alone:
            hits = " + ".join(f"CASE WHEN {one} THEN 1 ELSE 0 END" for one in self.conditions())
            text = f"(CASE WHEN {hits} = 1 THEN {text} ELSE {labels[0]} END)"
        if text == "NULL":
            # A table that never decides has a number of no type, which PostgreSQL takes for a text.
            text = "CAST(NULL AS INTEGER)"
        way = Way("case", len(self.table.cells), tree.arms)
        return Numbered(text, way, total=None not in numbering or (tree.total and not alone))

    def _large(
        self, order: Sequence[int], numbering: Sequence[int | None], *, alone: bool
    ) -> Numbered | None:
        """Return the number by what does not grow with the rules: an array or a relation; None for a CASE."""
        places = places_of(self.writer, self.table, self.operands, order)
        if places is None:
            return None
        if places.size <= LARGEST_ARRAY:
            return places.looked_up(self.writer.dialect, numbering, alone=alone)
        if alone:
            return None
        return by_candidates(places, self.writer.dialect, numbering, self.table.owner) or places.related(
            self.writer.dialect, numbering, self.table.owner
        )

    def _told(self) -> list[Told | None]:
        kinds = self.table.input_types
        return [
            told(self.writer, operand, kinds[at], [row[at] for row in self.table.cells])
            for at, operand in enumerate(self.operands)
        ]

    def ranked(self) -> list[int]:
        """Return the rules in the order in which the first that fires counts."""
        places = range(len(self.table.cells))
        if self.policy in "UAF":
            return list(places)
        if self.policy != "P":
            raise self.refused(f"the hit policy {self.policy}")
        if any(constant_of(node) is None for row in self.table.outputs for node in row):
            raise self.refused("a PRIORITY table with computed outputs")
        check = TableCheck(self.table, None)
        return sorted(places, key=check.priority)

    @cached_property
    def may_overlap(self) -> bool:
        """Say whether two rules may fire together, as far as can be told."""
        check = TableCheck(self.table, None)
        return bool(check.unclear) or next(check.overlaps(), None) is not None or check.too_large

    def groups(self) -> Groups | None:
        """Return the different answers of a table of constants, or None when an answer is computed."""
        if self.policy == "U" and self.may_overlap and any(self.table.defaults):
            return None
        rows = [tuple(constant_of(node) for node in row) for row in self.table.outputs]
        default = tuple(
            s.Literal(None) if node is None else constant_of(node) for node in self.table.defaults
        )
        if any(one is None for row in (default, *rows) for one in row):
            return None
        values = [tuple(one.value if one is not None else None for one in row) for row in (default, *rows)]
        answers: dict[tuple[Value, ...], int] = {}
        # Numbers count from 1: an array of them then needs no other start.
        numbering = [answers.setdefault(row, len(answers) + 1) for row in values]
        return Groups(tuple(answers), tuple(numbering))

    def grouped_output(self, at: int, groups: Groups, number: str) -> Sql:
        """Return one output column, by the number of the answer."""
        made = [self.writer.literal(answer[at]) for answer in groups.answers]
        kind = self._kind(at, made)
        by_text: dict[str, list[int]] = {}
        codes: dict[Value, list[int]] = {}
        for place, (answer, one) in enumerate(zip(groups.answers, made, strict=True), 1):
            by_text.setdefault(one.text, []).append(place)
            codes.setdefault(answer[at], []).append(place)
        text = self._by_number(by_text, [one.text for one in made], number, None, total=True)
        if kind is not STRING:
            return self._typed(text, kind, made)
        numbers = {value: tuple(places) for value, places in codes.items()}
        return Sql(text, kind, codes={None: (), **numbers}, code_text=number)

    def output(self, at: int, rule: str, *, total: bool = False) -> Sql:
        """Return one output column, by the number of the rule that fired, which is never null if `total`."""
        made = [self.writer.value(row[at]) for row in self.table.outputs]
        default_node = self.table.defaults[at]
        default = self.writer.value(default_node) if default_node is not None else None
        kind = self._kind(at, [*made, *([default] if default is not None else [])])
        if default is not None and self.policy == "U" and self.may_overlap:
            raise self.refused("a UNIQUE table with overlaps and a default output")
        by_text: dict[str, list[int]] = {}
        for number, one in enumerate(made, 1):
            by_text.setdefault(one.text, []).append(number)
        items = [one.text for one in made] if all(one.constant for one in made) else []
        text = self._by_number(by_text, items, rule, default, total=total)
        return self._typed(text, kind, made if default is None else [*made, default])

    def _typed(self, text: str, kind: FeelType, made: Sequence[Sql]) -> Sql:
        if kind is NUMBER and any(one.kind is NUMBER for one in made):
            return self.writer.chosen(text, made)
        return Sql(text, kind)

    def _by_number(
        self,
        by_text: Mapping[str, Sequence[int]],
        items: Sequence[str],
        number: str,
        default: Sql | None,
        *,
        total: bool,
    ) -> str:
        """Return what stands at a number: an array of constants where there are many, else a CASE."""
        if len(by_text) > MOST_ARMS and default is None and items:
            if all(_SMALL_WHOLE.fullmatch(item) for item in items):
                return self.writer.dialect.number_at([int(item) for item in items], number)
            return self.writer.dialect.array_item(items, number)
        arms = {text: among(number, numbers) for text, numbers in by_text.items()}
        otherwise = "NULL"
        if default is not None:
            arms[default.text] = [*arms.get(default.text, ()), f"{number} IS NULL"]
        elif total:
            # What takes the most tests needs none.
            otherwise = max(arms, key=lambda text: len(arms[text]), default=otherwise)
        chain = " ".join(
            f"WHEN {test} THEN {text}" for text, tests in arms.items() if text != otherwise for test in tests
        )
        return f"(CASE {chain} ELSE {otherwise} END)" if chain else otherwise

    def _kind(self, at: int, made: Sequence[Sql]) -> FeelType:
        declared = plain(self.table.output_types[at])
        kinds = {one.kind for one in made} - {NULL}
        if len(kinds) > 1 or (declared is not ANY and kinds and kinds != {declared}):
            raise self.refused("an output of several types")
        kind = kinds.pop() if kinds else declared
        if kind not in SCALARS:
            raise self.refused(f"an output of type {kind}")
        if self.table.output_types[at] is not declared and any(not one.constant for one in made):
            raise self.refused("a computed output with allowed values")
        return kind

    def collected(self) -> Sql:
        """Return the aggregate of a COLLECT table with one output of constants."""
        if not self.aggregation:
            raise self.refused("a COLLECT table without aggregation gives a list")
        conditions = self.conditions()
        if self.aggregation == "COUNT":
            parts = [f"CASE WHEN {one} THEN 1 ELSE 0 END" for one in conditions]
            most = digits_in(Decimal(len(parts)))
            return Sql(f"({' + '.join(parts) or '0'})", NUMBER, digits=most, integer=True)
        values = [constant_of(row[0]) for row in self.table.outputs]
        numbers = [one.value for one in values if one is not None and type(one.value) is Decimal]
        if len(numbers) != len(conditions) or not numbers or len(self.table.output_types) > 1:
            raise self.refused("an aggregation over other than constant numbers")
        if self.aggregation == "SUM":
            return self.writer.summed(conditions, numbers)
        made = [self.writer.literal(one) for one in numbers]
        call = "LEAST" if self.aggregation == "MIN" else "GREATEST"
        parts = [f"CASE WHEN {one} THEN {side.text} END" for one, side in zip(conditions, made, strict=True)]
        # One more argument keeps a table of one rule a valid call; it changes nothing.
        return self.writer.chosen(f"{call}({', '.join([*parts, parts[0]])})", made)


def table_input(writer: Expressions, table: CompiledTable, at: int) -> Sql:
    """Return one input of a table; its declared type must be what the expression gives."""
    node: s.Node = table.inputs[at]
    made = writer.value(node)
    declared = plain(table.input_types[at])
    if made.kind not in SCALARS or declared not in (ANY, made.kind):
        raise NotInSubset(f"an input of type {made.kind}", element=table.owner)
    if isinstance(table.input_types[at], AllowedType) and node.type != table.input_types[at]:
        raise NotInSubset(f"an input of which only {table.input_types[at]} counts", element=table.owner)
    return made
