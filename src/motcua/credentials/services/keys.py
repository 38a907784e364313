"""Making, rotating and revoking the keys that sign."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from motcua.credentials import keyring
from motcua.credentials.events import KeyRevoked, KeyRotated
from motcua.credentials.models import CredentialKey
from motcua.credentials.states import KeyUse
from motcua.events.services import publish
from motcua.events.trips import Rows, fetch
from motcua.seals.keys import SigningKey, generate_key, trusted

from .publishing import publish_keys, publish_status_list

_NAMES = {KeyUse.ROOT: "Motcua root of pass keys", KeyUse.PASSES: "Motcua pass key"}
# A pass key signs for at most a year and is trusted for one more, so that no pass outlives its key.
_LIFETIMES = {KeyUse.ROOT: timedelta(days=3650), KeyUse.PASSES: timedelta(days=730)}


class KeyNotKnown(LookupError):
    """No pass key has that id."""


@transaction.atomic
def ensure_keys(*, now: datetime) -> None:
    """Make root and pass key if there are none yet, and publish them; repeatable."""
    _one_at_a_time()
    standing = set(CredentialKey.objects.filter(retired_at__isnull=True).values_list("use", flat=True))
    for use in KeyUse:
        if use not in standing:
            _make(use, now)
    if standing != set(KeyUse):
        publish_keys(now=now)
        publish_status_list(now=now)


def signing_key(use: KeyUse, *, now: datetime) -> SigningKey:
    """Return the key that signs now, made on the first call. Costs one query."""
    wanted = signing_key_wanted(use)
    fetch(wanted)
    return signing_key_found(wanted, use, now=now)


def signing_key_wanted(use: KeyUse) -> Rows:
    """Return the statement behind :func:`signing_key`, to be run with others in one round trip."""
    return Rows(_SIGNS, (use.value,))


def signing_key_found(wanted: Rows, use: KeyUse, *, now: datetime) -> SigningKey:
    """Return the key that signs now, of a statement that was run; made if there is none yet."""
    if not wanted.found:
        ensure_keys(now=now)
        return signing_key(use, now=now)
    return keyring.fetch(bytes.fromhex(wanted.found[0][0] or ""))


_SIGNS = "SELECT encode(key_id, 'hex') FROM credentials_credentialkey WHERE use = $1 AND retired_at IS NULL"


@transaction.atomic
def rotate_key(*, now: datetime) -> str:
    """Let a new key sign from now on and return its id in hex; passes of the old one still hold."""
    _one_at_a_time()
    old = CredentialKey.objects.filter(use=KeyUse.PASSES, retired_at__isnull=True).first()
    CredentialKey.objects.filter(use=KeyUse.PASSES, retired_at__isnull=True).update(retired_at=now)
    new = _make(KeyUse.PASSES, now)
    publish(
        KeyRotated(
            happened_at=now,
            agency_path="",
            subject=f"key-{new}",
            actor="machine",
            key_id=new,
            replaces=str(old or ""),
        )
    )
    publish_keys(now=now)
    publish_status_list(now=now)
    return new


@transaction.atomic
def revoke_key(*, key_id: bytes, at: datetime, now: datetime) -> None:
    """Refuse what the key signed from ``at`` on; if it signs today, a new key takes its place.

    Raises ``KeyNotKnown``. An earlier date replaces a later one, never the reverse.
    """
    key = CredentialKey.objects.filter(pk=key_id, use=KeyUse.PASSES).first()
    if key is None:
        raise KeyNotKnown(f"no pass key has the id {key_id.hex()}; motcua credentials keys lists them")
    if key.retired_at is None:
        rotate_key(now=now)
    revoked_at = min(at, key.revoked_at or at)
    CredentialKey.objects.filter(pk=key_id).update(revoked_at=revoked_at)
    publish(
        KeyRevoked(
            happened_at=now,
            agency_path="",
            subject=f"key-{key}",
            actor="machine",
            key_id=str(key),
            revoked_at=revoked_at.isoformat(),
        )
    )
    publish_keys(now=now)


def _make(use: KeyUse, now: datetime) -> str:
    key = generate_key(now=now, name=_NAMES[use], lifetime=_LIFETIMES[use])
    # The file first: a row without its file could not sign, a file without its row harms nobody.
    keyring.keep(key)
    public = trusted(key)
    CredentialKey.objects.create(
        key_id=key.key_id,
        use=use,
        certificate_der=key.certificate_der,
        not_before=public.not_before,
        not_after=public.not_after,
    )
    return key.key_id.hex()


def _one_at_a_time() -> None:
    """Hold off a second start or rotation until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('motcua credential keys'))")
