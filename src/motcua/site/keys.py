"""The secrets of this installation: made on the first start, readable by their owner alone, refused when weak."""

import contextlib
import os
import secrets
import stat
import tempfile
from pathlib import Path

SHORTEST_KEY = 50


class SecretTooWeak(Exception):
    """A secret could be guessed or read by others; the site does not start with it."""


def read_or_create(path: Path, fresh: str) -> str:
    """Return the text in ``path``; when there is none, keep ``fresh`` there.

    Raises ``SecretTooWeak`` when other accounts may read the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _create(path, fresh)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretTooWeak(f"{path} can be read by other accounts. Run: chmod 600 {path}")
    return path.read_text(encoding="utf-8").strip()


def _create(path: Path, fresh: str) -> None:
    """Keep ``fresh`` in ``path`` unless another process was quicker; whole, or not at all on a disk that is full."""
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def session_key(folder: Path) -> str:
    """Return the key that signs sessions and forms: ``MOTCUA_SECRET_KEY``, else a file made on the first start."""
    given = os.environ.get("MOTCUA_SECRET_KEY", "")
    return given or read_or_create(folder / "django.key", secrets.token_urlsafe(64))


def refuse_weak(key: str) -> None:
    """Raise ``SecretTooWeak`` for a key that is short or made of few characters."""
    if len(key) < SHORTEST_KEY or len(set(key)) < SHORTEST_KEY // 5:
        raise SecretTooWeak(
            f"MOTCUA_SECRET_KEY must have {SHORTEST_KEY} random characters or more. Remove it to have one made, "
            "or run: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
