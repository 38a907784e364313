"""A decision in plain words: the reason, the facts it turned on, what would change it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from motcua.cases.queries import CasePage, DecisionView
from motcua.cases.states import Phase
from motcua.cases.verdicts import best_answer
from motcua.procedures.content import Content, FormField, feel_name
from motcua.registers.facts import Fact
from motcua.web.ui.known import FactLine, fact_lines
from motcua.web.ui.questions import choices_of
from motcua.web.ui.rule_tables import WHERE_IN_SOURCES
from motcua.web.ui.words import Bilingual, InTwoLanguages, short_date

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The nearest way to a grant; further ones (another line of work) would be noise to most.
MOST_CHANGES = 1


@dataclass(frozen=True, slots=True)
class OneChange:
    """One thing that would have to be different, as it is and as it would have to be."""

    label: InTwoLanguages
    before: InTwoLanguages
    after: InTwoLanguages


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why the answer is what it is; ``decisive`` are the facts it turned on, ``others`` the rest that was read."""

    sentence: InTwoLanguages
    source: str
    remedy: Bilingual | None
    decisive: tuple[FactLine, ...]
    others: tuple[FactLine, ...]
    changes: tuple[tuple[OneChange, ...], ...]
    by_machine: bool


def reasons_of(page: CasePage, today: date) -> Reasons | None:
    """Return the reasons of the decision that stands, or None while there is none."""
    decision = page.decision
    if decision is None:
        return None
    content = page.case.procedure.content
    hit = _own_hit(decision)
    lines = fact_lines(content, _shown(content, decision), today)
    raw = _to_a_grant(content, decision)
    turned_on = {str(part["input"]) for change in raw[:1] for part in _parts(change)}
    refused, granted = _answers(content, "refused"), _answers(content, "granted")
    # A grant whose rule says what would help is less than could be had.
    if decision.answer not in (refused | granted if hit.get("remedy_vi") else refused):
        turned_on = {feel_name(line.name) for line in lines if not line.known}
    return Reasons(
        sentence=_sentence(decision),
        source=WHERE_IN_SOURCES.sub("", hit.get("source", "")) if decision.by_machine else "",
        remedy=_remedy(hit, decision) if decision.by_machine else None,
        decisive=tuple(line for line in lines if feel_name(line.name) in turned_on),
        others=tuple(line for line in lines if feel_name(line.name) not in turned_on),
        changes=_changes(content, raw, today) if decision.by_machine else (),
        by_machine=decision.by_machine,
    )


def gives_less(page: CasePage, reasons: Reasons | None) -> bool:
    """Whether what was granted is less than it could be, and the rule says what would help: a yellow code."""
    return page.case.phase == Phase.GRANTED and reasons is not None and reasons.remedy is not None


def _sentence(decision: DecisionView) -> Bilingual:
    if not decision.by_machine:
        return Bilingual(decision.text.vi, decision.text.en)
    # The first line is the rule's own sentence; sources and changes are shown in places of their own.
    return Bilingual(decision.text.vi.split("\n")[0], decision.text.en.split("\n")[0])


def _shown(content: Content, decision: DecisionView) -> list[Fact]:
    hidden = {declaration.name for declaration in content.facts if not declaration.shown}
    return [fact for fact in decision.facts if fact.name not in hidden]


def _tables(decision: DecisionView) -> Iterable[Mapping[str, object]]:
    tables = decision.explanation.get("tables")
    return [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []


def _own_hit(decision: DecisionView) -> dict[str, str]:
    """Return the annotations of the rule that fired in the table of the decision that was asked for."""
    asked = decision.explanation.get("decision")
    for table in _tables(decision):
        hits = table.get("hits")
        if table.get("decision") == asked and isinstance(hits, list) and hits:
            return {str(name): str(text) for name, text in dict(hits[0]["annotations"]).items()}
    return {}


def _remedy(hit: Mapping[str, str], decision: DecisionView) -> Bilingual | None:
    vi = hit.get("remedy_vi", "")
    if not vi:
        return None
    return Bilingual(_filled(vi, decision, "vi"), _filled(hit.get("remedy_en", vi), decision, "en"))


def _filled(text: str, decision: DecisionView, language: str) -> str:
    inputs = decision.explanation.get("inputs")
    known = inputs if isinstance(inputs, dict) else {}

    def value(match: re.Match[str]) -> str:
        found = known.get(match[1])
        return match[0] if found is None else _written(found).in_language(language)

    return PLACEHOLDER.sub(value, text)


def _to_a_grant(content: Content, decision: DecisionView) -> list[Mapping[str, object]]:
    """Return the smallest changes that would bring a grant; those that lie in the registers alone come first."""
    changes = decision.explanation.get("changes")
    best = best_answer(content.workflow)
    asked = {feel_name(field.name) for field in content.form.fields}
    found = []
    for change in changes if isinstance(changes, list) else []:
        answer = change.get("answer")
        if isinstance(answer, dict) and answer.get("answer") == best != decision.answer:
            found.append(change)
    return sorted(found, key=lambda change: any(part["input"] in asked for part in _parts(change)))


def _answers(content: Content, phase: str) -> set[str]:
    """Return the answers of the decision that lead to a state of the phase."""
    workflow = content.workflow
    return {
        answer
        for answer, act in workflow.answers.items()
        if workflow.states[workflow.acts[act].target].phase == phase
    }


def _parts(change: Mapping[str, object]) -> list[Mapping[str, object]]:
    parts = change.get("inputs")
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _changes(
    content: Content, raw: list[Mapping[str, object]], today: date
) -> tuple[tuple[OneChange, ...], ...]:
    return tuple(
        tuple(_one_change(content, part, today) for part in _parts(change)) for change in raw[:MOST_CHANGES]
    )


def _one_change(content: Content, part: Mapping[str, object], today: date) -> OneChange:
    name = str(part.get("input"))
    field = next((each for each in content.form.fields if feel_name(each.name) == name), None)
    fact = next((each for each in content.facts if feel_name(each.name) == name), None)
    labels: dict[str, InTwoLanguages] = {}
    if field is not None:
        labels = _labels_of_field(field, today)
    elif fact is not None:
        labels = {option.value: option.label for option in fact.options}
    label = field.label if field else fact.label if fact else Bilingual(name, name)

    def said(value: object) -> InTwoLanguages:
        return labels.get(str(value)) or _written(value)

    return OneChange(label=label, before=said(part.get("before")), after=said(part.get("after")))


def _labels_of_field(field: FormField, today: date) -> dict[str, InTwoLanguages]:
    return {
        choice.value: choice.label for choice in choices_of(field, today) if not isinstance(choice.label, str)
    }


def _written(value: object) -> Bilingual:
    if value is None:
        return Bilingual("chưa rõ", "not known")
    if isinstance(value, bool):
        return Bilingual("có", "yes") if value else Bilingual("không", "no")
    day = DAY.search(str(value))
    if day is not None:
        found = date.fromisoformat(day[0])
        return Bilingual(short_date(found, "vi"), short_date(found, "en"))
    return Bilingual(str(value), str(value))
