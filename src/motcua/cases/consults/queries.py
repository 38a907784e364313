"""Questions about consults: those of one case with their answers, and what waits for an officer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from motcua.cases.consults.models import Consultation
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose, Role
from motcua.procedures.content import Bilingual, Consult, Content

# An officer answers the most urgent first; more than a page holds need not be counted.
MOST_WAITING = 500
# How an answer is called in the history, beside the acts of the pack.
PREFIX = "consult:"


@dataclass(frozen=True, slots=True)
class ConsultView:
    """One question of a case: to whom, since when, until when, and what came of it.

    ``mine`` tells whether the reader may answer it now.
    """

    consult: Consult
    agency_code: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answered_by: str
    taken_back_at: datetime | None
    words: str = ""
    findings: Mapping[str, object] = field(default_factory=dict)
    mine: bool = False

    @property
    def open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.answered_at is None and self.taken_back_at is None

    def is_late(self, now: datetime) -> bool:
        """Tell whether the answer is or came later than its term."""
        return self.taken_back_at is None and (self.answered_at or now) > self.due_at


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """The words and findings of an answer, as the history has them."""

    words: str
    findings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AskedOfMe:
    """The question of a case that waits for an officer's answer, and until when."""

    code: str
    due_at: datetime


def consult_named(content: Content, code: str) -> Consult | None:
    """Return the consult of the workflow with the code."""
    return next((each for _, each in content.workflow.consults if each.code == code), None)


def consults_of(
    number: str, content: Content, *, answers: Mapping[int, AnswerGiven], rights: Rights | None = None
) -> tuple[ConsultView, ...]:
    """Return what the case asked, in the order of asking; one query, none for a workflow without consults.

    ``answers`` are entries of its history by id; ``rights`` those of the reader.
    """
    declared = {consult.code: consult for _, consult in content.workflow.consults}
    if not declared:
        return ()
    rows = (
        Consultation.objects.filter(case_number=number)
        .select_related("answered_by")
        .order_by("asked_at", "pk")
    )
    return tuple(
        _view(row, declared[row.code], answers.get(row.entry_id or 0), rights)
        for row in rows
        if row.code in declared
    )


def _view(
    row: Consultation, consult: Consult, answer: AnswerGiven | None, rights: Rights | None
) -> ConsultView:
    return ConsultView(
        consult=consult,
        agency_code=row.agency_code,
        asked_at=row.asked_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        answered_by=row.answered_by.name if row.answered_by else "",
        taken_back_at=row.taken_back_at,
        words=answer.words if answer else "",
        findings=answer.findings if answer else {},
        mine=row.answered_at is None
        and row.taken_back_at is None
        and rights is not None
        and Role.SPECIALIST in rights.roles_at(agency_path=row.agency_path, place_path=row.place_path),
    )


def waiting_for_answer(rights: Rights) -> list[str]:
    """Return the numbers of the cases that wait for this officer's answer, the one due first at first; one query."""
    if not rights.serves(Purpose.DECIDE_CASES) or Role.SPECIALIST not in rights.roles:
        return []
    mine = rights.predicate("agency_path", "place_path", roles=(Role.SPECIALIST,))
    rows = Consultation.objects.open().filter(mine).order_by("due_at")
    return list(dict.fromkeys(rows.values_list("case_number", flat=True)[:MOST_WAITING]))


def asked_of(numbers: Sequence[str], rights: Rights) -> dict[str, AskedOfMe]:
    """Return the question that waits for this officer, by case, where one does; one query."""
    if Role.SPECIALIST not in rights.roles:
        return {}
    mine = rights.predicate("agency_path", "place_path", roles=(Role.SPECIALIST,))
    rows = Consultation.objects.open().filter(mine, case_number__in=list(numbers)).order_by("-due_at")
    return {row.case_number: AskedOfMe(row.code, row.due_at) for row in rows}


def label_of_answer(content: Content, act: str) -> Bilingual | None:
    """Return what the history calls the answer to a consult, or None for an act."""
    if not act.startswith(PREFIX):
        return None
    consult = consult_named(content, act.removeprefix(PREFIX))
    if consult is None:
        return None
    return Bilingual(vi=f"Đã trả lời: {consult.label.vi}", en=f"Answered: {consult.label.en}")
