"""How a decision is reached from facts: one Python function where that can be, else element by element."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from motcua.rules import model as m
from motcua.rules.borders import Borders
from motcua.rules.facts import Facts
from motcua.rules.kinds import BOOLEAN, NUMBER, STRING, ContextType, plain
from motcua.rules.reach import OwnColumns
from motcua.rules.running import Loaded, Run
from motcua.rules.tables import Hit
from motcua.rules.units import Unit
from motcua.rules.values import Value, to_plain
from motcua.rules.wording import Wording

# What a route found, for `known` to read.
Found = Any
_PLAIN = (STRING, BOOLEAN, NUMBER)


class Route(ABC):
    """The way to one decision of a file, with everything it needs of that file.

    `answer(facts, trace)` reads facts given by name and returns the value, and what `known` and
    `facts_of` read; `decide(*values)` takes the values of `inputs` and returns the value alone.
    """

    source: str
    answer: Callable[[Mapping[str, object], list[Hit] | None], tuple[Value, Found]]
    decide: Callable[..., Value]

    def __init__(self, loaded: Loaded, unit: Unit, facts: Facts) -> None:
        self.loaded = loaded
        self.unit = unit
        self.facts = facts
        self.needed = _needed(loaded.linked.units, unit)
        self.inputs = tuple(one for one in self.needed.values() if one.element.kind == "input")

    @cached_property
    def wording(self) -> Wording:
        """What the file calls its inputs and values."""
        return Wording(self.loaded.definitions)

    @cached_property
    def borders(self) -> Borders:
        """The values of the inputs at which the answer may turn."""
        return Borders(list(self.needed.values()))

    @cached_property
    def own_columns(self) -> OwnColumns:
        """Which columns of the decision's own table its inputs touch."""
        return OwnColumns(self.unit, self.needed)

    @abstractmethod
    def known(self, found: Found) -> Mapping[str, Value]:
        """Return the values of inputs and decisions by id, the required decisions first."""

    def facts_of(self, found: Found) -> dict[str, Any]:
        """Return the inputs that the decision needs, by name, as plain values."""
        known = self.known(found)
        return {one.element.variable.name: to_plain(known.get(one.element.id)) for one in self.inputs}

    def plain_value(self, value: Value) -> Any:
        """Return the answer as plain Python, free for the caller to change."""
        return to_plain(value)


class StraightRoute(Route):
    """A decision that needs inputs and decisions of its own file only: one function, written once."""

    def __init__(self, loaded: Loaded, unit: Unit, facts: Facts, steps: Sequence[Unit]) -> None:
        super().__init__(loaded, unit, facts)
        places = {one.element.id: at for at, one in enumerate(facts.units)}
        local = {identity: f"v{at}" for identity, at in places.items()}
        calls: list[str] = []
        reading = facts.lines
        scope = dict(facts.scope)
        for at, step in enumerate(steps):
            scope[f"decide{at}"] = step.call
            used = ", ".join(["T", *(local[step.names[name]] for name in step.uses)])
            local[step.element.id] = f"d{at}"
            calls.append(f" d{at} = decide{at}({used})")
        self._ids = (*(one.element.id for one in self.inputs), *(one.element.id for one in steps))
        found = f"({', '.join(local[one] for one in self._ids)},)"
        result = local[unit.element.id]
        arguments = ", ".join(local[one.element.id] for one in self.inputs)
        wanted = {places[one.element.id]: f"F[{at}]" for at, one in enumerate(self.inputs)}
        self.source = "\n".join(
            [
                "def answer(facts, T):",
                *reading,
                *calls,
                f" return {result}, {found}",
                "",
                f"def decide({arguments}):",
                " T = None",
                *calls,
                f" return {result}",
                "",
                "def facts_of(F):",
                f" return {facts.spoken_lines(wanted)}",
                "",
            ]
        )
        exec(compile(self.source, f"<{unit.element.name}>", "exec"), scope)  # noqa: S102
        self.answer = scope["answer"]  # type: ignore[assignment]  # exec made it
        self.decide = scope["decide"]  # type: ignore[assignment]  # exec made it
        self.facts_of = scope["facts_of"]  # type: ignore[assignment,method-assign]  # exec made it
        self.plain_value = _plain_reader(unit)  # type: ignore[assignment,method-assign]  # one for each type

    def known(self, found: Found) -> Mapping[str, Value]:
        """Return the values of inputs and decisions by id, the required decisions first."""
        return dict(zip(self._ids, found, strict=True))


