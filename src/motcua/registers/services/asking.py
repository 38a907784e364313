"""Asking registers for a purpose: every question about a person is logged before it is read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone

from motcua.registers.answers import Wanted
from motcua.registers.declaration import Declaration
from motcua.registers.facts import Because, Fact
from motcua.registers.models import Register, RegisterAccess
from motcua.registers.questions import Asker, Question
from motcua.registers.readings import Found, Reading, SourceSilent
from motcua.registers.sources import SOURCES


class RegisterNotDeclared(LookupError):
    """No register has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no register {name}; declare it with `motcua registers declare FILE`")


class PurposeNotAllowed(PermissionError):
    """The register may not be asked for that purpose; nothing was read."""

    def __init__(self, register: str, purpose: str, allowed: Sequence[str]) -> None:
        super().__init__(
            f"The register {register} may not be asked for {purpose!r}, only for {', '.join(allowed)};"
            " its owner can allow a purpose in the declaration"
        )


class QuestionNotPossible(ValueError):
    """A question names a column that the register does not have, or none that it can be asked by."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A register that is about to be asked."""

    declaration: Declaration
    as_of: datetime | None
    wanted: tuple[Wanted, ...]


def ask(
    questions: Sequence[Question],
    *,
    person_key: bytes,
    asker: Asker,
    purpose: str,
    within_seconds: float,
    now: datetime,
    case_number: str = "",
) -> dict[str, Fact]:
    """Answer the questions about one person: fact name to fact, in the order of the questions.

    Raises ``RegisterNotDeclared``, ``PurposeNotAllowed``, ``QuestionNotPossible``; a register that is
    silent, stale, not loaded or contradictory gives unknown facts, no error. Costs one query for the
    declarations, one insert for the log and one read for each register; all within the seconds given.
    """
    return ask_about_many(
        questions,
        person_keys=[person_key],
        asker=asker,
        purpose=purpose,
        within_seconds=within_seconds,
        now=now,
        case_number=case_number,
    )[person_key]


@transaction.atomic
def ask_about_many(
    questions: Sequence[Question],
    *,
    person_keys: Sequence[bytes],
    asker: Asker,
    purpose: str,
    within_seconds: float,
    now: datetime,
    case_number: str = "",
) -> dict[bytes, dict[str, Fact]]:
    """Answer the same questions about each person, as :func:`ask` does, at the same number of queries."""
    deadline = monotonic() + within_seconds
    opened = _open(questions, purpose, now)
    facts: dict[bytes, dict[str, Fact]] = {key: {} for key in person_keys}
    askable = [
        (register, [w for w in register.wanted if _may_be_read(w, register, now)]) for register in opened
    ]
    _log(askable, person_keys=person_keys, asker=asker, purpose=purpose, case_number=case_number, now=now)
    begun = []
    for register, wanted in askable:
        readings = list(dict.fromkeys(w.reading() for w in wanted))
        finish = _begin(register, readings, person_keys, purpose=purpose, deadline=deadline, now=now)
        begun.append((register, readings, finish))
    # Those that answer over the network have all begun, and now wait for each other.
    for register, readings, finish in begun:
        for key, fact in _facts(register, readings, finish, person_keys, now):
            facts[key][fact.name] = fact
    return {key: {q.fact: found[q.fact] for q in questions} for key, found in facts.items()}


def _open(questions: Sequence[Question], purpose: str, now: datetime) -> list[_Opened]:
    names = dict.fromkeys(question.register for question in questions)
    rows = {row.name: row for row in Register.objects.filter(name__in=names).select_related("current_load")}
    today = timezone.localtime(now).date()
    opened = []
    for name in names:
        if name not in rows:
            raise RegisterNotDeclared(name)
        declaration = Declaration.model_validate(rows[name].declaration)
        if purpose not in declaration.purposes:
            raise PurposeNotAllowed(name, purpose, declaration.purposes)
        mine = [question for question in questions if question.register == name]
        for question in mine:
            check_question(question, declaration)
        load = rows[name].current_load
        wanted = tuple(Wanted(question, declaration, today) for question in mine)
        opened.append(_Opened(declaration, load.as_of if load else None, wanted))
    return opened


