"""The frame of a PDF, read without a parser: where it begins and ends, and what its streams unpack to.

Each stream is unpacked here with a bound, those of earlier revisions and of objects included, before anything
that unpacks without one sees the file.
"""

import re
import zlib

from motcua.vault.checking import limits
from motcua.vault.checking.faults import PaperRefused

_STREAM = re.compile(rb"stream\r?\n")
_END = re.compile(rb"%%EOF[\s\0]*\Z")
# A name may spell any letter as #xx, in a revision that a newer one hides as well.
_SPELLED = re.compile(rb"/[A-Za-z#][A-Za-z0-9#]{3,60}")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
# Names long enough not to stand in packed bytes by chance; the parser sees the short ones.
_ACTIVE_NAMES = {
    b"/JavaScript": "pdf_script",
    b"/Launch": "pdf_launch",
    b"/EmbeddedFile": "pdf_embedded",
    b"/EmbeddedFiles": "pdf_embedded",
    b"/FileAttachment": "pdf_embedded",
    b"/SubmitForm": "pdf_external",
    b"/ImportData": "pdf_external",
    b"/RichMedia": "pdf_media",
}
_CHUNK = 1024 * 1024


def refuse_frame(content: bytes) -> None:
    """Raise ``PaperRefused`` for a file that does not end as a PDF, names what is active, or unpacks to too much."""
    if b"%%EOF" not in content:
        raise PaperRefused("pdf_damaged")
    if _END.search(content[-4096:]) is None:
        raise PaperRefused("with_more")
    for name in set(_SPELLED.findall(content)):
        plain = _HEX.sub(lambda spelled: bytes([int(spelled[1], 16)]), name) if b"#" in name else name
        if plain in _ACTIVE_NAMES:
            raise PaperRefused(_ACTIVE_NAMES[plain])
    _refuse_bombs(content)


def _refuse_bombs(content: bytes) -> None:
    left = limits.MOST_UNPACKED_BYTES
    for count, begin in enumerate(_STREAM.finditer(content)):
        if count > limits.MOST_STREAMS:
            raise PaperRefused("pdf_bomb")
        if not looks_deflated(content[begin.end() : begin.end() + 2]):
            continue
        left -= unpacked_size(content, begin.end(), min(left, limits.MOST_STREAM_BYTES))
        if left <= 0:
            raise PaperRefused("pdf_bomb")


def looks_deflated(head: bytes) -> bool:
    """Tell whether a stream with these first two bytes is one that :func:`refuse_frame` has unpacked."""
    return len(head) == 2 and head[0] & 0x0F == 8 and int.from_bytes(head, "big") % 31 == 0


def unpacked_size(content: bytes, at: int, most: int) -> int:
    """Return how many bytes the deflated stream at ``at`` unpacks to, counted without keeping them.

    Raises ``PaperRefused`` past ``most``. What is no such stream counts as far as it goes.
    """
    unpacker, size = zlib.decompressobj(), 0
    packed = memoryview(content)[at:]
    try:
        while len(packed) and not unpacker.eof:
            size += len(unpacker.decompress(packed[:65_536], _CHUNK))
            while unpacker.unconsumed_tail and size <= most:
                size += len(unpacker.decompress(unpacker.unconsumed_tail, _CHUNK))
            if size > most:
                raise PaperRefused("pdf_bomb")
            packed = packed[65_536:]
    except zlib.error:
        return size
    return size
