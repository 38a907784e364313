"""Recording scans that inspectors made, and finding passes used twice, whatever order the scans arrive in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from motcua.credentials.events import DoubleUseFound
from motcua.credentials.models import Credential, DoubleUse, Scan
from motcua.credentials.queries import check_text
from motcua.credentials.states import Answer
from motcua.events.services import publish
from motcua.identity.models import Account
from motcua.identity.rights import Grant, rights_of
from motcua.identity.states import PURPOSES, Purpose

# Nobody shows one paper at two checkpoints within this time without a copy of it.
DOUBLE_USE_WITHIN = timedelta(minutes=30)
_CLOCK_TOLERANCE = timedelta(minutes=2)
# What the column holds, 68 years; a clock further off than that says no more.
_LARGEST_ERROR = 2**31 - 1


class NotAnInspector(PermissionError):
    """The account holds no appointment to check passes."""


@dataclass(frozen=True, slots=True)
class ScanSeen:
    """One scan as the device kept it; ``key`` was drawn by the device."""

    key: UUID
    text: str
    scanned_at: datetime
    answer: Answer
    reason: str
    checkpoint: str


@dataclass(frozen=True, slots=True)
class ScanUpload:
    """What a device sends; ``sent_at`` is its clock at that moment, which shows its error."""

    device: UUID
    sent_at: datetime
    scans: tuple[ScanSeen, ...]


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    """What became of an upload; ``double_uses`` names scans of this upload by their keys."""

    recorded: int
    known_already: int
    double_uses: tuple[UUID, ...]


@transaction.atomic
def record_scans(*, account: Account, upload: ScanUpload, now: datetime) -> UploadOutcome:
    """Keep the scans, each checked again by what is known here, and flag passes used twice.

    An upload may be repeated. Raises ``NotAnInspector``, and then nothing is kept.
    """
    grant = _inspector(account, now)
    # A device that sends twice at once, because the first answer was slow, must find its own scans.
    _one_at_a_time(f"scans by {upload.device}")
    known = set(Scan.objects.filter(pk__in=[seen.key for seen in upload.scans]).values_list("pk", flat=True))
    fresh = {seen.key: seen for seen in upload.scans if seen.key not in known}
    flagged: set[UUID] = set()
    # In one order, so that two uploads with the same passes cannot wait for each other.
    for seen in sorted(fresh.values(), key=lambda seen: _digest(seen.text)):
        scan = _keep(seen, upload, account, grant, now)
        flagged |= {seen.key for _ in _flag_double_use(scan, now)}
    return UploadOutcome(
        recorded=len(fresh),
        known_already=len(upload.scans) - len(fresh),
        double_uses=tuple(seen.key for seen in upload.scans if seen.key in flagged),
    )


def _inspector(account: Account, now: datetime) -> Grant:
    for grant in rights_of(account, now).grants:
        if Purpose.CHECK_PASSES in PURPOSES[grant.role]:
            return grant
    raise NotAnInspector(f"{account.reference} is not appointed to check passes")


def _keep(seen: ScanSeen, upload: ScanUpload, account: Account, grant: Grant, now: datetime) -> Scan:
    error = upload.sent_at - now
    off = error if abs(error) > _CLOCK_TOLERANCE else timedelta()
    scanned_at = min(seen.scanned_at - off, now)
    check = check_text(seen.text, scanned_at)
    return Scan.objects.create(
        key=seen.key,
        agency_path=grant.agency_path,
        place_path=grant.place_path,
        account=account,
        device=upload.device,
        checkpoint=seen.checkpoint,
        scanned_at=scanned_at,
        received_at=now,
        clock_error_seconds=max(-_LARGEST_ERROR, min(_LARGEST_ERROR, int(off.total_seconds()))),
        device_answer=seen.answer,
        device_reason=seen.reason,
        answer=check.answer,
        reason=check.reason,
        text_sha256=_digest(seen.text),
        credential_id=check.credential_id,
    )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()


def _flag_double_use(scan: Scan, now: datetime) -> list[DoubleUse]:
    """Pair the scan with every other of the same pass, near in time and at another checkpoint."""
    if scan.credential_id is None:
        return []
    # Two uploads at once must not both miss the other's scan.
    _one_at_a_time(f"scans of {scan.credential_id}")
    near = Scan.objects.filter(
        credential_id=scan.credential_id,
        scanned_at__gte=scan.scanned_at - DOUBLE_USE_WITHIN,
        scanned_at__lte=scan.scanned_at + DOUBLE_USE_WITHIN,
    ).exclude(pk=scan.pk)
    pairs = []
    for other in near.order_by("scanned_at", "pk"):
        if not _elsewhere(scan, other):
            continue
        first, second = sorted((scan, other), key=lambda each: (each.scanned_at, str(each.pk)))
        pair, found = DoubleUse.objects.get_or_create(
            first=first, second=second, defaults={"credential_id": scan.credential_id, "found_at": now}
        )
        if found:
            _tell(pair, first, second, now)
            pairs.append(pair)
    return pairs


def _one_at_a_time(what: str) -> None:
    """Hold off others that ask for the same until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])


def _elsewhere(one: Scan, other: Scan) -> bool:
    """Two named checkpoints tell places apart; without names, two devices do."""
    if one.checkpoint and other.checkpoint:
        return one.checkpoint != other.checkpoint
    return one.device != other.device


def _tell(pair: DoubleUse, first: Scan, second: Scan, now: datetime) -> None:
    credential = Credential.objects.only("agency_path", "case_number").get(pk=pair.credential_id)
    publish(
        DoubleUseFound(
            happened_at=now,
            agency_path=credential.agency_path,
            subject=credential.case_number,
            actor=f"account:{second.account_id}",
            credential=str(pair.credential_id),
            seconds_apart=int((second.scanned_at - first.scanned_at).total_seconds()),
        )
    )
