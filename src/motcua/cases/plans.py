"""A revision made ready to file under: everything that does not differ from one request to the next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from motcua import rules
from motcua.cases.facts import Round, rounds
from motcua.cases.numbers import LOCAL
from motcua.cases.recall import Recall, reads_the_clock
from motcua.cases.states import Phase
from motcua.procedures.checking import FormCheck
from motcua.procedures.content import (
    ALLOTTED_NUMBER,
    HOLDER_NAMES,
    Act,
    Content,
    FormField,
    feel_name,
)
from motcua.procedures.queries import ProcedureView
from motcua.rules import RulesError

KEPT = 256


class LayoutNotUsable(ValueError):
    """An expression of ``credential.yaml`` gave something that a credential cannot carry."""


class AnswerNotForeseen(ValueError):
    """The decision gave an answer for which the pack's workflow has no act."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say: answer, reason code, the rule that fired, and the sentences of that rule."""

    answer: str
    reason: str
    rule: str
    text_vi: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What a pass says and from when to when it holds."""

    kind: str
    claims: Mapping[str, object]
    valid_from: datetime
    valid_to: datetime


class Plan:
    """One revision, compiled."""

    def __init__(self, procedure: ProcedureView) -> None:
        content = procedure.content
        self.content: Content = content
        self.revision_id = procedure.revision_id
        self.model = procedure.model
        self.check = FormCheck(content.form)
        self.rounds = [Round(together) for together in rounds(content.facts)]
        self.place_fields: list[FormField] = [f for f in content.form.fields if f.widget == "place"]
        self.paper_fields: list[FormField] = [f for f in content.form.fields if f.paper is not None]
        self._inputs = frozenset(self.model.inputs)
        self._layout = _layout(content)
        self._judge, self._outputs = self._judged, self._put_out
        if not reads_the_clock(content.decision_model):
            read = [name for name in scope_names(content) if name in self._inputs]
            self._judge, self._outputs = Recall(read, self._judged), Recall(read, self._put_out)

    def act_for(self, answer: str) -> tuple[str, Act]:
        """Return name and body of the act that the answer leads to."""
        workflow = self.content.workflow
        name = workflow.answers[answer]
        return name, workflow.acts[name]

    def act_to_a_person(self) -> tuple[str, Act] | None:
        """Return the act by which the machine hands a new case to a person, if the pack has one."""
        workflow = self.content.workflow
        for name, act in workflow.acts.items():
            opens = "machine" in act.by and workflow.start in act.source
            if opens and workflow.states[act.target].phase == Phase.PERSON.value:
                return name, act
        return None

    def known(self, scope: Mapping[str, object]) -> dict[str, object]:
        """Return the part of the scope that the decision model has inputs for."""
        return {name: value for name, value in scope.items() if name in self._inputs}

    def judge(self, scope: Mapping[str, object]) -> Judged:
        """Evaluate the decision that answers; raises ``AnswerNotForeseen`` and what the rules raise."""
        return self._judge(scope)

    def outputs(self, scope: Mapping[str, object]) -> Mapping[str, object]:
        """Return the further outputs by name, and the entries of those that are contexts by theirs."""
        return self._outputs(scope)

    def _judged(self, scope: Mapping[str, object]) -> Judged:
        pointer = self.content.manifest.answering
        decision = self.model(self.known(scope), decision=pointer)
        value = decision.value
        answer = value.get("answer") if isinstance(value, Mapping) else None
        answers = self.content.workflow.answers
        if not isinstance(answer, str) or answer not in answers:
            raise AnswerNotForeseen(
                f"{self.content.manifest.code}, decision {pointer}: answer {answer!r}"
                f" has no act in workflow.yaml (known: {', '.join(answers)})"
            )
        why = decision.why
        return Judged(
            answer=answer,
            reason=str(value.get("reason") or ""),
            rule=why.rule.id if why.rule else "",
            text_vi=why.reason("vi"),
            text_en=why.reason("en"),
        )

    def _put_out(self, scope: Mapping[str, object]) -> Mapping[str, object]:
        known, found = self.known(scope), dict[str, object]()
        for name in self.content.manifest.outputs:
            value = self.model(known, decision=name).value
            found[name] = value
            if isinstance(value, dict):
                found |= {feel_name(key): inner for key, inner in value.items()}
        return found

    def carried(self, scope: Mapping[str, object], number: str) -> Carried:
        """Return what the pass of a case says, over the whole scope; raises ``LayoutNotUsable``."""
        if self.content.credential is None:
            raise LayoutNotUsable(
                f"{self.content.manifest.code} issues a credential but has no credential.yaml"
            )
        found: dict[str, object] = {}
        for what, expression, evaluate in self._layout:
            value = evaluate(scope)
            if value is None:
                raise LayoutNotUsable(f"credential.yaml, {what}: {expression} is null for {number}")
            found[what] = value
        layout = self.content.credential
        return Carried(
            kind=layout.kind,
            claims={claim.key: _plain(found[claim.name]) for claim in layout.claims},
            valid_from=_moment(found[_FROM], time.min),
            valid_to=_moment(found[_UNTIL], time(23, 59, 59)),
        )


_plans: dict[int, Plan] = {}


def plan_of(procedure: ProcedureView) -> Plan:
    """Return the plan of the revision, made once a process: a revision never changes."""
    plan = _plans.get(procedure.revision_id)
    if plan is None or plan.content is not procedure.content:
        if len(_plans) >= KEPT:
            _plans.clear()
        plan = _plans[procedure.revision_id] = Plan(procedure)
    return plan


_FROM, _UNTIL = "valid_from", "valid_until"
Evaluate = Callable[[Mapping[str, object]], object]
Line = tuple[str, str, Evaluate]
# What these say is of one person: an expression that reads them is not met again.
_OF_ONE = frozenset({"holder name", "case number", ALLOTTED_NUMBER})


def _layout(content: Content) -> list[Line]:
    layout = content.credential
    if layout is None:
        return []
    expressions = [(claim.name, claim.value) for claim in layout.claims]
    expressions += [(_FROM, layout.valid_from), (_UNTIL, layout.valid_until)]
    return [_line(content, what, expression) for what, expression in expressions]


def _line(content: Content, what: str, expression: str) -> Line:
    text = " ".join(expression.split())
    # A name that does not stand in the text cannot be read by it.
    names = tuple(name for name in layout_names(content) if name in text)
    try:
        compiled = rules.compile_feel(expression, names)
    except RulesError:
        # It may read what only the values tell, such as an entry of an output: then it is compiled each time.
        return what, expression, lambda scope: rules.evaluate_feel(expression, scope)

    def evaluate(scope: Mapping[str, object]) -> object:
        return compiled({name: scope.get(name) for name in names})

    def named(scope: Mapping[str, object]) -> object:
        value = scope.get(text)
        return value if type(value) is str else evaluate(scope)

    if text in names:
        return what, expression, named
    if reads_the_clock(text) or not _OF_ONE.isdisjoint(names):
        return what, expression, evaluate
    return what, expression, Recall(names, evaluate)


def layout_names(content: Content) -> list[str]:
    """Return the names that a layout's expressions may read, apart from entries of outputs."""
    names = ["today", *HOLDER_NAMES, *content.manifest.outputs]
    names += scope_names(content)
    names += [f"{feel_name(field.name)} name" for field in content.form.fields if field.widget == "place"]
    # What an officer may find out is null where the machine grants.
    names += [feel_name(name) for name in content.workflow.findings]
    if content.manifest.allotment is not None:
        names.append(ALLOTTED_NUMBER)
    return list(dict.fromkeys(names))


def scope_names(content: Content) -> list[str]:
    """Return the names of what a decision may read: the day, what the form asks and what is known of the case."""
    fields = [feel_name(field.name) for field in content.form.fields]
    return ["today", *fields, *(feel_name(fact.name) for fact in content.facts)]


def _moment(value: object, at: time) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)
    if isinstance(value, date):
        return _on_day(value, at)
    raise LayoutNotUsable(f"validity is a date or a date and time, not {value!r}")


# One object for all that begin or end with the same day.
@lru_cache(maxsize=256)
def _on_day(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LOCAL)


def _plain(value: object) -> object:
    """Return the value in a form that CBOR and JSON both keep."""
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    number = str(value)
    return int(number) if number.lstrip("-").isdigit() else number
