"""Questions about results: what a paper is by its code, what a register holds, what a file is worth."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from .models import Result
from .results import number_in_words
from .signing.apart import check_apart
from .signing.report import Answer, Report
from .states import ResultState
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
class SealedPaper:
    """What anyone may know of a sealed result: neither for whom it is nor what it says."""

    code: str
    number: str
    title: str
    agency: str
    sealed_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class ResultOfCase:
    """A result as the case's own page shows it; ``text`` is what it says, ``sha256`` names its bytes."""

    id: UUID
    code: str
    notation: str
    title: str
    text: ResultText | None
    sha256: str
    state: ResultState
    number: str
    sealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """A file's report, and the paper of our register that is the same byte for byte, if one is."""

    report: Report
    in_register: SealedPaper | None

    @property
    def answer(self) -> Answer:
        """Valid only if the register has it: a stolen key seals, but not into the register."""
        if self.report.answer is Answer.VALID and self.in_register is None:
            return Answer.CANNOT_TELL
        return self.report.answer


def sealed_paper(code: str) -> SealedPaper | None:
    """Return the sealed result with the code, however it is spaced; one query."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return _sealed(Result.objects.filter(code=plain, state=ResultState.SEALED).defer("content").first())


def check_paper(pdf: bytes, *, now: datetime) -> PaperCheck:
    """Check a file in a process of its own, and look for it in the register. Raises ``TooManyChecks``.

    Costs about a second, most of it to start the process.
    """
    trust_now(now)
    report = check_apart(pdf, trust=signing_folder() / "trust", at=now)
    found = Result.objects.filter(sha256=report.sha256, state=ResultState.SEALED).defer("content").first()
    return PaperCheck(report, _sealed(found))


def results_of_case(case_number: str) -> list[ResultOfCase]:
    """Return the results of a case, newest first, those given up too; one query, without their bytes."""
    found = Result.objects.filter(case_number=case_number).defer("content").order_by("-drafted_at")
    return [
        ResultOfCase(
            id=each.pk,
            code=each.code,
            notation=each.notation,
            title=each.title,
            text=ResultText.model_validate(each.text) if each.text else None,
            sha256=each.sha256,
            state=ResultState(each.state),
            number=_number(each),
            sealed_at=each.sealed_at,
        )
        for each in found
    ]


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


def _sealed(result: Result | None) -> SealedPaper | None:
    if result is None or result.sealed_at is None:
        return None
    return SealedPaper(
        code=result.code,
        number=_number(result),
        title=result.title,
        agency=result.agency_name,
        sealed_at=result.sealed_at,
        sha256=result.sha256,
    )


def _number(result: Result) -> str:
    if result.number is None or result.year is None:
        return ""
    return number_in_words(result.number, result.year, result.notation)
