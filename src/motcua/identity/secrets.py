"""The key that hides citizen numbers: made once, kept outside the database, never printed.

Losing it makes every stored person unrecognisable; docs/how-to say how to keep a copy.
"""

import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FILE_NAME = "identity.key"
KEY_BYTES = 32


class KeyFileDamaged(RuntimeError):
    """The key file does not hold a key; a new one would not open what the old one sealed."""


def ensure_key() -> Path:
    """Make the key file, readable by its owner only, unless it exists; return its path.

    Raises ``KeyFileDamaged``. Two processes that start together agree on one key: the file appears
    whole under its name, and whoever comes second keeps the first one's.
    """
    path = Path(settings.SECRETS_DIR) / FILE_NAME
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as target:
                target.write(secrets.token_bytes(KEY_BYTES))
                target.flush()
                os.fsync(target.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
    _read(path)
    return path


def key_for(purpose: str) -> bytes:
    """Return the 32 bytes that serve one purpose only, derived from the key file, made if missing."""
    return _derived(str(settings.SECRETS_DIR), purpose)


@cache
def _derived(folder: str, purpose: str) -> bytes:
    # The folder is only the cache's key: another installation in the same process has other keys.
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"motcua {purpose}".encode())
    return derivation.derive(_read(ensure_key()))


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise KeyFileDamaged(
            f"{path} must hold {KEY_BYTES} bytes and holds {len(key)}; restore it from its copy"
        )
    return key
