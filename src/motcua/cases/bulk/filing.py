"""The job that files a confirmed list, one part a transaction: rows, cases, counts and the next job together.

A part is filed wholly or not at all. A job that runs again finds that the upload has gone past its part and
does nothing; and each row has a key of its own, under which it could not become two cases in any event.
"""

import hashlib
import json
import logging
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from motcua.agencies.queries import agency
from motcua.cases.bulk.events import BulkFinished
from motcua.cases.bulk.manifest import Account, filed_rows, seal_account
from motcua.cases.bulk.models import BulkRow, BulkUpload
from motcua.cases.bulk.services import FILE, QUEUE, SEALED_FOR
from motcua.cases.bulk.states import Outcome, UploadState
from motcua.cases.services.filing import Filed, Requested, file_together
from motcua.cases.states import Channel
from motcua.credentials.services.keys import signing_key
from motcua.credentials.states import KeyUse
from motcua.events.outbox import queue_job
from motcua.events.services import publish
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import PersonView, record_new_people
from motcua.identity.sealing import unseal
from motcua.procedures.content import Bilingual
from motcua.procedures.forms import FormRefused
from motcua.procedures.queries import ProcedureView, revision

ROWS_AT_ONCE = 250
_log = logging.getLogger(__name__)
_OUTCOMES = {"granted": Outcome.GRANTED, "refused": Outcome.REFUSED}
_COUNTS = {
    Outcome.GRANTED: "rows_granted",
    Outcome.REFUSED: "rows_refused",
    Outcome.REFERRED: "rows_referred",
    Outcome.FAILED: "rows_failed",
}
NOT_FILED = Bilingual(
    vi="Dòng này chưa nộp được. Nộp riêng cho người này; nếu vẫn không được, hãy gọi bộ phận một cửa.",
    en="This row could not be filed. File for this person separately, or call the one-stop office.",
)


def key_of(upload_id: uuid.UUID, line: int) -> str:
    """Return the idempotency key of a row."""
    return f"bulk/{upload_id}/{line}"


@transaction.atomic
def file_part(*, upload_id: uuid.UUID, after_line: int, now: datetime) -> int:
    """File the next rows after a line, and return how many; 0 when there is nothing to do for this job.

    Stops before a part if that was asked for. Queues the next part, or signs the manifest after the last.
    """
    if not _mine_alone(upload_id):
        return 0
    upload = BulkUpload.objects.select_related("mandate").filter(pk=upload_id).first()
    if upload is None or upload.filed_through != after_line:
        return 0
    if upload.state == UploadState.CANCELLING:
        _finish(upload, UploadState.CANCELLED, now)
        return 0
    if upload.state != UploadState.FILING:
        return 0
    waiting = BulkRow.objects.filter(upload=upload, outcome=Outcome.READY, line__gt=after_line)
    rows = list(waiting.order_by("line")[:ROWS_AT_ONCE])
    _file(rows, upload, revision(upload.revision_id), now)
    _count(upload, rows)
    if len(rows) < ROWS_AT_ONCE:
        _finish(upload, UploadState.DONE, now)
    else:
        queue_job(FILE, queue=QUEUE, upload_id=str(upload_id), after_line=upload.filed_through)
    return len(rows)


def _mine_alone(upload_id: uuid.UUID) -> bool:
    """Hold the upload until the transaction ends; False if another job does.

    Not a lock on its row: to ask for a stop must never wait for a part that is being filed.
    """
    with connection.cursor() as cursor:
        key = int.from_bytes(upload_id.bytes[:8], "big", signed=True)
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool(cursor.fetchone()[0])


def _file(rows: Sequence[BulkRow], upload: BulkUpload, procedure: ProcedureView, now: datetime) -> None:
    """Turn the rows into cases and note on each what became of it; two queries beside the filing itself."""
    said = [json.loads(unseal(bytes(row.content_sealed), SEALED_FOR)) for row in rows]
    numbers = [PersonNumber(each["number"]) for each in said]
    people = record_new_people(
        [(number, each["name"]) for number, each in zip(numbers, said, strict=True)], now=now
    )
    applicants = [people[number.key()] for number in numbers]
    requests = [
        Requested(
            procedure=procedure,
            values=each["values"],
            applicant=applicant,
            account_id=upload.account_id,
            channel=Channel.ONLINE,
            key=key_of(upload.pk, row.line),
        )
        for row, each, applicant in zip(rows, said, applicants, strict=True)
    ]
    for row, applicant, became in zip(rows, applicants, file_together(requests, now=now), strict=True):
        _note(row, applicant, became, procedure)
    _keep(rows)


