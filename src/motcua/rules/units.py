"""What compilation makes of a file: a unit for each element, and the types it declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.errors import ModelRefused
from motcua.rules.kinds import FeelType
from motcua.rules.tables import CompiledTable
from motcua.rules.values import Value


@dataclass(slots=True)
class Unit:
    """A compiled element: `call(trace, *values of uses, *parameters)` gives its value."""

    element: m.Element
    type: FeelType
    uses: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    call: Callable[..., Value] | None = None
    node: s.Node | None = None
    tables: list[CompiledTable] = field(default_factory=list)
    doubts: list[tuple[str, int, str]] = field(default_factory=list)
    refusal: ModelRefused | None = None


@dataclass(slots=True)
class Linked:
    """Another compiled model, as an importing model sees it."""

    units: Mapping[str, Unit]
    types: Mapping[str, FeelType]
    source: str = ""
    scope: Mapping[str, object] = field(default_factory=dict)
