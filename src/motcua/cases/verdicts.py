"""What the rules say of a case, in the form that is stored and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motcua.cases.plans import AnswerNotForeseen
from motcua.procedures.content import Content, Workflow, feel_name
from motcua.procedures.queries import ProcedureView


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer with its reason code, the rule that fired, and the explanation.

    ``explanation`` is the engine's own, with ``source`` and, per language, ``remedy`` of the rule.
    """

    answer: str
    reason: str
    rule: str
    explanation: dict[str, object]
    text_vi: str
    text_en: str


def decide(procedure: ProcedureView, scope: Mapping[str, object]) -> Verdict:
    """Evaluate the procedure's decision over the scope; raises ``AnswerNotForeseen``.

    The changes in the explanation are those that would lead to the best answer.
    """
    workflow = procedure.content.workflow
    decision = procedure.model(known_to(procedure, scope), decision=procedure.content.manifest.answering)
    value = decision.value
    answer = value.get("answer") if isinstance(value, Mapping) else None
    if not isinstance(answer, str) or answer not in workflow.answers:
        raise AnswerNotForeseen(
            f"{procedure.code}, decision {procedure.content.manifest.answering}: answer {answer!r}"
            f" has no act in workflow.yaml (known: {', '.join(workflow.answers)})"
        )
    best = best_answer(workflow)
    why = decision.why
    notes = why.rule.annotations if why.rule else {}
    return Verdict(
        answer=answer,
        reason=str(value.get("reason") or ""),
        rule=why.rule.id if why.rule else "",
        explanation={
            **why.to_json(
                wanted=lambda other: other["answer"] == best, changeable=_changeable(procedure.content)
            ),
            "source": notes.get("source", ""),
            "remedy": {"vi": notes.get("remedy_vi", ""), "en": notes.get("remedy_en", "")},
        },
        text_vi=why.reason("vi"),
        text_en=why.reason("en"),
    )


def _changeable(content: Content) -> Sequence[str] | None:
    """Return what may be named as what would have to be different, by FEEL name; None where that is everything."""
    fixed = {feel_name(fact.name) for fact in content.facts if not fact.changeable}
    if not fixed:
        return None
    names = (*(field.name for field in content.form.fields), *(fact.name for fact in content.facts))
    return [name for name in ("today", *map(feel_name, names)) if name not in fixed]


def known_to(procedure: ProcedureView, scope: Mapping[str, object]) -> dict[str, object]:
    """Return the part of the scope that the decision model has inputs for."""
    return {name: value for name, value in scope.items() if name in procedure.model.inputs}


def best_answer(workflow: Workflow) -> str | None:
    """Return the first of the answers whose act leads to a state in which the request is granted.

    A pack that grants in more than one way, as green and yellow, names the best one first.
    """
    granting = (
        answer
        for answer, act in workflow.answers.items()
        if workflow.states[workflow.acts[act].target].phase == "granted"
    )
    return next(granting, None)
