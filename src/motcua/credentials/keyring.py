"""Private keys as files under ``SECRETS_DIR/credential_keys``, readable by their owner only."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from motcua.seals.keys import SigningKey, from_pem, to_pem


class PrivateKeyMissing(RuntimeError):
    """The database names a key whose file is not there."""


def keep(key: SigningKey) -> None:
    """Write the key under its id; the file appears whole or not at all."""
    folder = Path(settings.SECRETS_DIR) / "credential_keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(to_pem(key))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{key.key_id.hex()}.pem")


def fetch(key_id: bytes) -> SigningKey:
    """Read the key of that id. Raises ``PrivateKeyMissing`` and ``KeyNotUsable``."""
    return _read(str(settings.SECRETS_DIR), key_id)


@lru_cache(maxsize=64)
def _read(folder: str, key_id: bytes) -> SigningKey:
    path = Path(folder) / "credential_keys" / f"{key_id.hex()}.pem"
    try:
        return from_pem(path.read_bytes())
    except OSError as fault:
        raise PrivateKeyMissing(
            f"{path} cannot be read ({fault.strerror}); restore it from the copy of the secrets, "
            "or run: motcua credentials rotate-key"
        ) from fault
