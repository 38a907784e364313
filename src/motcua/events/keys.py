"""The key that signs the heads of the ledger: one file under ``SECRETS_DIR``, readable by its owner only."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from motcua.seals.keys import SigningKey, from_pem, generate_key, to_pem

LIFETIME = timedelta(days=3650)


def ledger_key(*, now: datetime) -> SigningKey:
    """Return the key, made on first use. Raises ``KeyNotUsable`` for a damaged file.

    The file is written beside its place and linked there, so that of two processes that make it at
    once one wins and both use the winner's.
    """
    path = Path(settings.SECRETS_DIR) / "ledger.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".ledger.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(to_pem(generate_key(now=now, name="Motcua ledger", lifetime=LIFETIME)))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return from_pem(path.read_bytes())
