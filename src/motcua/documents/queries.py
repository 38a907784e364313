"""Questions about results: what a paper is by its code, what a register holds, what a file is worth."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from .models import Result, Withdrawal
from .replacing import number_of
from .signing.apart import check_apart
from .signing.report import Answer, Report
from .states import Ground, ObjectionAnswer, ResultKind, ResultState
from .stores import signing_folder, trust_now
from .values import ResultText

_GAPS = """
SELECT expected FROM documents_numberregister register
CROSS JOIN LATERAL generate_series(1, register.last) AS expected
WHERE register.agency_path = %(agency)s::ltree AND register.notation = %(notation)s AND register.year = %(year)s
AND NOT EXISTS (
    SELECT 1 FROM documents_result result
    WHERE result.agency_path = register.agency_path AND result.notation = register.notation
    AND result.year = register.year AND result.number = expected
)
ORDER BY expected
"""


@dataclass(frozen=True, slots=True)
class PaperNamed:
    """Another sealed paper, as far as anyone may know of it."""

    code: str
    number: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That a paper is no longer in force: since when, on what ground, by which notice, replaced by which paper.

    The reason in words stands on the notice: it may name people.
    """

    at: datetime
    ground: Ground
    notice: PaperNamed
    replaced_by: PaperNamed | None


@dataclass(frozen=True, slots=True)
class SealedPaper:
    """What anyone may know of a sealed result: neither for whom it is nor what it says, but whether it stands.

    ``withdraws`` and ``replaces`` are the papers that this one took back, or stands in the place of.
    """

    code: str
    number: str
    title: str
    agency: str
    sealed_at: datetime
    sha256: str
    withdrawn: Withdrawn | None = None
    withdraws: PaperNamed | None = None
    replaces: PaperNamed | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """What the applicant wrote against a withdrawal, and the answer, if there is one."""

    text: str
    at: datetime
    answer: ObjectionAnswer | None
    words: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class WithdrawalOfCase:
    """A withdrawal as the pages of its case show it; ``withdrawn_at`` is null while the notice waits for the leader."""

    id: UUID
    result_id: UUID
    notice_id: UUID
    ground: Ground
    reason: str
    asked_by_id: int
    asked_at: datetime
    withdrawn_at: datetime | None
    objection: Objection | None


@dataclass(frozen=True, slots=True)
class ResultOfCase:
    """A result as the case's own page shows it; ``text`` is what it says, ``sha256`` names its bytes.

    ``withdrawal`` is the one that took it back or is to, ``replaces`` the withdrawn paper in whose place it stands.
    """

    id: UUID
    code: str
    notation: str
    title: str
    text: ResultText | None
    sha256: str
    state: ResultState
    number: str
    sealed_at: datetime | None
    agency_path: str
    kind: ResultKind = ResultKind.RESULT
    replaces: UUID | None = None
    withdrawal: WithdrawalOfCase | None = None

    @property
    def in_force(self) -> bool:
        """Tell whether it is sealed and was not taken back."""
        return self.state is ResultState.SEALED and self.withdrawn is None

    @property
    def withdrawn(self) -> WithdrawalOfCase | None:
        """The withdrawal, once it is carried out."""
        return self.withdrawal if self.withdrawal and self.withdrawal.withdrawn_at else None


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """A file's report, and the paper of our register that is the same byte for byte, if one is."""

    report: Report
    in_register: SealedPaper | None

    @property
    def answer(self) -> Answer:
        """Valid only if the register has it and it was not withdrawn: a stolen key seals, but not into the register."""
        if self.in_register is not None and self.in_register.withdrawn is not None:
            return Answer.NOT_VALID
        if self.report.answer is Answer.VALID and self.in_register is None:
            return Answer.CANNOT_TELL
        return self.report.answer


