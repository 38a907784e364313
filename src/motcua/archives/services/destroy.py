"""Destroying dossiers past their term: one person proposes, another decides, and the minutes are what is left."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.agencies.queries import agencies_within
from motcua.archives.events import DestructionDecided, DestructionProposed, DossierDestroyed
from motcua.archives.gathering import local_day
from motcua.archives.minutes import Decided, minutes_pdf
from motcua.archives.models import (
    ArchivedDossier,
    ArchivedPackage,
    ArchivedStamp,
    Destruction,
    DestructionItem,
)
from motcua.archives.states import MOST_AT_ONCE, Outcome
from motcua.archives.waiting import gone_on, waiting
from motcua.cases.models import Case
from motcua.cases.services.erase import erase_case
from motcua.documents.records import seal_record
from motcua.events.services import publish
from motcua.identity.queries import account_names
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import PURPOSES, Purpose


class NothingChosen(ValueError):
    """A proposal names at least one dossier, a reason, and the council that looked at the list."""


class NotPastTerm(ValueError):
    """A dossier is not within the officer's rights, not past its term, destroyed, or proposed already."""


class DossierWaits(ValueError):
    """Something about a dossier is not over, so it is not let go; ``numbers`` are those that wait."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self.numbers = tuple(sorted(numbers))
        super().__init__(f"not over yet: {', '.join(self.numbers)}")


class SamePersonTwice(PermissionError):
    """Who proposed a destruction does not decide on it."""


class DestructionDecidedAlready(ValueError):
    """Somebody decided on the proposal meanwhile."""


@transaction.atomic
def propose_destruction(
    *, dossier_ids: Sequence[UUID], reason: str, council: str, rights: Rights, now: datetime
) -> UUID:
    """Propose to destroy dossiers past their term and return the proposal; nothing is destroyed by it.

    Raises ``NothingChosen``, ``NotPastTerm`` and ``DossierWaits``.
    """
    chosen, reason, council = set(dossier_ids), _said(reason), _said(council)
    if not chosen or len(chosen) > MOST_AT_ONCE or not reason or not council:
        raise NothingChosen(f"choose 1 to {MOST_AT_ONCE} dossiers, and name a reason and the council")
    # Their packages are locked, in their order: of two proposals at once the second sees the first.
    standing = list(
        ArchivedPackage.objects.filter(pk__in=chosen).order_by("pk").select_for_update().only("pk")
    )
    rows = list(
        ArchivedDossier.objects.past_term(local_day(now)).filter(pk__in=[each.pk for each in standing])
    )
    open_ones = DestructionItem.objects.filter(dossier__in=rows, destruction__outcome="")
    if len(rows) != len(chosen) or open_ones.exists():
        raise NotPastTerm("a dossier of the list is not past its term, or proposed already; look again")
    grant = _grant_over(rights, rows)
    _refuse_what_waits(rows, now)
    proposal = Destruction.objects.create(
        agency_path=grant.agency_path,
        place_path=grant.place_path,
        reason=reason,
        council=council,
        proposed_by_id=rights.account_id or 0,
        proposed_at=now,
    )
    DestructionItem.objects.bulk_create(DestructionItem(destruction=proposal, dossier=row) for row in rows)
    publish(
        DestructionProposed(
            happened_at=now,
            agency_path=proposal.agency_path,
            subject=str(proposal),
            actor=f"account:{rights.account_id}",
            dossiers=len(rows),
        )
    )
    return proposal.pk


@transaction.atomic
def decide_destruction(
    *, destruction_id: UUID, outcome: Outcome, words: str, rights: Rights, now: datetime
) -> None:
    """Decide on a proposal as another person than who made it; destroyed is destroyed in this transaction.

    The minutes are sealed with the key of the agency. Packages, and what the path keeps of their cases, are deleted;
    row, hash, minutes and ledger stay. Raises ``Destruction.DoesNotExist`` beyond the officer's rights,
    ``SamePersonTwice``, ``NothingChosen`` without words, ``DestructionDecidedAlready``, what
    :func:`motcua.documents.records.seal_record` raises, and ``DossierWaits`` where something happened since it was
    proposed: the list can then only be kept.
    """
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.DESTROY_RECORDS)
    proposal = Destruction.objects.select_for_update().get(within, pk=destruction_id)
    if proposal.outcome:
        raise DestructionDecidedAlready(str(proposal))
    if proposal.proposed_by_id == rights.account_id:
        raise SamePersonTwice(str(proposal))
    words = _said(words)
    if not words:
        raise NothingChosen("write why it was decided so")
    rows = list(
        ArchivedDossier.objects.filter(proposals__destruction=proposal).order_by("case_number", "edition")
    )
    if outcome == Outcome.DESTROYED:
        _refuse_what_waits(rows, now)
    proposal.outcome, proposal.words = outcome, words
    proposal.decided_by_id, proposal.decided_at = rights.account_id, now
    proposal.minutes = minutes = _minutes(proposal, rows, now)
    proposal.minutes_sha256 = digest = hashlib.sha256(minutes).hexdigest()
    proposal.save(force_update=True)
    actor = f"account:{rights.account_id}"
    if outcome == Outcome.DESTROYED:
        for row in rows:
            _destroy(row, proposal, actor, now)
    publish(
        DestructionDecided(
            happened_at=now,
            agency_path=proposal.agency_path,
            subject=str(proposal),
            actor=actor,
            outcome=str(outcome.value),
            dossiers=len(rows),
            minutes_sha256=digest,
        )
    )


def _refuse_what_waits(rows: Sequence[ArchivedDossier], now: datetime) -> None:
    """Raise ``DossierWaits`` if a case goes on, can be objected to, or has a paper, an answer or money outstanding.

    The cases stay locked, so that none of them moves on until this transaction is over.
    """
    numbers = {row.case_number for row in rows}
    list(
        Case.objects.filter(number__in=numbers).order_by("filed_on", "number").select_for_update().only("pk")
    )
    if waits := {*waiting(numbers, now=now), *gone_on(numbers)}:
        raise DossierWaits(waits)


def _said(words: str) -> str:
    return words.replace("\0", "").strip()


def _destroy(row: ArchivedDossier, proposal: Destruction, actor: str, now: datetime) -> None:
    ArchivedStamp.objects.filter(dossier=row).delete()
    ArchivedPackage.objects.filter(dossier=row).delete()
    if not ArchivedPackage.objects.filter(dossier__case_number=row.case_number).exists():
        # A later edition that is still within its term keeps the case too.
        erase_case(number=row.case_number, ended_at=row.ended_at)
    publish(
        DossierDestroyed(
            happened_at=now,
            agency_path=row.agency_path,
            subject=row.case_number,
            actor=actor,
            sha256=row.sha256,
            edition=row.edition,
            destruction=str(proposal.pk),
        )
    )


def _minutes(proposal: Destruction, rows: Sequence[ArchivedDossier], now: datetime) -> bytes:
    decided_by = proposal.decided_by_id or 0
    names = account_names({proposal.proposed_by_id, decided_by})
    offices = agencies_within(proposal.agency_path)
    decided = Decided(
        agency=offices[0].name if offices else proposal.agency_path,
        number=str(proposal.pk)[:8].upper(),
        reason=proposal.reason,
        council=proposal.council,
        outcome=Outcome(proposal.outcome),
        words=proposal.words,
        proposed_by=names.get(proposal.proposed_by_id, ""),
        proposed_at=proposal.proposed_at,
        decided_by=names.get(decided_by, ""),
        decided_at=now,
    )
    return seal_record(minutes_pdf(decided, rows), agency_path=proposal.agency_path, now=now)


def _grant_over(rights: Rights, rows: Sequence[ArchivedDossier]) -> Grant:
    """Return the appointment under which the whole list stands, so that one person can decide on all of it."""
    for grant in rights.grants:
        if Purpose.KEEP_ARCHIVES in PURPOSES[grant.role] and all(
            grant.covers(agency_path=row.agency_path, place_path=row.place_path) for row in rows
        ):
            return grant
    raise NotPastTerm("no appointment of yours covers every dossier of the list")
