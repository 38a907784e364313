"""Gathers the facts of a case: what the form says, and what the registers answer to the pack's questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.db import transaction

from motcua.events.trips import fetch
from motcua.procedures.content import Content, FactDeclaration, Form, feel_name
from motcua.registers.facts import Because, Fact, Value
from motcua.registers.questions import Asked, Asker, Line, Question, Questionnaire
from motcua.registers.services import Inquiry, Interview, ask


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of one case at one moment; ``scope`` is what rules and expressions see, by FEEL name."""

    facts: tuple[Fact, ...]
    scope: Mapping[str, object]

    @property
    def silent(self) -> tuple[str, ...]:
        """Titles of the registers that did not answer in time."""
        return tuple(dict.fromkeys(f.source_title for f in self.facts if f.because is Because.SILENT))

    def value_of(self, pointer: str) -> object:
        """Return the value behind ``form.<field>`` or ``fact.<name>``; None if it is not known."""
        return self.scope.get(feel_name(pointer.partition(".")[2]))


def gather(
    *,
    content: Content,
    values: Mapping[str, object],
    person_key: bytes,
    case_number: str,
    agency_path: str,
    now: datetime,
    today: date,
) -> Gathered:
    """Ask every register that the pack names, in as many rounds as questions build on answers.

    Each question is logged for the person to see. Costs one query a register and round.
    """
    asker = asker_of(content, agency_path)
    answered: dict[str, Fact] = {}
    for round_ in rounds(content.facts):
        questions = [question_of(declaration, values, answered, person_key, today) for declaration in round_]
        answered |= ask(
            questions,
            person_key=person_key,
            asker=asker,
            purpose=content.manifest.code,
            within_seconds=content.manifest.ask_within_seconds,
            now=now,
            case_number=case_number,
        )
    facts = tuple(answered[declaration.name] for declaration in content.facts)
    return Gathered(facts, scope_of(content.form, values, facts, today))


class Round:
    """Questions that can be put at the same time, as a questionnaire; ``pointers`` say where its values stand."""

    def __init__(self, declarations: Sequence[FactDeclaration]) -> None:
        named = dict.fromkeys(pointer for each in declarations for pointer in each.match.values())
        places = {pointer: place for place, pointer in enumerate(named)}
        self.questionnaire = Questionnaire(
            [
                Line(
                    each.name,
                    each.register_name,
                    tuple((column, places[pointer]) for column, pointer in each.match.items()),
                    each.returns,
                )
                for each in declarations
            ]
        )
        self.pointers = tuple((kind, name) for kind, _, name in (each.partition(".") for each in named))

    def wanted(
        self, values: Mapping[str, object], answered: Mapping[str, Fact], today: date
    ) -> tuple[Value | Asked | None, ...]:
        """Return the values of one case, in the order of the pointers."""
        return tuple([_wanted(kind, name, values, answered, today) for kind, name in self.pointers])


@dataclass(slots=True)
class About:
    """Whose facts are wanted for which new case, under which revision; ``rounds`` are those of its facts."""

    content: Content
    rounds: Sequence[Round]
    values: Mapping[str, object]
    person_key: bytes
    case_number: str
    asker: Asker


def inquiry_about(contents: Iterable[Content]) -> Inquiry:
    """Return the inquiry for whatever these revisions ask."""
    return Inquiry(fact.register_name for content in contents for fact in content.facts)


def gather_together(
    cases: Sequence[About], *, now: datetime, today: date, inquiry: Inquiry | None = None
) -> list[Gathered | Exception]:
    """Gather the facts of each case as :func:`gather` does, at the price of a few statements for all.

    A pack that asks what may not be asked stands in the place of its case as the refusal. With an inquiry of the
    caller's, the caller writes its log and its lists of questions, in the same transaction.
    """
    if inquiry is not None:
        return _gather_all(cases, inquiry, now, today)
    with transaction.atomic(savepoint=False):
        inquiry = inquiry_about(case.content for case in cases)
        gathered = _gather_all(cases, inquiry, now, today)
        fetch(*inquiry.questions(), *inquiry.log())
    return gathered


