"""The values of FEEL in Python: None, bool, str, Decimal, list, dict, temporal tuples, and these."""

from __future__ import annotations

import datetime as plain
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import Any

from motcua.rules import temporal
from motcua.rules.errors import FactNotAllowed
from motcua.rules.lexer import is_name
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time

# A FEEL value is any of a closed set of Python types; the set is recursive and checked at run time.
Value = Any

DEEPEST_VALUE = 200
# decimal128: 34 digits, half-even. No traps: what overflows or is undefined becomes null.
NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. Written with an operator, `(< 10)`, it has an open side; `(null..10)` has not:
    its null end makes every membership unknown.
    """

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    operator: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of FEEL: a built-in, a lambda, a knowledge model or a decision service."""

    name: str
    call: Callable[..., Value]
    parameters: tuple[str, ...]
    types: tuple[Any, ...] = ()  # feel types; typed loosely because types import values
    result: Any = None
    builtin: Any = field(default=None, compare=False)


def number(value: Decimal) -> Decimal | None:
    """Round to 34 digits, or return None for what is not a finite number."""
    rounded = NUMBERS.plus(value)
    return rounded if rounded.is_finite() else None


def read_number(text: str) -> Decimal | None:
    """Read digits, a point and an exponent of any length; None for what is no finite number."""
    read = NUMBERS.create_decimal(text)
    return read if read.is_finite() else None


def from_plain(value: object, name: str = "value", depth: int = 0) -> Value:
    """Turn a Python value into a FEEL value.

    Raises FactNotAllowed for binary floats, for anything FEEL has no word for, and for what is
    nested more than DEEPEST_VALUE deep.
    """
    if depth > DEEPEST_VALUE:
        raise FactNotAllowed(name, f"at most {DEEPEST_VALUE} levels", "a deeper value")
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, (list, tuple)):
        return [from_plain(item, name, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {str(key): from_plain(item, f"{name}.{key}", depth + 1) for key, item in value.items()}
    for known, reader in _PLAIN_READERS:
        if isinstance(value, known):
            return reader(value, name)
    wanted = "a Decimal, an int or text" if isinstance(value, float) else "a plain value"
    raise FactNotAllowed(name, wanted, f"{type(value).__name__} {value!r}")


def _days(value: plain.timedelta, name: str) -> DayDuration:
    micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    return DayDuration(micros * 1000)


def _moment(value: plain.datetime, name: str) -> DateTime:
    return DateTime(Date(value.year, value.month, value.day), _clock(value))


def _finite(value: Any, name: str) -> Decimal:
    rounded = number(value)
    if rounded is None:
        raise FactNotAllowed(name, "a finite number", str(value))
    return rounded


def _clock(value: plain.datetime | plain.time) -> Time:
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    nanos = seconds * temporal.SECOND + value.microsecond * 1000
    zone = getattr(value.tzinfo, "key", None)
    if zone is not None:
        return Time(nanos, None, zone)
    shift = value.utcoffset()
    return Time(nanos, None if shift is None else int(shift.total_seconds()))


def to_plain(value: Value) -> Any:
    """Turn a FEEL value into plain Python; what Python cannot hold keeps its FEEL type."""
    kind = type(value)
    if kind is list:
        return [to_plain(item) for item in value]
    if kind is dict:
        return {key: to_plain(item) for key, item in value.items()}
    if kind is Date:
        return plain.date(*value) if 1 <= value.year <= 9999 else value
    if kind is Time:
        return _plain_time(value)
    if kind is DateTime:
        if not 1 <= value.date.year <= 9999:
            return value
        return plain.datetime.combine(plain.date(*value.date), _plain_time(value.time))
    if kind is DayDuration:
        days, rest = divmod(value.nanos, temporal.DAY)
        if abs(days) > 999_999_998:
            return value
        return plain.timedelta(days=days, microseconds=rest // 1000)
    return value


def _plain_time(time: Time) -> plain.time:
    seconds, rest = divmod(time.nanos, temporal.SECOND)
    zone: plain.tzinfo | None = None
    if time.zone is not None:
        zone = temporal.zone_named(time.zone)
    elif time.offset is not None:
        zone = plain.timezone(plain.timedelta(seconds=time.offset))
    return plain.time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest // 1000, tzinfo=zone)


def write_number(value: Decimal) -> str:
    """Write a number without exponent; all of decimal128 fit in 6,200 characters."""
    return "0" if value == 0 else format(value, "f")


def as_text(value: Value) -> str | None:
    """Return what `string()` of FEEL gives; None for null."""
    kind = type(value)
    if value is None or kind is str:
        return value  # type: ignore[no-any-return]  # None or str
    return as_literal(value)


def as_literal(value: Value) -> str:
    """Return the value as it stands inside a list or context."""
    if value is None:
        return "null"
    return _LITERALS[type(value)](value)


def _text_literal(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    """Return the key of a context: a name as it is, and what is no name between quotes."""
    return name if is_name(name) else _text_literal(name)


def _range_literal(value: Range) -> str:
    if value.operator is not None:
        return f"({value.operator}{as_literal(value.end if value.start is None else value.start)})"
    left = "[" if value.start_included else "("
    right = "]" if value.end_included else ")"
    return f"{left}{as_literal(value.start)}..{as_literal(value.end)}{right}"


_LITERALS: dict[type, Callable[[Value], str]] = {
    bool: lambda value: "true" if value else "false",
    Decimal: write_number,
    str: _text_literal,
    Date: temporal.write_date,
    Time: temporal.write_time,
    DateTime: temporal.write_date_time,
    DayDuration: temporal.write_duration,
    MonthDuration: temporal.write_duration,
    list: lambda value: f"[{', '.join(as_literal(item) for item in value)}]",
    dict: lambda value: (
        "{" + ", ".join(f"{_key(key)}: {as_literal(item)}" for key, item in value.items()) + "}"
    ),
    Range: _range_literal,
    Function: lambda value: f"function({', '.join(value.parameters)})",
}
_AS_THEY_ARE = (bool, str, Date, Time, DateTime, DayDuration, MonthDuration, Range, Function)
# In this order: a bool is an int, and a datetime is a date.
_PLAIN_READERS: tuple[tuple[type, Callable[[Any, str], Value]], ...] = (
    (Decimal, _finite),
    (int, lambda value, name: _finite(NUMBERS.create_decimal(int(value)), name)),
    (str, lambda value, name: str(value)),
    (plain.datetime, _moment),
    (plain.date, lambda value, name: Date(value.year, value.month, value.day)),
    (plain.time, lambda value, name: _clock(value)),
    (plain.timedelta, _days),
)
