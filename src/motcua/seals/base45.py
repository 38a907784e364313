"""Base45 (RFC 9285), strict: every accepted text is the only text of its bytes."""

from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_NO_VALUE = 0xFF
# The value of each letter at the place of its code, for ``bytes.translate``.
_VALUES = bytes(ALPHABET.find(chr(code)) & _NO_VALUE for code in range(256))


class NotBase45(ValueError):
    """The text has a letter outside the alphabet, or a group that stands for no bytes."""


def encode(content: bytes) -> str:
    """Write two bytes as three letters, a last single byte as two.

    All pairs at once, as lanes of eight bytes of one large number: to divide by a constant is to multiply by a part of
    a power of two, which is exact for numbers of two bytes. A table of all pairs is slower, because it fits no cache.
    """
    count = len(content) // 2
    spread = bytearray(8 * count)
    spread[6::8], spread[7::8] = content[0 : 2 * count : 2], content[1 : 2 * count : 2]
    pairs = int.from_bytes(spread, "big")
    high = (pairs * _BY_2025).to_bytes(8 * count, "big")[3::8]
    rest = pairs - 2025 * _lowest(high)
    middle = (rest * _BY_45).to_bytes(8 * count, "big")[5::8]
    low = (rest - 45 * _lowest(middle)).to_bytes(8 * count, "big")[7::8]
    letters = bytearray(3 * count)
    letters[0::3], letters[1::3], letters[2::3] = low, middle, high
    text = letters.translate(_LETTERS).decode("ascii")
    if len(content) % 2:
        text += ALPHABET[content[-1] % 45] + ALPHABET[content[-1] // 45]
    return text


# The quotients by 2025 and by 45 in units of 2 to the 32nd and to the 16th, rounded up.
_BY_2025, _BY_45 = -(-(1 << 32) // 2025), -(-(1 << 16) // 45)
_LETTERS = ALPHABET.encode().ljust(256, b" ")


def _lowest(each: bytes) -> int:
    """Return the number that holds each byte in the lowest place of a lane of eight."""
    spread = bytearray(8 * len(each))
    spread[7::8] = each
    return int.from_bytes(spread, "big")


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
    content = _pairs(values[:whole])
    if whole < len(values):
        number = values[whole] + 45 * values[whole + 1]
        if number > 0xFF:
            raise NotBase45("the last two letters stand for more than one byte")
        return content + bytes((number,))
    return content


def _pairs(values: bytes) -> bytes:
    """Return two bytes for each low + 45 mid + 2025 high, all groups at once as lanes of one large number.

    This stands on the path of every check; group by group it takes ten times as long. A lane has the three bytes of
    its group: the largest, 91 124, fits into it, and its upmost byte must be empty.
    """
    count = len(values) // 3
    number, lowest = int.from_bytes(values, "big"), _lowest_of_lanes(count)
    lanes = (number >> 16 & lowest) + 45 * (number >> 8 & lowest) + 2025 * (number & lowest)
    spread = lanes.to_bytes(3 * count, "big")
    if spread[0::3].count(0) != count:
        raise NotBase45("three letters stand for more than two bytes")
    content = bytearray(2 * count)
    content[0::2], content[1::2] = spread[1::3], spread[2::3]
    return bytes(content)


@lru_cache(maxsize=64)
def _lowest_of_lanes(count: int) -> int:
    """Return the number whose lanes of three bytes are all 255; texts of passes have a few dozen lengths."""
    return int.from_bytes(b"\x00\x00\xff" * count, "big")
