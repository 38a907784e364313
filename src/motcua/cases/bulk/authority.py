"""Whether somebody may act for a firm: a register's fact of three values, and a person where it is unknown."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from motcua.agencies.queries import agency
from motcua.cases.bulk.columns import rule_of
from motcua.cases.bulk.models import Mandate
from motcua.cases.bulk.states import MandateAnswer
from motcua.cases.numbers import LOCAL
from motcua.identity.people import PersonView
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Bilingual, FactDeclaration
from motcua.procedures.forms import FormRefused, clean_value
from motcua.procedures.queries import ProcedureView
from motcua.registers.facts import Because, Fact, Value
from motcua.registers.questions import Asked, Asker, Question
from motcua.registers.services import ask

# How long an officer's confirmation holds; a register is asked each time.
HOLDS = timedelta(days=90)
_ANSWERS = {"yes": MandateAnswer.YES, "no": MandateAnswer.NO}


class NotForThisFirm(PermissionError):
    """The register says that the firm is somebody else's, or that there is none; the person may read the fact."""

    def __init__(self, fact: Fact, *, registered: bool) -> None:
        super().__init__(f"{fact.name}: no")
        self.fact, self.registered = fact, registered


class FirmRefused(ValueError):
    """The tax code is not in the form that the service's form asks for."""

    def __init__(self, words: Bilingual) -> None:
        super().__init__(words.en)
        self.words = words


class MandateSettled(RuntimeError):
    """Somebody has decided on this mandate already."""


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate as pages show it; ``holder`` is who asks to act for the firm."""

    id: int
    holder: str
    firm: str
    firm_name: str
    procedure_code: str
    answer: MandateAnswer
    fact: Fact
    asked_at: datetime


def cleaned_firm(procedure: ProcedureView, text: str) -> str:
    """Return the firm's tax code as the form wants it; raises ``FirmRefused``."""
    firm = rule_of(procedure.content).firm
    asked = next(field for field in procedure.content.form.fields if field.name == firm)
    try:
        return str(clean_value(asked, text))
    except FormRefused as refusal:
        raise FirmRefused(refusal.errors[firm]) from None


def mandate_for(*, procedure: ProcedureView, person: PersonView, firm: str, now: datetime) -> Mandate:
    """Return a mandate that holds or is still unknown; raises ``NotForThisFirm``.

    An officer's confirmation that still holds is taken as it is; otherwise the register is asked, which the
    person can see under "who looked".
    """
    confirmed = Mandate.objects.filter(
        person_id=person.id,
        procedure_code=procedure.code,
        firm=firm,
        answer=MandateAnswer.YES,
        holds_until__gt=now,
    ).first()
    if confirmed is not None:
        return confirmed
    found = _asked(procedure, person, firm, now)
    answer = _ANSWERS.get(found.fact.answer, MandateAnswer.UNKNOWN)
    if answer is MandateAnswer.NO:
        raise NotForThisFirm(found.fact, registered=found.registered)
    waiting = Mandate.objects.waiting().filter(person_id=person.id, procedure_code=procedure.code, firm=firm)
    if answer is MandateAnswer.UNKNOWN and (asked_before := waiting.first()) is not None:
        return asked_before
    office = agency(procedure.content.manifest.agency)
    return Mandate.objects.create(
        person_id=person.id,
        procedure_code=procedure.code,
        firm=firm,
        firm_name=found.firm_name,
        agency_path=office.path,
        place_path=office.place_path,
        answer=answer,
        fact=found.fact.to_json(),
        asked_at=now,
    )


def still_holds(mandate: Mandate, *, procedure: ProcedureView, person: PersonView, now: datetime) -> bool:
    """Tell whether the person may act for the firm at this moment; asks the register again if it was it who said so."""
    if mandate.answer != MandateAnswer.YES:
        return False
    if mandate.holds_until is not None:
        return mandate.holds_until > now
    return _asked(procedure, person, mandate.firm, now).fact.answer == "yes"


@dataclass(frozen=True, slots=True)
class _Found:
    """What the register says of person and firm."""

    fact: Fact
    firm_name: str
    registered: bool


def _asked(procedure: ProcedureView, person: PersonView, firm: str, now: datetime) -> _Found:
    """Ask the pack's fact about who files, who is entered for the firm, and its name; one query.

    Who is entered is asked by itself: a register that leaves the entry empty has no record of this person
    either, and would seem to say no where it says nothing.
    """
    content, rule = procedure.content, rule_of(procedure.content)
    today = now.astimezone(LOCAL).date()
    declaration: FactDeclaration = next(fact for fact in content.facts if fact.name == rule.authority)

    def wanted(pointer: str) -> Value | Asked:
        return Asked.PERSON if pointer == "applicant" else today if pointer == "today" else firm

    register = declaration.register_name
    match = {column: wanted(pointer) for column, pointer in declaration.match.items()}
    about_firm = {column: value for column, value in match.items() if value is not Asked.PERSON}
    entered = next(column for column, value in match.items() if value is Asked.PERSON)
    questions = [
        Question(declaration.name, register, match, on=today),
        Question("entered", register, about_firm, returns=entered, on=today),
    ]
    if rule.firm_name is not None:
        questions.append(Question("firm_name", register, about_firm, returns=rule.firm_name, on=today))
    facts = ask(
        questions,
        person_key=person.key,
        asker=Asker(
            kind="machine",
            reference=content.manifest.code,
            label=content.manifest.title.vi,
            agency_path=agency(content.manifest.agency).path,
        ),
        purpose=content.manifest.code,
        within_seconds=content.manifest.ask_within_seconds,
        now=now,
    )
    fact, who = facts[declaration.name], facts["entered"]
    if fact.answer == "no" and who.answer == "unknown":
        fact = replace(fact, answer="unknown", value=None, because=who.because)
    named = facts.get("firm_name")
    firm_name = str(named.value) if named is not None and named.value else ""
    return _Found(fact, firm_name, registered=who.because is not Because.NO_RECORD)


def mandates_waiting(rights: Rights) -> list[MandateView]:
    """Return the mandates that the officer may settle, the oldest first; one query."""
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.DECIDE_CASES)
    rows = Mandate.objects.waiting().filter(within, uploads__isnull=False).distinct()
    return [_view(row) for row in rows.select_related("person").order_by("asked_at", "pk")[:200]]


@transaction.atomic
def settle_mandate(
    *, mandate_id: int, may_act: bool, rights: Rights, reason: str, now: datetime
) -> MandateView:
    """Confirm or refuse that the person may act for the firm, with a reason that the person will read.

    Raises ``Mandate.DoesNotExist`` outside the officer's rights, ``MandateSettled`` and ``ValueError`` for an
    empty reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.DECIDE_CASES)
    row = Mandate.objects.select_related("person").filter(within).get(pk=mandate_id)
    settled = (
        Mandate.objects.waiting()
        .filter(pk=row.pk)
        .update(
            answer=MandateAnswer.YES if may_act else MandateAnswer.NO,
            decided_by=f"account:{rights.account_id}",
            decided_at=now,
            reason=reason.strip().replace("\0", "")[:2000],
            holds_until=now + HOLDS if may_act else None,
        )
    )
    if settled != 1:
        raise MandateSettled(f"mandate {mandate_id} is settled")
    return _view(row)


def _view(row: Mandate) -> MandateView:
    return MandateView(
        id=row.pk,
        holder=row.person.name,
        firm=row.firm,
        firm_name=row.firm_name,
        procedure_code=row.procedure_code,
        answer=MandateAnswer(row.answer),
        fact=Fact.from_json(row.fact),
        asked_at=row.asked_at,
    )
