"""Issuing and revoking passes."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from motcua.credentials.events import CredentialIssued, CredentialRevoked
from motcua.credentials.models import Credential
from motcua.credentials.states import KeyUse
from motcua.events.services import publish
from motcua.seals.keys import SigningKey
from motcua.seals.passes import (
    EXPIRES,
    IDENTITY,
    ISSUED,
    KIND,
    NOT_BEFORE,
    PassTooLong,
    seal_pass,
)
from motcua.seals.status import ISSUED_PER_LIST, random_revocation_id

from .keys import signing_key

TRIES = 40
_SHORTEST_CLAIM = 12
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


class CaseHasPass(RuntimeError):
    """The case has a standing pass; revoke it before issuing another."""


class CredentialNotStanding(RuntimeError):
    """The pass does not exist or was revoked already."""


class NoFreeRevocationId(RuntimeError):
    """Every id drawn was taken; a list is far fuller than it should be."""


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """A pass just issued, with the text of its QR."""

    id: UUID
    text: str


@transaction.atomic
def issue(
    *,
    case_number: str,
    agency_path: str,
    kind: str,
    claims: Mapping[str, object],
    valid_from: datetime,
    valid_to: datetime,
    now: datetime,
) -> IssuedCredential:
    """Sign a pass, store it and return the text of its QR, at most 400 letters.

    ``claims`` have short keys; a long text is shortened with an ellipsis if the QR would not hold it.
    Raises ``CaseHasPass``, and ``PassTooLong`` if even short texts do not fit.
    """
    if Credential.objects.filter(case_number=case_number).standing().exists():
        raise CaseHasPass(f"case {case_number} has a standing pass")
    key = signing_key(KeyUse.PASSES, now=now)
    kept = {name: composed(value) for name, value in claims.items()}
    revocation_id = _free_revocation_id()
    standard = standard_claims(
        kind=kind, revocation_id=revocation_id, valid_from=valid_from, valid_to=valid_to, now=now
    )
    text, kept = seal_fitting(standard, kept, key)
    try:
        with transaction.atomic():
            credential = Credential.objects.create(
                agency_path=agency_path,
                case_number=case_number,
                kind=kind,
                revocation_id=revocation_id,
                claims=kept,
                text=text,
                key_id=key.key_id,
                issued_at=now,
                valid_from=valid_from,
                valid_to=valid_to,
            )
    except IntegrityError as fault:
        if "credential_one_stands" in str(fault):
            raise CaseHasPass(f"case {case_number} has a standing pass") from fault
        raise
    publish(
        CredentialIssued(
            happened_at=now,
            agency_path=agency_path,
            subject=case_number,
            actor="machine",
            credential=str(credential.pk),
            kind=kind,
            key_id=key.key_id.hex(),
        )
    )
    return IssuedCredential(credential.pk, text)


@transaction.atomic
def revoke(*, credential_id: UUID, reason: str, now: datetime) -> None:
    """Revoke a standing pass; the next status list names it. Raises ``CredentialNotStanding``."""
    # Compare-and-set: of two officers who revoke at once, one is told that it was done.
    standing = Credential.objects.filter(pk=credential_id).standing()
    if standing.update(revoked_at=now, revoke_reason=reason) != 1:
        raise CredentialNotStanding(f"pass {credential_id} does not exist or was revoked already")
    credential = Credential.objects.only("agency_path", "case_number").get(pk=credential_id)
    publish(
        CredentialRevoked(
            happened_at=now,
            agency_path=credential.agency_path,
            subject=credential.case_number,
            actor="machine",
            credential=str(credential_id),
            reason=reason,
        )
    )


def standard_claims(
    *, kind: str, revocation_id: int, valid_from: datetime, valid_to: datetime, now: datetime
) -> dict[int | str, object]:
    """Return what every pass says, beside the claims of its layout."""
    # Who issued it is in the key; every letter saved is one more of the name.
    return {
        EXPIRES: milliseconds(valid_to) // 1000,
        NOT_BEFORE: milliseconds(valid_from) // 1000,
        ISSUED: milliseconds(now) // 1000,
        IDENTITY: revocation_id.to_bytes(4, "big"),
        KIND: kind,
    }


def milliseconds(moment: datetime) -> int:
    """Return the moment in whole milliseconds since 1970; many passes share theirs."""
    return _milliseconds(moment, moment.fold)


# The hour that comes twice in autumn is told apart by its fold, which equality leaves out.
@lru_cache(maxsize=1024)
def _milliseconds(moment: datetime, fold: int) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def composed(value: object) -> object:
    """Return texts in NFC: half as long in the QR for Vietnamese, and one spelling for one name."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [composed(item) for item in value]
    return value


def seal_fitting(
    standard: Mapping[int | str, object], claims: dict[str, object], key: SigningKey
) -> tuple[str, dict[str, object]]:
    """Seal, taking letters from the longest text until the QR holds all; the inspector sees the ellipsis."""
    fitting = dict(claims)
    while True:
        try:
            whole: dict[int | str, object] = dict(standard)
            whole.update(fitting.items())
            return seal_pass(whole, key), fitting
        except PassTooLong:
            texts = {name: value for name, value in fitting.items() if isinstance(value, str)}
            longest = max(texts, key=lambda name: len(texts[name]), default=None)
            if longest is None or len(texts[longest]) <= _SHORTEST_CLAIM:
                raise
            fitting[longest] = texts[longest].removesuffix("…")[:-1].rstrip() + "…"


def _free_revocation_id() -> int:
    """Draw a random id in the list that is being filled; one statement, and one for each draw."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('credentials_issued')")
        number = (cursor.fetchone()[0] - 1) // ISSUED_PER_LIST
    for _ in range(TRIES):
        drawn = random_revocation_id(number)
        if not Credential.objects.filter(revocation_id=drawn).exists():
            return drawn
    raise NoFreeRevocationId(f"{TRIES} ids of list {number} were all taken")
