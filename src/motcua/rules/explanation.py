"""Why a decision came out as it did: the rules that fired, what was read, what failed and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from motcua.rules import model as m
from motcua.rules.changes import Change, Wanted, smallest_changes
from motcua.rules.routes import Found, Route
from motcua.rules.speaking import filled, plain_answer
from motcua.rules.tables import CompiledTable, Failed, Hit, Outcome, RuleHit
from motcua.rules.units import Unit
from motcua.rules.values import Value, to_plain
from motcua.rules.wording import Wording


class Condition(NamedTuple):
    """One condition of a rule with the value it saw."""

    input: str
    test: str
    value: Any
    holds: bool


class RuleMiss:
    """A rule that did not fire; the first condition that fails decided it."""

    __slots__ = ("_column", "_seen", "_table", "number")

    def __init__(self, table: CompiledTable, at: int, column: int, seen: Sequence[Value]) -> None:
        self.number = at + 1
        self._table = table
        self._column = column
        self._seen = seen

    @property
    def id(self) -> str:
        """The id of the rule."""
        return self._table.table.rules[self.number - 1].id

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations of the rule by column name."""
        return self._table.table.rules[self.number - 1].annotations

    @property
    def first_failing(self) -> Condition:
        """The first condition that does not hold."""
        return self._condition(self._column)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions up to the first that does not hold, without those that ask nothing."""
        cells = self._table.cells[self.number - 1]
        return tuple(self._condition(at) for at in range(self._column + 1) if not cells[at].anything)

    def _condition(self, at: int) -> Condition:
        rule = self._table.table.rules[self.number - 1]
        name = self._table.labels[at]
        return Condition(name, rule.inputs[at].text, to_plain(self._seen[at]), at < self._column)


class TableWhy:
    """What one evaluation of a decision table saw, hit and missed.

    `seen` are the values of its inputs, in the order of its columns.
    """

    __slots__ = ("_captured", "_outcome", "seen")

    def __init__(self, outcome: Outcome, seen: Sequence[Value], captured: Sequence[Value]) -> None:
        self._outcome = outcome
        self.seen = seen
        self._captured = captured

    @property
    def decision(self) -> str:
        """The decision that the table stands in."""
        return self._outcome.table.owner

    @property
    def policy(self) -> str:
        """The letter of the hit policy."""
        return self._outcome.table.table.policy

    @property
    def hits(self) -> tuple[RuleHit, ...]:
        """The rules that fired."""
        return self._outcome.rules

    @property
    def failed(self) -> tuple[Failed, ...]:
        """The first failing condition of each rule that did not fire; under F only of those before the hit."""
        found = self._outcome.conditions
        return self._outcome.failed(self.seen, self._captured) if found is None else found

    @property
    def met(self) -> tuple[Value, ...]:
        """The values that these conditions met, in the same order."""
        pick = self._outcome.pick
        return self._outcome.met(self.seen, self._captured) if pick is None else pick(self.seen)

    @property
    def failing(self) -> list[int]:
        """For each rule the place of its first condition that fails, or -1."""
        return list(self._outcome.failing(self.seen, self._captured))

    @property
    def misses(self) -> tuple[RuleMiss, ...]:
        """The rules that did not fire, with their conditions; under F only those before the one that did."""
        table = self._outcome.table
        return tuple(RuleMiss(table, one.rule - 1, one.column, self.seen) for one in self.failed)

    @property
    def inputs(self) -> tuple[tuple[str, Any], ...]:
        """The inputs of the table with the values seen."""
        pairs = zip(self._outcome.table.labels, self.seen, strict=True)
        return tuple((name, to_plain(value)) for name, value in pairs)


@dataclass(frozen=True, slots=True)
class DecisionWhy:
    """One decision that was evaluated, with its value."""

    name: str
    value: Any


class Explanation:
    """Everything behind one answer; built when it is asked for."""

    __slots__ = ("_answer", "_found", "_route", "_tables", "trace")

    def __init__(self, route: Route, answer: Value, found: Found, trace: Sequence[Hit]) -> None:
        self._route = route
        self._answer = answer
        self._found = found
        self.trace = trace
        self._tables: tuple[TableWhy, ...] | None = None

    @property
    def value(self) -> Any:
        """The answer as plain Python."""
        return self._route.plain_value(self._answer)

    @property
    def unit(self) -> Unit:
        """The decision that was asked."""
        return self._route.unit

    @property
    def decisions(self) -> tuple[DecisionWhy, ...]:
        """The decisions evaluated, the required ones first."""
        units = self._route.loaded.linked.units
        return tuple(
            DecisionWhy(units[identity].element.name, to_plain(value))
            for identity, value in self._route.known(self._found).items()
            if identity in units and units[identity].element.kind == "decision"
        )

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The inputs that the decision read, by name; null for those that were not given."""
        return self._route.facts_of(self._found)

    @property
    def tables(self) -> tuple[TableWhy, ...]:
        """The tables evaluated, in order; under F only the rules before the hit are misses."""
        if self._tables is None:
            self._tables = tuple([TableWhy(*hit) for hit in self.trace])
        return self._tables

    @property
    def rule(self) -> RuleHit | None:
        """The first rule that fired in the asked decision's own table."""
        own = [one for one in self.tables if one.decision == self.unit.element.name]
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
            self._route,
            self._route.known(self._found),
            self._answer,
            outcome=self._own_outcome(),
            changeable=changeable,
            wanted=wanted,
            most=most,
        )

    def _own_outcome(self) -> Outcome | None:
        own = self.unit.tables[:1]
        return next((outcome for outcome, _, _ in reversed(self.trace) if [outcome.table] == own), None)

    @property
    def best_answer(self) -> Any:
        """The first of the output values of the decision's own table, which ranks above the others, or None."""
        ranked = self.unit.tables[0].priorities if self.unit.tables else []
        return to_plain(ranked[0][0]) if ranked and ranked[0] else None

    def reason(self, language: str) -> str:
        """Return the sentence of the rule that fired, its placeholders filled; empty without one."""
        template = self.rule.annotations.get(language, "") if self.rule else ""
        return self.sentence(template, language) if template else ""

    def sentence(self, template: str, language: str) -> str:
        """Return a template of the model with its {names} of inputs and decisions filled."""
        if "{" not in template:
            return template
        known = self._route.known(self._found)
        named = {one.element.variable.name: one for one in self._route.needed.values()}

        def said(name: str) -> str | None:
            unit = named.get(name)
            if unit is None:
                return None
            value = to_plain(known.get(unit.element.id))
            return self._route.wording.said(unit.element, value, language)

        return filled(template, said)

    @property
    def wording(self) -> Wording:
        """What the model calls its inputs and values."""
        return self._route.wording

    def element(self, name: str) -> m.Element:
        """Return the input of that name."""
        return next(one.element for one in self._route.inputs if one.element.variable.name == name)

    def after(self, change: Change) -> Explanation:
        """Return what the explanation would be after a change."""
        facts = {**self.inputs, **{one.input: one.after for one in change.inputs}}
        trace: list[Hit] = []
        answer, found = self._route.answer(facts, trace)
        return Explanation(self._route, answer, found, trace)

    def to_json(self, *, wanted: Wanted = None, changeable: Sequence[str] | None = None) -> dict[str, Any]:
        """Return the explanation as plain dicts, lists and text.

        ``changeable`` and ``wanted`` are those of ``changes_of``.
        """
        return {
            "decision": self.unit.element.name,
            "value": _json(self.value),
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
            "changes": [change.to_json() for change in self.changes_of(wanted=wanted, changeable=changeable)],
        }


def _json(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, list):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    return plain_answer(value)
