"""How a built-in function declares itself: signatures with names, kinds and optional parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from motcua.rules.kinds import ANY, BOOLEAN, NUMBER, STRING, FeelType
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.values import Function, Range, Value
from motcua.rules.work import spend_on

Body = Callable[..., Value]

_KINDS: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date, DateTime),
    "time": (Time,),
    "moment": (DateTime, Date),
    "days": (DayDuration,),
    "duration": (DayDuration, MonthDuration),
    "context": (dict,),
    "function": (Function,),
    "range": (Range,),
    "point": (Decimal, str, Date, Time, DateTime, DayDuration, MonthDuration),
}

# Kinds of one class only, with the type that promises it.
_PLAIN_KINDS = {"number": NUMBER, "string": STRING, "boolean": BOOLEAN}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its names, the Python classes it takes, and whether it may be left out."""

    names: tuple[str, ...]
    kind: str
    optional: bool

    def accept(self, value: Value) -> tuple[bool, Value]:
        """Return whether the value fits, and the value after the implicit conversions."""
        if self.kind == "any":
            return True, value
        if value is None:
            # An optional number that is given must be one; a left-out text or offset may be null.
            return self.optional and self.kind != "number", None
        if self.kind == "list":
            spend_on(value)
            return True, value if type(value) is list else [value]
        classes = _KINDS[self.kind]
        if type(value) in classes:
            if type(value) is str:
                spend_on(value)
            return True, value
        if type(value) is list and len(value) == 1 and type(value[0]) in classes:
            return True, value[0]
        return False, None


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in; a variadic one gathers all its arguments in one list."""

    parameters: tuple[Parameter, ...]
    body: Body
    variadic: bool

    def takes(self, count: int) -> bool:
        """Say whether so many arguments by position fit."""
        if self.variadic:
            return count >= 1
        least = sum(not parameter.optional for parameter in self.parameters)
        return least <= count <= len(self.parameters)

    def positions(self, names: Sequence[str]) -> list[int] | None:
        """Return the position of each named argument, or None when a name is not known."""
        found: list[int] = []
        for name in names:
            place = next((at for at, known in enumerate(self.parameters) if name in known.names), None)
            if place is None or place in found or self.variadic:
                return None
            found.append(place)
        return found

    def call(self, *arguments: Value) -> Value:
        """Check and convert the arguments, and call; what does not fit is null."""
        if self.variadic:
            return self._guarded([list(arguments)])
        checked: list[Value] = []
        for parameter, value in zip(self.parameters, arguments, strict=False):
            fits, converted = parameter.accept(value)
            if not fits:
                return None
            checked.append(converted)
        for parameter in self.parameters[len(checked) :]:
            if not parameter.optional and parameter.kind != "any":
                return None
            checked.append(None)
        return self._guarded(checked)

    def fits_types(self, kinds: Sequence[FeelType]) -> bool:
        """Say whether arguments of these types need no check but for null."""
        return len(kinds) == len(self.parameters) and all(
            parameter.kind in _PLAIN_KINDS and _PLAIN_KINDS[parameter.kind] is kind
            for parameter, kind in zip(self.parameters, kinds, strict=True)
        )

    def unchecked(self, *arguments: Value) -> Value:
        """Call with arguments whose types are known; a null among them gives null."""
        return None if None in arguments else self._guarded(arguments)

    def _guarded(self, arguments: Sequence[Value]) -> Value:
        try:
            value = self.body(*arguments)
        except (ArithmeticError, ValueError):
            return None
        spend_on(value)
        return value


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in function with all its signatures; the first that fits is called."""

    name: str
    result: FeelType
    signatures: list[Signature] = field(default_factory=list)

    def by_position(self, *arguments: Value) -> Value:
        """Call with arguments by position."""
        for signature in self.signatures:
            if signature.takes(len(arguments)):
                value = signature.call(*arguments)
                if value is not None:
                    return value
        return None

    def by_name(self, names: Sequence[str], arguments: Sequence[Value]) -> Value:
        """Call with named arguments; a name that is left out counts as null."""
        for signature in self.signatures:
            places = signature.positions(names)
            if places is not None:
                ordered: list[Value] = [None] * (max(places, default=-1) + 1)
                for place, argument in zip(places, arguments, strict=True):
                    ordered[place] = argument
                value = signature.call(*ordered)
                if value is not None:
                    return value
        return None


BUILTINS: dict[str, Builtin] = {}


def builtin(declaration: str, result: FeelType = ANY) -> Callable[[Body], Body]:
    """Register a function under a declaration such as `substring(string: string, length: number?)`.

    Names of one parameter are separated by |, `?` makes it optional, and `...` before the closing
    parenthesis gathers all arguments in one list.
    """
    name, _, inside = declaration.rstrip(")").partition("(")
    variadic = inside.endswith("...")
    parameters = tuple(_parameter(part) for part in inside.removesuffix("...").split(",") if part.strip())

    def register(body: Body) -> Body:
        known = BUILTINS.setdefault(name, Builtin(name, result))
        known.signatures.append(Signature(parameters, body, variadic))
        return body

    return register


def _parameter(text: str) -> Parameter:
    names, _, kind = text.partition(":")
    kind = kind.strip()
    return Parameter(tuple(name.strip() for name in names.split("|")), kind.rstrip("?"), kind.endswith("?"))


@cache
def as_function(name: str) -> Function:
    """Return the built-in as a value that can be passed on."""
    known = BUILTINS[name]
    parameters = tuple(parameter.names[0] for parameter in known.signatures[0].parameters)
    return Function(name, known.by_position, parameters, (), known.result, known)