def sealed_paper(code: str) -> SealedPaper | None:
    """Return the sealed result with the code, however it is spaced; four queries at most."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return _with_standing(_sealed_results().filter(code=plain).first())


def paper_of_digest(sha256: str) -> SealedPaper | None:
    """Return the sealed result whose file has this SHA-256, in hexadecimal digits; four queries at most."""
    return _with_standing(_sealed_results().filter(sha256=sha256.strip().lower()).first())


def check_paper(pdf: bytes, *, now: datetime) -> PaperCheck:
    """Check a file in a process of its own, and look for it in the register. Raises ``TooManyChecks``.

    Costs about a second, most of it to start the process.
    """
    trust_now(now)
    report = check_apart(pdf, trust=signing_folder() / "trust", at=now)
    return PaperCheck(report, paper_of_digest(report.sha256))


def results_of_case(case_number: str) -> list[ResultOfCase]:
    """Return the results of a case, newest first, those given up too, without their bytes; two queries at most.

    Notices that withdraw are among them; see ``ResultOfCase.kind``.
    """
    found = Result.objects.filter(case_number=case_number).defer("content").order_by("-drafted_at", "-kind")
    sealed = any(each.state == ResultState.SEALED for each in found)
    withdrawals = _withdrawals_of(case_number) if sealed else {}
    return [
        ResultOfCase(
            id=each.pk,
            code=each.code,
            notation=each.notation,
            title=each.title,
            text=ResultText.model_validate(each.text) if each.text else None,
            sha256=each.sha256,
            state=ResultState(each.state),
            number=number_of(each),
            sealed_at=each.sealed_at,
            agency_path=each.agency_path,
            kind=ResultKind(each.kind),
            replaces=each.replaces_id,
            withdrawal=withdrawals.get(each.pk),
        )
        for each in found
    ]


def _withdrawals_of(case_number: str) -> dict[UUID, WithdrawalOfCase]:
    rows = Withdrawal.objects.filter(result__case_number=case_number, given_up_at__isnull=True)
    return {row.result_id: _withdrawal(row) for row in rows.select_related("objection")}


def _withdrawal(row: Withdrawal) -> WithdrawalOfCase:
    said = getattr(row, "objection", None)
    return WithdrawalOfCase(
        id=row.pk,
        result_id=row.result_id,
        notice_id=row.notice_id,
        ground=Ground(row.ground),
        reason=row.reason,
        asked_by_id=row.asked_by_id,
        asked_at=row.asked_at,
        withdrawn_at=row.withdrawn_at,
        objection=Objection(
            said.text,
            said.objected_at,
            ObjectionAnswer(said.answer) if said.answer else None,
            said.answer_words,
            said.answered_at,
        )
        if said
        else None,
    )


def result_bytes(result_id: UUID) -> bytes:
    """Return the file of a result as far as it is signed. Raises ``Result.DoesNotExist``."""
    return bytes(Result.objects.values_list("content", flat=True).get(pk=result_id))


def register_of(*, agency_path: str, notation: str, year: int) -> list[SealedPaper]:
    """Return what was sealed under one sequence of numbers, in their order; one query."""
    rows = (
        Result.objects.filter(agency_path=agency_path, notation=notation, year=year, state=ResultState.SEALED)
        .defer("content")
        .order_by("number")
    )
    return [found for found in map(_sealed, rows) if found is not None]


def missing_numbers(*, agency_path: str, notation: str, year: int) -> list[int]:
    """Return the numbers up to the last that no paper has; there should be none."""
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, {"agency": agency_path, "notation": notation, "year": year})
        return [number for (number,) in cursor.fetchall()]


def _sealed_results() -> "QuerySet[Result]":
    return (
        Result.objects.filter(state=ResultState.SEALED)
        .select_related("replaces")
        .defer("content", "replaces__content")
    )


def _with_standing(result: Result | None) -> SealedPaper | None:
    """Return the paper with whether it stands, and which papers it took the place of."""
    paper = _sealed(result)
    if result is None or paper is None:
        return None
    done = Withdrawal.objects.filter(withdrawn_at__isnull=False).defer("result__content", "notice__content")
    own = done.filter(result=result).select_related("notice").first()
    taken = (
        done.filter(notice=result).select_related("result").first()
        if result.kind == ResultKind.NOTICE
        else None
    )
    return replace(
        paper,
        withdrawn=_withdrawn(own) if own else None,
        withdraws=_named(taken.result) if taken else None,
        replaces=_named(result.replaces),
    )


def _withdrawn(withdrawal: Withdrawal) -> Withdrawn | None:
    notice = _named(withdrawal.notice)
    if withdrawal.withdrawn_at is None or notice is None:
        return None
    follows = Result.objects.filter(replaces_id=withdrawal.result_id, state=ResultState.SEALED)
    return Withdrawn(
        withdrawal.withdrawn_at, Ground(withdrawal.ground), notice, _named(follows.defer("content").first())
    )


def _named(result: Result | None) -> PaperNamed | None:
    if result is None or result.sealed_at is None:
        return None
    return PaperNamed(result.code, number_of(result), result.sealed_at)


def _sealed(result: Result | None) -> SealedPaper | None:
    if result is None or result.sealed_at is None:
        return None
    return SealedPaper(
        code=result.code,
        number=number_of(result),
        title=result.title,
        agency=result.agency_name,
        sealed_at=result.sealed_at,
        sha256=result.sha256,
    )
