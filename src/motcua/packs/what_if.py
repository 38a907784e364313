"""Who would get another answer: the rules of a draft over the cases decided last, counted and never named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motcua import rules
from motcua.cases.decided import DecidedCase, decided_cases
from motcua.procedures.content import Content
from motcua.procedures.queries import ProcedureView

MOST_CASES = 1000
# A smaller group could be somebody whom the reader knows.
FEWEST_SHOWN = 10
NO_ANSWER = ("", "")
Answer = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Flow:
    """Cases that go from one answer and reason to another; codes as the tables have them."""

    before: Answer
    after: Answer
    cases: int


@dataclass(frozen=True, slots=True)
class OtherOutput:
    """Cases whose answer stays a grant while this output of it differs."""

    name: str
    cases: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Counts over the cases looked at; groups of fewer than ``FEWEST_SHOWN`` are left out and told of.

    With such a group left out, no total is given from which it could be worked out.
    """

    cases: int
    flows: tuple[Flow, ...]
    outputs: tuple[OtherOutput, ...]
    left_out: bool

    @property
    def nothing(self) -> bool:
        """Tell whether no case would come out otherwise."""
        return not (self.flows or self.outputs or self.left_out)


def who_would_change(standing: ProcedureView, content: Content, *, most: int = MOST_CASES) -> WhatIf:
    """Decide the cases decided last by both states of the rules, and count the difference.

    Takes each case as it was known when it was decided. Costs two queries and some ten evaluations a case. Both
    run case by case, so that rules outside the set-based subset are compared too.
    """
    cases = decided_cases(standing.code, most=most)
    now, then = _Decider(standing.content, standing.model), _Decider(content, _model(content))
    flows: Counter[tuple[Answer, Answer]] = Counter()
    outputs: Counter[str] = Counter()
    for case in cases:
        before, after = now.answer(case), then.answer(case)
        if before != after:
            flows[(before, after)] += 1
        elif now.grants(before):
            outputs.update(_different(now.outputs(case), then.outputs(case)))
    shown = [Flow(*ends, count) for ends, count in flows.most_common() if count >= FEWEST_SHOWN]
    told = [OtherOutput(name, count) for name, count in outputs.most_common() if count >= FEWEST_SHOWN]
    left_out = len(shown) < len(flows) or len(told) < len(outputs)
    return WhatIf(len(cases), tuple(shown), tuple(told), left_out)


def _model(content: Content) -> rules.Model:
    return rules.load(content.decision_model.encode())


def _different(before: Mapping[str, object], after: Mapping[str, object]) -> Sequence[str]:
    return [name for name, value in before.items() if name in after and after[name] != value]


class _Decider:
    """One state of the rules, asked for answer, reason and outputs."""

    def __init__(self, content: Content, model: rules.Model) -> None:
        self._content, self._model = content, model
        workflow = content.workflow
        self._granting = {
            answer
            for answer, act in workflow.answers.items()
            if workflow.states[workflow.acts[act].target].phase == "granted"
        }

    def grants(self, answer: Answer) -> bool:
        """Tell whether the answer leads to a grant."""
        return answer[0] in self._granting

    def answer(self, case: DecidedCase) -> Answer:
        """Return answer and reason; ``NO_ANSWER`` when the rules give none or cannot run."""
        value = self._value(self._content.manifest.answering, case)
        if not isinstance(value, Mapping):
            return NO_ANSWER
        return str(value.get("answer") or ""), str(value.get("reason") or "")

    def outputs(self, case: DecidedCase) -> dict[str, object]:
        """Return the further outputs by name."""
        return {name: self._value(name, case) for name in self._content.manifest.outputs}

    def _value(self, decision: str, case: DecidedCase) -> object:
        scope = case.scope(self._content.form)
        known = {name: value for name, value in scope.items() if name in self._model.inputs}
        try:
            return self._model(known, decision=decision).value
        except rules.RulesError:
            return None
