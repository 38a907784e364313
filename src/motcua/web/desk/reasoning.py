"""How the rules came to their answer, laid out for an officer: rules, conditions, what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.cases.queries import DecisionView
from motcua.procedures.content import Content
from motcua.web.ui.case_words import CaseWords
from motcua.web.ui.words import Bilingual, InTwoLanguages

MOST_CHANGES = 3
MOST_MISSES = 8


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that a rule looked at, and what it saw."""

    label: InTwoLanguages
    value: InTwoLanguages


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired: the table, its number there, its sentence, its source in law."""

    table: str
    number: int
    sentence: Bilingual | None
    source: str
    read: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule that did not fire, and the first of its conditions that did not hold."""

    table: str
    number: int
    label: InTwoLanguages
    test: str
    value: InTwoLanguages


@dataclass(frozen=True, slots=True)
class OneChange:
    """One value that would have to be different."""

    label: InTwoLanguages
    before: InTwoLanguages
    after: InTwoLanguages


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """Changes that together would have given another answer."""

    answer: InTwoLanguages
    changes: tuple[OneChange, ...]


@dataclass(frozen=True, slots=True)
class Reasoning:
    """The sentence of the decision, the rules behind it, those passed over, and what would change it."""

    sentence: Bilingual
    fired: tuple[Fired, ...]
    passed: tuple[Passed, ...]
    others: tuple[OtherAnswer, ...]


# The explanation is stored as JSON; what is missing in it is left out here, never guessed.
Json = Mapping[str, object]


def reasoning_of(decision: DecisionView, words: CaseWords, content: Content) -> Reasoning:
    """Return the stored explanation of a decision by rule in words."""
    tables = _dicts(decision.explanation, "tables")
    asked = decision.explanation.get("decision")
    # The decision that was asked for comes first; the ones it rests on follow.
    tables.sort(key=lambda table: table.get("decision") != asked)
    fired = tuple(_fired(table, hit, words) for table in tables for hit in _dicts(table, "hits"))
    passed = tuple(
        _passed(table, miss, words)
        for table in tables
        if table.get("decision") == asked
        for miss in _dicts(table, "misses")
        if _dicts(miss, "conditions")
    )
    return Reasoning(
        sentence=Bilingual(decision.text.vi.partition("\n")[0], decision.text.en.partition("\n")[0]),
        fired=fired,
        passed=passed[:MOST_MISSES],
        others=tuple(
            _other(change, words, content)
            for change in _dicts(decision.explanation, "changes")[:MOST_CHANGES]
        ),
    )


def _fired(table: Json, hit: Json, words: CaseWords) -> Fired:
    annotations = hit.get("annotations")
    said = annotations if isinstance(annotations, dict) else {}
    vi = str(said.get("vi") or "")
    return Fired(
        table=str(table.get("decision", "")),
        number=_number(hit),
        sentence=Bilingual(vi, str(said.get("en") or vi)) if vi else None,
        source=str(said.get("source") or ""),
        read=tuple(_read(each, words) for each in _dicts(table, "inputs")),
    )


def _read(each: Json, words: CaseWords) -> Read:
    name = str(each.get("input", ""))
    return Read(words.label(name), words.value(name, each.get("value")))


def _passed(table: Json, miss: Json, words: CaseWords) -> Passed:
    failing = _dicts(miss, "conditions")[-1]
    name = str(failing.get("input", ""))
    return Passed(
        table=str(table.get("decision", "")),
        number=_number(miss),
        label=words.label(name),
        test=str(failing.get("test", "")),
        value=words.value(name, failing.get("value")),
    )


def _other(change: Json, words: CaseWords, content: Content) -> OtherAnswer:
    answer = change.get("answer")
    code = str(answer.get("answer", "")) if isinstance(answer, dict) else str(answer)
    act = content.workflow.acts.get(content.workflow.answers.get(code, ""))
    return OtherAnswer(
        answer=act.label if act else Bilingual(code, code),
        changes=tuple(
            OneChange(
                label=words.label(str(part.get("input", ""))),
                before=words.value(str(part.get("input", "")), part.get("before")),
                after=words.value(str(part.get("input", "")), part.get("after")),
            )
            for part in _dicts(change, "inputs")
        ),
    )


def _dicts(holder: Json, name: str) -> list[Json]:
    found = holder.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _number(rule: Json) -> int:
    number = rule.get("rule")
    return number if isinstance(number, int) else 0
