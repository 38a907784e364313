"""Whether a notice of a payment really comes from the bank: HMAC-SHA256 over moment and body, within a window.

Pure. The shape of the body is docs/reference/fees.md.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from motcua.fees.transfers import Transferred
from motcua.fees.vietqr import MOST_VND

WINDOW_SECONDS = 300
SHORTEST_SECRET = 32
_SIGNATURE = re.compile(r"v1=([0-9a-f]{64})")


class NoticeNotSigned(PermissionError):
    """The signature is missing or not made with the secret shared with this bank."""


class NoticeTooOld(PermissionError):
    """The signature was made too long ago, or lies ahead: clocks differ, or somebody sends a recording."""


class Notice(BaseModel):
    """One payment as a bank tells of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    reference: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    amount_vnd: Annotated[int, Field(gt=0, le=MOST_VND)]
    paid_at: Annotated[AwareDatetime, Field(strict=False)]
    purpose: Annotated[str, StringConstraints(max_length=500)]
    payer_name: Annotated[str, StringConstraints(max_length=200)] = ""
    payer_account: Annotated[str, StringConstraints(max_length=40)] = ""

    def transferred(self) -> Transferred:
        """Return the payment."""
        return Transferred(
            self.reference, self.amount_vnd, self.paid_at, self.purpose, self.payer_name, self.payer_account
        )


def sign(secret: str, *, sent_at: int, body: bytes) -> str:
    """Return the signature of a body sent at that second since 1970: ``v1=`` and 64 hexadecimal digits."""
    digest = hmac.new(secret.encode(), str(sent_at).encode() + b"." + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"


def check(secrets: Sequence[str], *, sent_at: str, signature: str, body: bytes, now: datetime) -> None:
    """Return if one of the secrets signed the body within the window; raises ``NoticeNotSigned``, ``NoticeTooOld``.

    Several secrets, so that one can be replaced while the bank still uses the one before. Every one is compared,
    each in constant time.
    """
    given = _SIGNATURE.fullmatch(signature)
    if given is None or not re.fullmatch(r"[0-9]{1,12}", sent_at):
        raise NoticeNotSigned
    expected = [sign(secret, sent_at=int(sent_at), body=body) for secret in secrets]
    fits = [hmac.compare_digest(each, signature) for each in expected]
    if not any(fits):
        raise NoticeNotSigned
    # Only after the signature: who cannot sign learns nothing about our clock.
    if abs(now.timestamp() - int(sent_at)) > WINDOW_SECONDS:
        raise NoticeTooOld
