"""What would change an answer: a search over the tables' own boundaries, each find verified."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from motcua.rules import syntax as s
from motcua.rules import temporal as t
from motcua.rules.cells import enumerated
from motcua.rules.codegen import constant_of
from motcua.rules.errors import RulesError
from motcua.rules.kinds import BOOLEAN, AllowedType, coerce, plain
from motcua.rules.operators import add, equal, order, subtract
from motcua.rules.routes import Route
from motcua.rules.runtime import begin_work
from motcua.rules.speaking import plain_answer
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.units import Unit
from motcua.rules.values import Value, from_plain, to_plain

# The answers to reach: a list of them, or a test of the plain answer; None is any other answer.
Wanted = Sequence[object] | Callable[[Any], bool] | None
MOST_TRIALS = 20_000
MOST_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input that would have to be different."""

    input: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """A set of input changes, none of which can be left out, and the answer it leads to."""

    inputs: tuple[InputChange, ...]
    answer: Any

    def to_json(self) -> dict[str, Any]:
        """Return the change as plain dicts and text."""
        return {
            "inputs": [
                {"input": c.input, "before": plain_answer(c.before), "after": plain_answer(c.after)}
                for c in self.inputs
            ],
            "answer": plain_answer(self.answer),
        }


def smallest_changes(
    route: Route,
    given: Mapping[str, Value],
    answer: Value,
    *,
    changeable: Sequence[str] | None,
    wanted: Wanted,
    most: int,
) -> tuple[Change, ...]:
    """Return up to `most` changes of as few inputs as possible, the nearest values first.

    Costs one evaluation for each trial, MOST_TRIALS at the most; empty when none was found.
    """
    search = _Search(route, given, answer, wanted)
    names = [name for name in search.candidates if changeable is None or name in changeable]
    trials = 0
    for together in range(1, MOST_TOGETHER + 1):
        found: list[Change] = []
        for group in itertools.combinations(names, together):
            for values in _nearest_first([search.candidates[name] for name in group]):
                trials += 1
                if trials > MOST_TRIALS:
                    return tuple(found)
                change = search.tried(dict(zip(group, values, strict=True)))
                if change is not None:
                    found.append(change)
                    break
        if found:
            return tuple(found[:most])
    return ()


