"""Values in the text form of PostgreSQL's COPY and of its arrays; what carries them is ``events.trips``."""

import json
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any

from motcua.events.trips import Copy, Rows, copy_rows, copy_together, fetch, rows_of, run_together

__all__ = [
    "NULL",
    "Copy",
    "Rows",
    "array_cell",
    "bytes_array_cell",
    "bytes_cell",
    "cell",
    "copy_rows",
    "copy_together",
    "fetch",
    "fresh_id",
    "fresh_ids",
    "json_cell",
    "moment_cell",
    "rows_of",
    "run_together",
    "written_json",
]
NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _writer() -> Callable[[object], str]:
    """Return what writes JSON as ``json.dumps`` does without escaping letters.

    Made once: an encoder with other settings than json's own would be made anew for each text, and its own ``encode``
    makes one in C for each as well, which takes longer than to write what a case holds.
    """
    plain = json.JSONEncoder(ensure_ascii=False)
    # Any: what only CPython has, unknown to the stubs.
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return plain.encode
    parts = make(None, plain.default, encode_basestring, None, ": ", ", ", False, False, True)
    return lambda value: "".join(parts(value, 0))


written_json = _writer()


def cell(text: str) -> str:
    """Write a text as a cell of COPY. A NUL is left to PostgreSQL, which refuses it."""
    # Looking is much quicker than translating, and next to no text has any of them.
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


def json_cell(text: str) -> str:
    """Write JSON made by ``json.dumps``, which leaves no line breaks, as a cell of COPY."""
    return text.replace("\\", "\\\\")


def bytes_cell(content: bytes) -> str:
    """Write bytes as a cell of COPY."""
    return f"\\\\x{content.hex()}"


def moment_cell(moment: datetime | None) -> str:
    """Write a moment as a cell of COPY."""
    return NULL if moment is None else moment.isoformat()


def array_cell(texts: Iterable[str]) -> str:
    """Write texts as an array of PostgreSQL."""
    several = list(texts)
    if not several:
        return "{}"
    # Looking at all at once is much quicker than at each, and next to none has anything to be escaped.
    joined = '","'.join(several)
    if "\\" not in joined and joined.count('"') == 2 * len(several) - 2:
        return f'{{"{joined}"}}'
    return "{" + ",".join([_quoted(text) for text in several]) + "}"


def bytes_array_cell(hexes: Iterable[str]) -> str:
    """Write bytes, given as hexadecimal digits, as an array of PostgreSQL."""
    return "{" + ",".join([f'"\\\\x{digits}"' for digits in hexes]) + "}"


def fresh_ids(count: int) -> list[str]:
    """Return so many random UUIDs (version 4) as PostgreSQL reads them, at a tenth of the price of ``uuid.uuid4``."""
    digits = os.urandom(16 * count).hex()
    return [
        f"{digits[at : at + 12]}4{digits[at + 13 : at + 16]}{_VARIANT[digits[at + 16]]}{digits[at + 17 : at + 32]}"
        for at in range(0, 32 * count, 32)
    ]


def fresh_id() -> str:
    """Return one random UUID (version 4) as Python writes it."""
    (digits,) = fresh_ids(1)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


# The two uppermost bits of the variant are 10, whatever was drawn.
_VARIANT = {digit: "89ab"[at % 4] for at, digit in enumerate("0123456789abcdef")}


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
