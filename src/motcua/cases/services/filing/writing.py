"""Writes a batch down: each table in one stream, the ledger last, because its lane stays taken until the commit."""

from collections.abc import Sequence
from datetime import datetime

from motcua.cases.events import CaseActed, CaseDecided, CaseFiled
from motcua.cases.numbers import LOCAL
from motcua.cases.services.filing.members import Member
from motcua.cases.services.settle import FIRST_WAIT_SECONDS
from motcua.credentials.services import copy_of_passes
from motcua.events.copying import bytes_cell, cell, json_cell, written_json
from motcua.events.outbox import queue_jobs
from motcua.events.services import Lane, publish_together
from motcua.events.trips import Copy
from motcua.events.values import Event
from motcua.fees.schedule import fee_lines

_CASE = (
    "agency_path, place_path, place_code, filed_on, number, filed_at, due_at, changed_at, procedure_code,"
    ' revision_id, applicant_id, account_id, channel, "values", state, phase, answer, reason_code, decided_by,'
    " objected, tries"
)
_SUBMISSION = "account_id, key, body_sha256, case_number, submitted_at"
_ENTRY = "case_number, happened_at, act, from_state, to_state, actor, reason"
_DECISION = (
    "agency_path, decided_at, id, case_number, decided_by, model_sha256, answer, reason_code, rule, facts,"
    " explanation, text_vi, text_en"
)


def write_together(members: Sequence[Member], *, now: datetime, lane: Lane, log: Copy) -> None:
    """Store the members and the log of what was asked about them, and tell the ledger, in the caller's transaction."""
    moment, day = now.isoformat(), now.astimezone(LOCAL).date().isoformat()
    decided = [member for member in members if member.decided is not None]
    queue_jobs(
        "motcua.cases.ask_again",
        queue="cases",
        in_seconds=FIRST_WAIT_SECONDS,
        arguments=[{"number": member.number, "tries": member.tries} for member in members if member.tries],
    )
    queue_jobs(
        "motcua.cases.ask_fees",
        queue="cases",
        arguments=[{"number": member.number} for member in members if fee_lines(member.plan.content)],
    )
    publish_together(
        [event for member in members for event in _events(member, now)],
        lane=lane,
        after=(
            log,
            Copy("cases_case", _CASE, [_case(member, moment, day) for member in members]),
            Copy("cases_submission", _SUBMISSION, [_submission(member, moment) for member in members]),
            Copy("cases_caseentry", _ENTRY, [line for each in members for line in _entries(each, moment)]),
            Copy("decisions_decisionrecord", _DECISION, [_decision(each, moment) for each in decided]),
            copy_of_passes([member.sealed for member in members if member.sealed is not None], now=now),
        ),
    )


def _office_path(member: Member) -> str:
    assert member.office is not None
    return member.office.path


def _case(member: Member, moment: str, day: str) -> str:
    wanted = member.wanted
    assert member.due_at is not None
    place_code, place_path = member.place
    values = json_cell(written_json(member.values))
    return "\t".join(
        (
            _office_path(member),
            place_path,
            cell(place_code),
            day,
            member.number,
            moment,
            member.due_at.isoformat(),
            moment,
            wanted.procedure.code,
            str(wanted.procedure.revision_id),
            str(wanted.applicant.id),
            str(wanted.account_id),
            wanted.channel.value,
            values,
            member.state,
            member.phase,
            cell(member.answer),
            cell(member.reason_code),
            member.decided_by,
            "f",
            str(member.tries),
        )
    )


def _submission(member: Member, moment: str) -> str:
    wanted = member.wanted
    return f"{wanted.account_id}\t{cell(wanted.key)}\t{bytes_cell(member.sha256)}\t{member.number}\t{moment}"


def _entries(member: Member, moment: str) -> list[str]:
    return [
        f"{member.number}\t{moment}\t{entry.act}\t{entry.from_state}\t{entry.to_state}\t{entry.actor}"
        f"\t{cell(entry.reason)}"
        for entry in member.entries
    ]


def _decision(member: Member, moment: str) -> str:
    decided = member.decided
    assert decided is not None
    judged = decided.judged
    return (
        f"{_office_path(member)}\t{moment}\t{decided.id}\t{member.number}\tmachine\t{member.plan.model.sha256}"
        f"\t{cell(judged.answer)}\t{cell(judged.reason)}\t{cell(judged.rule)}\t{json_cell(member.facts_json)}\t{{}}"
        f"\t{cell(judged.text_vi)}\t{cell(judged.text_en)}"
    )


def _events(member: Member, now: datetime) -> list[Event]:
    """Return what the ledger keeps of the new case, in the order in which it happened."""
    told: list[Event] = []
    path, number = _office_path(member), member.number
    told.append(
        CaseFiled(
            happened_at=now,
            agency_path=path,
            subject=number,
            actor=member.wanted.actor,
            procedure=member.wanted.procedure.code,
            revision=member.wanted.procedure.number,
            channel=member.wanted.channel.value,
            place=member.place[0],
        )
    )
    if member.decided is not None:
        told.append(
            CaseDecided(
                happened_at=now,
                agency_path=path,
                subject=number,
                actor="machine",
                answer=member.decided.judged.answer,
                reason=member.decided.judged.reason,
                model_sha256=member.plan.model.sha256,
                decision=str(member.decided.id),
            )
        )
    told += [
        CaseActed(
            happened_at=now,
            agency_path=path,
            subject=number,
            actor=entry.actor,
            act=entry.act,
            from_state=entry.from_state,
            to_state=entry.to_state,
        )
        for entry in member.entries[1:]
    ]
    if member.sealed is not None:
        told.append(member.sealed.event)
    return told
