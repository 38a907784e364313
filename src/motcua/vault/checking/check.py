"""Checks a paper that comes in: in a process of its own, with a bound on time, memory and how many at once."""

import hashlib
import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass

from django.conf import settings

from motcua.vault.checking import limits
from motcua.vault.checking.faults import PaperRefused
from motcua.vault.checking.names import checked_name
from motcua.vault.checking.viruses import refuse_viruses

# Two readings at once of one web process: each may take a core and a good part of a gigabyte.
_AT_ONCE = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """What is kept of a paper that passed; ``received_sha256`` is of the file as it was sent.

    ``thumbnail`` is a PNG, empty for a PDF. ``scanned`` tells whether a virus scanner looked at it.
    """

    name: str
    media_type: str
    content: bytes
    thumbnail: bytes
    pages: int
    received_sha256: bytes
    scanned: bool


def check_paper(*, name: str, content: bytes) -> CheckedPaper:
    """Return what is kept of the file; raises ``PaperRefused`` with the reason and the remedy.

    Costs a process of some 0.3 s, more for large images, and never more than ``limits.WITHIN_SECONDS``.
    """
    shown = checked_name(name)
    if not content:
        raise PaperRefused("empty")
    if len(content) > limits.MOST_BYTES:
        raise PaperRefused("too_large")
    answer, parts = _read_apart(content)
    scanner = settings.MOTCUA_CLAMD
    if scanner:
        refuse_viruses(content, scanner=scanner, within_seconds=limits.WITHIN_SECONDS)
    return CheckedPaper(
        name=shown,
        media_type=str(answer["media_type"]),
        content=parts[0] if parts else content,
        thumbnail=parts[1] if parts else b"",
        pages=int(str(answer["pages"])),
        received_sha256=hashlib.sha256(content).digest(),
        scanned=bool(scanner),
    )


def _read_apart(content: bytes) -> tuple[dict[str, object], tuple[bytes, ...]]:
    if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        raise PaperRefused("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "motcua.vault.checking.reading"],
            input=content,
            capture_output=True,
            timeout=limits.WITHIN_SECONDS,
            check=False,
            cwd="/",
            # Neither the address of the database nor any other secret goes along.
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise PaperRefused("too_heavy") from None
    finally:
        _AT_ONCE.release()
    if done.returncode != 0 or len(done.stdout) < 4:
        # Ended by its limits, or by a decoder that fell over the file.
        raise PaperRefused("too_heavy")
    return _parsed(done.stdout)


def _parsed(output: bytes) -> tuple[dict[str, object], tuple[bytes, ...]]:
    (length,) = struct.unpack("!L", output[:4])
    answer: dict[str, object] = json.loads(output[4 : 4 + length])
    if "fault" in answer:
        raise PaperRefused(str(answer["fault"]))
    sizes, at, parts = answer.pop("parts"), 4 + length, []
    assert isinstance(sizes, list)
    for size in sizes:
        parts.append(output[at : at + size])
        at += size
    return answer, tuple(parts)
