"""Which characters a shipped font can draw, read from its own character map."""

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

NOT_DRAWN = "?"


@lru_cache(maxsize=8)
def drawable(font: Path) -> frozenset[int]:
    """Return the code points of the font's Unicode map (``cmap`` format 4, platform 3 or 0).

    Raises ``ValueError`` for a font without such a map.
    """
    content = font.read_bytes()
    (count,) = struct.unpack_from(">H", content, 4)
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", content, 12 + 16 * index)
        if tag == b"cmap":
            return _code_points(content[offset:])
    raise ValueError(f"{font.name} has no character map")


def _code_points(cmap: bytes) -> frozenset[int]:
    (count,) = struct.unpack_from(">H", cmap, 2)
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * index)
        (kind,) = struct.unpack_from(">H", cmap, offset)
        if kind == 4:
            return _segments(cmap[offset:])
    raise ValueError("the font's character map has no format 4 table")


def _segments(table: bytes) -> frozenset[int]:
    (doubled,) = struct.unpack_from(">H", table, 6)
    points: set[int] = set()
    for position in range(0, doubled, 2):
        (end,) = struct.unpack_from(">H", table, 14 + position)
        (start,) = struct.unpack_from(">H", table, 16 + doubled + position)
        (shift,) = struct.unpack_from(">H", table, 16 + 2 * doubled + position)
        range_at = 16 + 3 * doubled + position
        (range_offset,) = struct.unpack_from(">H", table, range_at)
        for point in range(start, end + 1):
            glyph = point + shift
            if range_offset:
                (glyph,) = struct.unpack_from(">H", table, range_at + range_offset + 2 * (point - start))
            if glyph & 0xFFFF and point != 0xFFFF:
                points.add(point)
    return frozenset(points)


def drawn(text: str, points: frozenset[int]) -> str:
    """Return ``text`` in NFC as the font can draw it; what it lacks becomes ``?``, what is unseen goes.

    PDF/A forbids a missing glyph, so one such character in a name would otherwise fail the whole page.
    """
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        if letter in "\n\t":
            kept.append(letter)
        elif unicodedata.category(letter) in {"Cc", "Cf", "Cs"}:
            continue
        else:
            kept.append(letter if ord(letter) in points else NOT_DRAWN)
    return "".join(kept)
