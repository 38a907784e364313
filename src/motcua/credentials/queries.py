"""Questions about passes and keys."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.credentials.models import Credential, CredentialKey, DoubleUse, KeyBundle, StatusList
from motcua.credentials.states import Answer, KeyUse
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.seals import passes
from motcua.seals.keys import TrustedKey, trusted_from_certificate
from motcua.seals.passes import PassRefused


class NothingPublished(LookupError):
    """No status list or bundle of keys exists yet."""


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A pass as stored; ``claims`` by their short keys."""

    id: UUID
    kind: str
    case_number: str
    text: str
    claims: Mapping[str, object]
    issued_at: datetime
    valid_from: datetime
    valid_to: datetime
    revoked_at: datetime | None
    revoke_reason: str


@dataclass(frozen=True, slots=True)
class PassCheck:
    """The answer to a QR text by what is known here.

    ``reason`` is a code, empty when valid; ``claims`` are there whenever the signature is ours.
    """

    answer: Answer
    reason: str
    kind: str = ""
    claims: Mapping[str, object] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    credential_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A published file and the moment of its making."""

    content: bytes
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as the public may know it."""

    key_id: str
    use: str
    certificate_der: bytes
    not_before: datetime
    not_after: datetime
    retired_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DoubleUseView:
    """Two scans of one pass that one holder cannot explain."""

    case_number: str
    kind: str
    first_at: datetime
    first_checkpoint: str
    second_at: datetime
    second_checkpoint: str
    found_at: datetime


def standing_credential(case_number: str) -> CredentialView | None:
    """Return the pass of the case that was not revoked, or None; it may have ended."""
    row = Credential.objects.filter(case_number=case_number).standing().first()
    return None if row is None else _view(row)


def standing_credentials(case_numbers: Collection[str]) -> dict[str, CredentialView]:
    """Return the pass of each case that has one that was not revoked, by case number; one query."""
    rows = Credential.objects.filter(case_number__in=list(case_numbers)).standing()
    return {row.case_number: _view(row) for row in rows}


def pass_of_case(case_number: str) -> CredentialView | None:
    """Return the last pass of the case, revoked or not, or None."""
    row = Credential.objects.filter(case_number=case_number).order_by("-issued_at").first()
    return None if row is None else _view(row)


def keys() -> list[KeyView]:
    """Return every key, the newest first."""
    return [
        KeyView(
            bytes(row.key_id).hex(),
            row.use,
            bytes(row.certificate_der),
            row.not_before,
            row.not_after,
            row.retired_at,
            row.revoked_at,
        )
        for row in CredentialKey.objects.order_by("-not_before", "key_id")
    ]


def trusted_keys() -> list[TrustedKey]:
    """Return the pass keys with their periods and revocations."""
    return [
        trusted_from_certificate(bytes(row.certificate_der), row.revoked_at)
        for row in CredentialKey.objects.filter(use=KeyUse.PASSES)
    ]


def published_status_list() -> Published:
    """Return the newest status list. Raises ``NothingPublished``."""
    row = StatusList.objects.order_by("-issued_at", "-pk").first()
    if row is None:
        raise NothingPublished("no status list yet; run: motcua credentials publish")
    return Published(bytes(row.content), row.issued_at)


def published_keys() -> Published:
    """Return the newest bundle of keys. Raises ``NothingPublished``."""
    row = KeyBundle.objects.order_by("-issued_at", "-pk").first()
    if row is None:
        raise NothingPublished("no bundle of keys yet; run: motcua credentials publish")
    return Published(bytes(row.content), row.issued_at)


def check_text(text: str, at: datetime) -> PassCheck:
    """Check a QR text at a moment: signature and times, then whether it is ours and stood at that moment.

    What cannot be told here is a pass by an unknown key: it may be another city's. Costs two queries.
    """
    try:
        opened = passes.open_pass(text, trusted_keys(), at)
    except passes.KeyUnknown as refusal:
        return PassCheck(Answer.CANNOT_TELL, refusal.code)
    except PassRefused as refusal:
        return PassCheck(Answer.NOT_VALID, refusal.code)
    row = Credential.objects.filter(revocation_id=opened.revocation_id).first()
    if row is None or not passes.is_same_pass(row.text, text):
        # Signed by our key and yet not issued: the key is in other hands.
        return PassCheck(Answer.NOT_VALID, "not_issued")
    revoked = row.revoked_at is not None and row.revoked_at <= at
    return PassCheck(
        Answer.NOT_VALID if revoked else Answer.VALID,
        "revoked" if revoked else "",
        row.kind,
        row.claims,
        row.valid_from,
        row.valid_to,
        row.pk,
    )


def double_uses(rights: Rights, limit: int = 100) -> list[DoubleUseView]:
    """Return the newest double uses of passes that the rights cover; nothing without rights. One query."""
    within = rights.predicate("second__agency_path", "second__place_path", purpose=Purpose.OVERSEE)
    within |= rights.predicate("second__agency_path", "second__place_path", purpose=Purpose.REVOKE_PASSES)
    rows = DoubleUse.objects.filter(within).select_related("credential", "first", "second")
    return [
        DoubleUseView(
            row.credential.case_number,
            row.credential.kind,
            row.first.scanned_at,
            row.first.checkpoint,
            row.second.scanned_at,
            row.second.checkpoint,
            row.found_at,
        )
        for row in rows.order_by("-found_at", "-pk")[:limit]
    ]


def _view(row: Credential) -> CredentialView:
    return CredentialView(
        row.pk,
        row.kind,
        row.case_number,
        row.text,
        row.claims,
        row.issued_at,
        row.valid_from,
        row.valid_to,
        row.revoked_at,
        row.revoke_reason,
    )
