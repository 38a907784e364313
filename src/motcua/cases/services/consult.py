"""An asked agency answers: once, in words and with what it found out; the last answer moves the case."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from motcua.cases.conditions import Conditions
from motcua.cases.consults.models import Consultation
from motcua.cases.consults.queries import PREFIX, consult_named
from motcua.cases.events import ConsultAnswered
from motcua.cases.models import Case, CaseEntry, EntryDetails
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.move import after_answers, move
from motcua.cases.sight import may_read
from motcua.cases.states import open_acts
from motcua.events.services import publish
from motcua.identity.rights import Rights
from motcua.identity.states import Role
from motcua.procedures.content import Content
from motcua.procedures.found import check_findings
from motcua.procedures.queries import revision


class ConsultClosed(RuntimeError):
    """The question was answered already, or taken back because the case went elsewhere."""


@transaction.atomic
def answer_consult(
    *,
    number: str,
    code: str,
    rights: Rights,
    words: str,
    findings: Mapping[str, object],
    now: datetime,
) -> str:
    """Answer a question to the officer's agency and return the state of the case, which the last answer moves.

    Raises ``Case.DoesNotExist`` for a case or a question that is not the officer's, as for what is not there;
    ``ConsultClosed``, ``ReasonMissing`` without words, ``FormRefused`` with a message a finding, and what the
    machine's act raises where the pack or its agencies are at fault: then the answer is not taken.
    """
    # The row of the case first, as every move takes it: of two last answers one waits for the other and then sees
    # it. Compare-and-set would have both see an answer missing, and the case would stay.
    case = Case.objects.select_for_update(of=("self",)).filter(may_read(rights), number=number).first()
    mine = rights.predicate("agency_path", "place_path", roles=(Role.SPECIALIST,))
    asked = (
        Consultation.objects.filter(mine, case_number=number, code=code).order_by("-asked_at", "-pk").first()
    )
    if case is None or asked is None:
        raise Case.DoesNotExist(number)
    if asked.answered_at is not None or asked.taken_back_at is not None:
        raise ConsultClosed(f"{code} of {number}")
    content = revision(case.revision_id).content
    consult = consult_named(content, code)
    if consult is None:
        raise Case.DoesNotExist(number)
    # PostgreSQL keeps no NUL.
    words = words.replace("\0", "").strip()
    if not words:
        raise ReasonMissing(code)
    found = check_findings(consult.findings, findings)
    now = after_answers(case, now)
    _write(case, asked, words=words, found=found, rights=rights, now=now)
    if not Consultation.objects.open().filter(case_number=number).exists():
        _go_on(case, content, now)
    return case.state


def _write(
    case: Case,
    asked: Consultation,
    *,
    words: str,
    found: Mapping[str, object],
    rights: Rights,
    now: datetime,
) -> None:
    entry = CaseEntry.objects.create(
        case_number=case.number,
        happened_at=now,
        act=f"{PREFIX}{asked.code}",
        from_state=case.state,
        to_state=case.state,
        actor=f"account:{rights.account_id}",
        reason=words,
    )
    if found:
        EntryDetails.objects.create(entry=entry, findings=dict(found))
    asked.answered_at, asked.answered_by_id, asked.entry_id = now, rights.account_id, entry.pk
    asked.save(update_fields=["answered_at", "answered_by", "entry_id"])
    publish(
        ConsultAnswered(
            happened_at=now,
            agency_path=asked.agency_path,
            subject=case.number,
            actor=f"account:{rights.account_id}",
            consult=asked.code,
        )
    )


def _go_on(case: Case, content: Content, now: datetime) -> None:
    acts = open_acts(content.workflow, case.state, "machine", Conditions(case))
    following = next(((name, act) for name, act in acts.items() if act.after is not None), None)
    if following is not None:
        name, act = following
        move(case, content=content, act_name=name, act=act, actor="machine", reason="", now=now)
