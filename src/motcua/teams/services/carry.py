"""Papers come before the dossier that needs them, one by one, as far as the connection carries."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from motcua.procedures.content import FormField
from motcua.procedures.queries import procedure_in_force
from motcua.teams.models import Assistance, CarriedPaper
from motcua.teams.services.begin import NotAMember
from motcua.teams.services.file import AlreadyFiled, HelpNotBegun
from motcua.vault.services import keep_upload


class NotAPaperField(LookupError):
    """The form has no field of that name that asks for a paper."""


def carry_paper(
    *,
    key: uuid.UUID,
    account_id: int,
    device_id: uuid.UUID,
    field: str,
    file_name: str,
    content: bytes,
    now: datetime,
) -> None:
    """Keep a photograph among the papers of the person who consented; sent again nothing changes.

    Raises ``HelpNotBegun``, ``NotAMember``, ``AlreadyFiled``, ``NotAPaperField``, ``NoSuchProcedure`` and
    ``PaperRefused``.
    """
    row = Assistance.objects.filter(key=key).defer("signature_sealed", "consent_words").first()
    if row is None:
        raise HelpNotBegun(str(key))
    if row.account_id != account_id:
        raise NotAMember(str(key))
    if row.papers.filter(device_id=device_id).exists():
        return
    if row.filed_at is not None:
        raise AlreadyFiled(row.case_number)
    asked = _asked(row.procedure_code, field)
    assert asked.paper is not None
    kept = keep_upload(
        person_id=row.person_id,
        kind=asked.paper.kind,
        title="",
        file_name=file_name,
        content=content,
        now=now,
        today=timezone.localdate(now),
        added_for=row.procedure_code,
    )
    with transaction.atomic():
        CarriedPaper.objects.get_or_create(
            assistance=row, device_id=device_id, defaults={"paper_id": kept.id, "received_at": now}
        )


def _asked(procedure_code: str, name: str) -> FormField:
    fields = procedure_in_force(procedure_code).content.form.fields
    for field in fields:
        if field.name == name and field.paper is not None:
            return field
    raise NotAPaperField(name)
