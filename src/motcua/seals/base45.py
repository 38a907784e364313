"""Base45 (RFC 9285), strict: every accepted text is the only text of its bytes."""

import struct
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_NO_VALUE = 0xFF
# The value of each letter at the place of its code, for ``bytes.translate``.
_VALUES = bytes(ALPHABET.find(chr(code)) & _NO_VALUE for code in range(256))


class NotBase45(ValueError):
    """The text has a letter outside the alphabet, or a group that stands for no bytes."""


def encode(content: bytes) -> str:
    """Write two bytes as three letters, a last single byte as two."""
    pairs = struct.unpack_from(f">{len(content) // 2}H", content)
    text = "".join(map(_groups().__getitem__, pairs))
    if len(content) % 2:
        text += ALPHABET[content[-1] % 45] + ALPHABET[content[-1] // 45]
    return text


@lru_cache(maxsize=1)
def _groups() -> list[str]:
    """Return the three letters of every two bytes: 4 MB, made once, by which a pass is written ten times as fast."""
    count = 1 << 16
    letters = bytearray(3 * count)
    each, row = ALPHABET.encode(), 45 * 45
    low, middle = each * (count // 45 + 1), b"".join(each[at : at + 1] * 45 for at in range(45))
    high = b"".join(each[at : at + 1] * row for at in range(45))
    letters[0::3], letters[1::3] = low[:count], (middle * (count // row + 1))[:count]
    letters[2::3] = high[:count]
    text = letters.decode("ascii")
    return [text[at : at + 3] for at in range(0, 3 * count, 3)]


def decode(text: str) -> bytes:
    """Read what ``encode`` writes; lower case and added spaces are refused. Raises ``NotBase45``."""
    try:
        values = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError as fault:
        raise NotBase45("a letter outside the alphabet of Base45") from fault
    if _NO_VALUE in values:
        raise NotBase45("a letter outside the alphabet of Base45")
    if len(values) % 3 == 1:
        raise NotBase45("one letter stands alone at the end; the text is cut")
    whole = len(values) - len(values) % 3
    content = _pairs(values[0:whole:3], values[1:whole:3], values[2:whole:3])
    if whole < len(values):
        number = values[whole] + 45 * values[whole + 1]
        if number > 0xFF:
            raise NotBase45("the last two letters stand for more than one byte")
        return content + bytes((number,))
    return content


def _pairs(low: bytes, mid: bytes, high: bytes) -> bytes:
    """Return two bytes for each low + 45 mid + 2025 high, all groups at once as lanes of one large number.

    This stands on the path of every check; group by group it takes five times as long. A lane has four bytes, so that
    no group can spill into the next, and the upper two of each must be empty.
    """
    lanes = _lanes(low) + 45 * _lanes(mid) + 2025 * _lanes(high)
    spread = lanes.to_bytes(4 * len(low), "big")
    # The upmost byte of four is never reached: the largest group is 91 124.
    if spread[1::4].count(0) != len(low):
        raise NotBase45("three letters stand for more than two bytes")
    content = bytearray(2 * len(low))
    content[0::2], content[1::2] = spread[2::4], spread[3::4]
    return bytes(content)


def _lanes(values: bytes) -> int:
    spread = bytearray(4 * len(values))
    spread[3::4] = values
    return int.from_bytes(spread, "big")
