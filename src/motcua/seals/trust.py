"""The bundle of trusted keys, signed by a root that a scanner pins when it is set up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from motcua.seals import cose, deterministic
from motcua.seals.keys import SigningKey, TrustedKey

_ISSUED, _KEYS = 6, "keys"


class BundleRefused(ValueError):
    """The bytes are not a bundle of keys signed by the given root."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The keys that are trusted as of ``issued_at``; they come without their certificates."""

    issued_at: datetime
    keys: tuple[TrustedKey, ...]


def public_key_der(key: TrustedKey) -> bytes:
    """Write the public key as SubjectPublicKeyInfo, which browsers import."""
    return key.public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def seal_keys(keys: Iterable[TrustedKey], *, root: SigningKey, issued_at: datetime) -> bytes:
    """Sign the keys with their periods and revocations, times in whole seconds since 1970."""
    listed = [
        [
            key.key_id,
            public_key_der(key),
            int(key.not_before.timestamp()),
            int(key.not_after.timestamp()),
            None if key.revoked_at is None else int(key.revoked_at.timestamp()),
        ]
        for key in sorted(keys, key=lambda key: (key.not_before, key.key_id))
    ]
    payload = {_ISSUED: int(issued_at.timestamp()), _KEYS: listed}
    return cose.seal(deterministic.encode(payload), root)


def open_keys(encoded: bytes, root: TrustedKey) -> Bundle:
    """Verify a bundle as a scanner does. Raises ``BundleRefused``."""
    try:
        message = cose.read_ours(encoded)
        if message.key_id != root.key_id or not message.signed_by(root):
            raise BundleRefused("the bundle is not signed by this root")
        content = deterministic.decode_map(message.payload)
        issued, listed = content[_ISSUED], content[_KEYS]
        assert isinstance(issued, int)
        assert isinstance(listed, list)
        return Bundle(datetime.fromtimestamp(issued, UTC), tuple(_key(*each) for each in listed))
    except (cose.NotSign1, deterministic.NotCbor) as fault:
        raise BundleRefused(str(fault)) from fault


def _key(key_id: bytes, der: bytes, not_before: int, not_after: int, revoked_at: int | None) -> TrustedKey:
    public = serialization.load_der_public_key(der)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    return TrustedKey(
        key_id,
        public,
        datetime.fromtimestamp(not_before, UTC),
        datetime.fromtimestamp(not_after, UTC),
        None if revoked_at is None else datetime.fromtimestamp(revoked_at, UTC),
    )
