"""Whom a case asks, what was found out, and the paper it ends with: the same words for its applicant and officers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from motcua.agencies.queries import AgencyView, agencies_by_code
from motcua.cases.consults.queries import PREFIX, ConsultView
from motcua.cases.queries import CasePage
from motcua.documents.queries import ResultOfCase, results_of_case
from motcua.documents.results import spaced
from motcua.documents.states import ResultKind, ResultState
from motcua.procedures.content import Content
from motcua.procedures.found import as_field
from motcua.web.ui.components import Row
from motcua.web.ui.questions import in_words
from motcua.web.ui.withdrawal_words import WITHDRAWN, WithdrawalShown, withdrawal_shown
from motcua.web.ui.words import Bilingual, InTwoLanguages

WAITS = Bilingual("Đang chờ trả lời", "Waiting for the answer")
WAITS_LATE = Bilingual("Chờ trả lời, đã quá hạn", "Waiting for the answer, past its term")
ANSWERED = Bilingual("Đã trả lời", "Answered")
ANSWERED_LATE = Bilingual("Đã trả lời, muộn hơn hạn", "Answered, after its term")
TAKEN_BACK = Bilingual("Không hỏi nữa", "No longer asked")
STEPS = {
    ResultState.DRAFT: (Bilingual("Đã lập, chưa ký", "Drafted, not signed"), "grey"),
    ResultState.SIGNED: (Bilingual("Người lập đã ký", "Signed by who drew it up"), "blue"),
    ResultState.APPROVED: (
        Bilingual("Lãnh đạo đã ký, chờ đóng dấu", "Signed by the leader, waits for the seal"),
        "blue",
    ),
    ResultState.SEALED: (Bilingual("Đã ký và đóng dấu", "Signed and sealed"), "green"),
}


@dataclass(frozen=True, slots=True)
class ConsultLine:
    """One agency that was asked, in words; ``rows`` are what it found out."""

    code: str
    agency: Bilingual
    label: InTwoLanguages
    question: InTwoLanguages
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    status: Bilingual
    colour: str
    words: str
    rows: tuple[Row, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class FoundLine:
    """What was found out by one act."""

    label: InTwoLanguages
    at: datetime
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PaperCard:
    """The paper of a case as far as it is: what it says, who has signed, and by which code anyone verifies it."""

    result: ResultOfCase
    code: str
    status: Bilingual
    colour: str
    rows: tuple[Row, ...]
    withdrawal: WithdrawalShown | None = None

    @property
    def sealed(self) -> bool:
        """Tell whether it is sealed."""
        return self.result.state is ResultState.SEALED


def consult_lines(page: CasePage, now: datetime) -> tuple[ConsultLine, ...]:
    """Return whom the case asked, the last asked of each question only; one query where it asked anybody."""
    latest = {each.consult.code: each for each in page.consults}
    if not latest:
        return ()
    offices = agencies_by_code({each.agency_code for each in latest.values()})
    return tuple(_line(each, offices, page.case.procedure.content, now) for each in latest.values())


def _line(
    asked: ConsultView, offices: Mapping[str, AgencyView], content: Content, now: datetime
) -> ConsultLine:
    late = asked.is_late(now)
    if asked.taken_back_at is not None:
        status, colour = TAKEN_BACK, "grey"
    elif asked.answered_at is not None:
        status, colour = (ANSWERED_LATE, "yellow") if late else (ANSWERED, "green")
    else:
        status, colour = (WAITS_LATE, "red") if late else (WAITS, "blue")
    return ConsultLine(
        code=asked.consult.code,
        agency=agency_in_words(offices, asked.agency_code),
        label=asked.consult.label,
        question=asked.consult.question,
        asked_at=asked.asked_at,
        due_at=asked.due_at,
        answered_at=asked.answered_at,
        status=status,
        colour=colour,
        words=asked.words,
        rows=finding_rows(content, asked.findings),
        mine=asked.mine,
    )


def agency_in_words(offices: Mapping[str, AgencyView], code: str) -> Bilingual:
    """Return the name of an agency; its code where it is not registered any more."""
    office = offices.get(code)
    return Bilingual(office.name, office.name_en or office.name) if office else Bilingual(code, code)


def found_lines(page: CasePage) -> tuple[FoundLine, ...]:
    """Return what officers found out by their acts, newest first; what asked agencies did stands with their answers."""
    content = page.case.procedure.content
    return tuple(
        FoundLine(entry.label, entry.happened_at, finding_rows(content, entry.findings))
        for entry in reversed(page.entries)
        if entry.findings and not entry.act.startswith(PREFIX)
    )


def finding_rows(content: Content, findings: Mapping[str, object]) -> tuple[Row, ...]:
    """Return findings in words, in the order of the pack; what was left out is not told."""
    today = timezone.localdate()
    return tuple(
        Row(declared.label, in_words(as_field(declared), findings[name], today))
        for name, declared in content.workflow.findings.items()
        if findings.get(name) is not None
    )


def paper_cards(page: CasePage, *, sealed_only: bool = False) -> tuple[PaperCard, ...]:
    """Return the papers of the case, newest first; one query for a service that ends with one.

    ``sealed_only`` is what the applicant gets: while the result is held back for its fee, no more than what the office
    took back and by which notice.
    """
    if page.case.procedure.content.result is None:
        return ()
    held = sealed_only and bool(page.held_vnd)
    papers = results_of_case(page.case.number)
    return tuple(
        PaperCard(
            result=each,
            code=spaced(each.code),
            status=WITHDRAWN if each.withdrawn else STEPS[each.state][0],
            colour="red" if each.withdrawn else STEPS[each.state][1],
            withdrawal=withdrawal_shown(page, each, papers),
            rows=tuple(Row(row.label, row.value) for row in each.text.rows) if each.text else (),
        )
        for each in papers
        if each.state in STEPS
        and (each.state is ResultState.SEALED or not sealed_only)
        and (each.withdrawn or each.kind is ResultKind.NOTICE or not held)
    )
