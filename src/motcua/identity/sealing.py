"""Sealing small secrets for the database: AES-256-GCM under a key of their own purpose."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from motcua.identity.secrets import key_for

_VERSION = b"\x01"
_NONCE_BYTES = 12


class NotSealedHere(ValueError):
    """The bytes were not sealed for this purpose with this installation's key, or were changed."""

    def __init__(self, purpose: str) -> None:
        super().__init__(
            f"cannot open what was sealed for: {purpose}; is identity.key the one it was sealed with?"
        )


def seal(content: bytes, purpose: str) -> bytes:
    """Return the content sealed: version, random nonce, ciphertext with its tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key_for(purpose)).encrypt(nonce, content, purpose.encode())


def unseal(sealed: bytes, purpose: str) -> bytes:
    """Return the content; raises ``NotSealedHere``."""
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
        raise NotSealedHere(purpose)
    try:
        return AESGCM(key_for(purpose)).decrypt(nonce, ciphertext, purpose.encode())
    except InvalidTag:
        raise NotSealedHere(purpose) from None
