"""A compiled file that runs: its elements by kind and name, and one evaluation at a time."""

from __future__ import annotations

from functools import cached_property

from motcua.rules.errors import DecisionAmbiguous, UnknownDecision
from motcua.rules.facts import Facts
from motcua.rules.routes import Route, route_to
from motcua.rules.running import Loaded
from motcua.rules.tables import CompiledTable
from motcua.rules.units import Unit


class Program:
    """What runs decisions from values by input id; a Model adds what people ask of it."""

    def __init__(self, loaded: Loaded, sha256: str) -> None:
        self.loaded = loaded
        self.sha256 = sha256
        self.name = loaded.definitions.name
        self._by_name: dict[tuple[str, str], Unit] = {}
        self._routes: dict[str | None, Route] = {}
        for unit in loaded.linked.units.values():
            self._by_name.setdefault((unit.element.kind, unit.element.name), unit)

    @cached_property
    def decisions(self) -> tuple[str, ...]:
        """The names of the decisions, in the order of the file."""
        return self.names("decision")

    @cached_property
    def top(self) -> tuple[str, ...]:
        """The decisions that no other decision requires."""
        required = {reference for unit in self.units("decision") for reference in unit.element.requires}
        return tuple(unit.element.name for unit in self.units("decision") if unit.element.id not in required)

    @property
    def tables(self) -> tuple[CompiledTable, ...]:
        """Every decision table of the file, in order."""
        return tuple(table for unit in self.loaded.linked.units.values() for table in unit.tables)

    def decision_unit(self, name: str | None) -> Unit:
        """Return the decision of that name, or the one top decision."""
        if name is None:
            if len(self.top) != 1:
                raise DecisionAmbiguous(self.top)
            name = self.top[0]
        unit = self._by_name.get(("decision", name))
        if unit is None:
            raise UnknownDecision(name, self.decisions)
        return unit

    @cached_property
    def facts(self) -> Facts:
        """What reads facts by the names of the inputs."""
        return Facts(self.units("input"))

    def route(self, name: str | None) -> Route:
        """Return the way to the decision of that name, or to the one top decision."""
        found = self._routes.get(name)
        if found is None:
            unit = self.decision_unit(name)
            found = self._routes[name] = route_to(self.loaded, unit, self.facts)
        return found

    def units(self, kind: str) -> list[Unit]:
        """Return the elements of a kind, in the order of the file."""
        return [unit for unit in self.loaded.linked.units.values() if unit.element.kind == kind]

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of the elements of a kind."""
        return tuple(unit.element.name for unit in self.units(kind))
