"""Begins a service: writes the folder of a pack that runs, from an outline."""

import re
from pathlib import Path

from .outline import Outline, read_outline
from .writing import written
from .writing_tables import written_table

TEMPLATE = Path(__file__).parent / "template"
STARTER = TEMPLATE / "outline.yaml"
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class FolderTaken(ValueError):
    """There is something at that path already; nothing was written."""


def starter() -> Outline:
    """Return the outline that a new service begins from when nothing else is said."""
    return read_outline(STARTER.name, STARTER.read_text(encoding="utf-8"))


def checked_place(*, code: str, under: Path) -> Path:
    """Return the folder for the code; raises ``FolderTaken`` and ``ValueError`` for a bad code."""
    if not CODE.fullmatch(code) or len(code) > 60:
        raise ValueError(f"{code!r} is no code: use lower-case letters, digits and _, such as parking_permit")
    folder = under / code
    if folder.exists() or folder.is_symlink():
        raise FolderTaken(f"{folder} is there already: choose another code, or remove it first")
    return folder


def begin_pack(*, code: str, under: Path, outline: Outline | None = None) -> Path:
    """Write the new pack's folder and return it; raises what ``checked_place`` raises."""
    folder = checked_place(code=code, under=under)
    outline = outline or starter()
    texts = {**written(code, outline), f"decisions/{code}.dmn": written_table(code, outline)}
    for source in sorted(TEMPLATE.rglob("*.yaml")):
        if source != STARTER:
            texts[str(source.relative_to(TEMPLATE))] = source.read_text(encoding="utf-8")
    for inside, text in texts.items():
        target = folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder
