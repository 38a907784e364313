"""Base45 (RFC 9285), strict: every accepted text is the only text of its bytes."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


class NotBase45(ValueError):
    """The text has a letter outside the alphabet, or a group that stands for no bytes."""


def encode(content: bytes) -> str:
    """Write two bytes as three letters, a last single byte as two."""
    letters: list[str] = []
    for at in range(0, len(content) - 1, 2):
        high, rest = divmod(content[at] * 256 + content[at + 1], 45 * 45)
        letters += ALPHABET[rest % 45], ALPHABET[rest // 45], ALPHABET[high]
    if len(content) % 2:
        letters += ALPHABET[content[-1] % 45], ALPHABET[content[-1] // 45]
    return "".join(letters)


def decode(text: str) -> bytes:
    """Read what ``encode`` writes; lower case and added spaces are refused. Raises ``NotBase45``."""
    try:
        values = [_VALUES[letter] for letter in text]
    except KeyError as fault:
        raise NotBase45("a letter outside the alphabet of Base45") from fault
    if len(values) % 3 == 1:
        raise NotBase45("one letter stands alone at the end; the text is cut")
    content = bytearray()
    whole = len(values) - len(values) % 3
    for at in range(0, whole, 3):
        number = values[at] + 45 * values[at + 1] + 2025 * values[at + 2]
        if number > 0xFFFF:
            raise NotBase45("three letters stand for more than two bytes")
        content += number.to_bytes(2, "big")
    if whole < len(values):
        number = values[whole] + 45 * values[whole + 1]
        if number > 0xFF:
            raise NotBase45("the last two letters stand for more than one byte")
        content.append(number)
    return bytes(content)
