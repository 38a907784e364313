"""Acts of who files for many: hand in a list, confirm it, stop it, throw it away, have QR sheets made."""

import hashlib
import re
import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction

from motcua.agencies.queries import agency
from motcua.cases.bulk.authority import cleaned_firm, mandate_for, still_holds
from motcua.cases.bulk.columns import rule_of
from motcua.cases.bulk.events import BulkConfirmed
from motcua.cases.bulk.lists import MOST_BYTES, FileRefused, format_of
from motcua.cases.bulk.models import BulkFile, BulkRow, BulkUpload
from motcua.cases.bulk.states import Outcome, UploadState
from motcua.events.outbox import queue_job
from motcua.events.services import publish
from motcua.identity.people import PersonView, person_of
from motcua.identity.sealing import seal
from motcua.procedures.content import Content
from motcua.procedures.queries import ProcedureView, revision

CHECK, FILE, SHEETS = "motcua.cases.bulk.check", "motcua.cases.bulk.file", "motcua.cases.bulk.sheets"
QUEUE = "bulk"
SEALED_FOR = "bulk filing"
# How many lists of one account may be under way at once: the city's workers serve everybody.
MOST_AT_ONCE = 3
UNCONFIRMED_FOR = timedelta(days=7)
PEOPLE_A_PART = 500


class UploadMovedOn(RuntimeError):
    """The upload is no longer in the state that the act begins from; look at it again."""


class TooManyUploads(RuntimeError):
    """The account has as many lists under way as one may have."""


class MandateNotGiven(PermissionError):
    """It is not, or no longer, known that the person may act for the firm."""


class PromiseMissing(ValueError):
    """Who files has not ticked what must be promised for all."""


@transaction.atomic
def take_upload(
    *,
    procedure: ProcedureView,
    person: PersonView,
    account_id: int,
    firm: str,
    file_name: str,
    content: bytes,
    now: datetime,
) -> uuid.UUID:
    """Keep a list, sealed, queue its check, and return its id.

    Raises ``NotForMany``, ``FirmRefused``, ``FileRefused``, ``TooManyUploads`` and ``NotForThisFirm``; then
    nothing is kept.
    """
    rule_of(procedure.content)
    tax_code = cleaned_firm(procedure, firm)
    if len(content) > MOST_BYTES:
        raise FileRefused(
            f"Tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB. Chỉ giữ các cột của tệp mẫu, hoặc chia thành "
            "nhiều tệp.",
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Keep the template's columns or "
            "split it.",
        )
    kind = format_of(content)
    with connection.cursor() as cursor:
        # Two lists handed in at once are counted one after the other; released when this one is stored.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"bulk lists of account {account_id}"])
    under_way = (UploadState.CHECKING, UploadState.FILING, UploadState.CANCELLING)
    if BulkUpload.objects.filter(account_id=account_id, state__in=under_way).count() >= MOST_AT_ONCE:
        raise TooManyUploads(f"account:{account_id}")
    upload = BulkUpload.objects.create(
        account_id=account_id,
        mandate=mandate_for(procedure=procedure, person=person, firm=tax_code, now=now),
        procedure_code=procedure.code,
        revision_id=procedure.revision_id,
        file_name=_plain_name(file_name),
        file_format=kind,
        file_bytes=len(content),
        file_sha256=hashlib.sha256(content).digest(),
        uploaded_at=now,
    )
    BulkFile.objects.create(upload=upload, kind="list", content_sealed=seal(content, SEALED_FOR))
    queue_job(CHECK, queue=QUEUE, upload_id=str(upload.pk))
    return upload.pk


def _plain_name(name: str) -> str:
    """Return the name of the file as a page may show it; a citizen number in it is hidden."""
    plain = "".join(sign for sign in name if sign.isprintable()).strip()[-120:]
    return re.sub(r"\d{9,}", "…", plain) or "…"


