"""The secrets that we share with banks, as files under ``SECRETS_DIR/banks``, readable by their owner only."""

import os
import re
import secrets
from pathlib import Path

from django.conf import settings

from motcua.fees.webhook import SHORTEST_SECRET


def secrets_of(account_code: str) -> list[str]:
    """Return the secrets of the account's bank, one a line of its file; none if there is no file.

    A line shorter than ``SHORTEST_SECRET`` characters is no secret.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", account_code):
        return []
    try:
        text = _file(account_code).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [line.strip() for line in text.splitlines() if len(line.strip()) >= SHORTEST_SECRET]


def ensure_secret(account_code: str) -> Path:
    """Make a secret for the account's bank if there is none, and return its file, to be handed to the bank."""
    path = _file(account_code)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{secrets.token_urlsafe(48)}\n")
    return path


def _file(account_code: str) -> Path:
    return Path(settings.SECRETS_DIR) / "banks" / f"{account_code}.secret"