class WalkedRoute(Route):
    """A decision that calls knowledge, services or other files: run element by element."""

    def __init__(self, loaded: Loaded, unit: Unit, facts: Facts) -> None:
        super().__init__(loaded, unit, facts)
        reading = facts.lines
        scope = dict(facts.scope)
        values = ", ".join(f"v{at}" for at in range(len(facts.units)))
        self.source = "\n".join(["def read(facts):", *reading, f" return [{values}]", ""])
        exec(compile(self.source, f"<{unit.element.name}>", "exec"), scope)  # noqa: S102
        self._read: Callable[[Mapping[str, object]], list[Value]]
        self._read = scope["read"]  # type: ignore[assignment]  # exec made it
        self.answer = self._answer
        self.decide = self._decide

    def _answer(self, facts: Mapping[str, object], trace: list[Hit] | None) -> tuple[Value, Found]:
        values = zip(self.facts.units, self._read(facts), strict=True)
        run = Run(self.loaded, {one.element.id: value for one, value in values}, trace)
        return run.value(self.loaded, self.unit.element.id), run.values

    def _decide(self, *values: Value) -> Value:
        given = {one.element.id: value for one, value in zip(self.inputs, values, strict=True)}
        return Run(self.loaded, given, None).value(self.loaded, self.unit.element.id)

    def known(self, found: Found) -> Mapping[str, Value]:
        """Return the values of inputs and decisions by id, the required decisions first."""
        values: Mapping[str, Value] = found
        return values


def route_to(loaded: Loaded, unit: Unit, facts: Facts) -> Route:
    """Return the way to a decision."""
    steps = _straight(loaded, unit)
    return WalkedRoute(loaded, unit, facts) if steps is None else StraightRoute(loaded, unit, facts, steps)


def _straight(loaded: Loaded, unit: Unit) -> list[Unit] | None:
    """Return the decisions on the way, or None when it needs more than inputs and decisions here."""
    units = loaded.linked.units
    steps: list[Unit] = []
    done: set[str] = set()

    def add(at: str) -> bool:
        one = units.get(at)
        if one is None or one.element.kind not in ("input", "decision"):
            return False
        if at in done or one.element.kind == "input":
            return True
        done.add(at)
        if one.call is None or any(name not in one.names for name in one.uses):
            return False
        if not all(add(reference) for reference in one.element.requires):
            return False
        steps.append(one)
        return True

    return steps if add(unit.element.id) else None


def _needed(units: Mapping[str, Unit], unit: Unit) -> dict[str, Unit]:
    """Return the elements a decision needs, in the order of the file, which is how its author thinks."""
    seen: set[str] = set()
    stack = [unit.element.id]
    while stack:
        identity = stack.pop()
        if identity in seen or identity not in units:
            continue
        seen.add(identity)
        stack.extend(units[identity].element.requires)
    return {identity: one for identity, one in units.items() if identity in seen}


def _plain_reader(unit: Unit) -> Callable[[Value], Any]:
    """Return what turns a decision's value into plain Python: nothing at all for most types."""
    kind = plain(unit.type)
    if kind in _PLAIN:
        return lambda value: value
    body = unit.element.expression
    if isinstance(body, m.Table) and isinstance(kind, ContextType) and body.policy in "UAFP":
        inside = unit.tables[0].output_types if unit.tables else []
        if inside and all(plain(one) in _PLAIN for one in inside):
            return lambda value: None if value is None else value.copy()
    return to_plain
