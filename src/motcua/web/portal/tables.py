"""The decision tables of a service, row by row, in words that a reader without FEEL can follow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from motcua.procedures.content import Content, feel_name
from motcua.procedures.queries import ProcedureView
from motcua.web.portal.questions import choices_of
from motcua.web.ui.words import Bilingual, InTwoLanguages

ANYTHING = ("", "-")
# A rule cites the law and the section of the pack's SOURCES.md; a citizen is helped by the law alone.
WHERE_IN_SOURCES = re.compile(r"[,;]?\s*SOURCES\.md.*$")
QUOTED = re.compile(r'"([^"]*)"')
WORDS = {
    "true": Bilingual("có", "yes"),
    "false": Bilingual("không", "no"),
    "null": Bilingual("chưa rõ", "not known"),
}
WHOLE_WORD = re.compile(r"\b(true|false|null)\b")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a row asks for; what a row does not ask for is left out."""

    label: InTwoLanguages
    test: Bilingual


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row: its number, its conditions, what follows, the sentence for people, and the law."""

    number: int
    conditions: tuple[Condition, ...]
    result: Bilingual
    note: Bilingual
    source: str


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One decision table; ``first_applies`` when the first row that fits ends the search."""

    title: Bilingual
    first_applies: bool
    rows: tuple[RuleRow, ...]


def rule_tables(procedure: ProcedureView, today: date) -> tuple[RuleTable, ...]:
    """Return every decision table of the service in the order of its file."""
    names = _names(procedure.content)
    codes = _codes(procedure.content, today)
    workflow = procedure.content.workflow
    results: dict[str, InTwoLanguages] = {"yes": WORDS["true"], "no": WORDS["false"]}
    results |= {answer: workflow.acts[act].label for answer, act in workflow.answers.items()}
    titles = {
        unit.element.name: unit.element.label or unit.element.name
        for unit in procedure.model.loaded.linked.units.values()
    }
    found = []
    for compiled in procedure.model.tables:
        table = compiled.table
        rows = tuple(
            RuleRow(
                number=number,
                conditions=tuple(
                    Condition(
                        names.get(clause.expression.text.strip())
                        or Bilingual(compiled.labels[place], clause.expression.text.strip()),
                        _said(rule.inputs[place].text, codes.get(clause.expression.text.strip(), {})),
                    )
                    for place, clause in enumerate(table.inputs)
                    if rule.inputs[place].text.strip() not in ANYTHING
                ),
                # Further outputs are reason codes, which the sentence beside says in words.
                result=_said(rule.outputs[0].text, results),
                note=_note(rule.annotations),
                source=WHERE_IN_SOURCES.sub("", rule.annotations.get("source", "")),
            )
            for number, rule in enumerate(table.rules, 1)
        )
        title = Bilingual(titles.get(compiled.owner, compiled.owner), compiled.owner)
        found.append(RuleTable(title, table.policy == "F", rows))
    return tuple(found)


def _names(content: Content) -> dict[str, InTwoLanguages]:
    named: dict[str, InTwoLanguages] = {feel_name(field.name): field.label for field in content.form.fields}
    return named | {feel_name(fact.name): fact.label for fact in content.facts}


def _codes(content: Content, today: date) -> dict[str, dict[str, InTwoLanguages]]:
    """Return for each question and fact what its codes mean."""
    codes: dict[str, dict[str, InTwoLanguages]] = {}
    for field in content.form.fields:
        if field.widget != "place":
            labels = {choice.value: choice.label for choice in choices_of(field, today)}
            codes[feel_name(field.name)] = {
                code: label for code, label in labels.items() if not isinstance(label, str)
            }
    for fact in content.facts:
        codes[feel_name(fact.name)] = {option.value: option.label for option in fact.options}
    return codes


def _note(annotations: Mapping[str, str]) -> Bilingual:
    vi = annotations.get("vi") or annotations.get("note_vi", "")
    return Bilingual(vi, annotations.get("en") or annotations.get("note_en", vi))


def _said(test: str, codes: Mapping[str, InTwoLanguages]) -> Bilingual:
    """Return a test with codes, truth values and null in words; the rest of its FEEL stays as it runs."""

    def in_language(language: str) -> str:
        def code(match: re.Match[str]) -> str:
            return codes[match[1]].in_language(language) if match[1] in codes else match[1]

        text = WHOLE_WORD.sub(lambda match: WORDS[match[1]].in_language(language), test.strip())
        return re.sub(r",(?=\S)", ", ", QUOTED.sub(code, text))

    return Bilingual(in_language("vi"), in_language("en"))
