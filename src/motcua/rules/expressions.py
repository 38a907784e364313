"""FEEL outside of models: form conditions, workflow guards, thresholds and filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from motcua.rules.cells import tests_truth
from motcua.rules.codegen import Env, Frame, Writer
from motcua.rules.errors import FeelRefused, WorkExceeded
from motcua.rules.kinds import ANY, FeelType
from motcua.rules.parser import Parser
from motcua.rules.runtime import begin_work
from motcua.rules.scope import Scope
from motcua.rules.texts import ROOT
from motcua.rules.values import Value, from_plain, to_plain

Names = Iterable[str] | Mapping[str, FeelType]


def _scope(names: Names, extra: Mapping[str, FeelType] | None = None) -> Scope:
    known = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, ANY)
    # Values come without a promise of their types, so names alone are declared.
    return Scope({**dict.fromkeys(known, ANY), **(extra or {})}, ROOT)


def _compiled(write: Callable[[], str], arguments: str, writer: Writer, text: str) -> Callable[..., Value]:
    try:
        made: Callable[..., Value] = eval(  # noqa: S307 - the code is written by us from a tree
            f"lambda {arguments}: {write()}", writer.globals
        )
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise FeelRefused(
            "the expression is nested too deeply", text=text, offset=0, remedy="Split it."
        ) from error
    return made


def compile_feel(text: str, names: Names = ()) -> Callable[[Mapping[str, object]], Any]:
    """Compile an expression over these names to a function of their plain values.

    A name that is not declared is refused with the nearest that is. Raises FeelRefused.
    """
    known = tuple(names)
    parser = Parser(text, _scope(names), strict=True)
    node = parser.whole_expression()
    writer = Writer()
    frame = Frame({name: f"S.get({name!r})" for name in parser.scope.names})
    call = _compiled(lambda: writer.value(node, Env((frame,))), "S", writer, text)

    def evaluate(scope: Mapping[str, object]) -> Any:
        begin_work()
        values = {name: from_plain(scope.get(name), name) for name in known}
        return to_plain(_guarded(call, {" ".join(k.split()): v for k, v in values.items()}))

    return evaluate


def compile_unary(text: str, names: Names = ()) -> Callable[[object, Mapping[str, object]], bool]:
    """Compile unary tests, as a cell holds them, to a function of the input and other values."""
    known = tuple(names)
    parser = Parser(text, _scope(names, {"?": ANY}), strict=True)
    tests = parser.whole_tests()
    writer = Writer()
    frame = Frame({name: f"S.get({name!r})" for name in parser.scope.names if name != "?"})
    call = _compiled(lambda: tests_truth(writer, tests, "x", ANY, Env((frame,))), "S, x", writer, text)

    def accepts(value: object, scope: Mapping[str, object] | None = None) -> bool:
        begin_work()
        given = scope or {}
        values = {" ".join(name.split()): from_plain(given.get(name), name) for name in known}
        return bool(_guarded(call, values, from_plain(value)))

    return accepts


def _guarded(call: Callable[..., Value], *arguments: Value) -> Value:
    try:
        return call(*arguments)
    except RecursionError as error:
        raise WorkExceeded("the depth of calls", 200) from error


def evaluate_feel(text: str, scope: Mapping[str, object] | None = None) -> Any:
    """Evaluate an expression once over plain values."""
    given = scope or {}
    return compile_feel(text, tuple(given))(given)
