"""Why a decision came out as it did: the rules that fired, what was read, what failed and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from motcua.rules.changes import Change, Wanted, smallest_changes
from motcua.rules.rendering import filled, plain_answer, rendered
from motcua.rules.values import Value, as_literal, to_plain

if TYPE_CHECKING:
    from motcua.rules.compiler import Unit
    from motcua.rules.evaluation import Model
    from motcua.rules.running import Run
    from motcua.rules.tables import CompiledTable, Hit


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule with the value it saw."""

    input: str
    test: str
    value: Any
    holds: bool


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that fired: its number in the table from 1, its id and its annotations."""

    number: int
    id: str
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuleMiss:
    """A rule that did not fire, with its conditions; the first that fails decided it."""

    number: int
    id: str
    annotations: Mapping[str, str]
    conditions: tuple[Condition, ...]

    @property
    def first_failing(self) -> Condition:
        """The first condition that does not hold."""
        return next(one for one in self.conditions if not one.holds)


@dataclass(frozen=True, slots=True)
class TableWhy:
    """What one evaluation of a decision table saw, hit and missed."""

    decision: str
    policy: str
    inputs: tuple[tuple[str, Any], ...]
    hits: tuple[RuleHit, ...]
    misses: tuple[RuleMiss, ...]


@dataclass(frozen=True, slots=True)
class DecisionWhy:
    """One decision that was evaluated, with its value."""

    name: str
    value: Any


class Explanation:
    """Everything behind one answer; built when it is asked for."""

    def __init__(
        self, decision: Decision, run: Run, trace: Sequence[Hit], given: Mapping[str, Value]
    ) -> None:
        self._decision = decision
        self._run = run
        self._trace = trace
        self._given = given

    @cached_property
    def decisions(self) -> tuple[DecisionWhy, ...]:
        """The decisions evaluated, the required ones first."""
        units = self._decision.model.loaded.linked.units
        space = self._decision.model.loaded.definitions.namespace
        return tuple(
            DecisionWhy(units[identity].element.name, to_plain(value))
            for (home, identity), value in self._run.values.items()
            if home == space and units[identity].element.kind == "decision"
        )

    @cached_property
    def inputs(self) -> Mapping[str, Any]:
        """The inputs that the decision read, by name; null for those that were not given."""
        units = self._decision.model.loaded.linked.units
        space = self._decision.model.loaded.definitions.namespace
        wanted = self._read()
        return {
            units[identity].element.variable.name: to_plain(self._run.values.get((space, identity)))
            for identity in units
            if identity in wanted
        }

    def _read(self) -> set[str]:
        units = self._decision.model.loaded.linked.units
        seen: set[str] = set()
        stack = [self._decision.unit.element.id]
        while stack:
            identity = stack.pop()
            if identity in seen or identity not in units:
                continue
            seen.add(identity)
            stack.extend(units[identity].element.requires)
        return {identity for identity in seen if units[identity].element.kind == "input"}

    @cached_property
    def tables(self) -> tuple[TableWhy, ...]:
        """The tables evaluated, in order; under F only the rules before the hit are misses."""
        return tuple(_table_why(*hit) for hit in self._trace)

    @property
    def rule(self) -> RuleHit | None:
        """The first rule that fired in the asked decision's own table."""
        own = [one for one in self.tables if one.decision == self._decision.unit.element.name]
        return own[-1].hits[0] if own and own[-1].hits else None

    @property
    def changes(self) -> tuple[Change, ...]:
        """The smallest sets of input changes that flip the answer, verified by re-evaluation."""
        return self.changes_of()

    def changes_of(
        self,
        *,
        changeable: Sequence[str] | None = None,
        wanted: Wanted = None,
        most: int = 3,
    ) -> tuple[Change, ...]:
        """Return up to `most` smallest sets of changes to what can be changed, to what is wanted.

        `changeable` names the inputs a person can change, all by default; `wanted` lists the
        answers to reach, or tests one; any other answer by default.
        """
        return smallest_changes(
            self._decision.model,
            self._decision.unit,
            self._given,
            self._decision.feel_value,
            changeable=changeable,
            wanted=wanted,
            most=most,
        )

    def reason(self, language: str) -> str:
        """Return the sentence of the rule that fired, its placeholders filled; empty without one."""
        template = self.rule.annotations.get(language, "") if self.rule else ""
        values = {**self.inputs, **{one.name: one.value for one in self.decisions}}
        return filled(template, values, language)

    def to_json(self, *, wanted: Wanted = None) -> dict[str, Any]:
        """Return the explanation as plain dicts, lists and text; its changes lead to what is wanted."""
        return {
            "decision": self._decision.unit.element.name,
            "value": _json(self._decision.value),
            "decisions": [{"name": d.name, "value": _json(d.value)} for d in self.decisions],
            "inputs": {name: _json(value) for name, value in self.inputs.items()},
            "tables": [
                {
                    "decision": table.decision,
                    "policy": table.policy,
                    "inputs": [{"input": n, "value": _json(v)} for n, v in table.inputs],
                    "hits": [
                        {"rule": h.number, "id": h.id, "annotations": dict(h.annotations)} for h in table.hits
                    ],
                    "misses": [
                        {
                            "rule": miss.number,
                            "id": miss.id,
                            "conditions": [
                                {
                                    "input": c.input,
                                    "test": c.test,
                                    "value": _json(c.value),
                                    "holds": c.holds,
                                }
                                for c in miss.conditions
                            ],
                        }
                        for miss in table.misses
                    ],
                }
                for table in self.tables
            ],
            "changes": [change.to_json() for change in self.changes_of(wanted=wanted)],
        }


