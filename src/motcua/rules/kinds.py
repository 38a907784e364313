"""The types of FEEL, what conforms to them, and the implicit conversions between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.values import Function, Range, Value


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type by name; the scalar types and Any and Null are only this."""

    name: str

    def __str__(self) -> str:
        return self.name


ANY = FeelType("Any")


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    """A list of one type of item."""

    item: FeelType = ANY


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    """A range over one type of value."""

    item: FeelType = ANY


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    """A context with known members; `fields` are pairs of name and type."""

    fields: tuple[tuple[str, FeelType], ...] = ()

    def member(self, name: str) -> FeelType | None:
        """Return the type of a member, or None when it is not declared."""
        return next((kind for known, kind in self.fields if known == name), None)


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    """A function; `parameters` None means that nothing is known of it."""

    parameters: tuple[FeelType, ...] | None = None
    result: FeelType = ANY


@dataclass(frozen=True, slots=True)
class AllowedType(FeelType):
    """A type whose values are held to a constraint of an item definition."""

    base: FeelType = ANY
    allows: Callable[[Value], bool] = field(default=lambda value: True, compare=False)
    text: str = ""


NULL = FeelType("Null")
NUMBER = FeelType("number")
STRING = FeelType("string")
BOOLEAN = FeelType("boolean")
DATE = FeelType("date")
TIME = FeelType("time")
DATE_TIME = FeelType("date and time")
DAY_DURATION = FeelType("days and time duration")
MONTH_DURATION = FeelType("years and months duration")
CONTEXT = ContextType("context")
LIST = ListType("list")
FUNCTION = FunctionType("function")
RANGE = RangeType("range")

SCALARS = {
    Decimal: NUMBER,
    str: STRING,
    bool: BOOLEAN,
    Date: DATE,
    Time: TIME,
    DateTime: DATE_TIME,
    DayDuration: DAY_DURATION,
    MonthDuration: MONTH_DURATION,
}
PYTHON_TYPE = {kind: python for python, kind in SCALARS.items()}

NAMED = {
    "Any": ANY,
    "any": ANY,
    "Null": NULL,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "dateTime": DATE_TIME,
    "days and time duration": DAY_DURATION,
    "dayTimeDuration": DAY_DURATION,
    "years and months duration": MONTH_DURATION,
    "yearMonthDuration": MONTH_DURATION,
    "context": CONTEXT,
    "list": LIST,
    "function": FUNCTION,
    "range": RANGE,
}


def list_of(item: FeelType) -> ListType:
    """Return the type of lists of `item`."""
    return ListType(f"list<{item}>", item)


def range_of(item: FeelType) -> RangeType:
    """Return the type of ranges over `item`."""
    return RangeType(f"range<{item}>", item)


def context_of(fields: dict[str, FeelType]) -> ContextType:
    """Return the type of contexts with these members."""
    text = ", ".join(f"{name}: {kind}" for name, kind in fields.items())
    return ContextType(f"context<{text}>", tuple(fields.items()))


def function_of(parameters: tuple[FeelType, ...], result: FeelType) -> FunctionType:
    """Return the type of functions from these parameters to a result."""
    text = ", ".join(str(kind) for kind in parameters)
    return FunctionType(f"function<{text}> -> {result}", parameters, result)


def plain(kind: FeelType) -> FeelType:
    """Return the type without its allowed values."""
    while isinstance(kind, AllowedType):
        kind = kind.base
    return kind


def without_allowed(kind: FeelType) -> FeelType:
    """Return the type with the allowed values removed at every depth."""
    kind = plain(kind)
    if isinstance(kind, ListType):
        return list_of(without_allowed(kind.item))
    if isinstance(kind, ContextType):
        return context_of({name: without_allowed(member) for name, member in kind.fields})
    return kind


