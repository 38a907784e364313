"""The Python that a model was written as, with its constants in place, for a person to read.

It is not meant to be run: values stand where the real source names them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from motcua.rules.builtins.registry import Signature
from motcua.rules.kinds import FeelType
from motcua.rules.program import Program
from motcua.rules.tables import CompiledTable
from motcua.rules.units import Unit
from motcua.rules.values import Function, Range, as_literal

_NAME = re.compile(r"\b[k]\d+\b")
_LONGEST = 200


def listed_source(program: Program, decision: str | None = None) -> str:
    """Return the Python of a model's elements, and of the way to one decision when it is named.

    Behind each table stand its rules asked one after the other: the twin that tells where each rule
    first fails, and that tests hold the lookup by classes against.
    """
    linked = program.loaded.linked
    said = _Said(program)
    parts = [
        f"# {program.name}: each element as a function; T collects the trace.",
        said.filled(linked.source),
    ]
    for table in program.tables:
        parts.append(f"# The rules of a table of {table.owner}, one after the other; they read:")
        parts.extend(f"#   i{at} = {label}" for at, label in enumerate(table.labels))
        parts.append(said.filled(table.failing_source))
    if decision is not None:
        parts.append(f"# The way to {decision}, from the facts to the answer:")
        parts.append(program.route(decision).source)
    return "\n".join(parts)


class _Said:
    """What stands for the constants of a source."""

    def __init__(self, program: Program) -> None:
        self._scope: Mapping[str, object] = program.loaded.linked.scope
        self._outcomes = {id(table.outcomes): table for table in program.tables}
        self._functions = dict(_named_functions(program.loaded.linked.units))

    def filled(self, source: str) -> str:
        """Return the source with what its constants are, and above each function what it is for."""
        lines: list[str] = []
        for line in source.splitlines():
            found = re.match(r"def (\w+)\(", line)
            if found and found[1] in self._functions:
                lines.append(f"# {self._functions[found[1]]}")
            lines.append(_NAME.sub(self._constant, line))
        return "\n".join(lines) + "\n"

    def _constant(self, found: re.Match[str]) -> str:
        value = self._scope.get(found[0])
        text = self._said(value)
        return found[0] if text is None or len(text) > _LONGEST else text

    def _said(self, value: object) -> str | None:
        if isinstance(value, Decimal):
            return f"Decimal({str(value)!r})"
        if isinstance(value, (dict, list)):
            return repr(value)
        if isinstance(value, frozenset):
            return f"{{{', '.join(sorted(map(repr, value)))}}}"
        if isinstance(value, FeelType):
            return f"<type {value}>"
        if isinstance(value, Function):
            return f"<{value.name or as_literal(value)}>"
        if isinstance(value, Range):
            return f"<{as_literal(value)}>"
        if isinstance(value, tuple):
            return repr(value)
        return self._said_of_method(value)

    def _said_of_method(self, value: object) -> str | None:
        owner = getattr(value, "__self__", None)
        if isinstance(owner, CompiledTable):
            return f"<learn an outcome of {owner.owner}>"
        if isinstance(owner, Signature):
            return owner.body.__name__
        table = self._outcomes.get(id(owner))
        return None if table is None else f"<outcomes of {table.owner}>.get"


def _named_functions(units: Mapping[str, Unit]) -> Iterator[tuple[str, str]]:
    for unit in units.values():
        call: Callable[..., object] | None = unit.call
        if call is not None:
            yield getattr(call, "__name__", ""), f'{unit.element.kind} "{unit.element.name}"'
