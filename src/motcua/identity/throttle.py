"""Failed sign-ins and look-ups without signing in, counted in PostgreSQL, whichever process sees them."""

import hmac
from datetime import datetime, timedelta

from django.db import connection, transaction

from motcua.identity.models import SignInTries
from motcua.identity.secrets import key_for

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
# An office shares one address; its officers together mistype more often than one does.
PER_ADDRESS = 50
# Case numbers run in sequence: a person looks up a few, who walks through them all looks up thousands.
LOOK_UPS_PER_ADDRESS = 60
# Links to shared papers cannot be guessed; who tries all the same, or fetches without end, is slowed.
OPENINGS_PER_ADDRESS = 120
# Codes and hashes of papers cannot be guessed; a bank's counter checks the papers of its customers from one address.
CHECKS_PER_ADDRESS = 240
# A counter serves a few people in a quarter of an hour; who tries numbers one after the other needs many more.
PRESENTED_PER_ACCOUNT = 40

# One statement, so that tries at the same moment wait for each other and none goes uncounted.
_SPEND = """
INSERT INTO identity_sign_in_tries AS row (key, started_at, tries) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN row.started_at <= %(since)s THEN 1 ELSE row.tries + 1 END,
    started_at = CASE WHEN row.started_at <= %(since)s THEN %(now)s ELSE row.started_at END
RETURNING tries, started_at
"""


class TooManyTries(PermissionError):
    """Too many tries for this account or from this address; says when the window ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"too many tries; try again after {until:%H:%M}")
        self.until = until


def spend_try(*, login: str, address: str, now: datetime) -> None:
    """Count one try before it is checked, against the account name and against the address.

    Raises ``TooManyTries`` when either has none left; the names tried need not exist. Two statements.
    """
    # The address first: a try that it may not make must not lock the account of someone else.
    _spend(_key("address", address), limit=PER_ADDRESS, now=now)
    _spend(_key("account", login), limit=PER_ACCOUNT, now=now)


def spend_look_up(*, address: str, now: datetime) -> None:
    """Count one look-up of a case by its number from the address, whether or not there is such a case.

    Raises ``TooManyTries`` when it has none left. One statement.
    """
    _spend(_key("look-up", address), limit=LOOK_UPS_PER_ADDRESS, now=now)


def spend_opening(*, address: str, now: datetime) -> None:
    """Count one opening of a link to shared papers from the address, whether or not it opens.

    Raises ``TooManyTries`` when it has none left. One statement.
    """
    _spend(_key("opening", address), limit=OPENINGS_PER_ADDRESS, now=now)


def spend_checking(*, address: str, now: datetime) -> None:
    """Count one look-up of a signed paper by its code or hash from the address, whether or not there is such a paper.

    Raises ``TooManyTries`` when it has none left. One statement.
    """
    _spend(_key("checking", address), limit=CHECKS_PER_ADDRESS, now=now)


def spend_presenting(*, account_id: int, now: datetime) -> None:
    """Count one person presented to the account, whether or not number and name belong together.

    Raises ``TooManyTries`` when it has none left. One statement.
    """
    _spend(_key("presenting", str(account_id)), limit=PRESENTED_PER_ACCOUNT, now=now)


def _spend(key: bytes, *, limit: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, {"key": key, "now": now, "since": now - WINDOW})
        tries, started_at = cursor.fetchone()
    if tries > limit:
        raise TooManyTries(until=started_at + WINDOW)


@transaction.atomic
def give_back(*, login: str, address: str) -> None:
    """After a success forget the account's failed tries, and this one try of the address."""
    SignInTries.objects.filter(key=_key("account", login)).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_sign_in_tries SET tries = tries - 1 WHERE key = %s AND tries > 0",
            [_key("address", address)],
        )


def forget_old_tries(*, now: datetime) -> int:
    """Delete windows that have ended and return how many."""
    deleted, _ = SignInTries.objects.filter(started_at__lte=now - WINDOW).delete()
    return deleted


def _key(kind: str, name: str) -> bytes:
    # Hashed under a key: people type passwords and citizen numbers into the field for the name.
    return hmac.digest(key_for("sign-in tries"), f"{kind}\n{name}".encode("utf-8", "replace"), "sha256")
