"""Built-ins on numbers, booleans and conversion."""

from __future__ import annotations

import re
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from motcua.rules.builtins.registry import builtin
from motcua.rules.kinds import BOOLEAN, NUMBER, STRING
from motcua.rules.operators import finite, identical
from motcua.rules.temporal import DayDuration, MonthDuration
from motcua.rules.values import NUMBERS, Function, Value, as_text, number, read_number
from motcua.rules.work import weigh

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_SCALES = range(-6111, 6177)


def scaled(value: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """Round to `scale` digits after the point; a scale decimal128 does not have gives None."""
    places = int(scale)
    if places not in _SCALES:
        return None
    if value.is_zero() or -value.as_tuple().exponent <= places:  # type: ignore[operator]  # finite
        return value if not value.is_zero() else value.quantize(Decimal(1).scaleb(-places))
    wide = Context(prec=6200, rounding=rounding, traps=[])
    return number(value.quantize(Decimal(1).scaleb(-places), context=wide))


@builtin("decimal(n: number, scale: number)", NUMBER)
def decimal(n: Decimal, scale: Decimal) -> Value:
    return scaled(n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale: number?)", NUMBER)
def floor(n: Decimal, scale: Decimal | None) -> Value:
    return scaled(n, scale or Decimal(0), ROUND_FLOOR)


@builtin("ceiling(n: number, scale: number?)", NUMBER)
def ceiling(n: Decimal, scale: Decimal | None) -> Value:
    return scaled(n, scale or Decimal(0), ROUND_CEILING)


@builtin("round up(n: number, scale: number)", NUMBER)
def round_up(n: Decimal, scale: Decimal) -> Value:
    return scaled(n, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)", NUMBER)
def round_down(n: Decimal, scale: Decimal) -> Value:
    return scaled(n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)", NUMBER)
def round_half_up(n: Decimal, scale: Decimal) -> Value:
    return scaled(n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)", NUMBER)
def round_half_down(n: Decimal, scale: Decimal) -> Value:
    return scaled(n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number)", NUMBER)
def absolute(n: Decimal) -> Value:
    return NUMBERS.abs(n)


@builtin("abs(n: duration)", NUMBER)
def absolute_duration(n: DayDuration | MonthDuration) -> Value:
    return type(n)(abs(n[0]))


@builtin("modulo(dividend: number, divisor: number)", NUMBER)
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    if not divisor:
        return None
    # dividend - divisor * floor(dividend / divisor), exactly, then rounded once.
    wide = Context(prec=6200 if abs(dividend.adjusted() - divisor.adjusted()) > 60 else 160)
    rest = wide.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = wide.add(rest, divisor)
    return number(rest)


@builtin("sqrt(number: number)", NUMBER)
def sqrt(value: Decimal) -> Value:
    return None if value < 0 else finite(NUMBERS.sqrt(value))


@builtin("log(number: number)", NUMBER)
def log(value: Decimal) -> Value:
    return None if value <= 0 else finite(NUMBERS.ln(value))


@builtin("exp(number: number)", NUMBER)
def exp(value: Decimal) -> Value:
    return finite(NUMBERS.exp(value))


@builtin("odd(number: number)", BOOLEAN)
def odd(value: Decimal) -> Value:
    return value == value.to_integral_value() and int(value) % 2 == 1


@builtin("even(number: number)", BOOLEAN)
def even(value: Decimal) -> Value:
    return value == value.to_integral_value() and int(value) % 2 == 0


@builtin("not(negand: any)", BOOLEAN)
def negation(negand: Value) -> Value:
    if type(negand) is list and len(negand) == 1:
        negand = negand[0]
    return not negand if type(negand) is bool else None


@builtin("number(from: string, grouping separator: string?, decimal separator: string?)", NUMBER)
def to_number(text: str, grouping: str | None, point: str | None) -> Value:
    if grouping is not None and (grouping not in (" ", ",", ".") or grouping == point):
        return None
    if point is not None and point not in (".", ","):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point and point != ".":
        if "." in text:
            return None
        text = text.replace(point, ".")
    return read_number(text) if _NUMBER.fullmatch(text) else None


@builtin("number(from: number)", NUMBER)
def same_number(value: Decimal) -> Value:
    return value


@builtin("string(from: any)", STRING)
def string(value: Value) -> Value:
    weigh(value)
    return None if type(value) is Function else as_text(value)


@builtin("is(value1: any, value2: any)", BOOLEAN)
def same(value1: Value, value2: Value) -> Value:
    return identical(value1, value2)
