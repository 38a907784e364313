"""The built-in `range()`, which reads a range literal in text: it stands above the parser, not among the others."""

from __future__ import annotations

from motcua.rules import syntax as s
from motcua.rules.builtins.registry import BUILTINS, builtin
from motcua.rules.errors import FeelRefused
from motcua.rules.kinds import RANGE
from motcua.rules.operators import order
from motcua.rules.parser import parse_expression
from motcua.rules.values import Range, Value

__all__ = ["BUILTINS", "made_range", "range_literal"]

_MAKERS = frozenset(("date", "time", "date and time", "duration"))


@builtin("range(from: string)", RANGE)
def range_literal(text: str) -> Range | None:
    """Read `[1..10]` and the like; None when it is not a range with literal ends in order."""
    try:
        node = parse_expression(text, BUILTINS)
    except FeelRefused:
        return None
    if not isinstance(node, s.RangeNode):
        return None
    (known_low, low), (known_high, high) = _literal(node.low), _literal(node.high)
    if not known_low or not known_high:
        return None
    return made_range(low, high, node.low_included, node.high_included)


def made_range(low: Value, high: Value, low_included: bool, high_included: bool) -> Range | None:
    """Return the range between two ends of one kind, or None when they have no order."""
    if low is None or high is None:
        if low is None and high is None:
            return None
        if (low is None and low_included) or (high is None and high_included):
            return None
        return Range(low, high, low_included, high_included)
    found = order(low, high)
    if found is None or found > 0:
        return None
    return Range(low, high, low_included, high_included)


def _literal(node: s.Node) -> tuple[bool, Value]:
    if isinstance(node, s.Literal):
        return True, node.value
    if isinstance(node, s.Negation):
        known, value = _literal(node.operand)
        return known and value is not None, -value if known and value is not None else None
    if (
        isinstance(node, s.Call)
        and isinstance(node.function, s.Name)
        and node.function.name in _MAKERS
        and node.names is None
        and all(isinstance(argument, s.Literal) for argument in node.arguments)
    ):
        values = [argument.value for argument in node.arguments]  # type: ignore[attr-defined]  # all literals
        return True, BUILTINS[node.function.name].by_position(*values)
    return False, None
