"""The job that checks a list: it may be begun again at any moment, and then begins from the start."""

import json
import logging
import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from motcua.agencies.queries import places_now
from motcua.cases.bulk.checking import Checked, Checker
from motcua.cases.bulk.columns import FAULTS, read_heading
from motcua.cases.bulk.delimited import read_delimited
from motcua.cases.bulk.lists import FileRefused, Format, Line, within_limits
from motcua.cases.bulk.models import BulkFile, BulkRow, BulkUpload
from motcua.cases.bulk.services import SEALED_FOR
from motcua.cases.bulk.states import Outcome, UploadState
from motcua.cases.bulk.workbooks import read_workbook
from motcua.cases.bulk.writing import delimited, workbook
from motcua.cases.numbers import LOCAL
from motcua.identity.people import names_by_key
from motcua.identity.sealing import seal, unseal
from motcua.procedures.queries import revision

ROWS_AT_ONCE = 500
_log = logging.getLogger(__name__)


class AnotherRun(RuntimeError):
    """The upload was taken up by a later run, or thrown away; this one stops."""


def check_upload(*, upload_id: uuid.UUID, now: datetime) -> UploadState | None:
    """Check every row, keep what is ready and what is wrong, and return the state reached.

    None if the upload is gone or past checking. A second run begins anew, and the first then writes nothing
    more: each part is kept only while the attempt is the same.
    """
    attempt = _begin(upload_id)
    if attempt is None:
        return None
    try:
        return _check(upload_id, attempt, now)
    except FileRefused as refusal:
        words = {"vi": refusal.words.vi, "en": refusal.words.en}
        mine = BulkUpload.objects.filter(pk=upload_id, state=UploadState.CHECKING, attempt=attempt)
        with transaction.atomic():
            if mine.update(state=UploadState.UNUSABLE, fault=words, checked_at=now) == 1:
                BulkRow.objects.filter(upload_id=upload_id).delete()
                BulkFile.objects.filter(upload_id=upload_id).delete()
        return UploadState.UNUSABLE
    except AnotherRun:
        _log.info("bulk upload %s is checked by another run", upload_id)
        return None


@transaction.atomic
def _begin(upload_id: uuid.UUID) -> int | None:
    upload = BulkUpload.objects.select_for_update().filter(pk=upload_id).first()
    if upload is None or upload.state != UploadState.CHECKING:
        return None
    BulkRow.objects.filter(upload=upload).delete()
    upload.attempt += 1
    upload.rows = upload.rows_ready = upload.rows_faulty = 0
    upload.save(update_fields=["attempt", "rows", "rows_ready", "rows_faulty"])
    return upload.attempt


def lines_of(content: bytes, kind: Format) -> Iterator[Line]:
    """Yield heading and rows of a list of either kind; raises ``FileRefused``."""
    return within_limits(read_workbook(content) if kind == "xlsx" else read_delimited(content))


def _check(upload_id: uuid.UUID, attempt: int, now: datetime) -> UploadState:
    upload = BulkUpload.objects.select_related("mandate").get(pk=upload_id)
    kind: Format = "xlsx" if upload.file_format == "xlsx" else "csv"
    content = unseal(bytes(BulkFile.objects.get(upload=upload, kind="list").content_sealed), SEALED_FOR)
    lines = lines_of(content, kind)
    first = next(lines, None)
    if first is None:
        raise _no_rows()
    procedure = revision(upload.revision_id)
    today = now.astimezone(LOCAL).date()
    checker = Checker(
        procedure.content,
        read_heading(first.cells, procedure.content),
        firm=upload.mandate.firm,
        places=places_now(today),
        today=today,
    )
    faults: dict[int, str] = {}
    ready = faulty = 0
    while several := [checker.check(line) for line in islice(lines, ROWS_AT_ONCE)]:
        keys = [each.number.key() for each in several if each.number is not None]
        checker.compare_names(several, names_by_key(keys))
        wrong = [each for each in several if each.faults]
        faults |= {each.line: _sentence(each) for each in wrong}
        ready, faulty = ready + len(several) - len(wrong), faulty + len(wrong)
        _keep(upload_id, attempt, several, rows=ready + faulty)
    if ready + faulty == 0:
        raise _no_rows()
    marked = _marked(content, kind, faults) if faults else None
    with transaction.atomic():
        mine = BulkUpload.objects.filter(pk=upload_id, state=UploadState.CHECKING, attempt=attempt)
        if mine.update(state=UploadState.CHECKED, rows_ready=ready, rows_faulty=faulty, checked_at=now) != 1:
            raise AnotherRun(upload_id)
        if marked is not None:
            BulkFile.objects.create(
                upload_id=upload_id, kind="faults", content_sealed=seal(marked, SEALED_FOR)
            )
    return UploadState.CHECKED


def _no_rows() -> FileRefused:
    return FileRefused(
        "Danh sách chưa có ai. Điền mỗi người một dòng, bên dưới dòng tên cột.",
        "The list names nobody. Write one row for each person, below the headings.",
    )


@transaction.atomic
def _keep(upload_id: uuid.UUID, attempt: int, several: list[Checked], *, rows: int) -> None:
    mine = BulkUpload.objects.filter(pk=upload_id, state=UploadState.CHECKING, attempt=attempt)
    if mine.update(rows=rows) != 1:
        raise AnotherRun(upload_id)
    BulkRow.objects.bulk_create(
        BulkRow(
            upload_id=upload_id,
            line=each.line,
            outcome=Outcome.FAULTY if each.faults else Outcome.READY,
            content_sealed=b"" if each.faults else _sealed(each),
            faults=[fault.as_json() for fault in each.faults],
        )
        for each in several
    )


def _sealed(row: Checked) -> bytes:
    assert row.number is not None
    content = {"number": row.number.digits, "name": row.name, "values": row.values}
    return seal(json.dumps(content, ensure_ascii=False).encode(), SEALED_FOR)


def _sentence(row: Checked) -> str:
    return " ".join(f"{fault.column.vi}: {fault.words.vi}" for fault in row.faults)


def _marked(content: bytes, kind: Format, faults: dict[int, str]) -> bytes:
    """Return the list as it was handed in, each row with what is wrong in one more column."""
    lines = lines_of(content, kind)
    first = next(lines)
    place = next((at for at, cell in enumerate(first.cells) if cell.text.strip() == FAULTS.vi), None)
    heading = _row(first, place)

    def rows() -> Iterator[list[str]]:
        for line in lines:
            cells = _row(line, place)[: len(heading)]
            yield [*cells, *[""] * (len(heading) - len(cells)), faults.get(line.number, "")]

    if kind == "csv":
        return delimited([[*heading, FAULTS.vi], *rows()])
    return workbook([*heading, FAULTS.vi], rows(), language="vi")


def _row(line: Line, without: int | None) -> list[str]:
    """Return the texts of a row without the column of faults that an earlier check added."""
    texts = [
        cell.text.zfill(12) if cell.number and len(cell.text) == 11 else cell.text for cell in line.cells
    ]
    return [text for at, text in enumerate(texts) if at != without]
