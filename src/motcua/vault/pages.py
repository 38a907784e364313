"""Shows a page of a paper as a picture that is drawn anew here: nothing of the file itself reaches a browser.

A PDF is drawn in a process of its own, with limits of time and memory, by a reader that runs no script and opens no
other file. Every paper has passed the checks of ``vault.checking`` before.
"""

import io
import json
import os
import resource
import subprocess
import sys

from PIL import Image, ImageOps

# Wide enough to read small print at twice the size of a screen's half.
MOST_PIXELS_WIDE = 1800
DOTS_PER_INCH = 150
MOST_SECONDS, MOST_BYTES = 15, 1_500_000_000


class PageNotShown(RuntimeError):
    """The paper has no such page, or it cannot be drawn: give out the file instead."""


def page_as_picture(content: bytes, *, media_type: str, page: int) -> bytes:
    """Return a page, counted from one, as a PNG; raises ``PageNotShown``. A PDF costs a process."""
    if media_type == "application/pdf":
        return _drawn_apart(content, page)
    if page != 1:
        raise PageNotShown(f"a picture has one page, not {page}")
    return _redrawn(content)


def _redrawn(content: bytes) -> bytes:
    """Return the pixels of a picture and nothing else of it, upright and no wider than is of use."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise PageNotShown("the picture cannot be read") from None
    upright.thumbnail((MOST_PIXELS_WIDE, MOST_PIXELS_WIDE * 3))
    drawn = io.BytesIO()
    upright.save(drawn, "PNG")
    return drawn.getvalue()


def _drawn_apart(content: bytes, page: int) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps({"page": page}).encode() + b"\n" + content,
            capture_output=True,
            timeout=MOST_SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PageNotShown(f"page {page} takes too long") from None
    if done.returncode != 0:
        # Its last words may hold something of the paper.
        raise PageNotShown(f"page {page}: the process ended with {done.returncode}")
    return _redrawn(done.stdout)


def _in_memory(content: bytes) -> int:
    """Return the handle of a file that lives in memory only: nothing of a paper comes onto a disk unsealed."""
    handle = os.memfd_create("paper")
    with os.fdopen(os.dup(handle), "wb") as file:
        file.write(content)
    return handle


def main() -> int:
    """Read which page of which PDF from standard input and write its picture to standard output."""
    import typst

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    asked = json.loads(sys.stdin.buffer.readline())
    paper = _in_memory(sys.stdin.buffer.read())
    sheet = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        f'#image("/{paper}", format: "pdf", page: {int(asked["page"])})'
    )
    # Its types want text and root to be of one kind; the text is bytes, so that no file has to hold it.
    picture: bytes = typst.compile(  # type: ignore[call-overload]  # as the line above says
        sheet.encode(), root="/proc/self/fd", format="png", ppi=DOTS_PER_INCH
    )
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
