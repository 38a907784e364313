"""Built-ins that place points and ranges beside each other (Allen's relations)."""

from __future__ import annotations

from collections.abc import Callable

from motcua.rules.builtins.registry import builtin
from motcua.rules.kinds import BOOLEAN
from motcua.rules.operators import both, either, equal, in_range, order
from motcua.rules.values import Range, Value

Truth = bool | None


def _range(value: Value) -> Range | None:
    return value if type(value) is Range else None


def _relation(name: str, *pairs: str) -> Callable[..., Callable[..., Truth]]:
    """Register one body for pairs of kinds, `p` a point and `r` a range."""
    kinds = {"p": "point", "r": "range"}

    def register(body: Callable[..., Truth]) -> Callable[..., Truth]:
        for pair in pairs:
            names = ["range" if kind == "r" else "point" for kind in pair]
            if pair[0] == pair[1]:
                names = [f"{names[0]}1", f"{names[1]}2"]
            builtin(f"{name}({names[0]}: {kinds[pair[0]]}, {names[1]}: {kinds[pair[1]]})", BOOLEAN)(body)
        return body

    return register


def _ends_before(one: Range, other: Value, *, strict_end: bool, strict_start: bool) -> Truth:
    start = other.start if type(other) is Range else other
    end = one.end if type(one) is Range else one
    found = order(end, start)
    if found is None:
        return None
    return found < 0 or (found == 0 and (strict_end or strict_start))


@_relation("before", "pp", "pr", "rp", "rr")
def before(one: Value, other: Value) -> Truth:
    left, right = _range(one), _range(other)
    return _ends_before(
        one,
        other,
        strict_end=left is not None and not left.end_included,
        strict_start=right is not None and not right.start_included,
    )


@_relation("after", "pp", "pr", "rp", "rr")
def after(one: Value, other: Value) -> Truth:
    return before(other, one)


@_relation("meets", "rr")
def meets(one: Range, other: Range) -> Truth:
    touching = one.end_included and other.start_included
    return both(touching, equal(one.end, other.start))


@_relation("met by", "rr")
def met_by(one: Range, other: Range) -> Truth:
    return meets(other, one)


def _starts_inside(one: Range, other: Range) -> Truth:
    """Say whether `one` begins no later than `other` ends."""
    found = order(one.start, other.end)
    if found is None:
        return None
    return found < 0 or (found == 0 and one.start_included and other.end_included)


@_relation("overlaps", "rr")
def overlaps(one: Range, other: Range) -> Truth:
    return both(_starts_inside(one, other), _starts_inside(other, one))


def _start_order(one: Range, other: Range) -> int | None:
    found = order(one.start, other.start)
    return found if found else found if found is None else other.start_included - one.start_included


def _end_order(one: Range, other: Range) -> int | None:
    found = order(one.end, other.end)
    return found if found else found if found is None else one.end_included - other.end_included


def _is(found: int | None, *wanted: int) -> Truth:
    return None if found is None else found in wanted


@_relation("overlaps before", "rr")
def overlaps_before(one: Range, other: Range) -> Truth:
    order_of_ends = both(_is(_start_order(one, other), -1), _is(_end_order(one, other), -1, 0))
    # Begins earlier, ends no later, and they share a point.
    return both(order_of_ends, _starts_inside(other, one))


@_relation("overlaps after", "rr")
def overlaps_after(one: Range, other: Range) -> Truth:
    order_of_ends = both(_is(_start_order(one, other), 1), _is(_end_order(one, other), 0, 1))
    return both(order_of_ends, _starts_inside(one, other))


@_relation("finishes", "pr", "rr")
def finishes(one: Value, other: Range) -> Truth:
    if type(one) is not Range:
        return both(other.end_included, equal(one, other.end))
    return both(_is(_end_order(one, other), 0), _is(_start_order(one, other), 0, 1))


@_relation("finished by", "rp", "rr")
def finished_by(one: Range, other: Value) -> Truth:
    return finishes(other, one)


@_relation("includes", "rp", "rr")
def includes(one: Range, other: Value) -> Truth:
    if type(other) is not Range:
        return in_range(other, one)
    return both(_is(_start_order(one, other), -1, 0), _is(_end_order(one, other), 0, 1))


@_relation("during", "pr", "rr")
def during(one: Value, other: Range) -> Truth:
    return includes(other, one)


@_relation("starts", "pr", "rr")
def starts(one: Value, other: Range) -> Truth:
    if type(one) is not Range:
        return both(other.start_included, equal(one, other.start))
    return both(_is(_start_order(one, other), 0), _is(_end_order(one, other), -1, 0))


@_relation("started by", "rp", "rr")
def started_by(one: Range, other: Value) -> Truth:
    return starts(other, one)


@_relation("coincides", "pp", "rr")
def coincides(one: Value, other: Value) -> Truth:
    if type(one) is not Range:
        return equal(one, other)
    same = both(_is(_start_order(one, other), 0), _is(_end_order(one, other), 0))
    return either(same, False)