@transaction.atomic
def confirm_upload(
    *, upload_id: uuid.UUID, account_id: int, promised: bool, rows: int, now: datetime
) -> None:
    """File the rows without fault from now on; rows with faults are left out.

    ``rows`` is the count that the person saw and confirms. Raises ``BulkUpload.DoesNotExist`` for an upload of
    another account, ``UploadMovedOn``, ``PromiseMissing`` and ``MandateNotGiven``; then nothing is filed.
    """
    upload = BulkUpload.objects.select_related("mandate").get(pk=upload_id, account_id=account_id)
    procedure = revision(upload.revision_id)
    if upload.state != UploadState.CHECKED or upload.rows_ready != rows or rows == 0:
        raise UploadMovedOn(f"{upload_id} is {upload.state} with {upload.rows_ready} rows to file")
    if rule_of(procedure.content).promised and not promised:
        raise PromiseMissing(str(upload_id))
    if not still_holds(upload.mandate, procedure=procedure, person=person_of(account_id), now=now):
        raise MandateNotGiven(f"mandate {upload.mandate_id}")
    mine = BulkUpload.objects.filter(pk=upload_id, state=UploadState.CHECKED)
    if mine.update(state=UploadState.FILING, confirmed_at=now) != 1:
        raise UploadMovedOn(str(upload_id))
    publish(
        BulkConfirmed(
            happened_at=now,
            agency_path=_office(procedure.content),
            subject=str(upload_id),
            actor=f"account:{account_id}",
            procedure=procedure.code,
            firm=upload.mandate.firm,
            rows=rows,
            file_sha256=bytes(upload.file_sha256).hex(),
        )
    )
    queue_job(FILE, queue=QUEUE, upload_id=str(upload_id), after_line=0)


def _office(content: Content) -> str:
    return agency(content.manifest.agency).path


@transaction.atomic
def cancel_upload(*, upload_id: uuid.UUID, account_id: int) -> None:
    """Stop filing before the next part; what is filed stays filed.

    Raises ``BulkUpload.DoesNotExist`` and ``UploadMovedOn``.
    """
    mine = BulkUpload.objects.filter(pk=upload_id, account_id=account_id)
    if mine.filter(state=UploadState.FILING).update(state=UploadState.CANCELLING) != 1:
        raise UploadMovedOn(str(mine.get().state))
    # The job of the next part ends it; one more does no harm, and ends it even if that one was lost.
    queue_job(FILE, queue=QUEUE, upload_id=str(upload_id), after_line=mine.get().filed_through)


@transaction.atomic
def discard_upload(*, upload_id: uuid.UUID, account_id: int) -> None:
    """Throw a list away of which nothing was filed, with all that was kept of it.

    Raises ``BulkUpload.DoesNotExist`` and ``UploadMovedOn``.
    """
    mine = BulkUpload.objects.filter(pk=upload_id, account_id=account_id)
    unfiled = (UploadState.CHECKING, UploadState.UNUSABLE, UploadState.CHECKED)
    if not mine.filter(state__in=unfiled).select_for_update().exists():
        raise UploadMovedOn(str(mine.get().state))
    mine.delete()


@transaction.atomic
def order_sheets(*, upload_id: uuid.UUID, account_id: int, layout: str) -> None:
    """Have sheets of QR made for everyone granted, ``one`` or ``eight`` to a page; earlier ones go.

    Raises ``BulkUpload.DoesNotExist`` and ``UploadMovedOn`` when nothing is granted or nothing is finished.
    """
    mine = BulkUpload.objects.filter(pk=upload_id, account_id=account_id).select_for_update()
    upload = mine.get()
    if upload.state not in UploadState.finished() or layout not in {"one", "eight"}:
        raise UploadMovedOn(upload.state)
    people = BulkRow.objects.filter(upload=upload, outcome=Outcome.GRANTED).count()
    if people == 0:
        raise UploadMovedOn("nobody is granted")
    BulkFile.objects.filter(upload=upload, kind="sheets").delete()
    mine.update(sheets_layout=layout, sheets_parts=-(-people // PEOPLE_A_PART), sheets_made=0)
    queue_job(SHEETS, queue=QUEUE, upload_id=str(upload_id), layout=layout, part=1, after_line=0)


@transaction.atomic
def empty_old_uploads(*, keep_days: int, now: datetime) -> int:
    """Delete lists that nobody confirmed, and what finished ones say of persons; return how many it were.

    Outcomes, counts and manifest stay: they tell the person who filed for them.
    """
    unfiled = (UploadState.CHECKING, UploadState.UNUSABLE, UploadState.CHECKED)
    forgotten = BulkUpload.objects.filter(state__in=unfiled, uploaded_at__lt=now - UNCONFIRMED_FOR)
    count = forgotten.count()
    forgotten.delete()
    ended = BulkUpload.objects.filter(
        finished_at__lt=now - timedelta(days=keep_days), emptied_at__isnull=True
    ).values_list("pk", flat=True)
    for upload_id in ended:
        BulkFile.objects.filter(upload_id=upload_id).delete()
        BulkRow.objects.filter(upload_id=upload_id, outcome__in=Outcome.filed()).update(content_sealed=b"")
        BulkRow.objects.filter(upload_id=upload_id).exclude(outcome__in=Outcome.filed()).delete()
        BulkUpload.objects.filter(pk=upload_id).update(
            emptied_at=now, sheets_layout="", sheets_parts=0, sheets_made=0
        )
        count += 1
    return count
