"""What the rules say of a case, in the form that is stored and shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.procedures.queries import ProcedureView


class AnswerNotForeseen(ValueError):
    """The decision gave an answer for which the pack's workflow has no act."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer with its reason code, the rule, the outputs of further decisions, and the explanation."""

    answer: str
    reason: str
    rule: str
    outputs: Mapping[str, object]
    explanation: dict[str, object]
    text_vi: str
    text_en: str


def decide(procedure: ProcedureView, scope: Mapping[str, object]) -> Verdict:
    """Evaluate the procedure's decision over the scope; raises ``AnswerNotForeseen``.

    The explanation holds the rule's reasoning, the values it read and the changes that would flip it.
    """
    pointer = procedure.content.manifest.decision
    model = procedure.model
    known = {name: value for name, value in scope.items() if name in model.inputs}
    decision = model(known, decision=pointer.answer)
    value = decision.value
    answer = value.get("answer") if isinstance(value, Mapping) else None
    if answer not in procedure.content.workflow.answers:
        raise AnswerNotForeseen(
            f"{procedure.code}, decision {pointer.answer}: answer {answer!r} has no act in workflow.yaml"
            f" (known: {', '.join(procedure.content.workflow.answers)})"
        )
    outputs = {name: model(known, decision=name).value for name in pointer.outputs}
    explanation = decision.why.to_json()
    return Verdict(
        answer=answer,
        reason=str(value.get("reason") or ""),
        rule=decision.why.rule or "",
        outputs=outputs,
        explanation=explanation,
        text_vi=decision.text("vi"),
        text_en=decision.text("en"),
    )
