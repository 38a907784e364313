"""What became of each person on a list, as the firm may read it: answer and validity, not the reasons.

A reason that rests on what registers say of a person is that person's affair; the pack names the few that
speak of the firm. Each reading is noted for the person who is shown.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from motcua.agencies.queries import agency
from motcua.cases.bulk.columns import rule_of
from motcua.cases.bulk.models import BulkRow, BulkUpload
from motcua.cases.bulk.states import Outcome
from motcua.cases.models import Case
from motcua.cases.states import Phase
from motcua.credentials.queries import standing_credentials
from motcua.identity.numbers import NumberRefused, PersonNumber
from motcua.identity.people import view_of
from motcua.procedures.content import Bilingual, Content, State
from motcua.procedures.queries import revision
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_accesses

ROWS_A_PAGE = 50
WHAT = ("answer", "validity")
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One person: where the case stands now; ``reason`` only where it speaks of the firm."""

    line: int
    name: str
    masked_number: str
    case_number: str
    state: State
    phase: Phase
    reason: Bilingual | None
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Results:
    """One page of the results; ``pages`` is at least 1."""

    rows: tuple[ResultRow, ...]
    total: int
    page: int
    pages: int


@transaction.atomic
def results_of(
    *, upload_id: uuid.UUID, account_id: int, words: str, outcome: str, page: int, now: datetime
) -> Results:
    """Return a page of the results that hold the words, and note the reading for each person shown.

    ``words`` is a part of a name with or without accents, a whole citizen number, a case number or a row;
    ``outcome`` keeps those with that answer at filing. Raises ``BulkUpload.DoesNotExist``.
    """
    upload = BulkUpload.objects.select_related("mandate").get(pk=upload_id, account_id=account_id)
    rows = _matching(BulkRow.objects.filter(upload=upload, outcome__in=Outcome.filed()), words)
    if outcome in Outcome.filed():
        rows = rows.filter(outcome=outcome)
    total = rows.count()
    pages = max(1, -(-total // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    begin = (page - 1) * ROWS_A_PAGE
    shown = list(rows.select_related("person").order_by("line")[begin : begin + ROWS_A_PAGE])
    return Results(tuple(_read(upload, shown, now)), total, page, pages)


@transaction.atomic
def all_results(*, upload_id: uuid.UUID, account_id: int, now: datetime) -> list[ResultRow]:
    """Return the whole result, and note the reading for every person; raises ``BulkUpload.DoesNotExist``."""
    upload = BulkUpload.objects.select_related("mandate").get(pk=upload_id, account_id=account_id)
    filed = BulkRow.objects.filter(upload=upload, outcome__in=Outcome.filed()).select_related("person")
    result: list[ResultRow] = []
    after = 0
    while several := list(filed.filter(line__gt=after).order_by("line")[:_AT_ONCE]):
        result += _read(upload, several, now)
        after = several[-1].line
    return result


def _matching(rows: QuerySet[BulkRow], words: str) -> QuerySet[BulkRow]:
    words = " ".join(words.replace("\0", "").split())[:100]
    if not words:
        return rows
    if re.fullmatch(r"\d{1,6}", words):
        return rows.filter(line=int(words))
    if re.fullmatch(r"[A-Z0-9.]{2,12}-\d{8}-\d{7}", words.upper()):
        return rows.filter(case_number=words.upper())
    try:
        return rows.filter(person__key=PersonNumber.parse(words).key())
    except NumberRefused:
        return rows.filter(person__name__unaccent__icontains=words)


def _read(upload: BulkUpload, rows: Sequence[BulkRow], now: datetime) -> Iterator[ResultRow]:
    """Note the reading, then yield the rows; two queries and an insert."""
    content = revision(upload.revision_id).content
    office = agency(content.manifest.agency).path
    people = {row.line: view_of(row.person) for row in rows if row.person is not None}
    note_accesses(
        seen=[(people[row.line].key, row.case_number) for row in rows],
        asker=Asker(
            kind="account",
            reference=f"account:{upload.account_id}",
            label=upload.mandate.firm_name or upload.mandate.firm,
            agency_path=office,
        ),
        purpose=upload.procedure_code,
        source="cases",
        what=WHAT,
        now=now,
    )
    numbers = [row.case_number for row in rows]
    cases = {case.number: case for case in Case.objects.filter(number__in=numbers)}
    passes = standing_credentials(numbers)
    for row in rows:
        case, credential = cases[row.case_number], passes.get(row.case_number)
        yield ResultRow(
            line=row.line,
            name=people[row.line].name,
            masked_number=people[row.line].masked_number,
            case_number=row.case_number,
            state=content.workflow.states[case.state],
            phase=Phase(case.phase),
            reason=_told(content, case),
            valid_from=credential.valid_from if credential else None,
            valid_to=credential.valid_to if credential else None,
        )


def _told(content: Content, case: Case) -> Bilingual | None:
    return None if case.phase == Phase.GRANTED else rule_of(content).told.get(case.reason_code)