# Django's bulk_update writes a CASE of as many branches as rows for every column, and takes longer than the filing.
_KEEP = """
UPDATE cases_bulkrow SET outcome = became.outcome, faults = became.faults,
    person_id = became.person_id, case_number = became.case_number
FROM unnest(%s::bigint[], %s::text[], %s::jsonb[], %s::bigint[], %s::text[])
    AS became (id, outcome, faults, person_id, case_number)
WHERE cases_bulkrow.id = became.id
"""


def _keep(rows: Sequence[BulkRow]) -> None:
    with connection.cursor() as cursor:
        # Any: psycopg makes an array of each list, which the types of a cursor do not say.
        columns: list[Any] = [
            [row.pk for row in rows],
            [str(row.outcome) for row in rows],
            [json.dumps(row.faults, ensure_ascii=False) for row in rows],
            [row.person_id for row in rows],
            [row.case_number for row in rows],
        ]
        cursor.execute(_KEEP, columns)


def _note(row: BulkRow, applicant: PersonView, became: Filed | Exception, procedure: ProcedureView) -> None:
    if isinstance(became, Filed):
        phase = procedure.content.workflow.states[became.state].phase
        row.outcome = _OUTCOMES.get(phase, Outcome.REFERRED)
        row.person_id, row.case_number = applicant.id, became.number
        return
    row.outcome = Outcome.FAILED
    row.faults = list(_why_not(became, procedure))
    if not isinstance(became, FormRefused):
        # The kind of the error only: its text may hold what the row says.
        _log.error("bulk upload %s, row %s: %s", row.upload_id, row.line, type(became).__name__)


def _why_not(refusal: Exception, procedure: ProcedureView) -> Iterator[dict[str, object]]:
    labels = {field.name: field.label for field in procedure.content.form.fields}
    told = refusal.errors if isinstance(refusal, FormRefused) else {"": NOT_FILED}
    for name, words in told.items():
        label = labels.get(name, Bilingual(vi="Cả dòng", en="The row"))
        yield {"column": {"vi": label.vi, "en": label.en}, "vi": words.vi, "en": words.en}


def _count(upload: BulkUpload, rows: Sequence[BulkRow]) -> None:
    """Move the upload past the rows; compare-and-set, so that no count can be added twice."""
    if not rows:
        return
    before = upload.filed_through
    upload.filed_through = rows[-1].line
    for outcome, count in Counter(row.outcome for row in rows).items():
        name = _COUNTS[Outcome(outcome)]
        setattr(upload, name, getattr(upload, name) + count)
    changes = {name: getattr(upload, name) for name in ("filed_through", *_COUNTS.values())}
    if BulkUpload.objects.filter(pk=upload.pk, filed_through=before).update(**changes) != 1:
        raise RuntimeError(f"bulk upload {upload.pk} was filed past line {before} by another hand")


def _finish(upload: BulkUpload, state: UploadState, now: datetime) -> None:
    """Sign what was filed, and tell the ledger the hash of it."""
    procedure = revision(upload.revision_id)
    key = signing_key(KeyUse.PASSES, now=now)
    manifest = seal_account(account_of(upload, procedure, complete=state == UploadState.DONE, now=now), key)
    BulkUpload.objects.filter(pk=upload.pk).update(state=state, finished_at=now, manifest=manifest)
    publish(
        BulkFinished(
            happened_at=now,
            agency_path=agency(procedure.content.manifest.agency).path,
            subject=str(upload.pk),
            actor="machine",
            procedure=procedure.code,
            firm=upload.mandate.firm,
            filed=upload.rows_filed,
            complete=state == UploadState.DONE,
            manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        )
    )


def rows_filed(upload_id: uuid.UUID) -> bytes:
    """Return what was filed as the CSV that the manifest seals; the same bytes at any later time."""
    rows = BulkRow.objects.filter(upload_id=upload_id, outcome__in=Outcome.filed()).order_by("line")
    return filed_rows(rows.values_list("line", "case_number", "outcome").iterator(chunk_size=5000))


def account_of(upload: BulkUpload, procedure: ProcedureView, *, complete: bool, now: datetime) -> Account:
    """Return what the manifest of the upload says."""
    assert upload.confirmed_at is not None
    left_out = upload.rows - upload.rows_filed - upload.rows_failed
    return Account(
        upload=str(upload.pk),
        procedure=procedure.code,
        revision=procedure.number,
        revision_sha256=procedure.sha256,
        firm=upload.mandate.firm,
        file_sha256=bytes(upload.file_sha256),
        rows_sha256=hashlib.sha256(rows_filed(upload.pk)).digest(),
        rows=upload.rows,
        counts={
            "granted": upload.rows_granted,
            "refused": upload.rows_refused,
            "referred": upload.rows_referred,
            "failed": upload.rows_failed,
            "left out": left_out,
        },
        complete=complete,
        confirmed_at=upload.confirmed_at,
        finished_at=now,
    )
