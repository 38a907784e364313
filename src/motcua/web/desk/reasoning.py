"""How the rules came to their answer, laid out for an officer: rules, conditions, what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.cases.queries import DecisionView
from motcua.procedures.content import Content
from motcua.procedures.queries import ProcedureView
from motcua.web.ui.case_words import CaseWords
from motcua.web.ui.rule_tables import WHERE_IN_SOURCES, RuleWords
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

    table: InTwoLanguages
    number: int
    sentence: Bilingual | None
    source: str
    read: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule that did not fire, and the first of its conditions that did not hold."""

    table: InTwoLanguages
    number: int
    label: InTwoLanguages
    test: Bilingual
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


class _Names:
    """What the explanation calls things: columns by their headings, tables by the names of decisions."""

    def __init__(self, procedure: ProcedureView, words: CaseWords) -> None:
        self._words = words
        self._rules = RuleWords(procedure.content, procedure.model)
        self._expressions = {
            clause.label: clause.expression.text.strip()
            for compiled in procedure.model.tables
            for clause in compiled.table.inputs
            if clause.label
        }

    def table(self, name: object) -> InTwoLanguages:
        """Return the label of a decision, or its name."""
        return self._rules.label(str(name)) or Bilingual(str(name), str(name))

    def test(self, heading: object, test: object) -> Bilingual:
        """Return the condition of a column in words."""
        return self._rules.test(self._expressions.get(str(heading), str(heading)), str(test))

    def read(self, heading: object, value: object) -> Read:
        """Return a column and what it saw in words; a heading that stands for a known input takes its label."""
        expression = self._expressions.get(str(heading), str(heading))
        label = self._words.label(expression)
        if label.in_language("vi") == expression:
            label = Bilingual(str(heading), str(heading))
        return Read(label, self._words.value(expression, value))


def reasoning_of(decision: DecisionView, words: CaseWords, procedure: ProcedureView) -> Reasoning:
    """Return the stored explanation of a decision by rule in words."""
    content, names = procedure.content, _Names(procedure, words)
    tables = _dicts(decision.explanation, "tables")
    asked = decision.explanation.get("decision")
    # The decision that was asked for comes first; the ones it rests on follow.
    tables.sort(key=lambda table: table.get("decision") != asked)
    fired = tuple(_fired(table, hit, names) for table in tables for hit in _dicts(table, "hits"))
    passed = tuple(
        _passed(table, miss, names)
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


def _fired(table: Json, hit: Json, names: _Names) -> Fired:
    annotations = hit.get("annotations")
    said = annotations if isinstance(annotations, dict) else {}
    vi = str(said.get("vi") or "")
    return Fired(
        table=names.table(table.get("decision", "")),
        number=_number(hit),
        sentence=Bilingual(vi, str(said.get("en") or vi)) if vi else None,
        source=WHERE_IN_SOURCES.sub("", str(said.get("source") or "")),
        read=tuple(names.read(each.get("input", ""), each.get("value")) for each in _dicts(table, "inputs")),
    )


def _passed(table: Json, miss: Json, names: _Names) -> Passed:
    failing = _dicts(miss, "conditions")[-1]
    read = names.read(failing.get("input", ""), failing.get("value"))
    return Passed(
        table=names.table(table.get("decision", "")),
        number=_number(miss),
        label=read.label,
        test=names.test(failing.get("input", ""), failing.get("test", "")),
        value=read.value,
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
