"""Built-ins on lists; positions count from 1, and from the end when negative."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from motcua.rules.builtins.registry import builtin
from motcua.rules.errors import WorkExceeded
from motcua.rules.invocation import invoke
from motcua.rules.kinds import BOOLEAN, LIST, NUMBER
from motcua.rules.operators import equal, finite
from motcua.rules.values import NUMBERS, Function, Value
from motcua.rules.work import spend, spend_on

DEEPEST_LIST = 200


def _position(at: Decimal, size: int) -> int | None:
    place = int(at)
    if place == 0 or abs(place) > size:
        return None
    return place - 1 if place > 0 else size + place


@builtin("list contains(list: list, element: any)", BOOLEAN)
def list_contains(items: list[Value], element: Value) -> Value:
    return any(equal(item, element) is True for item in items)


@builtin("count(list: list)", NUMBER)
def count(items: list[Value]) -> Value:
    return Decimal(len(items))


def _over(name: str, parameter: str = "list") -> Callable[..., Callable[..., Value]]:
    """Register a function of a list under both its list form and its variadic form."""

    def register(body: Callable[..., Value]) -> Callable[..., Value]:
        result = BOOLEAN if name in ("all", "any") else LIST if name == "mode" else NUMBER
        builtin(f"{name}({parameter}: list)", result)(body)
        builtin(f"{name}(n...)", result)(body)
        return body

    return register


def _numbers(items: list[Value]) -> bool:
    return all(type(item) is Decimal for item in items)


@_over("sum")
def total(items: list[Value]) -> Value:
    if not items or not _numbers(items):
        return None
    value = items[0]
    for item in items[1:]:
        value = NUMBERS.add(value, item)
    return finite(value)


@_over("mean")
def mean(items: list[Value]) -> Value:
    value = total(items)
    return None if value is None else finite(NUMBERS.divide(value, Decimal(len(items))))


@_over("product")
def product(items: list[Value]) -> Value:
    if not items or not _numbers(items):
        return None
    value = items[0]
    for item in items[1:]:
        value = NUMBERS.multiply(value, item)
    return finite(value)


@_over("median")
def median(items: list[Value]) -> Value:
    if not items or not _numbers(items):
        return None
    ranked = sorted(items)
    half = len(ranked) // 2
    if len(ranked) % 2:
        return ranked[half]
    return finite(NUMBERS.divide(NUMBERS.add(ranked[half - 1], ranked[half]), Decimal(2)))


@_over("stddev")
def stddev(items: list[Value]) -> Value:
    if len(items) < 2 or not _numbers(items):
        return None
    middle = mean(items)
    squares = [NUMBERS.power(NUMBERS.subtract(item, middle), 2) for item in items]
    return finite(NUMBERS.sqrt(NUMBERS.divide(total(squares), Decimal(len(items) - 1))))


@_over("mode")
def mode(items: list[Value]) -> Value:
    if not _numbers(items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(value for value, seen in counts.items() if seen == most)


@_over("all")
def all_true(items: list[Value]) -> Value:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@_over("any")
def any_true(items: list[Value]) -> Value:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("sublist(list: list, start position: number, length: number?)", LIST)
def sublist(items: list[Value], start: Decimal, length: Decimal | None) -> Value:
    first = _position(start, len(items))
    if first is None or (length is not None and not 1 <= int(length) <= len(items) - first):
        return None
    return items[first:] if length is None else items[first : first + int(length)]


@builtin("append(list: list, item...)", LIST)
def append(everything: list[Value]) -> Value:
    first = everything[0]
    if first is None or len(everything) < 2:
        return None
    return [*(first if type(first) is list else [first]), *everything[1:]]


@builtin("append(list: list, item: any)", LIST)
def append_one(items: list[Value], item: Value) -> Value:
    return [*items, item]


@builtin("concatenate(list...)", LIST)
def concatenate(lists: list[Value]) -> Value:
    if any(one is None for one in lists):
        return None
    for one in lists:
        spend_on(one)
    return [item for one in lists for item in (one if type(one) is list else [one])]


@builtin("insert before(list: list, position: number, newItem: any)", LIST)
def insert_before(items: list[Value], position: Decimal, item: Value) -> Value:
    at = _position(position, len(items))
    return None if at is None else [*items[:at], item, *items[at:]]


@builtin("remove(list: list, position: number)", LIST)
def remove(items: list[Value], position: Decimal) -> Value:
    at = _position(position, len(items))
    return None if at is None else items[:at] + items[at + 1 :]


@builtin("list replace(list: list, position: number, newItem: any)", LIST)
def list_replace(items: list[Value], position: Decimal, item: Value) -> Value:
    at = _position(position, len(items))
    return None if at is None else [*items[:at], item, *items[at + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)", LIST)
def list_replace_matching(items: list[Value], match: Function, new: Value) -> Value:
    made: list[Value] = []
    for item in items:
        found = invoke(match, [item, new])
        if type(found) is not bool:
            return None
        made.append(new if found else item)
    return made


@builtin("reverse(list: list)", LIST)
def reverse(items: list[Value]) -> Value:
    return items[::-1]


@builtin("index of(list: list, match: any)", LIST)
def index_of(items: list[Value], match: Value) -> Value:
    return [Decimal(at) for at, item in enumerate(items, 1) if equal(item, match) is True]


@builtin("union(list...)", LIST)
def union(lists: list[Value]) -> Value:
    together = concatenate(lists)
    return None if together is None else distinct_values(together)


@builtin("distinct values(list: list)", LIST)
def distinct_values(items: list[Value]) -> Value:
    made: list[Value] = []
    seen: set[object] = set()
    for item in items:
        # Text and numbers hash as they compare; the rest is compared one by one.
        if type(item) in (str, Decimal):
            if (type(item), item) in seen:
                continue
            seen.add((type(item), item))
        else:
            spend(len(made))
            if any(equal(item, known) is True for known in made):
                continue
        made.append(item)
    return made


@builtin("duplicate values(list: list)", LIST)
def duplicate_values(items: list[Value]) -> Value:
    spend(len(items) * len(items) // 2)
    return distinct_values(
        [item for at, item in enumerate(items) if any(equal(item, other) is True for other in items[:at])]
    )


@builtin("flatten(list: list)", LIST)
def flatten(items: list[Value], depth: int = 0) -> Value:
    if depth > DEEPEST_LIST:
        raise WorkExceeded("the depth of a list", DEEPEST_LIST)
    spend(len(items))
    made: list[Value] = []
    for item in items:
        made.extend(flatten(item, depth + 1) if type(item) is list else [item])
    return made
