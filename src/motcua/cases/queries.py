"""Questions about cases: the page of one, what a person has asked for, its public status, exports."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from motcua.calendars.clock import EventRefused
from motcua.calendars.working_time import DayNotCovered
from motcua.cases.clocks import CaseClock, case_clock
from motcua.cases.conditions import Conditions
from motcua.cases.consults.queries import PREFIX, AnswerGiven, ConsultView, consults_of, label_of_answer
from motcua.cases.explaining import explanation_of
from motcua.cases.history import happening_of
from motcua.cases.holding import held_vnd
from motcua.cases.models import Case, CaseEntry, Draft, Submission
from motcua.cases.numbers import day_of
from motcua.cases.services.act import acts_for
from motcua.cases.services.object import OBJECT, last_moment_to_object
from motcua.cases.sight import may_read
from motcua.cases.states import Channel, Phase, open_acts
from motcua.decisions.models import DecisionRecord
from motcua.identity.models import Account
from motcua.identity.people import PersonView, person
from motcua.identity.rights import Rights
from motcua.procedures.content import Act, Bilingual, Content, State
from motcua.procedures.queries import ProcedureView, revision
from motcua.registers.facts import Fact

log = logging.getLogger(__name__)


class CaseNotFound(LookupError):
    """There is no such case, or it is not this reader's to see: the two look the same."""


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with its facts; texts are a rule's sentence or an officer's reason."""

    decided_at: datetime
    decided_by: str
    answer: str
    reason_code: str
    rule: str
    facts: tuple[Fact, ...]
    explanation: dict[str, object]
    text: Bilingual

    @property
    def by_machine(self) -> bool:
        """Tell whether the rules decided, not a person."""
        return self.decided_by == "machine"


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of the history, with the act in words.

    ``until`` is the date that it set; ``corrected`` maps fields of the form to their values before and after;
    ``findings`` are what was found out, by name.
    """

    happened_at: datetime
    act: str
    label: Bilingual
    from_state: State | None
    to_state: State
    actor: str
    reason: str
    until: datetime | None = None
    corrected: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    findings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its list shows it."""

    number: str
    procedure: ProcedureView
    state_name: str
    state: State
    phase: Phase
    answer: str
    reason_code: str
    filed_at: datetime
    due_at: datetime
    changed_at: datetime
    place_code: str
    place_path: str
    agency_path: str
    account_id: int
    objected: bool
    channel: Channel = Channel.ONLINE

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether an answer is owed and its time has passed."""
        return self.phase in Phase.open() and self.due_at < now


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that one page of a case shows; ``acts`` are those open to the reader.

    ``clock`` is the legal clock of a service that has one; ``consults`` are what other agencies were asked;
    ``held_vnd`` is what is left to pay before the result is handed over.
    """

    case: CaseView
    applicant: PersonView
    values: dict[str, object]
    decisions: tuple[DecisionView, ...]
    entries: tuple[EntryView, ...]
    acts: dict[str, Act]
    object_until: datetime | None
    clock: CaseClock | None = None
    consults: tuple[ConsultView, ...] = ()
    held_vnd: int = 0

    @property
    def decision(self) -> DecisionView | None:
        """The decision that stands."""
        return self.decisions[-1] if self.decisions else None


def view_of(case: Case) -> CaseView:
    """Return the case with its procedure and state in words; no query once the revision is known."""
    procedure = revision(case.revision_id)
    return CaseView(
        number=case.number,
        procedure=procedure,
        state_name=case.state,
        state=procedure.content.workflow.states[case.state],
        phase=Phase(case.phase),
        answer=case.answer,
        reason_code=case.reason_code,
        filed_at=case.filed_at,
        due_at=case.due_at,
        changed_at=case.changed_at,
        place_code=case.place_code,
        place_path=case.place_path,
        agency_path=case.agency_path,
        account_id=case.account_id,
        objected=case.objected,
        channel=Channel(case.channel),
    )


def cases_of_person(person_id: int, *, limit: int = 100) -> list[CaseView]:
    """Return the person's cases, newest first; one query."""
    rows = Case.objects.of_person(person_id).order_by("-filed_at")[:limit]
    return [view_of(case) for case in rows]