def _json(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, list):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    return plain_answer(value)


def _table_why(
    table: CompiledTable, hits: list[int], seen: tuple[Value, ...], captured: tuple[Value, ...]
) -> TableWhy:
    names = [clause.label or clause.expression.text.strip() for clause in table.table.inputs]
    failing = table.failing(seen, captured)
    last = hits[0] if table.table.policy == "F" and hits else len(failing)
    misses: list[RuleMiss] = []
    for at, column in enumerate(failing[:last]):
        if column >= 0:
            misses.append(_miss(table, at, column, names, seen))
    return TableWhy(
        table.owner,
        table.table.policy,
        tuple(zip(names, (to_plain(value) for value in seen), strict=True)),
        tuple(_hit(table, at) for at in hits),
        tuple(misses),
    )


def _hit(table: CompiledTable, at: int) -> RuleHit:
    rule = table.table.rules[at]
    return RuleHit(at + 1, rule.id, rule.annotations)


def _miss(
    table: CompiledTable, at: int, column: int, names: Sequence[str], seen: Sequence[Value]
) -> RuleMiss:
    rule = table.table.rules[at]
    conditions = tuple(
        Condition(names[place], rule.inputs[place].text, to_plain(seen[place]), place < column)
        for place in range(column + 1)
        if not table.cells[at][place].anything
    )
    return RuleMiss(at + 1, rule.id, rule.annotations, conditions)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one case: `value` as plain Python, `why` it is so, `text` for people."""

    model: Model
    unit: Unit
    given: Mapping[str, Value]
    feel_value: Value
    run: Run
    trace: Sequence[Hit]

    @property
    def value(self) -> Any:
        """The answer as plain Python; a dict for a table of several outputs."""
        return to_plain(self.feel_value)

    @property
    def why(self) -> Explanation:
        """The explanation; worked out when its parts are read."""
        return Explanation(self, self.run, self.trace, self.given)

    def text(self, language: str = "vi") -> str:
        """Return the answer and its reasons as sentences in `vi` or `en`."""
        return rendered(self, language)

    def __repr__(self) -> str:
        # Facts are about people: they stay out of logs.
        return f"Decision({self.unit.element.name!r}: {as_literal(self.feel_value)})"
