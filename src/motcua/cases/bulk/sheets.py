"""Sheets of QR for everyone granted: parts of some hundred people, each a PDF, made one a job."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from motcua.agencies.queries import agency
from motcua.cases.bulk.models import BulkFile, BulkRow, BulkUpload
from motcua.cases.bulk.services import PEOPLE_A_PART, QUEUE, SEALED_FOR, SHEETS
from motcua.cases.bulk.states import Outcome
from motcua.credentials.queries import CredentialView, standing_credentials
from motcua.documents.apart import render_apart
from motcua.documents.values import QrCard, QrSheets, Words
from motcua.events.outbox import queue_job
from motcua.identity.people import names_by_id
from motcua.identity.sealing import seal
from motcua.procedures.content import Content
from motcua.procedures.queries import revision


def make_part(*, upload_id: uuid.UUID, layout: str, part: int, after_line: int, now: datetime) -> int:
    """Make one part and queue the next; return how many people are on it.

    Nothing is done for a part that is there already, or that belongs to sheets no longer wanted. People whose
    pass was revoked since are left out.
    """
    rows = list(
        BulkRow.objects.filter(upload_id=upload_id, outcome=Outcome.GRANTED, line__gt=after_line)
        .order_by("line")
        .values_list("line", "case_number", "person_id")[:PEOPLE_A_PART]
    )
    upload = BulkUpload.objects.filter(pk=upload_id, sheets_layout=layout, sheets_made=part - 1).first()
    if upload is None or not rows:
        return 0
    standing = standing_credentials([number for _, number, _ in rows])
    names = names_by_id([person_id for _, _, person_id in rows if person_id is not None])
    content = revision(upload.revision_id).content
    cards = tuple(
        _card(standing[number], names.get(person_id or 0, ""), line)
        for line, number, person_id in rows
        if number in standing
    )
    pdf = render_apart("sheets", _values(content, layout, cards), made_at=now) if cards else b""
    with transaction.atomic():
        mine = BulkUpload.objects.filter(pk=upload_id, sheets_layout=layout, sheets_made=part - 1)
        if mine.update(sheets_made=part) != 1:
            return 0
        BulkFile.objects.create(
            upload_id=upload_id, kind="sheets", part=part, content_sealed=seal(pdf, SEALED_FOR)
        )
        if part < upload.sheets_parts:
            queue_job(
                SHEETS,
                queue=QUEUE,
                upload_id=str(upload_id),
                layout=layout,
                part=part + 1,
                after_line=rows[-1][0],
            )
    return len(cards)


def _values(content: Content, layout: str, cards: tuple[QrCard, ...]) -> QrSheets:
    assert content.credential is not None
    office = agency(content.manifest.agency)
    title = content.credential.title
    return QrSheets(
        agency=Words(vi=office.name, en=office.name_en or office.name),
        title=Words(vi=title.vi, en=title.en),
        check_address=f"{settings.SITE_URL}/verify/",
        layout="eight" if layout == "eight" else "one",
        cards=cards,
    )


def _card(credential: CredentialView, name: str, line: int) -> QrCard:
    return QrCard(
        number=credential.case_number,
        holder=name or credential.case_number,
        line=line,
        valid_from=credential.valid_from,
        valid_to=credential.valid_to,
        qr_text=credential.text,
    )
