"""The program that reads one paper: content on standard input, what is kept of it on standard output.

It runs apart, with little memory and time and without the secrets of the service, so that a file which finds a fault
in a decoder ends a process that holds nothing. It knows neither Django nor the database.
"""

import json
import resource
import struct
import sys

from motcua.vault.checking import limits
from motcua.vault.checking.faults import PaperRefused


def main() -> int:
    """Read the paper and write a line of JSON, then its parts; a refusal is an answer as well."""
    _give_up_what_is_not_needed()
    content = sys.stdin.buffer.read(limits.MOST_BYTES + 1)
    parts: tuple[bytes, ...]
    try:
        answer, parts = _read(content)
    except PaperRefused as refusal:
        answer, parts = {"fault": refusal.fault}, ()
    except MemoryError:
        answer, parts = {"fault": "too_heavy"}, ()
    line = json.dumps({**answer, "parts": [len(part) for part in parts]}).encode()
    sys.stdout.buffer.write(struct.pack("!L", len(line)) + line + b"".join(parts))
    return 0


def _read(content: bytes) -> tuple[dict[str, object], tuple[bytes, ...]]:
    from motcua.vault.checking.kinds_of_file import MEDIA_TYPES, kind_of, refuse_two_in_one

    kind = kind_of(content)
    refuse_two_in_one(content)
    if kind == "pdf":
        from motcua.vault.checking.pdfs import checked_pdf

        # The file itself stays with who asks.
        return {"media_type": MEDIA_TYPES[kind], "pages": checked_pdf(content)}, ()
    from motcua.vault.checking.images import redrawn

    media_type, drawn, thumbnail = redrawn(content, kind)
    return {"media_type": media_type, "pages": 1}, (drawn, thumbnail)


def _give_up_what_is_not_needed() -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
