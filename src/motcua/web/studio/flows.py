"""Who would get another answer, in words: answers by their acts, reasons by the sentences of the rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua import rules
from motcua.packs.what_if import NO_ANSWER, Answer, WhatIf
from motcua.procedures.content import Content
from motcua.web.studio.draft import Opened
from motcua.web.ui.rule_tables import RuleWords, rule_tables
from motcua.web.ui.words import Bilingual, InTwoLanguages

NOTHING = Bilingual("Không có câu trả lời", "No answer")


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer with the reason behind it."""

    answer: InTwoLanguages
    reason: InTwoLanguages


@dataclass(frozen=True, slots=True)
class FlowLine:
    """Cases that go from one answer to another."""

    before: AnswerWords
    after: AnswerWords
    cases: int


def flow_lines(opened: Opened, what_if: WhatIf) -> tuple[FlowLine, ...]:
    """Return the flows in words, the largest first."""
    standing, content = opened.procedure.content, opened.pack.content
    before = _reasons(standing, opened.procedure.model)
    after = _reasons(content, rules.load(content.decision_model.encode()))
    return tuple(
        FlowLine(
            _said(flow.before, standing, {**after, **before}),
            _said(flow.after, content, {**before, **after}),
            flow.cases,
        )
        for flow in what_if.flows
    )


def output_lines(opened: Opened, what_if: WhatIf) -> tuple[tuple[InTwoLanguages, int], ...]:
    """Return the outputs that differ by what they are called, and in how many cases."""
    words = RuleWords(opened.pack.content, opened.procedure.model)
    return tuple(
        (words.label(output.name) or Bilingual(output.name, output.name), output.cases)
        for output in what_if.outputs
    )


def _reasons(content: Content, model: rules.Model) -> dict[str, Bilingual]:
    asked = content.manifest.answering
    rows = [row for table in rule_tables(content, model) if table.decision == asked for row in table.rows]
    return {row.code: row.note for row in rows if row.code}


def _said(answer: Answer, content: Content, reasons: Mapping[str, Bilingual]) -> AnswerWords:
    if answer == NO_ANSWER:
        return AnswerWords(NOTHING, Bilingual("", ""))
    act = content.workflow.acts.get(content.workflow.answers.get(answer[0], ""))
    return AnswerWords(
        act.label if act else Bilingual(answer[0], answer[0]),
        reasons.get(answer[1], Bilingual(answer[1], answer[1])),
    )
