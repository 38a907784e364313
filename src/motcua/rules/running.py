"""Runs compiled elements in the order they need each other, each at most once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.rules import model as m
from motcua.rules.kinds import ANY, FunctionType, coerce
from motcua.rules.tables import Hit
from motcua.rules.units import Linked, Unit
from motcua.rules.values import Function, Value


@dataclass(slots=True)
class Loaded:
    """A compiled file with the files it imports, by namespace."""

    definitions: m.Definitions
    linked: Linked
    imports: Mapping[str, Loaded]


class Run:
    """One evaluation: the values known so far by id, and the trace of tables.

    Elements of imported models stand under `namespace#id`.
    """

    __slots__ = ("root", "trace", "values")

    def __init__(self, root: Loaded, values: dict[str, Value], trace: list[Hit] | None) -> None:
        self.root = root
        self.values = values
        self.trace = trace

    def key(self, loaded: Loaded, identity: str) -> str:
        """Return the key of an element of a model."""
        if loaded is self.root:
            return identity
        return f"{loaded.definitions.namespace}#{identity}"

    def give(self, loaded: Loaded, identity: str, value: Value) -> None:
        """Set the value of an input, or of a decision that is not to be evaluated."""
        self.values[self.key(loaded, identity)] = value

    def value(self, loaded: Loaded, reference: str) -> Value:
        """Return the value of the element a reference points to."""
        space, foreign, identity = reference.rpartition("#")
        home = loaded.imports[space] if foreign else loaded
        identity = identity if foreign else reference
        key = self.key(home, identity)
        if key not in self.values:
            unit = home.linked.units[identity]
            self.values[key] = self._made(home, unit)
        return self.values[key]

    def _made(self, home: Loaded, unit: Unit) -> Value:
        kind = unit.element.kind
        if kind == "input":
            return None
        if kind == "service":
            return self._service(home, unit)
        used = [self._named(home, unit, name) for name in unit.uses]
        if unit.call is None:
            return None
        if kind == "decision":
            return unit.call(self.trace, *used)
        call, trace = unit.call, self.trace

        def invoked(*arguments: Value) -> Value:
            return call(trace, *used, *arguments)

        parameters = tuple(one.name for one in unit.element.parameters)
        types = unit.type.parameters if isinstance(unit.type, FunctionType) else ()
        result = unit.type.result if isinstance(unit.type, FunctionType) else ANY
        return Function(unit.element.name, invoked, parameters, types or (), result)

    def _named(self, home: Loaded, unit: Unit, name: str) -> Value:
        reference = unit.names.get(name)
        if reference is not None:
            return self.value(home, reference)
        # The name of an import stands for a context of what this element requires of it.
        prefix = f"{name}."
        return {
            full[len(prefix) :]: self.value(home, inner)
            for full, inner in unit.names.items()
            if full.startswith(prefix)
        }

    def _service(self, home: Loaded, unit: Unit) -> Function:
        element = unit.element
        references = (*element.input_data, *element.input_decisions)
        names = tuple(self._variable(home, reference) for reference in references)
        kind = unit.type
        types = kind.parameters if isinstance(kind, FunctionType) else ()

        def invoked(*arguments: Value) -> Value:
            inner = Run(self.root, {}, self.trace)
            for reference, value in zip(references, arguments, strict=True):
                space, foreign, identity = reference.rpartition("#")
                inner.give(home.imports[space] if foreign else home, identity, value)
            values = {
                self._variable(home, reference): inner.value(home, reference) for reference in element.outputs
            }
            return next(iter(values.values())) if len(values) == 1 else values

        result = kind.result if isinstance(kind, FunctionType) else ANY
        return Function(element.name, invoked, names, types or (), result)

    def _variable(self, home: Loaded, reference: str) -> str:
        space, foreign, identity = reference.rpartition("#")
        units = home.imports[space].linked.units if foreign else home.linked.units
        return units[identity].element.variable.name


def converted_input(unit: Unit, value: Value) -> Value:
    """Return an input's value after the implicit conversions; null when it does not conform."""
    return value if unit.type is ANY else coerce(value, unit.type)