def check_question(question: Question, declaration: Declaration) -> None:
    """Raise ``QuestionNotPossible`` unless the register has the columns and can be asked by one of them."""
    known = {column.name for column in declaration.columns}
    used = {*question.match, *([question.returns] if question.returns else [])}
    if strange := sorted(used - known):
        raise QuestionNotPossible(
            f"Fact {question.fact}: the register {declaration.name} has no column {', '.join(strange)};"
            f" there are {', '.join(sorted(known))}"
        )
    if declaration.key and not declaration.exact & set(question.match):
        raise QuestionNotPossible(
            f"Fact {question.fact}: match at least one of {', '.join(sorted(declaration.exact))}"
            f" of the register {declaration.name}"
        )


def _may_be_read(wanted: Wanted, register: _Opened, now: datetime) -> bool:
    return obstacle_to(wanted, register.declaration, register.as_of, now) is None


def obstacle_to(
    wanted: Wanted, declaration: Declaration, as_of: datetime | None, now: datetime
) -> Because | None:
    """Return why the question cannot be answered whatever the records say, if so."""
    if not wanted.askable:
        return Because.NOTHING_TO_ASK_WITH
    if as_of is None:
        return Because.NOT_LOADED if declaration.source == "table" else None
    days = declaration.stale_after_days
    return Because.STALE if days is not None and now - as_of > timedelta(days=days) else None


def _log(
    askable: list[tuple[_Opened, list[Wanted]]],
    *,
    person_keys: Sequence[bytes],
    asker: Asker,
    purpose: str,
    case_number: str,
    now: datetime,
) -> None:
    """Write one row for each question about each person, before anything is read, in one insert."""
    RegisterAccess.objects.bulk_create(
        RegisterAccess(
            agency_path=asker.agency_path,
            asked_at=now,
            person_key=person_key,
            asker_kind=asker.kind,
            asker_reference=asker.reference,
            asker_label=asker.label,
            purpose=purpose,
            case_number=case_number,
            register=register.declaration.name,
            fact=wanted.question.fact,
            columns=list(wanted.columns),
        )
        for register, several in askable
        for wanted in several
        if wanted.about_person
        for person_key in person_keys
    )


def _begin(
    register: _Opened,
    readings: list[Reading],
    person_keys: Sequence[bytes],
    *,
    purpose: str,
    deadline: float,
    now: datetime,
) -> Callable[[], Found]:
    if not readings or not person_keys:
        return lambda: Found({})
    return SOURCES[register.declaration.source](
        declaration=register.declaration,
        readings=readings,
        person_keys=person_keys,
        purpose=purpose,
        within_seconds=max(0.001, deadline - monotonic()),
        now=now,
    )


def _facts(
    register: _Opened,
    readings: list[Reading],
    finish: Callable[[], Found],
    person_keys: Sequence[bytes],
    now: datetime,
) -> Iterator[tuple[bytes, Fact]]:
    found: Found | None
    try:
        found = finish()
    except SourceSilent:
        found = None
    as_of = found.as_of if found and found.as_of else register.as_of
    numbers: Mapping[Reading, int] = {reading: number for number, reading in enumerate(readings)}
    for wanted in register.wanted:
        obstacle = obstacle_to(wanted, register.declaration, as_of, now)
        if obstacle is None and found is None:
            obstacle = Because.SILENT
        if obstacle is not None or found is None:
            fact = wanted.fact("unknown", obstacle or Because.SILENT, None, as_of, now)
            yield from ((key, fact) for key in person_keys)
            continue
        reading = wanted.reading()
        for key in person_keys:
            where = (numbers[reading], reading.about_person, key)
            if found.was_asked(*where):
                judged = wanted.judge(found.of(*where), reading.columns)
            else:
                judged = ("unknown", Because.NOTHING_TO_ASK_WITH, None)
            since = found.since.get((numbers[reading], key if reading.about_person else b""), as_of)
            yield key, wanted.fact(*judged, since, now)
