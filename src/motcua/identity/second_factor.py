"""Time-based codes of officers (RFC 6238): SHA-1, six digits, thirty seconds, as every authenticator reads."""

import hmac
import re
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from motcua.identity.models import Account, SecondFactor
from motcua.identity.sealing import seal, unseal

STEP_SECONDS = 30
DIGITS = 6
ISSUER = "Motcua"
# A phone's clock may be one step early or late.
_DRIFT = (-1, 0, 1)
_SECRET_BYTES = 20
_SEALING = "second factor"
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def enrol(account: Account, *, now: datetime) -> str:
    """Give the account a new secret, ending any older one, and return the ``otpauth`` address to scan."""
    secret = secrets.token_bytes(_SECRET_BYTES)
    SecondFactor.objects.update_or_create(
        account=account,
        defaults={"secret_sealed": seal(secret, _SEALING), "last_step": 0, "created_at": now},
    )
    return _totp(secret).get_provisioning_uri(account.login, ISSUER)


def use_code(account: Account, code: str, *, now: datetime) -> bool:
    """Tell whether the code is right now, and use it up: the same or an older code never works again."""
    factor = SecondFactor.objects.filter(account=account).first()
    typed = code.replace(" ", "")
    if factor is None or not _CODE.fullmatch(typed):
        return False
    secret = unseal(bytes(factor.secret_sealed), _SEALING)
    current = int(now.timestamp()) // STEP_SECONDS
    step = next((current + drift for drift in _DRIFT if _is_code(secret, current + drift, typed)), None)
    if step is None:
        return False
    # Compare-and-set: of two requests with one code, only the first moves the step.
    return SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step) == 1


def code_at(account: Account, now: datetime) -> str:
    """Return the code that the account's phone shows; for the demonstration's accounts and for tests."""
    factor = SecondFactor.objects.get(account=account)
    secret = unseal(bytes(factor.secret_sealed), _SEALING)
    return _totp(secret).generate(int(now.timestamp())).decode("ascii")


def _is_code(secret: bytes, step: int, typed: str) -> bool:
    return hmac.compare_digest(_totp(secret).generate(step * STEP_SECONDS), typed.encode("ascii"))


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - RFC 6238 as phones implement it
