"""Answers of a form and facts of registers in words, as officers read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from motcua.cases.states import Phase
from motcua.procedures.content import Content, FormField, feel_name
from motcua.procedures.forms import REPLACED_BY_DATA
from motcua.registers.facts import Fact
from motcua.web.ui.components import Row
from motcua.web.ui.words import Bilingual, InTwoLanguages, date_in_words, number_in_words, short_date

YES, NO = Bilingual("Có", "Yes"), Bilingual("Không", "No")
NOT_GIVEN = Bilingual("Không trả lời", "Not answered")
NOT_KNOWN = Bilingual("Chưa rõ", "Not known")
BY_DIRECTIVE = Bilingual("Chỉ thị {number}", "Directive {number}")
# The tag of a case is of one color on every surface.
COLORS = {
    Phase.DECIDING: "blue",
    Phase.SILENT_REGISTER: "yellow",
    Phase.PERSON: "yellow",
    Phase.CITIZEN: "purple",
    Phase.GRANTED: "green",
    Phase.REFUSED: "red",
    Phase.CLOSED: "grey",
}


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in words: what it is, what the source says, which source, as of when, and why it is so."""

    name: str
    label: InTwoLanguages
    value: InTwoLanguages
    source: Bilingual
    as_of: datetime | None
    asked_at: datetime
    reason: Bilingual
    known: bool


BY_DATA = Bilingual("Dữ liệu thay giấy", "Data stand in for the paper")
ATTACHED = Bilingual("Có kèm giấy tờ", "A paper is attached")


def directive_behind(actor: str) -> Bilingual | None:
    """Return the directive that moved a case, in words; None where somebody or something else did."""
    kind, _, number = actor.partition(":")
    return BY_DIRECTIVE.filled(number=number) if kind == "directive" and number else None


class CaseWords:
    """Puts the values of one service in words; ``places`` are names by code on the day of the case."""

    def __init__(self, content: Content, places: Mapping[str, str]) -> None:
        self.content = content
        self.places = places
        self._fields = {field.name: field for field in content.form.fields}
        self._facts = {declaration.name: declaration for declaration in content.facts}
        self._names = {feel_name(name): name for name in (*self._fields, *self._facts)}

    def answers(self, values: Mapping[str, object]) -> tuple[Row, ...]:
        """Return every question of the form with what was answered."""
        return tuple(
            Row(key=field.label, value=self._answer(field, values.get(field.name)))
            for field in self.content.form.fields
        )

    def facts(self, facts: Iterable[Fact]) -> tuple[FactLine, ...]:
        """Return the facts in words, those that are not known first."""
        lines = [self._fact(fact) for fact in facts if fact.name in self._facts]
        return tuple(sorted(lines, key=lambda line: line.known))

    def label(self, name: str) -> InTwoLanguages:
        """Return what a rule's input is called, by its FEEL name."""
        known = self._names.get(name, "")
        if known in self._fields:
            return self._fields[known].label
        if known in self._facts:
            return self._facts[known].label
        words = self.content.words.get(name)
        return words.label if words else Bilingual(name, name)

    def value(self, name: str, value: object) -> InTwoLanguages:
        """Return the value of a rule's input, by its FEEL name, in words."""
        known = self._names.get(name, "")
        options: dict[str, InTwoLanguages] = {
            option.value: option.label
            for holder in (self._fields.get(known), self._facts.get(known))
            if holder is not None
            for option in holder.options
        }
        if name in self.content.words:
            options = {**options, **self.content.words[name].values}
        if name == f"{self.content.manifest.answering}.answer":
            acts, answers = self.content.workflow.acts, self.content.workflow.answers
            options = {answer: acts[act].label for answer, act in answers.items()} | options
        return options.get(str(value)) or self.plain(value)

    def plain(self, value: object) -> Bilingual:
        """Return a value without a name of its own in words."""
        if value is None:
            return NOT_KNOWN
        if isinstance(value, bool) or value in ("yes", "no"):
            return YES if value in (True, "yes") else NO
        if isinstance(value, int | float):
            return Bilingual(number_in_words(value, "vi"), number_in_words(value, "en"))
        text = str(value)
        try:
            day = date.fromisoformat(text.removeprefix('date("').removesuffix('")'))
        except ValueError:
            name = self.places.get(text, text)
            return Bilingual(name, name)
        return Bilingual(short_date(day, "vi"), short_date(day, "en"))

    def _answer(self, field: FormField, value: object) -> InTwoLanguages:
        if value is None:
            return NOT_GIVEN
        if field.paper is not None:
            return BY_DATA if value == REPLACED_BY_DATA else ATTACHED
        if field.widget == "date":
            day = date.fromisoformat(str(value))
            return Bilingual(date_in_words(day, "vi"), date_in_words(day, "en"))
        if field.type == "string" and not field.options and field.widget != "place":
            # What a citizen typed is shown as typed, even if it looks like a date or a code.
            return Bilingual(str(value), str(value))
        return self.value(feel_name(field.name), value)

    def _fact(self, fact: Fact) -> FactLine:
        known = fact.answer != "unknown"
        value = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
        # The key of another person is nobody's to read.
        shown = YES if isinstance(value, bytes) else self.value(feel_name(fact.name), value)
        return FactLine(
            name=fact.name,
            label=self._facts[fact.name].label,
            value=shown if known else NOT_KNOWN,
            source=Bilingual(fact.source_title, fact.source_title_en or fact.source_title),
            as_of=fact.as_of,
            asked_at=fact.asked_at,
            reason=Bilingual(fact.reason("vi"), fact.reason("en")),
            known=known,
        )
