"""The classes that a table's cells can tell apart in one input, and the shortest SQL that tells a set of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from motcua.rules import syntax as s
from motcua.rules.domains import column_of, first_bit
from motcua.rules.kinds import BOOLEAN, DATE, NUMBER, STRING, FeelType, plain
from motcua.rules.sql.expressions import Expressions
from motcua.rules.sql.subset import Sql
from motcua.rules.sql.ways import among
from motcua.rules.values import Value

# Classes are bits of a mask; a set of classes is a mask.
Classes = int


@dataclass(frozen=True, slots=True)
class Told:
    """One input of a table: the classes of its values and, for each rule, those it accepts.

    `accepted` holds None for a rule whose cell says more than constants do. `values` has one value
    of each class; in an ordered column they ascend, and null is last. `other` is the place of the
    class of all texts that no cell names, or -1.
    """

    operand: Sql
    kind: FeelType
    values: tuple[Value, ...]
    accepted: tuple[Classes | None, ...]
    cuts: frozenset[int]
    other: int
    ordered: bool

    @property
    def all(self) -> Classes:
        """Return the set of all classes."""
        return (1 << len(self.values)) - 1

    @property
    def effort(self) -> int:
        """Return how much a test of this input costs beside others: small numbers little, texts most."""
        return 0 if self.operand.codes is not None else 2 if self.kind is STRING else 1

    def tests(self, writer: Expressions, wanted: Classes, left: Classes) -> list[str] | None:
        """Return tests of which one is true exactly for the wanted classes, where a value is among those `left`.

        None when only the rest can be told: the class of other texts has no test of its own.
        """
        if self.ordered:
            return _ordered_tests(self, writer, wanted, left)
        return _named_tests(self, writer, wanted, left)


def told(writer: Expressions, operand: Sql, kind: FeelType, cells: Sequence[s.UnaryTests]) -> Told | None:
    """Return the classes of an input, or None when its cells cannot be told apart by constants at all."""
    if operand.kind not in (NUMBER, STRING, BOOLEAN, DATE):
        return None
    column = column_of("", "", plain(kind), [[cell] for cell in cells], None)
    accepted = tuple(None if number in column.unclear else mask for number, mask in enumerate(column.masks))
    ordered = column.kind in (NUMBER, DATE) or (column.kind is STRING and column.ordered)
    cuts = set(column.cuts)
    constants = {at for at, value in enumerate(column.values) if value is not None and value in cuts}
    beyond = any(writer.constant_text(column.values[at]) is None for at in constants)
    if column.kind is not operand.kind or beyond:
        return None
    if column.kind is NUMBER:
        for at in constants:
            writer.check_widths(operand, writer.literal(column.values[at]), None)
    other = -1
    if column.kind is STRING and not ordered:
        other = len(column.values) - 2
        if operand.codes is not None:
            return _of_codes(operand, column.kind, column.values, accepted, other)
    return Told(operand, column.kind, column.values, accepted, frozenset(constants), other, ordered)


def _of_codes(
    operand: Sql,
    kind: FeelType,
    values: Sequence[Value],
    accepted: Sequence[Classes | None],
    other: int,
) -> Told:
    """Return the classes of a decision's answer: only the values that it can give."""
    codes = operand.codes or {}
    kept = [value for value in codes if value is not None]
    places = [values.index(value) if value in values[:other] else other for value in kept]
    places.append(len(values) - 1)
    masks = tuple(
        None if mask is None else sum(1 << at for at, place in enumerate(places) if mask >> place & 1)
        for mask in accepted
    )
    return Told(operand, kind, (*kept, None), masks, frozenset(range(len(kept))), -1, False)


def _named_tests(column: Told, writer: Expressions, wanted: Classes, left: Classes) -> list[str] | None:
    operand = column.operand
    null = 1 << len(column.values) - 1
    if operand.codes is not None:
        return _coded(column, wanted)
    if left & ~wanted == null:
        return [f"{operand.text} IS NOT NULL"]
    if column.other >= 0 and wanted >> column.other & 1:
        return None
    if column.kind is BOOLEAN:
        truths = (operand.text, f"NOT {operand.text}", f"{operand.text} IS NULL")
        return [test for at, test in enumerate(truths) if wanted >> at & 1]
    named = [at for at in range(len(column.values) - 1) if wanted >> at & 1]
    tests = writer.equals(operand, [writer.literal(column.values[at]).text for at in named]) if named else []
    return [*tests, f"{operand.text} IS NULL"] if wanted & null else tests


def _coded(column: Told, wanted: Classes) -> list[str]:
    codes = column.operand.codes or {}
    numbers = sorted(
        code for at, value in enumerate(column.values) if wanted >> at & 1 for code in codes.get(value, ())
    )
    return among(column.operand.code_text, numbers) if numbers else ["FALSE"]


def _ordered_tests(column: Told, writer: Expressions, wanted: Classes, left: Classes) -> list[str]:
    last = len(column.values) - 1
    parts = [
        _run_test(column, writer, low, high, left & ~(1 << last)) for low, high in _runs(wanted, left, last)
    ]
    if wanted >> last & 1:
        parts.append(f"{column.operand.text} IS NULL")
    return parts or ["FALSE"]


def _runs(wanted: Classes, left: Classes, last: int) -> list[tuple[int, int]]:
    """Return the first and last class of each run of wanted ones; classes that cannot be are bridged."""
    runs: list[tuple[int, int]] = []
    known = (1 << last) - 1
    stops, wanted = left & ~wanted & known, wanted & known
    while wanted:
        start = first_bit(wanted)
        beyond = stops >> start << start
        run = wanted & ((1 << first_bit(beyond)) - 1) if beyond else wanted
        runs.append((start, run.bit_length() - 1))
        wanted ^= run
    return runs


def _run_test(column: Told, writer: Expressions, low: int, high: int, left: Classes) -> str:
    """Return the bounds of a run, each only where a class beyond it is possible."""
    text = writer.comparable(column.operand)

    def literal(at: int) -> str:
        return writer.literal(column.values[at]).text

    if low == high and low in column.cuts:
        return f"{column.operand.text} = {literal(low)}"
    parts: list[str] = []
    if left & ((1 << low) - 1):
        parts.append(f"{text} >= {literal(low)}" if low in column.cuts else f"{text} > {literal(low - 1)}")
    if left >> (high + 1):
        parts.append(f"{text} <= {literal(high)}" if high in column.cuts else f"{text} < {literal(high + 1)}")
    return " AND ".join(parts) or f"{column.operand.text} IS NOT NULL"
