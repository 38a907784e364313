"""Where a decision may turn: the values at and beside every boundary that its tables and expressions name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules import temporal as t
from motcua.rules.cells import enumerated
from motcua.rules.classes import Column, children_of
from motcua.rules.codegen import constant_of
from motcua.rules.kinds import BOOLEAN, AllowedType, FeelType, coerce, plain
from motcua.rules.operators import add, equal, order, subtract
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.units import Unit
from motcua.rules.values import Value

_UNORDERED = (str, bool)
Known = Mapping[str, Value]
Found = Iterator[tuple[str, Iterable[Value]]]


class Borders:
    """The values worth trying for each input of some elements; what is the same for all cases is worked out once."""

    def __init__(self, needed: Sequence[Unit]) -> None:
        inputs = [unit for unit in needed if unit.element.kind == "input"]
        self.kinds = {one.element.variable.name: one.type for one in inputs}
        # What must be worked out for each case: bounds and operands that are not constants.
        self._moving: list[Callable[[Known], Found]] = []
        fixed: dict[str, list[Value]] = {name: _of_type(kind) for name, kind in self.kinds.items()}
        for unit in needed:
            for table in unit.tables:
                for at, node in enumerate(table.inputs):
                    self._add_column(node, [row[at] for row in table.cells], fixed)
            if unit.node is not None:
                self._moving.append(_in_expression(unit.node))
        columns = _only_columns(needed)
        self._fixed = {
            name: _apart(_fitting(values, self.kinds[name]), columns.get(name))
            for name, values in fixed.items()
        }

    def _add_column(self, node: s.Node, cells: Sequence[s.UnaryTests], fixed: dict[str, list[Value]]) -> None:
        # Rules share the tests of cells with the same text.
        shared = {id(cell): cell for cell in cells}.values()
        ends = [end for cell in shared for end in _ends(cell.tests)]
        constants = [constant_of(end) for end in ends]
        values = [value for one in constants if one is not None for value in _around(one.value)]
        others = [end for end, one in zip(ends, constants, strict=True) if one is None]
        if isinstance(node, s.Name):
            if node.name in fixed:
                fixed[node.name].extend(values)
            if others:
                self._moving.append(_at_bounds(node, [], others))
        elif values or others:
            self._moving.append(_at_bounds(node, values, others))

    def around(self, known: Known) -> dict[str, list[Value]]:
        """Return for each input the values to try, the nearest first; inputs without any are left out."""
        found = {name: list(values) for name, values in self._fixed.items()}
        for moving in self._moving:
            for name, values in moving(known):
                if name in found:
                    found[name] = _distinct([*found[name], *_fitting(values, self.kinds[name])])
        made: dict[str, list[Value]] = {}
        for name, values in found.items():
            now = known.get(name)
            if type(values[0] if values else None) in _UNORDERED:
                kept = [value for value in values if value != now]
            else:
                apart = [value for value in values if equal(value, now) is not True]
                kept = sorted(apart, key=partial(_distance, now))
            if kept:
                made[name] = kept
        return made


def _of_type(kind: FeelType) -> list[Value]:
    if plain(kind) is BOOLEAN:
        return [True, False]
    return enumerated(kind.text) if isinstance(kind, AllowedType) else []


def _fitting(values: Iterable[Value], kind: FeelType) -> list[Value]:
    converted = [coerce(value, kind) for value in values if value is not None]
    return _distinct([value for value in converted if value is not None])


def _distinct(values: Sequence[Value]) -> list[Value]:
    kept: list[Value] = []
    for value in values:
        if not any(value is one or equal(value, one) is True for one in kept):
            kept.append(value)
    return kept


def _only_columns(needed: Sequence[Unit]) -> dict[str, list[Column]]:
    """Return the columns of the inputs that nothing else reads: values of one class are as good as each other."""
    columns: dict[str, list[Column]] = {}
    free: set[str] = set()
    for unit in needed:
        if not isinstance(unit.element.expression, m.Table) or len(unit.tables) != 1:
            free.update(unit.uses)
            continue
        table = unit.tables[0]
        sorted_by = dict(table.columns or ())
        for at, node in enumerate(table.inputs):
            if not isinstance(node, s.Name) or table.columns is None:
                free.update(names_in([node]))
            elif at in sorted_by:
                columns.setdefault(node.name, []).append(sorted_by[at])
        free.update(names_in(test for row in table.cells for cell in row for test in cell.tests))
        outputs = [node for row in table.outputs for node in row]
        free.update(names_in([*outputs, *(node for node in table.defaults if node is not None)]))
    return {name: found for name, found in columns.items() if name not in free}


def names_in(nodes: Iterable[s.Node]) -> set[str]:
    """Return the names that stand anywhere in the nodes."""
    return {part.name for node in nodes for part in parts_of(node) if isinstance(part, s.Name)}


def _apart(values: list[Value], columns: list[Column] | None) -> list[Value]:
    """Return the values of which no column can tell another apart; texts alone, since numbers have a nearest."""
    if columns is None or not all(type(value) is str for value in values):
        return values
    classes: dict[tuple[object, ...], Value] = {}
    for value in values:
        classes.setdefault(tuple(column.place(value) for column in columns), value)
    return list(classes.values())


def _at_bounds(node: s.Node, values: Sequence[Value], others: Sequence[s.Node]) -> Callable[[Known], Found]:
    """Return what solves a column's expression for its bounds."""

    def found(known: Known) -> Found:
        bounds = [value for end in others for value in _around(_now(end, known))]
        yield from _solved(node, [*values, *bounds], known)

    return found


