"""Sorting, and the smallest and largest, of values that have an order."""

from __future__ import annotations

from functools import cmp_to_key

from motcua.rules.builtins.registry import builtin
from motcua.rules.invocation import invoke
from motcua.rules.kinds import LIST
from motcua.rules.operators import order
from motcua.rules.values import Function, Value
from motcua.rules.work import spend


@builtin("sort(list: list, precedes: function?)", LIST)
def sort(items: list[Value], precedes: Function | None) -> Value:
    if precedes is None:
        if any(order(items[0], item) is None for item in items):
            return None
        return sorted(items, key=cmp_to_key(lambda one, other: order(one, other) or 0))

    def compare(one: Value, other: Value) -> int:
        spend(1)
        first, second = invoke(precedes, [one, other]), invoke(precedes, [other, one])
        if type(first) is not bool or type(second) is not bool:
            raise ValueError("the function that orders does not say which comes first")
        return second - first

    return sorted(items, key=cmp_to_key(compare))


def _extreme(items: list[Value], wanted: int) -> Value:
    if not items:
        return None
    best = items[0]
    for item in items:
        found = order(item, best)
        if found is None:
            return None
        if found == wanted:
            best = item
    return best


@builtin("min(list: list)")
def smallest(items: list[Value]) -> Value:
    return _extreme(items, -1)


@builtin("min(c...)")
def smallest_of(items: list[Value]) -> Value:
    return _extreme(items, -1)


@builtin("max(list: list)")
def largest(items: list[Value]) -> Value:
    return _extreme(items, 1)


@builtin("max(c...)")
def largest_of(items: list[Value]) -> Value:
    return _extreme(items, 1)