def type_of(value: Value) -> FeelType:
    """Return the type of a value."""
    if value is None:
        return NULL
    scalar = SCALARS.get(type(value))
    if scalar is not None:
        return scalar
    if isinstance(value, list):
        kinds = {type_of(item) for item in value}
        return list_of(kinds.pop() if len(kinds) == 1 else ANY)
    if isinstance(value, dict):
        return context_of({name: type_of(item) for name, item in value.items()})
    if isinstance(value, Range):
        return range_of(type_of(value.start if value.start is not None else value.end))
    return _function_type(value)


def _function_type(value: Function) -> FunctionType:
    kinds = tuple(value.types) or (ANY,) * len(value.parameters)
    return function_of(kinds, value.result or ANY)


def is_instance(value: Value, kind: FeelType) -> bool:
    """Say whether `value instance of kind`; null is an instance of Null only."""
    if value is None:
        return kind is NULL
    return conforms(value, without_allowed(kind))


def conforms(value: Value, kind: FeelType) -> bool:
    """Say whether the value conforms to the type without any conversion; null always does."""
    if value is None or kind is ANY:
        return True
    python = PYTHON_TYPE.get(kind)
    if python is not None:
        return type(value) is python
    if isinstance(kind, AllowedType):
        return conforms(value, kind.base) and kind.allows(value)
    if isinstance(kind, ListType):
        return type(value) is list and (kind.item is ANY or all(conforms(item, kind.item) for item in value))
    if isinstance(kind, ContextType):
        return type(value) is dict and all(
            name in value and conforms(value[name], wanted) for name, wanted in kind.fields
        )
    if isinstance(kind, RangeType):
        return _range_conforms(value, kind)
    if isinstance(kind, FunctionType):
        return isinstance(value, Function) and _function_conforms(_function_type(value), kind)
    return False


def _range_conforms(value: Value, kind: RangeType) -> bool:
    if not isinstance(value, Range):
        return False
    return conforms(value.start, kind.item) and conforms(value.end, kind.item)


def _function_conforms(seen: FunctionType, kind: FunctionType) -> bool:
    if kind.parameters is None:
        return True
    if seen.parameters is None or len(seen.parameters) != len(kind.parameters):
        return False
    # Parameters vary the other way: the function must take at least what the type promises.
    pairs = zip(kind.parameters, seen.parameters, strict=True)
    return all(is_subtype(given, taken) for given, taken in pairs) and is_subtype(seen.result, kind.result)


def is_subtype(narrow: FeelType, wide: FeelType) -> bool:
    """Say whether every value of one type is a value of the other."""
    narrow, wide = plain(narrow), plain(wide)
    if wide is ANY or narrow is NULL or narrow == wide:
        return True
    if isinstance(narrow, ListType) and isinstance(wide, ListType):
        return is_subtype(narrow.item, wide.item)
    if isinstance(narrow, RangeType) and isinstance(wide, RangeType):
        return is_subtype(narrow.item, wide.item)
    if isinstance(narrow, ContextType) and isinstance(wide, ContextType):
        members = dict(narrow.fields)
        return all(name in members and is_subtype(members[name], kind) for name, kind in wide.fields)
    if isinstance(narrow, FunctionType) and isinstance(wide, FunctionType):
        return _function_conforms(narrow, wide)
    return False


def coerce(value: Value, kind: FeelType) -> Value:
    """Convert implicitly to the type: one item and its list, a date and its midnight; else null."""
    if value is None or kind is ANY or conforms(value, kind):
        return value
    bare = plain(kind)
    if isinstance(bare, ListType):
        if type(value) is list:
            return None
        return _kept([value], kind)
    if type(value) is list and len(value) == 1:
        return value[0] if conforms(value[0], kind) else None
    if bare is DATE_TIME and type(value) is Date:
        return _kept(DateTime(value, Time(0, 0)), kind)
    if isinstance(bare, FunctionType) and isinstance(value, Function):
        return value if value.builtin is not None else None
    return None


def _kept(value: Value, kind: FeelType) -> Value:
    return value if conforms(value, kind) else None
