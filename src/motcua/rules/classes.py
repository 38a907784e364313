"""Sorts what a column of a table sees into classes: values that all its cells treat alike.

A table then looks its outcome up by its columns' classes, however many rules it has.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from motcua.rules import syntax as s
from motcua.rules.codegen import NATIVE_ORDER, Writer, constant_of
from motcua.rules.kinds import BOOLEAN, STRING, FeelType, plain
from motcua.rules.values import Value

MOST_TRUTHS = 10
# Past so many different cells, finding the place among the borders beats asking each cell.
FEW_TRUTHS = 3
# Cells of these nodes cost next to nothing, so all of a column may be asked at once.
_CHEAP = (
    s.Literal,
    s.Name,
    s.Negation,
    s.Arithmetic,
    s.Comparison,
    s.UnaryComparison,
    s.RangeNode,
    s.Logic,
    s.Between,
)


class Cell(NamedTuple):
    """A cell that stands in some rules of a column: its tests, its Python, a bit for each of those rules."""

    tests: s.UnaryTests
    code: str
    rules: int


class Column(ABC):
    """The classes of a column: `code` gives the class in Python, `masks` the rules that each class meets."""

    def __init__(self, cells: Sequence[Cell], base: int) -> None:
        self.cells = cells
        self.base = base

    @property
    @abstractmethod
    def size(self) -> int:
        """How many classes there are."""

    @property
    @abstractmethod
    def masks(self) -> Sequence[int]:
        """A bit for each rule that accepts the values of a class, by class."""

    @abstractmethod
    def code(self, writer: Writer, operand: str, stride: int) -> str:
        """Return Python that gives the class of the operand times the stride."""

    def place(self, value: Value) -> Value:
        """Return what values of one class have in common, or the value where only a case can tell."""
        return value


class Listed(Column):
    """A column whose cells list texts or truths: one look into a dict."""

    def __init__(self, cells: Sequence[Cell], base: int) -> None:
        super().__init__(cells, base)
        accepted: dict[Value, int] = {None: 0}
        denied: dict[Value, int] = {None: 0}
        others = base
        for cell in cells:
            named = denied if cell.tests.negated else accepted
            others |= cell.rules if cell.tests.negated else 0
            for value in {one.value for one in _constants(cell.tests)}:
                named[value] = named.get(value, 0) | cell.rules
        by_mask = {others: 0}
        self._classes: dict[Value, int] = {}
        for value in dict.fromkeys((*accepted, *denied)):
            mask = others & ~denied.get(value, 0) | accepted.get(value, 0)
            found = by_mask.setdefault(mask, len(by_mask))
            if found:
                self._classes[value] = found
        self._masks = list(by_mask)

    @property
    def size(self) -> int:
        """How many classes there are."""
        return len(self._masks)

    @cached_property
    def masks(self) -> Sequence[int]:
        """A bit for each rule that accepts the values of a class, by class."""
        return self._masks

    def code(self, writer: Writer, operand: str, stride: int) -> str:
        """Return Python that gives the class of the operand times the stride."""
        listed = {value: found * stride for value, found in self._classes.items()}
        return f"{writer.constant(listed)}.get({operand}, 0)"

    def place(self, value: Value) -> Value:
        """Return the class of the value."""
        return self._classes.get(value, 0)


class Asked(Column):
    """A column of a few different cells, each asked in turn: a bit for each that accepts."""

    @property
    def size(self) -> int:
        """How many classes there are."""
        return 1 << len(self.cells)

    @cached_property
    def masks(self) -> Sequence[int]:
        """A bit for each rule that accepts the values of a class, by class."""
        made = [self.base]
        for cell in self.cells:
            made += [mask | cell.rules for mask in made]
        return made

    def code(self, writer: Writer, operand: str, stride: int) -> str:
        """Return Python that gives the class of the operand times the stride."""
        parts = [f"({stride << at} if {cell.code} else 0)" for at, cell in enumerate(self.cells)]
        return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


class Ordered(Column):
    """A column whose cells compare with constants: class 0 is null, then gaps and borders by turns."""

    def __init__(self, cells: Sequence[Cell], base: int) -> None:
        super().__init__(cells, base)
        found = {value for cell in cells for value in _ends(cell.tests) if value is not None}
        self.borders = sorted(found)
        self._place = {value: 2 * at + 2 for at, value in enumerate(self.borders)}

    @property
    def size(self) -> int:
        """How many classes there are."""
        return 2 * len(self.borders) + 2

    @cached_property
    def masks(self) -> Sequence[int]:
        """A bit for each rule that accepts the values of a class, by class."""
        # Each cell turns its rules on where it begins to accept, and off behind.
        turns = [0] * (self.size + 1)
        for cell in self.cells:
            # Of null only equality is known, so `not(< 2)` says nothing of class 0.
            lowest = int(cell.tests.negated and not all(map(_equates, cell.tests.tests)))
            if cell.tests.negated:
                turns[lowest] ^= cell.rules
            spans = ((max(first, lowest), last) for first, last in self._accepted(cell.tests))
            for first, last in _joined(spans):
                turns[first] ^= cell.rules
                turns[last + 1] ^= cell.rules
        made: list[int] = []
        mask = 0
        for turn in turns[:-1]:
            mask ^= turn
            made.append(mask | self.base)
        return made

    def _accepted(self, tests: s.UnaryTests) -> Iterator[tuple[int, int]]:
        """Yield the classes that a test accepts, as first and last."""
        last = self.size - 1
        for test in tests.tests:
            constant = constant_of(test)
            if constant is not None:
                at = 0 if constant.value is None else self._place[constant.value]
                yield at, at
            elif isinstance(test, s.UnaryComparison):
                at = self._place[_constant(test.operand)]
                if test.operator == "!=":
                    yield 0, at - 1
                    yield at + 1, last
                    continue
                yield {
                    "=": (at, at),
                    "<": (1, at - 1),
                    "<=": (1, at),
                    ">": (at + 1, last),
                    ">=": (at, last),
                }[test.operator]
            else:
                assert isinstance(test, s.RangeNode)  # `_compares` let nothing else through
                low, high = self._place[_constant(test.low)], self._place[_constant(test.high)]
                yield low + (not test.low_included), high - (not test.high_included)

    def code(self, writer: Writer, operand: str, stride: int) -> str:
        """Return Python that gives the class of the operand times the stride."""
        writer.globals["place_among"] = place_among
        borders = writer.constant(self.borders)
        return f"{stride} * place_among({borders}, {operand})"


def place_among(borders: list[Value], value: Value) -> int:
    """Return 0 for null, an even number for a border and an odd one for a gap."""
    if value is None:
        return 0
    at = bisect_left(borders, value)
    return 2 * at + (2 if at < len(borders) and borders[at] == value else 1)


def sorted_columns(
    kinds: Sequence[FeelType], rows: Sequence[Sequence[s.UnaryTests]], codes: Sequence[Sequence[str]]
) -> list[Column | None] | None:
    """Return the classes of each column, None for one that asks nothing; None when one has no classes.

    Rules share the tests of cells with the same text.
    """
    columns: list[Column | None] = []
    for at, kind in enumerate(kinds):
        base = 0
        found: dict[int, Cell] = {}
        for number, row in enumerate(rows):
            tests, bit = row[at], 1 << number
            if tests.anything:
                base |= bit
                continue
            known = found.get(id(tests))
            found[id(tests)] = Cell(tests, codes[number][at], bit | (known.rules if known else 0))
        if not found:
            columns.append(None)
            continue
        column = _column(plain(kind), list(found.values()), base)
        if column is None:
            return None
        columns.append(column)
    return columns


def _column(kind: FeelType, cells: list[Cell], base: int) -> Column | None:
    if kind in (STRING, BOOLEAN) and all(_lists(cell.tests, kind) for cell in cells):
        return Listed(cells, base)
    ordered = kind in NATIVE_ORDER - {STRING} and all(_compares(cell.tests, kind) for cell in cells)
    if ordered and len(cells) > FEW_TRUTHS:
        return Ordered(cells, base)
    if len(cells) <= MOST_TRUTHS and all(_cheap(cell.tests.tests) for cell in cells):
        return Asked(cells, base)
    return None


def _constants(tests: s.UnaryTests) -> list[s.Literal]:
    return [one for one in map(constant_of, tests.tests) if one is not None]


def _constant(node: s.Node) -> Value:
    found = constant_of(node)
    return None if found is None else found.value


def _lists(tests: s.UnaryTests, kind: FeelType) -> bool:
    found = _constants(tests)
    return len(found) == len(tests.tests) and all(
        one.value is None or plain(one.type) is kind for one in found
    )


def _ends(tests: s.UnaryTests) -> Iterator[Value]:
    for test in tests.tests:
        if isinstance(test, s.RangeNode):
            yield from (_constant(test.low), _constant(test.high))
        else:
            yield _constant(test.operand if isinstance(test, s.UnaryComparison) else test)


def _equates(test: s.Node) -> bool:
    """Say whether the test asks for equality and for no order."""
    if isinstance(test, s.UnaryComparison):
        return test.operator in ("=", "!=")
    return not isinstance(test, s.RangeNode)


def _compares(tests: s.UnaryTests, kind: FeelType) -> bool:
    """Say whether all tests compare with constants of the kind."""
    return all(_one_compares(test, kind) for test in tests.tests)


def _one_compares(test: s.Node, kind: FeelType) -> bool:
    def fits(node: s.Node) -> bool:
        constant = constant_of(node)
        return constant is not None and constant.value is not None and plain(constant.type) is kind

    if isinstance(test, s.UnaryComparison):
        return fits(test.operand)
    if isinstance(test, s.RangeNode):
        return fits(test.low) and fits(test.high)
    constant = constant_of(test)
    return constant is not None and (constant.value is None or plain(constant.type) is kind)


def _cheap(nodes: Sequence[s.Node]) -> bool:
    return all(
        constant_of(node) is not None
        or (isinstance(node, _CHEAP) and all(_cheap([part]) for part in children_of(node)))
        for node in nodes
    )


def children_of(node: s.Node) -> Iterator[s.Node]:
    """Yield the nodes directly inside a node."""
    for kind in type(node).__mro__:
        for name in getattr(kind, "__slots__", ()):
            yield from _nodes(getattr(node, name))


def _nodes(value: object) -> Iterator[s.Node]:
    if isinstance(value, s.Node):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _nodes(part)


def _joined(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans without overlaps, empty ones left out."""
    begun: tuple[int, int] | None = None
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if begun is None:
            begun = (first, last)
        elif first <= begun[1] + 1:
            begun = (begun[0], max(begun[1], last))
        else:
            yield begun
            begun = (first, last)
    if begun is not None:
        yield begun