def case_of_person(number: str, person_id: int) -> CasePage:
    """Return the page of the person's own case; raises ``CaseNotFound``."""
    case = Case.objects.of_person(person_id).filter(number=number).first()
    if case is None:
        raise CaseNotFound(number)
    workflow = revision(case.revision_id).content.workflow
    return _page(case, open_acts(workflow, case.state, "citizen", Conditions(case)))


def case_for_officer(number: str, rights: Rights) -> CasePage:
    """Return the page of a case that the officer may read; the acts are those of the agency that has it.

    Raises ``CaseNotFound``.
    """
    case = Case.objects.filter(may_read(rights), number=number, **_in_its_month(number)).first()
    if case is None:
        raise CaseNotFound(number)
    return _page(case, acts_for(case, rights, revision(case.revision_id).content.workflow), rights)


def _in_its_month(number: str) -> dict[str, date]:
    """Return the day that the number carries, so that one month is looked into; a number without one is none."""
    try:
        return {"filed_on": day_of(number)}
    except ValueError:
        return {}


def _page(case: Case, acts: dict[str, Act], rights: Rights | None = None) -> CasePage:
    content = revision(case.revision_id).content
    until = last_moment_to_object(case.changed_at, within_days=content.manifest.objection_within_days)
    rows = list(CaseEntry.objects.filter(case_number=case.number).select_related("details"))
    return CasePage(
        case=view_of(case),
        applicant=person(case.applicant_id),
        values=dict(case.values),
        decisions=_decisions(case),
        entries=_entries(case, rows),
        acts=acts,
        object_until=until if OBJECT in acts else None,
        clock=_clock(case, content, rows),
        consults=consults_of(case.number, content, answers=_answers(rows), rights=rights),
        held_vnd=held_vnd(case, content),
    )


def _answers(rows: Sequence[CaseEntry]) -> dict[int, AnswerGiven]:
    """Return the words and findings of entries that answer a consult, by their id."""
    found = ((row, getattr(row, "details", None)) for row in rows if row.act.startswith(PREFIX))
    return {row.pk: AnswerGiven(row.reason, details.findings if details else {}) for row, details in found}


def _clock(case: Case, content: Content, rows: Sequence[CaseEntry]) -> CaseClock | None:
    if not content.workflow.has_legal_clock:
        return None
    try:
        return case_clock(content, [happening_of(row) for row in rows])
    except (EventRefused, DayNotCovered):
        # A page shows what is known; the date that was stored still stands on it.
        log.exception("the clock of %s cannot be read from its history", case.number)
        return None


def decisions_of(number: str) -> tuple[DecisionView, ...]:
    """Return the decisions on a case, oldest first; two queries."""
    case = Case.objects.filter(number=number).first()
    return _decisions(case) if case is not None else ()


def _decisions(case: Case) -> tuple[DecisionView, ...]:
    rows = DecisionRecord.objects.filter(case_number=case.number).order_by("decided_at")
    return tuple(
        DecisionView(
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            answer=row.answer,
            reason_code=row.reason_code,
            rule=row.rule,
            facts=tuple(Fact.from_json(stored) for stored in row.facts),
            explanation=explanation_of(row, case),
            text=Bilingual(vi=row.text_vi, en=row.text_en),
        )
        for row in rows
    )


# Acts that the path itself makes, whatever the service.
FILED = Bilingual(vi="Nộp hồ sơ", en="Filed")
_OWN_ACTS = {
    "apologize": Bilingual(vi="Xin lỗi vì trễ hẹn", en="Apologized for being late"),
    "withdraw_result": Bilingual(vi="Thu hồi giấy đã cấp", en="Took a paper back"),
    "replace_result": Bilingual(vi="Cấp giấy thay thế", en="Gave a paper in its place"),
    "object_to_withdrawal": Bilingual(vi="Khiếu nại việc thu hồi giấy", en="Objected to the withdrawal"),
    "answer_withdrawal": Bilingual(
        vi="Trả lời khiếu nại việc thu hồi giấy", en="Answered the objection to the withdrawal"
    ),
    "undo_directive": Bilingual(
        vi="Hoàn lại như trước chỉ thị", en="Put back as it was before the directive"
    ),
}


