"""A compiled decision table: its trees, and where each rule fails for given inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.kinds import FeelType
from motcua.rules.values import Value

# One entry of a trace: the table, the rules hit, the inputs seen, and the captured values.
Hit = tuple["CompiledTable", list[int], tuple[Value, ...], tuple[Value, ...]]


class RuleHit(NamedTuple):
    """A rule that fired: its number in the table from 1, its id and its annotations."""

    number: int
    id: str
    annotations: Mapping[str, str]


@dataclass(eq=False)
class CompiledTable:
    """A table with its trees; `failing` tells, for given inputs, where each rule first fails."""

    table: m.Table
    owner: str
    inputs: list[s.Node] = field(default_factory=list)
    input_types: list[FeelType] = field(default_factory=list)
    cells: list[list[s.UnaryTests]] = field(default_factory=list)
    outputs: list[list[s.Node]] = field(default_factory=list)
    output_types: list[FeelType] = field(default_factory=list)
    priorities: list[list[Value]] = field(default_factory=list)
    defaults: list[s.Node | None] = field(default_factory=list)
    input_values: list[s.UnaryTests | None] = field(default_factory=list)
    output_values: list[s.UnaryTests | None] = field(default_factory=list)
    failing_source: str = ""
    scope: dict[str, object] = field(default_factory=dict)
    _failing: Callable[..., list[int]] | None = None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What people call the inputs."""
        return tuple(one.label or one.expression.text.strip() for one in self.table.inputs)

    @cached_property
    def rule_hits(self) -> tuple[RuleHit, ...]:
        """What an explanation says of each rule that fires."""
        return tuple(
            RuleHit(number, rule.id, rule.annotations) for number, rule in enumerate(self.table.rules, 1)
        )

    def failing(self, inputs: Sequence[Value], captured: Sequence[Value]) -> list[int]:
        """Return for each rule the column of its first condition that fails, or -1."""
        if self._failing is None:
            exec(compile(self.failing_source, f"<{self.owner}>", "exec"), self.scope)  # noqa: S102
            self._failing = self.scope["failing"]  # type: ignore[assignment]  # exec made it
        return self._failing(*inputs, *captured)  # type: ignore[misc]  # set above
