"""Settles a case by rule: decide now, or wait for a register that is silent and ask again."""

import uuid
from datetime import datetime

from django.db import transaction

from motcua.cases.allotments import give_number
from motcua.cases.events import CaseDecided
from motcua.cases.facts import Gathered, gather
from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.cases.services.move import move
from motcua.cases.states import Phase
from motcua.cases.verdicts import decide
from motcua.decisions.models import DecisionRecord
from motcua.events.outbox import queue_job
from motcua.events.services import publish
from motcua.identity.people import person
from motcua.procedures.queries import ProcedureView, revision

# 15 s, 30 s, 1, 2, 4, 8 minutes: about a quarter of an hour before a person takes over.
FIRST_WAIT_SECONDS = 15
TRIES = 6


def settle(case: Case, *, procedure: ProcedureView, gathered: Gathered, now: datetime) -> None:
    """Decide the case, or let it wait while a register is silent and tries are left.

    Raises ``NothingLeft`` if the pack gives out numbers, none is left, and the answer is not a refusal.
    """
    if gathered.silent and case.tries < TRIES:
        give_number(case, content=procedure.content, now=now)
        _wait(case, procedure=procedure, gathered=gathered, now=now)
        return
    workflow = procedure.content.workflow
    verdict = decide(procedure, gathered.scope)
    record_id = uuid.uuid4()
    DecisionRecord.objects.create(
        id=record_id,
        agency_path=case.agency_path,
        decided_at=now,
        case_number=case.number,
        decided_by="machine",
        model_sha256=procedure.model.sha256,
        answer=verdict.answer,
        reason_code=verdict.reason,
        rule=verdict.rule,
        facts=[fact.to_json() for fact in gathered.facts],
        explanation=verdict.explanation,
        text_vi=verdict.text_vi,
        text_en=verdict.text_en,
    )
    publish(
        CaseDecided(
            happened_at=now,
            agency_path=case.agency_path,
            subject=case.number,
            actor="machine",
            answer=verdict.answer,
            reason=verdict.reason,
            model_sha256=procedure.model.sha256,
            decision=str(record_id),
        )
    )
    name = workflow.answers[verdict.answer]
    if workflow.states[workflow.acts[name].target].phase != "refused":
        give_number(case, content=procedure.content, now=now)
    move(
        case,
        content=procedure.content,
        act_name=name,
        act=workflow.acts[name],
        actor="machine",
        reason="",
        now=now,
        answer=verdict.answer,
        reason_code=verdict.reason,
        decided_by="machine",
    )


def _wait(case: Case, *, procedure: ProcedureView, gathered: Gathered, now: datetime) -> None:
    workflow = procedure.content.workflow
    assert workflow.silence is not None
    wait_seconds = FIRST_WAIT_SECONDS * 2**case.tries
    move(
        case,
        content=procedure.content,
        act_name=workflow.silence,
        act=workflow.acts[workflow.silence],
        actor="machine",
        reason=", ".join(gathered.silent),
        now=now,
        tries=case.tries + 1,
    )
    queue_job(
        "motcua.cases.ask_again", queue="cases", in_seconds=wait_seconds, number=case.number, tries=case.tries
    )


@transaction.atomic
def ask_again(*, number: str, tries: int, now: datetime) -> str:
    """Ask the registers once more for a case that waits for one, and return its state.

    ``tries`` is how often it had been asked for when this was queued. A case that no longer waits, or that
    was asked for since, is left as it is: the job may run twice, and never queues two successors. Raises
    ``CaseMovedOn`` if another hand moves the case meanwhile.
    """
    case = Case.objects.get(number=number)
    if case.phase != Phase.SILENT_REGISTER or case.tries != tries:
        return case.state
    procedure = revision(case.revision_id)
    gathered = gather(
        content=procedure.content,
        values=case.values,
        person_key=person(case.applicant_id).key,
        case_number=number,
        agency_path=case.agency_path,
        now=now,
        today=now.astimezone(LOCAL).date(),
    )
    settle(case, procedure=procedure, gathered=gathered, now=now)
    return case.state
