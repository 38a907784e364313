"""Begins a service: copies a small working pack under a new code."""

import re
from pathlib import Path

TEMPLATE = Path(__file__).parent / "template"
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
STAND_IN = "new_service"


class FolderTaken(ValueError):
    """There is something at that path already; nothing was written."""


def begin_pack(*, code: str, under: Path) -> Path:
    """Write the new pack's folder and return it; raises ``FolderTaken`` and ``ValueError`` for a bad code."""
    if not CODE.fullmatch(code) or len(code) > 60:
        raise ValueError(f"{code!r} is no code: use lower-case letters, digits and _, such as parking_permit")
    folder = under / code
    if folder.exists() or folder.is_symlink():
        raise FolderTaken(f"{folder} is there already: choose another code, or remove it first")
    for source in sorted(TEMPLATE.rglob("*")):
        if source.is_file():
            inside = str(source.relative_to(TEMPLATE)).replace(STAND_IN, code)
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8").replace(STAND_IN, code)
            target.write_text(
                text.replace(STAND_IN.replace("_", " "), code.replace("_", " ")), encoding="utf-8"
            )
    return folder
