"""What the registers already know of the applicant, shown before anything is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from motcua.agencies.queries import PlaceNotKnown, agency, place_at
from motcua.cases.facts import gather
from motcua.identity.people import PersonView
from motcua.procedures.content import Content, FactDeclaration
from motcua.procedures.queries import ProcedureView
from motcua.registers.facts import Because, Fact
from motcua.web.ui.words import Bilingual, InTwoLanguages, short_date

NOT_KNOWN = Bilingual("Chưa rõ", "Not known")
KNOWN_WITHOUT_ASKING = {"applicant", "today"}


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in words: what it is, what the source says, which source, as of when, and why if it is unclear."""

    name: str
    label: InTwoLanguages
    value: InTwoLanguages
    source: Bilingual
    as_of: datetime | None
    reason: Bilingual
    known: bool


def known_facts(
    procedure: ProcedureView, applicant: PersonView, *, now: datetime, today: date
) -> tuple[FactLine, ...]:
    """Ask the registers what they can tell from the applicant alone, and return it in words.

    Each question is logged for the applicant to see. Costs what ``gather`` costs; a silent register is
    told as such within the seconds that the pack allows.
    """
    content = procedure.content
    alone = facts_from_applicant(content.facts)
    if not alone:
        return ()
    gathered = gather(
        content=content.model_copy(update={"facts": alone}),
        values={},
        person_key=applicant.key,
        case_number="",
        agency_path=agency(content.manifest.agency).path,
        now=now,
        today=today,
    )
    shown = {declaration.name for declaration in alone if declaration.shown}
    return fact_lines(content, [fact for fact in gathered.facts if fact.name in shown], today)


def facts_from_applicant(declarations: Iterable[FactDeclaration]) -> tuple[FactDeclaration, ...]:
    """Return the facts that need nothing of the form, in order; those built on such facts included."""
    found: list[FactDeclaration] = []
    for declaration in declarations:
        allowed = KNOWN_WITHOUT_ASKING | {f"fact.{each.name}" for each in found}
        if set(declaration.match.values()) <= allowed:
            found.append(declaration)
    return tuple(found)


def fact_lines(content: Content, facts: Iterable[Fact], today: date) -> tuple[FactLine, ...]:
    """Return facts in words, in the order given."""
    declared = {declaration.name: declaration for declaration in content.facts}
    return tuple(_line(content, declared[fact.name], fact, today) for fact in facts if fact.name in declared)


def _line(content: Content, declaration: FactDeclaration, fact: Fact, today: date) -> FactLine:
    return FactLine(
        name=fact.name,
        label=declaration.label,
        value=_value(content, declaration, fact, today),
        source=Bilingual(fact.source_title, fact.source_title_en or fact.source_title),
        as_of=fact.as_of,
        reason=Bilingual(fact.reason("vi"), fact.reason("en")),
        known=fact.answer != "unknown",
    )


def _value(content: Content, declaration: FactDeclaration, fact: Fact, today: date) -> InTwoLanguages:
    if fact.answer == "unknown" or fact.value is None:
        silent = fact.because is Because.SILENT
        return Bilingual("Nguồn chưa trả lời", "The source has not answered") if silent else NOT_KNOWN
    if isinstance(fact.value, bool):
        return Bilingual("Có", "Yes") if fact.value else Bilingual("Không", "No")
    if isinstance(fact.value, date):
        return Bilingual(short_date(fact.value, "vi"), short_date(fact.value, "en"))
    labels = {option.value: option.label for option in declaration.options}
    if str(fact.value) in labels:
        return labels[str(fact.value)]
    if content.manifest.place == f"fact.{fact.name}":
        return _place_name(str(fact.value), today)
    return Bilingual(str(fact.value), str(fact.value))


def _place_name(code: str, today: date) -> Bilingual:
    try:
        name = place_at(code, today).name
    except PlaceNotKnown:
        name = code
    return Bilingual(name, name)