def _nearest_first(choices: Sequence[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """Yield combinations by the sum of their ranks; each list is sorted, nearest first."""
    if len(choices) == 1:
        yield from ((value,) for value in choices[0])
        return
    ranked = itertools.product(*(enumerate(values) for values in choices))
    for combination in sorted(ranked, key=lambda pairs: sum(rank for rank, _ in pairs)):
        yield tuple(value for _, value in combination)


def _wants(wanted: Wanted) -> Callable[[Value], bool]:
    if wanted is None:
        return lambda _: True
    if callable(wanted):
        return lambda value: wanted(to_plain(value))
    listed = [from_plain(one) for one in wanted]
    return lambda value: any(equal(value, one) is True for one in listed)


class _Search:
    """One search: the candidates for each input and the trial of one combination."""

    def __init__(
        self,
        route: Route,
        given: Mapping[str, Value],
        answer: Value,
        wanted: Wanted,
    ) -> None:
        self.route = route
        self.given = given
        self.answer = answer
        self.wanted = _wants(wanted)
        self.ids = {one.element.variable.name: one.element.id for one in route.inputs}
        self.needed = route.needed
        self.candidates = self._candidates()

    def tried(self, changes: Mapping[str, Value]) -> Change | None:
        """Return the change when the decision really comes out as wanted with these values."""
        given = dict(self.given)
        for name, value in changes.items():
            given[self.ids[name]] = value
        try:
            begin_work()
            value = self.route.decide(*(given.get(one.element.id) for one in self.route.inputs))
        except (RulesError, RecursionError):
            return None
        if equal(value, self.answer) is True:
            return None
        if not self.wanted(value):
            return None
        inputs = tuple(
            InputChange(
                name,
                self.needed[self.ids[name]].element.label or name,
                to_plain(self.given.get(self.ids[name])),
                to_plain(value),
            )
            for name, value in changes.items()
        )
        return Change(inputs, to_plain(value))

    def _candidates(self) -> dict[str, list[Value]]:
        found: dict[str, list[Value]] = {}
        for unit in self.needed.values():
            if unit.element.kind == "input":
                found[unit.element.variable.name] = self._of_type(unit)
        for unit in self.needed.values():
            for table in unit.tables:
                for column, node in enumerate(table.inputs):
                    cells = [row[column] for row in table.cells]
                    for name, values in self._solved(node, boundaries(cells)):
                        if name in found:
                            found[name].extend(values)
        for name, values in self._of_expressions():
            if name in found:
                found[name].extend(values)
        return {
            name: self._sorted(name, values) for name, values in found.items() if self._sorted(name, values)
        }

    def _of_expressions(self) -> Iterator[tuple[str, list[Value]]]:
        for unit in self.needed.values():
            if unit.node is not None:
                yield from self._in_expression(unit.node)

    def _of_type(self, unit: Unit) -> list[Value]:
        if plain(unit.type) is BOOLEAN:
            return [True, False]
        if isinstance(unit.type, AllowedType):
            return enumerated(unit.type.text)
        return []

    def _sorted(self, name: str, values: Iterable[Value]) -> list[Value]:
        kind = self.needed[self.ids[name]].type
        now = self.given.get(self.ids[name])
        kept: list[Value] = []
        for value in values:
            fits = coerce(value, kind)
            if fits is None or equal(fits, now) is True:
                continue
            if not any(equal(fits, one) is True for one in kept):
                kept.append(fits)
        return sorted(kept, key=lambda value: _distance(now, value))

    def _solved(self, node: s.Node, values: Sequence[Value]) -> Iterator[tuple[str, list[Value]]]:
        """Yield for each input in the column's expression the values that reach the boundaries."""
        if isinstance(node, s.Name):
            yield node.name, list(values)
        elif isinstance(node, s.Arithmetic) and node.operator in ("+", "-"):
            left, right = self._now(node.left), self._now(node.right)
            if node.operator == "+":
                yield from self._solved(node.left, [subtract(v, right) for v in values])
                yield from self._solved(node.right, [subtract(v, left) for v in values])
            else:
                yield from self._solved(node.left, [add(right, v) for v in values])
                yield from self._solved(node.right, [subtract(left, v) for v in values])
        elif isinstance(node, s.Path) and node.member == "days":
            days = [DayDuration(int(v) * t.DAY) for v in values if type(v) is Decimal]
            yield from self._solved(node.operand, days)
        elif isinstance(node, s.Path) and node.member in ("years", "months"):
            size = 12 if node.member == "years" else 1
            spans = [MonthDuration(int(v) * size) for v in values if type(v) is Decimal]
            yield from self._solved(node.operand, spans)
        elif isinstance(node, s.Call) and isinstance(node.function, s.Name):
            yield from self._solved_call(node, values)

    def _solved_call(self, node: s.Call, values: Sequence[Value]) -> Iterator[tuple[str, list[Value]]]:
        name = node.function.name if isinstance(node.function, s.Name) else ""
        if name == "years and months duration" and len(node.arguments) == 2:
            start, end = (self._now(one) for one in node.arguments)
            yield from self._solved(node.arguments[0], [subtract(end, v) for v in values])
            yield from self._solved(node.arguments[1], [add(start, v) for v in values])

    def _now(self, node: s.Node) -> Value:
        constant = constant_of(node)
        if constant is not None:
            return constant.value
        if isinstance(node, s.Name) and node.name in self.ids:
            return self.given.get(self.ids[node.name])
        if isinstance(node, s.Arithmetic) and node.operator in ("+", "-"):
            act = add if node.operator == "+" else subtract
            return act(self._now(node.left), self._now(node.right))
        return None

    def _in_expression(self, node: s.Node) -> Iterator[tuple[str, list[Value]]]:
        for part in parts_of(node):
            if isinstance(part, s.Comparison):
                for side, other in ((part.left, part.right), (part.right, part.left)):
                    bound = self._now(other)
                    if bound is not None:
                        yield from self._solved(side, list(_around(bound)))
            elif isinstance(part, s.Between):
                bounds = [self._now(part.low), self._now(part.high)]
                values = [v for one in bounds if one is not None for v in _around(one)]
                yield from self._solved(part.operand, values)
            elif isinstance(part, s.In):
                yield from self._solved(part.operand, list(_test_bounds(part.tests)))


def boundaries(cells: Iterable[s.UnaryTests]) -> list[Value]:
    """Return the values at and beside every boundary that the cells name."""
    return [value for cell in cells for value in _test_bounds(cell.tests)]


def _test_bounds(tests: Iterable[s.Node]) -> Iterator[Value]:
    for test in tests:
        ends = [test]
        if isinstance(test, s.UnaryComparison):
            ends = [test.operand]
        elif isinstance(test, s.RangeNode):
            ends = [test.low, test.high]
        elif isinstance(test, s.ListNode):
            ends = list(test.items)
        for end in ends:
            constant = constant_of(end)
            if constant is not None and constant.value is not None:
                yield from _around(constant.value)


def _around(value: Value) -> Iterator[Value]:
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
    if now is None or type(now) is not type(value) or order(now, value) is None:
        return 0, Decimal(0)
    apart = subtract(value, now)
    if type(apart) is Decimal:
        return 1, abs(apart)
    if apart is not None:
        return 1, Decimal(abs(apart[0]))
    return 0, Decimal(0)


def parts_of(node: object) -> Iterator[s.Node]:
    """Yield a node and all nodes inside it."""
    if isinstance(node, (list, tuple)):
        for part in node:
            yield from parts_of(part)
    elif isinstance(node, s.Node):
        yield node
        for kind in type(node).__mro__:
            for name in getattr(kind, "__slots__", ()):
                if name not in ("start", "end", "type"):
                    yield from parts_of(getattr(node, name))
