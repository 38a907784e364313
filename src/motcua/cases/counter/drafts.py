"""Drafts of the counter: begun for a person, kept with each step, filed or dropped; an officer has only their own."""

import contextlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from motcua.agencies.queries import agency
from motcua.cases.counter.models import CounterDraft
from motcua.cases.services.filing import Filed
from motcua.cases.services.on_behalf import (
    PHONE_SEALED_FOR,
    ArrivalNotPossible,
    file_for_person,
    grant_to_receive,
)
from motcua.cases.states import Channel
from motcua.identity.people import PersonView, person
from motcua.identity.rights import Rights
from motcua.identity.sealing import seal, unseal
from motcua.identity.states import Purpose
from motcua.procedures.queries import ProcedureView, procedure_in_force, revision
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_access
from motcua.vault.services import PaperHeld, PaperNotYours, delete_paper

KEPT_FOR = timedelta(days=1)
# What the page of a person who has come shows before anything is asked.
SHOWN = ("name", "registers", "papers")


class DraftNotYours(LookupError):
    """There is no such draft of this officer; whose it is, or whether there is one, is not told."""


@dataclass(frozen=True, slots=True)
class CounterDraftView:
    """A draft with its person and its service, under the revision in force where it began under another."""

    id: uuid.UUID
    procedure: ProcedureView
    person: PersonView
    values: dict[str, object]
    phone: str
    channel: Channel
    arrived_on: date | None
    begun_at: datetime
    saved_at: datetime


@transaction.atomic
def begin_draft(
    *,
    account_id: int,
    rights: Rights,
    code: str,
    person_id: int,
    channel: Channel,
    now: datetime,
    today: date,
    phone: str = "",
    arrived_on: date | None = None,
) -> uuid.UUID:
    """Begin to fill in the service for the person, or go on with what the officer has begun for them.

    That an officer now sees what is known of the person is noted for the person. Raises ``NoSuchProcedure``,
    ``MayNotFileForOthers`` and ``ArrivalNotPossible``.
    """
    if (arrived_on is not None) != (channel is Channel.POST) or (arrived_on and arrived_on > today):
        raise ArrivalNotPossible(f"{channel.value}, {arrived_on}")
    procedure = procedure_in_force(code)
    grant = grant_to_receive(rights, agency(procedure.content.manifest.agency).path)
    draft, _ = CounterDraft.objects.update_or_create(
        account_id=account_id,
        person_id=person_id,
        procedure_code=code,
        defaults={
            "channel": channel,
            "arrived_on": arrived_on,
            "phone_sealed": seal(phone.encode(), PHONE_SEALED_FOR) if phone else b"",
            "saved_at": now,
        },
        create_defaults={
            "revision_id": procedure.revision_id,
            "channel": channel,
            "arrived_on": arrived_on,
            "phone_sealed": seal(phone.encode(), PHONE_SEALED_FOR) if phone else b"",
            "begun_at": now,
            "saved_at": now,
        },
    )
    note_access(
        person_key=person(person_id).key,
        asker=Asker("account", f"account:{account_id}", str(grant.role.label), grant.agency_path),
        purpose=Purpose.RECEIVE_CASES.value,
        source="papers",
        what=SHOWN,
        case_number="",
        now=now,
    )
    return draft.pk


def draft_of_officer(draft_id: uuid.UUID, account_id: int) -> CounterDraftView:
    """Return a draft of the officer's own; raises ``DraftNotYours``, and ``NoSuchProcedure`` once it is withdrawn."""
    draft = CounterDraft.objects.filter(pk=draft_id, account_id=account_id).first()
    if draft is None:
        raise DraftNotYours(str(draft_id))
    procedure = procedure_in_force(draft.procedure_code)
    names = {field.name for field in procedure.content.form.fields}
    return CounterDraftView(
        id=draft.pk,
        procedure=procedure,
        person=person(draft.person_id),
        # A newer revision asks what it asks: answers to questions that it no longer has are left behind.
        values={name: value for name, value in draft.values.items() if name in names},
        phone=_opened(draft),
        channel=Channel(draft.channel),
        arrived_on=draft.arrived_on,
        begun_at=draft.begun_at,
        saved_at=draft.saved_at,
    )


def drafts_of_officer(account_id: int) -> list[tuple[uuid.UUID, ProcedureView, str, datetime]]:
    """Return id, service, name of the person and when it was kept, newest first; one query."""
    rows = CounterDraft.objects.filter(account_id=account_id).select_related("person").order_by("-saved_at")
    return [(row.pk, revision(row.revision_id), row.person.name, row.saved_at) for row in rows]


@transaction.atomic
def save_values(
    *,
    draft_id: uuid.UUID,
    account_id: int,
    values: Mapping[str, object],
    taken: Sequence[uuid.UUID],
    now: datetime,
) -> None:
    """Keep what was answered, and which papers were taken for it just now; raises ``DraftNotYours``."""
    draft = CounterDraft.objects.select_for_update().filter(pk=draft_id, account_id=account_id).first()
    if draft is None:
        raise DraftNotYours(str(draft_id))
    draft.values, draft.saved_at = dict(values), now
    draft.papers = [*draft.papers, *map(str, taken)]
    draft.save(update_fields=["values", "papers", "saved_at"])


def file_draft(*, draft_id: uuid.UUID, account_id: int, now: datetime, today: date) -> Filed:
    """File what is in the draft and drop it; the draft's id is the key, so that a second click is the same case.

    Papers that were taken and not used go with the draft. Raises ``DraftNotYours`` and what ``file_for_person``
    raises; then the draft stays.
    """
    draft = draft_of_officer(draft_id, account_id)
    filed = file_for_person(
        code=draft.procedure.code,
        person_id=draft.person.id,
        values=draft.values,
        account_id=account_id,
        channel=draft.channel,
        key=str(draft_id),
        now=now,
        today=today,
        phone=draft.phone,
        arrived_on=draft.arrived_on,
    )
    with contextlib.suppress(DraftNotYours):
        drop_draft(draft_id=draft_id, account_id=account_id, now=now)
    return filed


def drop_draft(*, draft_id: uuid.UUID, account_id: int, now: datetime) -> None:
    """Drop a draft of the officer's own, with the papers that were taken for it; raises ``DraftNotYours``."""
    draft = CounterDraft.objects.filter(pk=draft_id, account_id=account_id).first()
    if draft is None:
        raise DraftNotYours(str(draft_id))
    _drop(draft, now)


def forget_old_drafts(*, now: datetime) -> int:
    """Drop the drafts that nobody has touched for a day, with the papers taken for them, and return how many."""
    old = list(CounterDraft.objects.filter(saved_at__lt=now - KEPT_FOR))
    for draft in old:
        _drop(draft, now)
    return len(old)


def _drop(draft: CounterDraft, now: datetime) -> None:
    for paper_id in draft.papers:
        # What a case holds stays; so does what the person has deleted or used meanwhile.
        with contextlib.suppress(PaperHeld, PaperNotYours):
            delete_paper(
                paper_id=uuid.UUID(paper_id),
                person_id=draft.person_id,
                now=now,
                actor=f"account:{draft.account_id}",
            )
    draft.delete()


def _opened(draft: CounterDraft) -> str:
    sealed = bytes(draft.phone_sealed)
    return unseal(sealed, PHONE_SEALED_FOR).decode() if sealed else ""
