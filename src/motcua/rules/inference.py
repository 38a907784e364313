"""Infers the type of a node from the types of its parts; Any where only running can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from motcua.rules import syntax as s
from motcua.rules.builtins import BUILTINS
from motcua.rules.kinds import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAY_DURATION,
    MONTH_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    context_of,
    function_of,
    list_of,
    plain,
    range_of,
    type_of,
)

_DURATIONS = (DAY_DURATION, MONTH_DURATION)
_PLUS = {
    (NUMBER, NUMBER): NUMBER,
    (STRING, STRING): STRING,
    (DAY_DURATION, DAY_DURATION): DAY_DURATION,
    (MONTH_DURATION, MONTH_DURATION): MONTH_DURATION,
    (DATE, DAY_DURATION): DATE,
    (DATE, MONTH_DURATION): DATE,
    (DATE_TIME, DAY_DURATION): DATE_TIME,
    (DATE_TIME, MONTH_DURATION): DATE_TIME,
    (TIME, DAY_DURATION): TIME,
}
_MINUS = {
    **{pair: kind for pair, kind in _PLUS.items() if pair != (STRING, STRING)},
    (DATE, DATE): DAY_DURATION,
    (DATE_TIME, DATE_TIME): DAY_DURATION,
    (DATE, DATE_TIME): DAY_DURATION,
    (DATE_TIME, DATE): DAY_DURATION,
    (TIME, TIME): DAY_DURATION,
}
_PROPERTIES = {
    DATE: dict.fromkeys(("year", "month", "day", "weekday"), NUMBER),
    TIME: {
        **dict.fromkeys(("hour", "minute", "second"), NUMBER),
        "time offset": DAY_DURATION,
        "timezone": STRING,
    },
    DAY_DURATION: dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
    MONTH_DURATION: dict.fromkeys(("years", "months"), NUMBER),
}
_PROPERTIES[DATE_TIME] = {**_PROPERTIES[DATE], **_PROPERTIES[TIME]}


def infer(node: s.Node) -> FeelType:
    """Return the type of a node whose parts have their types."""
    reader = _READERS.get(type(node))
    return ANY if reader is None else reader(node)


def arithmetic_type(operator: str, left: FeelType, right: FeelType) -> FeelType:
    """Return the type of `left operator right`."""
    if operator == "**":
        return NUMBER
    if operator == "+":
        return _PLUS.get((left, right)) or _PLUS.get((right, left)) or ANY
    if operator == "-":
        return _MINUS.get((left, right), ANY)
    if left is NUMBER and right is NUMBER:
        return NUMBER
    if left in _DURATIONS and right is NUMBER:
        return left
    if operator == "*":
        return right if left is NUMBER and right in _DURATIONS else ANY
    return NUMBER if left in _DURATIONS and left == right else ANY


def common_type(kinds: Iterable[FeelType]) -> FeelType:
    """Return the one type of all that are not null, or Any."""
    seen = {plain(kind) for kind in kinds} - {NULL}
    return seen.pop() if len(seen) == 1 else ANY


def item_type(kind: FeelType) -> FeelType:
    """Return the type of the items of a list or range, and of a single value the value's own."""
    kind = plain(kind)
    return kind.item if isinstance(kind, (ListType, RangeType)) else kind


def member_type(kind: FeelType, member: str) -> FeelType:
    """Return the type of `.member`."""
    if isinstance(kind, ContextType):
        return kind.member(member) or ANY
    if isinstance(kind, ListType):
        return list_of(plain(member_type(plain(kind.item), member)))
    if isinstance(kind, RangeType) and member in ("start", "end"):
        return kind.item
    if isinstance(kind, RangeType):
        return BOOLEAN
    return _PROPERTIES.get(kind, {}).get(member, ANY)


def filter_type(node: s.Filter) -> FeelType:
    """Return the item type for an index, the list for a condition, Any when unclear."""
    kind, condition = plain(node.operand.type), plain(node.condition.type)
    if kind is ANY or not isinstance(kind, ListType):
        return ANY
    if condition is NUMBER:
        return kind.item
    return kind if condition is BOOLEAN else ANY


def call_type(node: s.Call) -> FeelType:
    """Return the result type of the function called."""
    if isinstance(node.function, s.Name) and node.function.type is ANY:
        builtin = BUILTINS.get(node.function.name)
        return builtin.result if builtin is not None else ANY
    kind = plain(node.function.type)
    return kind.result if isinstance(kind, FunctionType) else ANY


def _negation_type(node: s.Negation) -> FeelType:
    kind = plain(node.operand.type)
    return kind if kind is NUMBER or kind in _DURATIONS else ANY


# Each reader takes its own class of node; a dict cannot say so.
_READERS: dict[type[s.Node], Callable[[Any], FeelType]] = {
    s.Literal: lambda node: type_of(node.value),
    s.Logic: lambda node: BOOLEAN,
    s.Comparison: lambda node: BOOLEAN,
    s.Between: lambda node: BOOLEAN,
    s.In: lambda node: BOOLEAN,
    s.InstanceOf: lambda node: BOOLEAN,
    s.Quantified: lambda node: BOOLEAN,
    s.Arithmetic: lambda node: arithmetic_type(node.operator, plain(node.left.type), plain(node.right.type)),
    s.Negation: _negation_type,
    s.If: lambda node: common_type((node.yes.type, node.no.type)),
    s.ListNode: lambda node: list_of(common_type(item.type for item in node.items)),
    s.ContextNode: lambda node: context_of({name: value.type for name, value in node.entries}),
    s.For: lambda node: list_of(plain(node.body.type)),
    s.RangeNode: lambda node: range_of(common_type((node.low.type, node.high.type))),
    s.UnaryComparison: lambda node: range_of(plain(node.operand.type)),
    s.Path: lambda node: member_type(plain(node.operand.type), node.member),
    s.Filter: filter_type,
    s.FunctionNode: lambda node: function_of(
        tuple(kind for _, kind in node.parameters), plain(node.body.type)
    ),
    s.Call: call_type,
}
