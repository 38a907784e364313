"""A compiled decision table: its trees, what it makes of its inputs, and where each rule fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.classes import Column
from motcua.rules.kinds import FeelType
from motcua.rules.values import Value

KEPT_OUTCOMES = 4096


class RuleHit(NamedTuple):
    """A rule that fired: its number in the table from 1, its id and its annotations."""

    number: int
    id: str
    annotations: Mapping[str, str]


class Failed(NamedTuple):
    """The first condition of a rule that did not hold; the value it saw is `seen[column]` of its table."""

    rule: int
    column: int
    input: str
    test: str


class Outcome:
    """What a table makes of inputs of the same classes: the rules hit, and where each other rule fails.

    `hits` counts rules from 0. `value` is set where the outputs are constants. Without `masks`, where
    the rules fail is asked of the conditions themselves. `conditions` and `pick` are what `failed` and
    `met` have worked out, to be read without a call.
    """

    __slots__ = ("_failing", "_rules", "conditions", "hits", "masks", "pick", "table", "value")

    def __init__(
        self,
        table: CompiledTable,
        hits: Sequence[int],
        masks: Sequence[tuple[int, int]] | None = None,
        value: Value = None,
    ) -> None:
        self.table = table
        self.hits = hits
        self.masks = masks
        self.value = value
        self._rules: tuple[RuleHit, ...] | None = None
        self._failing: list[int] | None = None
        self.conditions: tuple[Failed, ...] | None = None
        self.pick: Callable[[Sequence[Value]], tuple[Value, ...]] | None = None

    @property
    def rules(self) -> tuple[RuleHit, ...]:
        """The rules that fired."""
        if self._rules is None:
            self._rules = tuple([self.table.rule_hits[at] for at in self.hits])
        return self._rules

    def failing(self, seen: Sequence[Value], captured: Sequence[Value]) -> list[int]:
        """Return for each rule the column of its first condition that fails, or -1; under F up to the hit."""
        if self._failing is None:
            ends_at_hit = self.table.table.policy == "F" and self.hits
            count = self.hits[0] if ends_at_hit else len(self.table.table.rules)
            if self.masks is None:
                self._failing = self.table.failing(seen, captured)[:count]
            else:
                self._failing = [self._first_failing(1 << at, self.masks) for at in range(count)]
        return self._failing

    def failed(self, seen: Sequence[Value], captured: Sequence[Value]) -> tuple[Failed, ...]:
        """Return the first failing condition of each rule that did not fire; under F up to the hit."""
        if self.conditions is None:
            columns = enumerate(self.failing(seen, captured))
            condition = self.table.condition
            self.conditions = tuple([condition(at, column) for at, column in columns if column >= 0])
        return self.conditions

    def met(self, seen: Sequence[Value], captured: Sequence[Value]) -> tuple[Value, ...]:
        """Return the values that the conditions of `failed` met, in the same order."""
        columns = [one.column for one in self.failed(seen, captured)]
        # A getter of one or no item gives no tuple.
        several = len(columns) > 1
        self.pick = itemgetter(*columns) if several else lambda row: tuple([row[at] for at in columns])
        return self.pick(seen)

    @staticmethod
    def _first_failing(rule: int, masks: Sequence[tuple[int, int]]) -> int:
        return next((column for column, mask in masks if not mask & rule), -1)


# One entry of a trace: the outcome, the inputs seen, and the captured values.
Hit = tuple[Outcome, tuple[Value, ...], tuple[Value, ...]]


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
    columns: list[tuple[int, Column]] | None = None
    answer: str = ""
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    _failing: Callable[..., list[int]] | None = None
    _conditions: dict[tuple[int, int], Failed] = field(default_factory=dict)

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

    def condition(self, rule: int, column: int) -> Failed:
        """Return what an explanation says of a condition that fails; rules and columns count from 0."""
        found = self._conditions.get((rule, column))
        if found is None:
            text = self.table.rules[rule].inputs[column].text
            found = Failed(rule + 1, column, self.labels[column], text)
            self._conditions[rule, column] = found
        return found

    def failing(self, inputs: Sequence[Value], captured: Sequence[Value]) -> list[int]:
        """Return for each rule the column of its first condition that fails, or -1."""
        if self._failing is None:
            exec(compile(self.failing_source, f"<{self.owner}>", "exec"), self.scope)  # noqa: S102
            self._failing = self.scope["failing"]  # type: ignore[assignment]  # exec made it
        return self._failing(*inputs, *captured)  # type: ignore[misc]  # set above

    def learned(self, key: int) -> Outcome:
        """Work out what the table makes of these classes of its columns, and keep it."""
        masks: list[tuple[int, int]] = []
        met = (1 << len(self.table.rules)) - 1
        rest = key
        for at, column in self.columns or ():
            rest, place = divmod(rest, column.size)
            mask = column.masks[place]
            masks.append((at, mask))
            met &= mask
        hits = _bits(met & -met if self.table.policy == "F" else met)
        value = self.scope[self.answer](hits) if self.answer else None  # type: ignore[operator]  # exec made it
        outcome = Outcome(self, hits, masks, value)
        if len(self.outcomes) < KEPT_OUTCOMES:
            self.outcomes[key] = outcome
        return outcome


def _bits(mask: int) -> list[int]:
    """Return the places of the bits that are set."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
