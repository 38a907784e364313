"""Calling a function value of FEEL: by position or by name, null when the arguments do not fit."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.rules.kinds import ANY, coerce, conforms
from motcua.rules.values import Function, Value
from motcua.rules.work import STEPS_A_CALL, spend


def invoke(function: Value, arguments: Sequence[Value], names: Sequence[str] | None = None) -> Value:
    """Call the function; what is not a function, or does not take these arguments, gives null."""
    if type(function) is not Function:
        return None
    spend(STEPS_A_CALL)
    if function.builtin is not None:
        if names is not None:
            return function.builtin.by_name(names, arguments)
        return function.call(*arguments)
    ordered = ordered_arguments(function, arguments, names)
    if ordered is None:
        return None
    value = function.call(*ordered)
    return value if function.result is None else coerce(value, function.result)


def ordered_arguments(
    function: Function, arguments: Sequence[Value], names: Sequence[str] | None
) -> list[Value] | None:
    """Return the arguments in the order of the parameters, converted, or None."""
    if names is not None:
        given = dict(zip(names, arguments, strict=True))
        if given.keys() != set(function.parameters):
            return None
        arguments = [given[name] for name in function.parameters]
    if len(arguments) != len(function.parameters):
        return None
    if not function.types:
        return list(arguments)
    ordered: list[Value] = []
    for value, kind in zip(arguments, function.types, strict=True):
        if kind is ANY or conforms(value, kind):
            ordered.append(value)
            continue
        converted = coerce(value, kind)
        if converted is None:
            return None
        ordered.append(converted)
    return ordered
