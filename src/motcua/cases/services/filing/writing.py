"""Writes a batch down: each table in one stream, the ledger last, because its lane stays taken until the commit."""

from collections.abc import Sequence
from datetime import datetime

from motcua.cases.events import CaseActed, CaseDecided, CaseFiled
from motcua.cases.numbers import LOCAL
from motcua.cases.services.filing.members import Member
from motcua.cases.services.settle import FIRST_WAIT_SECONDS
from motcua.credentials.services import rows_of_passes, told_of_pass
from motcua.events.appending import HEX, appended
from motcua.events.copying import written_json
from motcua.events.outbox import queue_jobs
from motcua.events.services import Lane, publish_together
from motcua.events.trips import Rows
from motcua.events.writing import Teller, Telling
from motcua.fees.schedule import fee_lines


def write_together(members: Sequence[Member], *, now: datetime, lane: Lane, log: Sequence[Rows]) -> None:
    """Store the members and the log of what was asked about them, and tell the ledger, in the caller's transaction."""
    moment, day = now.isoformat(), now.astimezone(LOCAL).date().isoformat()
    decided = [member for member in members if member.decided is not None]
    passes = [member.sealed for member in members if member.sealed is not None]
    teller = Teller(now)
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
        [each for member in members for each in _told(member, teller)],
        lane=lane,
        after=(
            *log,
            *([_cases(members, moment, day), _submissions(members, moment)] if members else ()),
            *([_entries(members, moment)] if members else ()),
            *([_decisions(decided, moment)] if decided else ()),
            *([rows_of_passes(passes, now=now)] if passes else ()),
        ),
    )


def _office_path(member: Member) -> str:
    assert member.office is not None
    return member.office.path


def _cases(members: Sequence[Member], moment: str, day: str) -> Rows:
    wanted = [member.wanted for member in members]
    return appended(
        "cases_case",
        (
            ("agency_path", "ltree", [_office_path(member) for member in members]),
            ("place_path", "ltree", [member.place[1] for member in members]),
            ("place_code", "text", [member.place[0] for member in members]),
            ("filed_on", "date", day),
            ("number", "text", [member.number for member in members]),
            ("filed_at", "timestamptz", moment),
            ("due_at", "timestamptz", [_due_at(member) for member in members]),
            ("changed_at", "timestamptz", moment),
            ("procedure_code", "text", [each.procedure.code for each in wanted]),
            ("revision_id", "bigint", [str(each.procedure.revision_id) for each in wanted]),
            ("applicant_id", "bigint", [str(each.applicant.id) for each in wanted]),
            ("account_id", "bigint", [str(each.account_id) for each in wanted]),
            ("channel", "text", [each.channel.value for each in wanted]),
            ("values", "jsonb", [written_json(member.values) for member in members]),
            ("state", "text", [member.state for member in members]),
            ("phase", "text", [member.phase for member in members]),
            ("answer", "text", [member.answer for member in members]),
            ("reason_code", "text", [member.reason_code for member in members]),
            ("decided_by", "text", [member.decided_by for member in members]),
            ("objected", "boolean", "f"),
            ("tries", "smallint", [str(member.tries) for member in members]),
        ),
    )


def _due_at(member: Member) -> str:
    assert member.due_at is not None
    return member.due_at.isoformat()


def _submissions(members: Sequence[Member], moment: str) -> Rows:
    return appended(
        "cases_submission",
        (
            ("account_id", "bigint", [str(member.wanted.account_id) for member in members]),
            ("key", "text", [member.wanted.key for member in members]),
            ("body_sha256", HEX, [member.sha256.hex() for member in members]),
            ("case_number", "text", [member.number for member in members]),
            ("submitted_at", "timestamptz", moment),
        ),
    )


def _entries(members: Sequence[Member], moment: str) -> Rows:
    entries = [(member.number, entry) for member in members for entry in member.entries]
    return appended(
        "cases_caseentry",
        (
            ("case_number", "text", [number for number, _ in entries]),
            ("happened_at", "timestamptz", moment),
            ("act", "text", [entry.act for _, entry in entries]),
            ("from_state", "text", [entry.from_state for _, entry in entries]),
            ("to_state", "text", [entry.to_state for _, entry in entries]),
            ("actor", "text", [entry.actor for _, entry in entries]),
            ("reason", "text", [entry.reason for _, entry in entries]),
        ),
    )


def _decisions(members: Sequence[Member], moment: str) -> Rows:
    decided = [member.decided for member in members if member.decided is not None]
    judged = [each.judged for each in decided]
    return appended(
        "decisions_decisionrecord",
        (
            ("agency_path", "ltree", [_office_path(member) for member in members]),
            ("decided_at", "timestamptz", moment),
            ("id", "uuid", [each.id for each in decided]),
            ("case_number", "text", [member.number for member in members]),
            ("decided_by", "text", "machine"),
            ("model_sha256", "text", [member.plan.model.sha256 for member in members]),
            ("answer", "text", [each.answer for each in judged]),
            ("reason_code", "text", [each.reason for each in judged]),
            ("rule", "text", [each.rule for each in judged]),
            ("facts", "jsonb", [member.facts_json for member in members]),
            ("explanation", "jsonb", "{}"),
            ("text_vi", "text", [each.text_vi for each in judged]),
            ("text_en", "text", [each.text_en for each in judged]),
        ),
    )


def _told(member: Member, teller: Teller) -> list[Telling]:
    """Return what the ledger keeps of the new case, in the order in which it happened."""
    path, number, procedure = _office_path(member), member.number, member.wanted.procedure
    machine, channel, place = (path, number, "machine"), member.wanted.channel.value, member.place[0]
    filed = (procedure.code, procedure.number, channel, place)
    told = [teller.tell_again(CaseFiled, (path, number, member.wanted.actor), *filed)]
    if member.decided is not None:
        judged, model = member.decided.judged, member.plan.model.sha256
        told.append(teller.tell(CaseDecided, machine, judged.answer, judged.reason, model, member.decided.id))
    told += [
        teller.tell_again(CaseActed, (path, number, entry.actor), entry.act, entry.from_state, entry.to_state)
        for entry in member.entries[1:]
    ]
    if member.sealed is not None:
        told.append(told_of_pass(member.sealed, teller))
    return told