def _in_expression(node: s.Node) -> Callable[[Known], Found]:
    """Return what solves the comparisons inside an expression."""
    parts = [part for part in parts_of(node) if isinstance(part, (s.Comparison, s.Between, s.In))]

    def found(known: Known) -> Found:
        for part in parts:
            if isinstance(part, s.Comparison):
                for side, other in ((part.left, part.right), (part.right, part.left)):
                    yield from _solved(side, list(_around(_now(other, known))), known)
            else:
                ends = [part.low, part.high] if isinstance(part, s.Between) else _ends(part.tests)
                bounds = [value for end in ends for value in _around(_now(end, known))]
                yield from _solved(part.operand, bounds, known)

    return found


def _solved(node: s.Node, values: Sequence[Value], known: Known) -> Found:
    """Yield for each input in an expression the values that reach the boundaries."""
    if isinstance(node, s.Name):
        yield node.name, values
    elif isinstance(node, s.Arithmetic) and node.operator in ("+", "-"):
        left, right = _now(node.left, known), _now(node.right, known)
        if node.operator == "+":
            yield from _solved(node.left, [subtract(v, right) for v in values], known)
            yield from _solved(node.right, [subtract(v, left) for v in values], known)
        else:
            yield from _solved(node.left, [add(right, v) for v in values], known)
            yield from _solved(node.right, [subtract(left, v) for v in values], known)
    elif isinstance(node, s.Path) and node.member == "days":
        days = [DayDuration(int(v) * t.DAY) for v in values if type(v) is Decimal]
        yield from _solved(node.operand, days, known)
    elif isinstance(node, s.Path) and node.member in ("years", "months"):
        size = 12 if node.member == "years" else 1
        spans = [MonthDuration(int(v) * size) for v in values if type(v) is Decimal]
        yield from _solved(node.operand, spans, known)
    elif isinstance(node, s.Call) and isinstance(node.function, s.Name):
        yield from _solved_call(node, values, known)


def _solved_call(node: s.Call, values: Sequence[Value], known: Known) -> Found:
    name = node.function.name if isinstance(node.function, s.Name) else ""
    if name == "years and months duration" and len(node.arguments) == 2:
        start, end = (_now(one, known) for one in node.arguments)
        yield from _solved(node.arguments[0], [subtract(end, v) for v in values], known)
        yield from _solved(node.arguments[1], [add(start, v) for v in values], known)


def _now(node: s.Node, known: Known) -> Value:
    """Return what a node amounts to in the case, where that is simple to say."""
    constant = constant_of(node)
    if constant is not None:
        return constant.value
    if isinstance(node, s.Name):
        return known.get(node.name)
    if isinstance(node, s.Arithmetic) and node.operator in ("+", "-"):
        act = add if node.operator == "+" else subtract
        return act(_now(node.left, known), _now(node.right, known))
    return None


def _ends(tests: Iterable[s.Node]) -> Iterator[s.Node]:
    """Yield the bounds that unary tests name."""
    for test in tests:
        if isinstance(test, s.UnaryComparison):
            yield test.operand
        elif isinstance(test, s.RangeNode):
            yield from (test.low, test.high)
        elif isinstance(test, s.ListNode):
            yield from test.items
        else:
            yield test


def _around(value: Value) -> Iterator[Value]:
    """Yield a boundary and the values beside it; nothing for null."""
    if value is None:
        return
    yield value
    if type(value) is Decimal:
        exponent = value.as_tuple().exponent
        step = Decimal(1).scaleb(min(int(exponent), 0))
        yield from (value - step, value + step)
    elif type(value) is bool:
        yield not value
    elif type(value) is Date:
        yield from (t.plus_days(value, -1), t.plus_days(value, 1))
    elif type(value) is DateTime:
        yield from (t.moved(value, -t.SECOND), t.moved(value, t.SECOND))
    elif type(value) is DayDuration:
        step_nanos = t.DAY if value.nanos % t.DAY == 0 else t.SECOND
        yield from (DayDuration(value.nanos - step_nanos), DayDuration(value.nanos + step_nanos))
    elif type(value) is MonthDuration:
        yield from (MonthDuration(value.months - 1), MonthDuration(value.months + 1))
    elif type(value) is Time:
        yield from (value._replace(nanos=(value.nanos + shift) % t.DAY) for shift in (-t.SECOND, t.SECOND))


def _distance(now: Value, value: Value) -> tuple[int, Decimal]:
    """Return how far a value is from the present one; incomparable values keep their order."""
    kind = type(now)
    if kind is not type(value) or order(now, value) is None:
        return 0, Decimal(0)
    if kind is Date:
        return 1, Decimal(abs(t.day_number(now) - t.day_number(value)))
    apart = subtract(value, now)
    if type(apart) is Decimal:
        return 1, abs(apart)
    if apart is not None:
        return 1, Decimal(abs(apart[0]))
    return 0, Decimal(0)


def parts_of(node: s.Node) -> Iterator[s.Node]:
    """Yield a node and all nodes inside it."""
    yield node
    for child in children_of(node):
        yield from parts_of(child)
