"""Decision tables as SQL: the number of the rule that fires, and its outputs by that number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from motcua.rules import syntax as s
from motcua.rules.analysis import TableCheck
from motcua.rules.codegen import constant_of
from motcua.rules.kinds import ANY, NULL, NUMBER, FeelType, plain
from motcua.rules.sql.expressions import Expressions
from motcua.rules.sql.lookup import dense_lookup
from motcua.rules.sql.subset import SCALARS, NotInSubset, Sql
from motcua.rules.tables import CompiledTable

# Beyond so many different outputs a CASE over the rule number is slower than an array.
MOST_ARMS = 12


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

    def rule_number(self) -> str:
        """Return the number of the rule that fires, from 1; null when none does.

        Under U several rules that fire together give null too, as the standard has it.
        """
        if self.policy == "C":
            raise self.refused("a collecting table has no one rule")
        order = self.ranked()
        alone = self.policy == "U" and self._may_overlap()
        if self.policy == "A" and self._may_overlap():
            raise self.refused("an ANY table whose overlapping rules may disagree")
        dense = dense_lookup(self.writer, self.table, self.operands, _picker(order, alone))
        if dense is not None:
            return f"NULLIF({dense}, 0)"
        conditions = self.conditions()
        chain = " ".join(f"WHEN {conditions[at]} THEN {at + 1}" for at in order)
        if not chain:
            return "NULL"
        first = f"CASE {chain} END"
        if not alone:
            return f"({first})"
        hits = " + ".join(f"CASE WHEN {one} THEN 1 ELSE 0 END" for one in conditions)
        return f"(CASE WHEN {hits} = 1 THEN {first} END)"

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

    def _may_overlap(self) -> bool:
        check = TableCheck(self.table, None)
        return bool(check.unclear) or next(check.overlaps(), None) is not None

    def output(self, at: int, rule: str) -> Sql:
        """Return one output column, by the number of the rule that fired."""
        made = [self.writer.value(row[at]) for row in self.table.outputs]
        default_node = self.table.defaults[at]
        default = self.writer.value(default_node) if default_node is not None else None
        kind = self._kind(at, [*made, *([default] if default is not None else [])])
        if default is not None and self.policy == "U" and self._may_overlap():
            raise self.refused("a UNIQUE table with overlaps and a default output")
        by_text: dict[str, list[int]] = {}
        for number, one in enumerate(made, 1):
            by_text.setdefault(one.text, []).append(number)
        if len(by_text) > MOST_ARMS and default is None and all(one.constant for one in made):
            item = self.writer.dialect.array_item([one.text for one in made], f"({rule} - 1)")
            return Sql(item, kind)
        arms = " ".join(
            f"WHEN {rule} IN ({', '.join(map(str, numbers))}) THEN {text}"
            for text, numbers in by_text.items()
        )
        if default is not None:
            arms += f" WHEN {rule} IS NULL THEN {default.text}"
        return Sql(f"(CASE {arms} END)" if arms else "NULL", kind)

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
            return Sql(f"({' + '.join(parts) or '0'})", NUMBER)
        values = [constant_of(row[0]) for row in self.table.outputs]
        numbers = [one.value for one in values if one is not None and type(one.value) is Decimal]
        if len(numbers) != len(conditions) or not numbers or len(self.table.output_types) > 1:
            raise self.refused("an aggregation over other than constant numbers")
        texts = [self.writer.literal(one).text for one in numbers]
        pairs = list(zip(conditions, texts, strict=True))
        if self.aggregation == "SUM":
            total = " + ".join(f"CASE WHEN {one} THEN {text} ELSE 0 END" for one, text in pairs)
            none = " AND ".join(f"({one}) IS NOT TRUE" for one in conditions)
            return Sql(f"(CASE WHEN {none} THEN NULL ELSE {total} END)", NUMBER)
        call = "LEAST" if self.aggregation == "MIN" else "GREATEST"
        parts = [f"CASE WHEN {one} THEN {text} END" for one, text in pairs]
        # One more argument keeps a table of one rule a valid call; it changes nothing.
        return Sql(f"{call}({', '.join([*parts, parts[0]])})", NUMBER)


def _picker(order: Sequence[int], alone: bool) -> Callable[[int], int]:
    def pick(accepting: int) -> int:
        if alone and accepting.bit_count() != 1:
            return 0
        return next((at + 1 for at in order if accepting >> at & 1), 0)

    return pick


def table_input(writer: Expressions, table: CompiledTable, at: int) -> Sql:
    """Return one input of a table; its declared type must be what the expression gives."""
    node: s.Node = table.inputs[at]
    made = writer.value(node)
    declared = plain(table.input_types[at])
    if made.kind not in SCALARS or declared not in (ANY, made.kind):
        raise NotInSubset(f"an input of type {made.kind}", element=table.owner)
    return made
