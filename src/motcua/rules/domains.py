"""Cuts the values of a column into the classes that its cells can tell apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cmp_to_key
from itertools import accumulate
from operator import xor

from motcua.rules import syntax as s
from motcua.rules import temporal as t
from motcua.rules.cells import reads_input, tests_truth
from motcua.rules.codegen import Env, Frame, Writer, constant_of
from motcua.rules.inference import common_type
from motcua.rules.kinds import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAY_DURATION,
    MONTH_DURATION,
    NULL,
    NUMBER,
    PYTHON_TYPE,
    STRING,
    TIME,
    AllowedType,
    FeelType,
    RangeType,
    plain,
)
from motcua.rules.operators import order
from motcua.rules.parser import Parser
from motcua.rules.scope import Scope
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.values import Value

# How often the different cells of a column may be asked about the classes of its values.
MOST_ASKED = 2_000_000
ORDERED = (NUMBER, DATE, DATE_TIME, TIME, DAY_DURATION, MONTH_DURATION)


@dataclass(frozen=True, slots=True)
class Column:
    """One distinct input of a table: its classes by a value of each, and each rule's mask.

    Bit n of a mask says that the rule accepts class n. `exact` is False when a cell says more
    than its constants do, and `unclear` holds the rules with such a cell; `cuts` are the constants.
    """

    text: str
    label: str
    kind: FeelType
    values: tuple[Value, ...]
    masks: tuple[int, ...]
    unclear: frozenset[int]
    cuts: tuple[Value, ...] = ()
    ordered: bool = True

    @property
    def known(self) -> int:
        """The mask of all classes that are not null."""
        return sum(1 << at for at, value in enumerate(self.values) if value is not None)


def tests_constants(tests: Iterable[s.Node]) -> tuple[list[s.Literal], bool]:
    """Return the constants that tests name, and whether the tests say nothing else."""
    found: list[s.Literal] = []
    plainly = True
    for test in tests:
        parts: Sequence[s.Node] = [test]
        if isinstance(test, s.UnaryComparison):
            parts = [test.operand]
        elif isinstance(test, s.RangeNode):
            parts = [test.low, test.high]
        elif isinstance(test, s.ListNode):
            parts = test.items
        for part in parts:
            constant = constant_of(part)
            if constant is None:
                plainly = False
            else:
                found.append(constant)
    return found, plainly


def column_of(
    text: str,
    label: str,
    kind: FeelType,
    cells: Sequence[Sequence[s.UnaryTests]],
    allowed: s.UnaryTests | None,
) -> Column:
    """Return a column; `cells` holds for each rule the one or more cells on this input."""
    constants: list[s.Literal] = []
    unclear: set[int] = set()
    for number, row in enumerate(cells):
        for cell in row:
            found, plainly = tests_constants(cell.tests)
            constants.extend(found)
            if not plainly:
                unclear.add(number)
    limits = tests_constants(allowed.tests)[0] if allowed is not None else []
    if isinstance(kind, AllowedType):
        inner = Parser(kind.text, Scope({"?": plain(kind)})).whole_tests()
        limits = [*limits, *tests_constants(inner.tests)[0]]
    whole = plain(kind)
    if whole is ANY:
        whole = common_type(one.type for one in constants)
    # Text is told apart by order only where a cell asks for it.
    tests = [test for row in cells for cell in row for test in cell.tests]
    ordered = whole is not STRING or any(
        isinstance(test, s.RangeNode)
        or (isinstance(test, s.UnaryComparison) and test.operator not in ("=", "!="))
        for test in tests
    )
    values = _classes(whole, [one.value for one in (*constants, *limits)], ordered=ordered)
    # Equal cells of a column share one tree, so each is asked once.
    different = {id(cell): cell for row in cells for cell in row}
    spare = whole in (NUMBER, DATE) or (whole is STRING and not ordered)
    asked = len(constants) * 2 + len(different) * 2 if spare else len(values) * len(different)
    if asked > MOST_ASKED:
        unclear.update(range(len(cells)))
    allows = acceptor(allowed) if allowed is not None else None
    values = [
        value
        for value in values
        if value is None or (_allows(kind, value) and (allows is None or allows(value)))
    ]
    classes = _Asked(whole, values, ordered=ordered, spare=spare)
    accepted = {
        key: classes.mask(cell)
        for key, cell in different.items()
        if asked <= MOST_ASKED and tests_constants(cell.tests)[1]
    }
    masks: list[int] = []
    for number, row in enumerate(cells):
        mask = 0 if number in unclear else (1 << len(values)) - 1
        for cell in row if mask else ():
            mask &= accepted[id(cell)]
        masks.append(mask)
    cuts = tuple(_distinct(one.value for one in constants if one.value is not None))
    return Column(text, label, whole, tuple(values), tuple(masks), frozenset(unclear), cuts, ordered)


class _Asked:
    """The classes of a column, of which a cell is asked about no more than its constants can tell apart."""

    def __init__(self, kind: FeelType, values: Sequence[Value], *, ordered: bool, spare: bool) -> None:
        self.kind = kind
        self.values = values
        self.ordered = ordered
        self.spare = spare
        self.known = [value for value in values if value is not None]
        self.places = {value: at for at, value in enumerate(values)} if spare and not ordered else {}

    def mask(self, cell: s.UnaryTests) -> int:
        """Return the classes that a cell of constants accepts, as bits."""
        if cell.anything:
            return (1 << len(self.values)) - 1
        ask = acceptor(cell)
        if not self.spare:
            return sum(1 << at for at, value in enumerate(self.values) if ask(value))
        null = 1 << len(self.known) if len(self.known) < len(self.values) and ask(None) else 0
        own = [one.value for one in tests_constants(cell.tests)[0]]
        return null | (self._in_order(ask, own) if self.ordered else self._by_name(ask, own))

    def _by_name(self, ask: Callable[[Value], bool], own: Sequence[Value]) -> int:
        """Return the named classes accepted; all texts that a cell does not name it treats alike."""
        named = {self.places[one] for one in own if one is not None and one in self.places}
        mask = sum(1 << at for at in named if ask(self.values[at]))
        rest = next((at for at in range(len(self.known)) if at not in named), None)
        if rest is not None and ask(self.values[rest]):
            mask |= (1 << len(self.known)) - 1 & ~sum(1 << at for at in named)
        return mask

    def _in_order(self, ask: Callable[[Value], bool], own: Sequence[Value]) -> int:
        """Return the ordered classes accepted; all values between two of its own constants a cell treats alike."""
        wanted = PYTHON_TYPE[self.kind]
        cuts = sorted({bisect_left(self.known, one) for one in own if type(one) is wanted})
        mask = start = 0
        for at in [*(one for one in cuts if one < len(self.known)), len(self.known)]:
            # From the last cut to this one, then the cut itself.
            if start < at and ask(self.known[start]):
                mask |= (1 << at) - (1 << start)
            if at < len(self.known) and ask(self.known[at]):
                mask |= 1 << at
            start = at + 1
        return mask


def rules_by_class(masks: Sequence[int], classes: int) -> list[int]:
    """Return for each class the rules that accept it, as bits; `masks` holds for each rule its classes."""
    together: dict[int, int] = {}
    for rule, mask in enumerate(masks):
        together[mask] = together.get(mask, 0) | 1 << rule
    # Only where a run of accepted classes begins or ends does a mask say anything new.
    changes = [0] * (classes + 1)
    for mask, rules in together.items():
        for at in bits_of(mask ^ mask << 1):
            changes[at] ^= rules
    return list(accumulate(changes[:classes], xor))


def first_bit(mask: int) -> int:
    """Return the place of the lowest bit that is set."""
    return (mask & -mask).bit_length() - 1


def bits_of(mask: int) -> Iterator[int]:
    """Yield the places of the bits that are set, the lowest first."""
    while mask:
        yield first_bit(mask)
        mask &= mask - 1


def _allows(kind: FeelType, value: Value) -> bool:
    while isinstance(kind, AllowedType):
        if not kind.allows(value):
            return False
        kind = kind.base
    return True


def acceptor(tests: s.UnaryTests) -> Callable[[Value], bool]:
    """Return the check of a cell of constants."""
    writer = Writer()
    code = tests_truth(writer, tests, "x", ANY, Env((Frame(),)))
    made: Callable[[Value], bool] = eval(f"lambda x: {code}", writer.globals)  # noqa: S307 - our own code
    return made


def accepts(tests: s.UnaryTests, value: Value) -> bool:
    """Say whether a cell of constants accepts the value."""
    return bool(acceptor(tests)(value))


def _classes(kind: FeelType, constants: Sequence[Value], *, ordered: bool) -> list[Value]:
    if kind is BOOLEAN:
        return [True, False, None]
    wanted = PYTHON_TYPE.get(kind)
    fitting = [
        value for value in constants if value is not None and (wanted is None or type(value) is wanted)
    ]
    if kind is STRING and not ordered:
        texts = list(dict.fromkeys(value for value in fitting if type(value) is str))
        return [*texts, _other_text(texts), None]
    if kind not in (*ORDERED, STRING):
        return [*_distinct(fitting), None]
    cuts = sorted(
        (value for value in _distinct(fitting) if order(value, value) is not None),
        key=cmp_to_key(lambda one, other: order(one, other) or 0),
    )
    if not cuts:
        return [_ZEROS.get(kind, ""), None]
    values: list[Value] = [_beside(cuts[0], -1)]
    for at, cut in enumerate(cuts):
        values.append(cut)
        between = _between(cut, cuts[at + 1]) if at + 1 < len(cuts) else _beside(cut, 1)
        if between is not None:
            values.append(between)
    return [value for value in values if value is not None] + [None]


_ZEROS: dict[FeelType, Value] = {
    NUMBER: Decimal(0),
    DATE: Date(2025, 1, 1),
    DATE_TIME: DateTime(Date(2025, 1, 1), Time(0)),
    TIME: Time(0),
    DAY_DURATION: DayDuration(0),
    MONTH_DURATION: MonthDuration(0),
}


def _distinct(values: Iterable[Value]) -> list[Value]:
    made: list[Value] = []
    seen: set[object] = set()
    for value in values:
        if (type(value), value) not in seen:
            seen.add((type(value), value))
            made.append(value)
    return made


def _other_text(texts: Sequence[str]) -> str:
    other = "other"
    while other in texts:
        other += " other"
    return other


def _beside(value: Value, step: int) -> Value:
    if type(value) is str:
        return f"{value} " if step > 0 else "" if value else None
    if type(value) is Decimal:
        return value + step
    if type(value) is Date:
        return t.plus_days(value, step)
    if type(value) is DateTime:
        return t.moved(value, step * t.SECOND)
    if type(value) is Time:
        nanos = value.nanos + step * t.SECOND
        return value._replace(nanos=nanos) if 0 <= nanos < t.DAY else None
    if type(value) is DayDuration:
        return DayDuration(value.nanos + step * t.SECOND)
    return MonthDuration(value.months + step)


def _between(low: Value, high: Value) -> Value:
    """Return a value strictly between two, or None when there is none."""
    if type(low) is Decimal:
        return _short_between(low, high)
    after = f"{low}\0" if type(low) is str else _beside(low, 1)
    return after if after is not None and order(after, high) == -1 else None


def _short_between(low: Decimal, high: Decimal) -> Decimal:
    # A whole number reads best in an example; else halve.
    whole = low.to_integral_value(rounding="ROUND_FLOOR") + 1
    return whole if low < whole < high else (low + high) / 2


def mistyped(cell: s.UnaryTests, kind: FeelType) -> FeelType | None:
    """Return the type of a constant in the cell that the column's values never have, or None."""
    whole = plain(kind)
    if whole is ANY:
        return None
    for test in cell.tests:
        seen = plain(test.type)
        if isinstance(seen, RangeType):
            seen = plain(seen.item)
        if seen in (ANY, NULL) or seen == whole or reads_input(test):
            continue
        if {seen, whole} == {DATE, DATE_TIME}:
            continue
        if seen in ORDERED or seen in (STRING, BOOLEAN):
            return seen
    return None