def _entries(case: Case, rows: Sequence[CaseEntry]) -> tuple[EntryView, ...]:
    content = revision(case.revision_id).content
    workflow = content.workflow
    details = {row.pk: row.details for row in rows if getattr(row, "details", None) is not None}
    return tuple(
        EntryView(
            happened_at=entry.happened_at,
            act=entry.act,
            label=workflow.acts[entry.act].label
            if entry.act in workflow.acts
            else label_of_answer(content, entry.act) or _OWN_ACTS.get(entry.act, FILED),
            from_state=workflow.states.get(entry.from_state),
            to_state=workflow.states[entry.to_state],
            actor=entry.actor,
            reason=entry.reason,
            until=details[entry.pk].until if entry.pk in details else None,
            corrected={name: (before, after) for name, (before, after) in details[entry.pk].corrected.items()}
            if entry.pk in details
            else {},
            findings=details[entry.pk].findings if entry.pk in details else {},
        )
        for entry in rows
    )


def draft_of(account_id: int, procedure_code: str) -> Draft | None:
    """Return the account's draft of the procedure, if there is one."""
    return Draft.objects.filter(account_id=account_id, procedure_code=procedure_code).first()


def drafts_of(account_id: int) -> list[tuple[ProcedureView, datetime]]:
    """Return the procedures that the account has begun to fill in, and when each was kept; newest first."""
    rows = Draft.objects.filter(account_id=account_id).order_by("-saved_at")
    return [(revision(draft.revision_id), draft.saved_at) for draft in rows]


def number_filed_under(account_id: int, key: str) -> str | None:
    """Return the number of the case that the account filed under this key, if there is one."""
    filed = Submission.objects.filter(account_id=account_id, key=key).first()
    return filed.case_number if filed else None


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """Where a case stands, since when, and by when it is answered (nothing while nothing is due)."""

    state: State
    since: datetime
    due_at: datetime | None

    @property
    def over(self) -> bool:
        """Tell whether nothing is to be expected any more."""
        return self.state.clock == "stopped"


def public_status(number: str) -> PublicStatus | None:
    """Return where a case stands by its number alone, for anyone; nothing about whose it is."""
    case = Case.objects.filter(number=number).first()
    if case is None:
        return None
    state = revision(case.revision_id).content.workflow.states[case.state]
    return PublicStatus(state, case.changed_at, case.due_at if case.phase in Phase.open() else None)


def account_of(reference: str) -> Account | None:
    """Return the account behind ``account:<id>``, to show an officer who acted."""
    kind, _, pk = reference.partition(":")
    return Account.objects.filter(pk=int(pk)).first() if kind == "account" and pk.isdigit() else None


class FieldNotKept(ValueError):
    """Cases have no such field; the message names those they have."""


EXPORTED = {
    "reference": "number",
    "procedure": "procedure_code",
    "state": "state",
    "answer": "answer",
    "reason": "reason_code",
    "filed_at": "filed_at",
}


def case_values(field: str) -> Iterator[str]:
    """Yield one value for each stored case, oldest first, as a stream; empty text where there is none.

    Takes a key of ``EXPORTED``, ``idempotency_key``, or ``data.<form field>``. Raises ``FieldNotKept``.
    """
    if field == "idempotency_key":
        keys = Submission.objects.order_by("pk").values_list("key", flat=True)
        yield from keys.iterator(chunk_size=5000)
        return
    column = EXPORTED.get(field) or (
        f"values__{field[5:]}" if re.fullmatch(r"data\.[a-z0-9_]+", field) else ""
    )
    if not column or "__" in column.removeprefix("values__"):
        known = ", ".join([*EXPORTED, "idempotency_key", "data.<form field>"])
        raise FieldNotKept(f"cases have no field {field!r}; take one of {known}")
    rows = Case.objects.order_by("filed_on", "number").values_list(column, flat=True)
    for value in rows.iterator(chunk_size=5000):
        yield "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
