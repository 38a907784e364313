"""Questions about lists: whose they are, where they stand, what is wrong in them, who filed for a person."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from motcua.cases.bulk.models import BulkFile, BulkRow, BulkUpload, Mandate
from motcua.cases.bulk.services import SEALED_FOR
from motcua.cases.bulk.states import MandateAnswer, Outcome, UploadState
from motcua.identity.sealing import unseal
from motcua.procedures.content import Bilingual
from motcua.procedures.queries import ProcedureView, revision
from motcua.registers.facts import Fact


class UploadNotFound(LookupError):
    """There is no such upload, or it is another account's: the two look the same."""


@dataclass(frozen=True, slots=True)
class UploadView:
    """A list as its page shows it. ``left_out`` counts rows that were not filed because of faults or a stop."""

    id: uuid.UUID
    procedure: ProcedureView
    firm: str
    firm_name: str
    mandate: MandateAnswer
    mandate_fact: Fact
    mandate_reason: str
    file_name: str
    file_format: str
    file_sha256: str
    state: UploadState
    fault: Bilingual | None
    rows: int
    ready: int
    faulty: int
    granted: int
    refused: int
    referred: int
    failed: int
    uploaded_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    emptied: bool
    sheets_layout: str
    sheets_parts: int
    sheets_made: int

    @property
    def filed(self) -> int:
        """Return how many rows have become cases."""
        return self.granted + self.refused + self.referred

    @property
    def done(self) -> int:
        """Return how many rows have been dealt with since the confirmation."""
        return self.filed + self.failed

    @property
    def left_out(self) -> int:
        """Return how many rows of the list are neither filed nor failed."""
        return self.rows - self.done

    @property
    def busy(self) -> bool:
        """Tell whether something is under way, so that the page is worth looking at again."""
        under_way = (UploadState.CHECKING, UploadState.FILING, UploadState.CANCELLING)
        return self.state in under_way or self.sheets_made < self.sheets_parts


@dataclass(frozen=True, slots=True)
class FaultView:
    """What is wrong in one cell."""

    line: int
    column: Bilingual
    words: Bilingual


@dataclass(frozen=True, slots=True)
class FiledBy:
    """The firm that filed for a person, and when."""

    firm: str
    firm_name: str
    filed_at: datetime


def uploads_of(account_id: int, *, limit: int = 50) -> list[UploadView]:
    """Return the account's lists, newest first; one query."""
    rows = BulkUpload.objects.filter(account_id=account_id).select_related("mandate")
    return [_view(row) for row in rows.defer("manifest").order_by("-uploaded_at")[:limit]]


def upload_of(account_id: int, upload_id: uuid.UUID) -> UploadView:
    """Return one list of the account; raises ``UploadNotFound``."""
    row = BulkUpload.objects.filter(pk=upload_id, account_id=account_id).select_related("mandate").first()
    if row is None:
        raise UploadNotFound(upload_id)
    return _view(row)


def faults_in(upload_id: uuid.UUID, *, limit: int) -> list[FaultView]:
    """Return the first faults in the order of the rows; rows that could not be filed stand among them."""
    outcomes = (Outcome.FAULTY, Outcome.FAILED)
    rows = BulkRow.objects.filter(upload_id=upload_id, outcome__in=outcomes).order_by("line")
    found = [
        FaultView(line, Bilingual(**fault["column"]), Bilingual(vi=fault["vi"], en=fault["en"]))
        for line, faults in rows.values_list("line", "faults")[:limit]
        for fault in faults
    ]
    return found[:limit]


def marked_list(upload_id: uuid.UUID) -> bytes | None:
    """Return the list with its faults as it was made by the check, or None if there is none (any more)."""
    row = BulkFile.objects.filter(upload_id=upload_id, kind="faults").first()
    return None if row is None else unseal(bytes(row.content_sealed), SEALED_FOR)


def sheet_part(upload_id: uuid.UUID, part: int) -> bytes | None:
    """Return one part of the QR sheets as a PDF, or None if it is not there."""
    row = BulkFile.objects.filter(upload_id=upload_id, kind="sheets", part=part).first()
    return None if row is None else unseal(bytes(row.content_sealed), SEALED_FOR)


def manifest_of(upload_id: uuid.UUID) -> bytes | None:
    """Return the signed manifest, or None before the end."""
    manifest = BulkUpload.objects.filter(pk=upload_id).values_list("manifest", flat=True).first()
    return None if manifest is None else bytes(manifest)


def filed_by(case_number: str) -> FiledBy | None:
    """Return the firm that filed this case for a person, or None if the person did; one query."""
    row = BulkRow.objects.filter(case_number=case_number).select_related("upload__mandate").first()
    if row is None or row.upload.confirmed_at is None:
        return None
    mandate = row.upload.mandate
    return FiledBy(mandate.firm, mandate.firm_name, row.upload.confirmed_at)


def _view(row: BulkUpload) -> UploadView:
    mandate: Mandate = row.mandate
    return UploadView(
        id=row.pk,
        procedure=revision(row.revision_id),
        firm=mandate.firm,
        firm_name=mandate.firm_name,
        mandate=MandateAnswer(mandate.answer),
        mandate_fact=Fact.from_json(mandate.fact),
        mandate_reason=mandate.reason,
        file_name=row.file_name,
        file_format=row.file_format,
        file_sha256=bytes(row.file_sha256).hex(),
        state=UploadState(row.state),
        fault=Bilingual(**row.fault) if row.fault else None,
        rows=row.rows,
        ready=row.rows_ready,
        faulty=row.rows_faulty,
        granted=row.rows_granted,
        refused=row.rows_refused,
        referred=row.rows_referred,
        failed=row.rows_failed,
        uploaded_at=row.uploaded_at,
        confirmed_at=row.confirmed_at,
        finished_at=row.finished_at,
        emptied=row.emptied_at is not None,
        sheets_layout=row.sheets_layout,
        sheets_parts=row.sheets_parts,
        sheets_made=row.sheets_made,
    )
