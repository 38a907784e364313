"""The decision tables of a service, row by row, in words that a reader without FEEL can follow."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from motcua import rules
from motcua.procedures.content import Content, feel_name
from motcua.rules.model import Element, Rule
from motcua.rules.tables import CompiledTable
from motcua.rules.wording import Wording
from motcua.web.ui.feel_words import said
from motcua.web.ui.words import Bilingual, InTwoLanguages

ANYTHING = ("", "-")
# A rule cites the law and the section of the pack's SOURCES.md; a citizen is helped by the law alone.
WHERE_IN_SOURCES = re.compile(r"[,;]?\s*(?:[a-z_]+/)*SOURCES\.md.*$")
PLACE = re.compile(r"\{([^{}]+)\}")
ADDRESS = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a row asks for; what a row does not ask for is left out."""

    label: InTwoLanguages
    test: Bilingual


@dataclass(frozen=True, slots=True)
class Source:
    """What a row rests on in law, and where it can be read, if there is an address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row: its number, its conditions, what follows, the sentence for people, what helps, and the law."""

    number: int
    conditions: tuple[Condition, ...]
    result: Bilingual
    code: str
    note: Bilingual
    remedy: Bilingual | None
    source: Source


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One decision table; ``first_applies`` when the first row that fits ends the search."""

    decision: str
    title: InTwoLanguages
    question: InTwoLanguages | None
    first_applies: bool
    rows: tuple[RuleRow, ...]

    @property
    def anchor(self) -> str:
        """Return the id under which a link finds the table."""
        return "table-" + re.sub(r"[^a-z0-9]+", "-", self.decision.lower()).strip("-")


class _Codes(Mapping[str, InTwoLanguages]):
    """The codes of one column: the pack's words, and for those without, what the model itself calls them."""

    def __init__(self, own: Mapping[str, InTwoLanguages], element: Element | None, wording: Wording) -> None:
        self._own, self._element, self._wording = own, element, wording

    def __getitem__(self, code: str) -> InTwoLanguages:
        if code in self._own:
            return self._own[code]
        vi = self._wording.in_words(self._element, code, "vi") if self._element else ""
        if not vi or self._element is None:
            raise KeyError(code)
        return Bilingual(vi, self._wording.in_words(self._element, code, "en") or vi)

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


class RuleWords:
    """What the inputs, decisions and codes of one service are called: by the pack, else by the model."""

    def __init__(self, content: Content, model: rules.Model) -> None:
        self._elements = {
            unit.element.variable.name: unit.element
            for unit in model.loaded.linked.units.values()
            if unit.element.kind in ("input", "decision")
        }
        self._wording = Wording(model.loaded.definitions)
        self._names: dict[str, InTwoLanguages] = {}
        self._codes: dict[str, dict[str, InTwoLanguages]] = {}
        for field in content.form.fields:
            self._names[feel_name(field.name)] = field.label
            self._codes[feel_name(field.name)] = {option.value: option.label for option in field.options}
        for fact in content.facts:
            self._names[feel_name(fact.name)] = fact.label
            self._codes[feel_name(fact.name)] = {option.value: option.label for option in fact.options}
        for name, words in content.words.items():
            self._names[name] = words.label
            self._codes[name] = dict(words.values)
        asked = f"{content.manifest.answering}.answer"
        workflow = content.workflow
        answers = {answer: workflow.acts[act].label for answer, act in workflow.answers.items()}
        self._codes[asked] = {**answers, **self._codes.get(asked, {})}

    def label(self, expression: str) -> InTwoLanguages | None:
        """Return what an input or decision is called, or None."""
        name = " ".join(expression.split())
        if name in self._names:
            return self._names[name]
        element = self._elements.get(name)
        if element is None:
            return None
        vi, en = (self._wording.label(element, language) for language in ("vi", "en"))
        return Bilingual(vi[:1].upper() + vi[1:], en)

    def value(self, expression: str, value: object) -> InTwoLanguages | None:
        """Return what a value of an input or decision means, or None if it has no words."""
        return self._codes_of(expression).get(str(value).lower() if isinstance(value, bool) else str(value))

    def sentence(self, text: Bilingual) -> Bilingual:
        """Return a rule's sentence with its {places} named by what will stand there."""

        def named(language: str) -> str:
            def name(match: re.Match[str]) -> str:
                label = self.label(match[1])
                return f"[{label.in_language(language) if label else match[1]}]"

            return PLACE.sub(name, text.in_language(language))

        return Bilingual(named("vi"), named("en"))

    def test(self, expression: str, text: str) -> Bilingual:
        """Return a condition or result in words."""
        return said(text, self._codes_of(expression), self._names)

    def _codes_of(self, expression: str) -> Mapping[str, InTwoLanguages]:
        name = " ".join(expression.split())
        return _Codes(self._codes.get(name, {}), self._elements.get(name), self._wording)