def _gather_all(
    cases: Sequence[About], inquiry: Inquiry, now: datetime, today: date
) -> list[Gathered | Exception]:
    answered: list[dict[str, Fact]] = [{} for _ in cases]
    refused: dict[int, Exception] = {}
    for number in range(max((len(case.rounds) for case in cases), default=0)):
        asking = [at for at, case in enumerate(cases) if number < len(case.rounds) and at not in refused]
        interviews = [_interview(cases[at], cases[at].rounds[number], answered[at], today) for at in asking]
        for at, found in zip(asking, inquiry.ask(interviews, now=now), strict=True):
            if isinstance(found, Exception):
                refused[at] = found
            else:
                answered[at] |= found
    return [
        refused[at] if at in refused else _gathered(case, answered[at], today)
        for at, case in enumerate(cases)
    ]


def asker_of(content: Content, agency_path: str) -> Asker:
    """Return who asks when a request is decided: the service itself, for the office in charge."""
    return Asker("machine", content.manifest.code, content.manifest.title.vi, agency_path)


def _interview(about: About, round_: Round, answered: Mapping[str, Fact], today: date) -> Interview:
    manifest = about.content.manifest
    return Interview(
        questionnaire=round_.questionnaire,
        wanted=round_.wanted(about.values, answered, today),
        person_key=about.person_key,
        asker=about.asker,
        purpose=manifest.code,
        case_number=about.case_number,
        within_seconds=manifest.ask_within_seconds,
        on=today,
    )


def _gathered(about: About, answered: Mapping[str, Fact], today: date) -> Gathered:
    facts = tuple([answered[declaration.name] for declaration in about.content.facts])
    return Gathered(facts, scope_of(about.content.form, about.values, facts, today))


def scope_of(
    form: Form, values: Mapping[str, object], facts: Sequence[Fact], today: date
) -> dict[str, object]:
    """Return what rules see: every field and fact by its FEEL name (null when unknown), and ``today``."""
    scope: dict[str, object] = {"today": today}
    for name, feel, is_date in _fields_of(form):
        value = values.get(name)
        if value is not None:
            if is_date:
                value = date.fromisoformat(str(value))
            elif isinstance(value, float):
                value = Decimal(str(value))
        scope[feel] = value
    for fact in facts:
        scope[_feel_name(fact.name)] = fact.value
    return scope


_feel_name = lru_cache(maxsize=4096)(feel_name)


def _fields_of(form: Form) -> Sequence[tuple[str, str, bool]]:
    """Return for each field its name, its name for rules, and whether it is a date; worked out once for a form."""
    known: Sequence[tuple[str, str, bool]] | None = form.__dict__.get("_fields")
    if known is None:
        known = [(field.name, feel_name(field.name), field.widget == "date") for field in form.fields]
        form.__dict__["_fields"] = known
    return known


def rounds(declarations: Sequence[FactDeclaration]) -> list[list[FactDeclaration]]:
    """Order the questions so that each comes after the facts that it matches on; raises ``ValueError`` on a circle."""
    waiting, done, ordered = list(declarations), set[str](), list[list[FactDeclaration]]()
    while waiting:
        ready = [
            declaration
            for declaration in waiting
            if all(
                pointer.removeprefix("fact.") in done
                for pointer in declaration.match.values()
                if pointer.startswith("fact.")
            )
        ]
        if not ready:
            names = ", ".join(declaration.name for declaration in waiting)
            raise ValueError(f"the facts {names} wait for each other or for a fact that is not declared")
        ordered.append(ready)
        done |= {declaration.name for declaration in ready}
        waiting = [declaration for declaration in waiting if declaration not in ready]
    return ordered


def question_of(
    declaration: FactDeclaration,
    values: Mapping[str, object],
    answered: Mapping[str, Fact],
    person_key: bytes,
    today: date,
) -> Question:
    """Return the question of a declared fact, with what is known so far to match on."""

    match = {
        column: _wanted(kind, name, values, answered, today)
        for column, (kind, _, name) in ((c, p.partition(".")) for c, p in declaration.match.items())
    }
    return Question(
        fact=declaration.name,
        register=declaration.register_name,
        match=match,
        returns=declaration.returns,
        on=today,
    )


def _wanted(
    kind: str, name: str, values: Mapping[str, object], answered: Mapping[str, Fact], today: date
) -> Value | Asked | None:
    match kind:
        case "applicant":
            return Asked.PERSON
        case "today":
            return today
        case "fact":
            return answered[name].value
        case _:
            value = values.get(name)
            return value if isinstance(value, str | int | bool | None) else Decimal(str(value))
