"""CBOR in one deterministic form (RFC 8949, 4.2.3: shorter keys first): equal values give equal bytes."""

from collections.abc import Callable, Mapping
from io import BytesIO

import cbor2

MAX_DEPTH = 16
_DATE_TAGS = (0, 1)
_FRAME_TAGS = (18, 61)


class NotCbor(ValueError):
    """The bytes are not one well-formed CBOR item of the kinds we read."""


def encode(value: object) -> bytes:
    """Encode in the shortest form with sorted keys."""
    return cbor2.dumps(value, canonical=True)


def decode(encoded: bytes, *, indefinite: bool = False) -> object:
    """Decode one item that fills the whole input, without repeated keys.

    Indefinite lengths are read on demand: foreign issuers use them within what they sign.

    Other encodings of the same value are accepted (lengths padded with zeros, keys out of order);
    compare with ``encode`` where only one spelling may count. Dates keep their plain content; of the
    other tags only the two of a signed frame are read, because what the library makes of the rest
    (regular expressions, powers, references) is a way to tire it. Raises ``NotCbor``.
    """
    stream = BytesIO(encoded)
    try:
        value: object = cbor2.load(
            stream,
            max_depth=MAX_DEPTH,
            allow_indefinite=indefinite,
            allow_duplicate_keys=False,
            semantic_decoders=_TAGS,
            tag_hook=_frame_tag,
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as fault:
        raise NotCbor(f"not readable as CBOR ({type(fault).__name__})") from fault
    if stream.tell() != len(encoded):
        raise NotCbor("something follows the CBOR item")
    return value


def decode_map(encoded: bytes, *, indefinite: bool = False) -> Mapping[object, object]:
    """Decode one map. Raises ``NotCbor``."""
    value = decode(encoded, indefinite=indefinite)
    if not isinstance(value, Mapping):
        raise NotCbor("another CBOR value stands where a map is expected")
    return value


def _refuse_tag(content: object, immutable: bool) -> object:
    raise NotCbor("a tag that is not read here")


def _plain_content(content: object, immutable: bool) -> object:
    return content


def _frame_tag(tag: cbor2.CBORTag, immutable: bool) -> cbor2.CBORTag:
    if tag.tag not in _FRAME_TAGS:
        raise NotCbor(f"tag {tag.tag} is not read here")
    return tag


_KNOWN_TO_THE_LIBRARY = {*range(300), 1004, 43000, 55799} - {*_FRAME_TAGS}
_TAGS: dict[int, Callable[[object, bool], object]] = {
    **dict.fromkeys(_KNOWN_TO_THE_LIBRARY, _refuse_tag),
    **dict.fromkeys(_DATE_TAGS, _plain_content),
}