def rule_tables(content: Content, model: rules.Model) -> tuple[RuleTable, ...]:
    """Return every decision table of the service, the one that answers first, then those it rests on."""
    words = RuleWords(content, model)
    asked = content.manifest.answering
    questions = {unit.element.name: unit.element.question for unit in model.loaded.linked.units.values()}
    found = [_table(compiled, words, content, questions.get(compiled.owner, "")) for compiled in model.tables]
    return tuple(sorted(found, key=lambda table: table.decision != asked))


def _table(compiled: CompiledTable, words: RuleWords, content: Content, question: str) -> RuleTable:
    vi, _, en = question.partition(" / ")
    rows = tuple(
        _row(compiled, number, rule, words, content) for number, rule in enumerate(compiled.table.rules, 1)
    )
    return RuleTable(
        decision=compiled.owner,
        title=words.label(compiled.owner) or Bilingual(compiled.owner, compiled.owner),
        question=Bilingual(vi, en or vi) if vi else None,
        first_applies=compiled.table.policy == "F",
        rows=rows,
    )


def _row(compiled: CompiledTable, number: int, rule: Rule, words: RuleWords, content: Content) -> RuleRow:
    table = compiled.table
    conditions = []
    for place, clause in enumerate(table.inputs):
        text, expression = rule.inputs[place].text, clause.expression.text
        if text.strip() not in ANYTHING:
            label = words.label(expression) or Bilingual(compiled.labels[place], expression)
            conditions.append(Condition(label, words.test(expression, text)))
    outputs = {clause.name: cell.text for clause, cell in zip(table.outputs, rule.outputs, strict=True)}
    name = compiled.owner if len(table.outputs) == 1 else f"{compiled.owner}.{table.outputs[0].name}"
    return RuleRow(
        number=number,
        conditions=tuple(conditions),
        # Further outputs are reason codes, which the sentence beside says in words.
        result=words.test(name, rule.outputs[0].text),
        code=outputs.get("reason", "").strip().strip('"'),
        note=words.sentence(_note(rule.annotations)),
        remedy=words.sentence(remedy) if (remedy := _remedy(rule.annotations)) else None,
        source=_source(rule.annotations.get("source", ""), content),
    )


def _note(annotations: Mapping[str, str]) -> Bilingual:
    vi = annotations.get("vi") or annotations.get("note_vi", "")
    return Bilingual(vi, annotations.get("en") or annotations.get("note_en", vi))


def _remedy(annotations: Mapping[str, str]) -> Bilingual | None:
    vi = annotations.get("remedy_vi", "")
    return Bilingual(vi, annotations.get("remedy_en") or vi) if vi else None


def _source(text: str, content: Content) -> Source:
    """Return the law that a row names; its own address, or that of the document in the pack's legal basis."""
    address = ADDRESS.search(text)
    text = WHERE_IN_SOURCES.sub("", text).strip()
    if address:
        shown = text.replace(address[0], "").strip(" ,;()") or address[0]
        return Source(shown, address[0].rstrip(".,;)"))
    for basis in content.manifest.legal_basis:
        if basis.url and re.search(rf"(?<!\w){re.escape(basis.number)}(?!\w)", text):
            return Source(text, basis.url)
    return Source(text, "")
