"""CBOR in one deterministic form (RFC 8949, 4.2.3: shorter keys first): equal values give equal bytes."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

import cbor2

MAX_DEPTH = 16
_DATE_TAGS = (0, 1)
_FRAME_TAGS = (18, 61)
_NAMES = frozenset({str, int})
_FLAT = frozenset({str, int, bytes, bool, type(None)})


class NotCbor(ValueError):
    """The bytes are not one well-formed CBOR item of the kinds we read."""


def encode(value: object) -> bytes:
    """Encode in the shortest form with sorted keys."""
    return cbor2.dumps(value, canonical=True)


def encode_map(value: Mapping[int | str, object]) -> bytes:
    """Encode a map whose keys are numbers and texts, as ``encode`` does; made for the path of every pass."""
    if not _FLAT.issuperset(map(type, value.values())) or not _NAMES.issuperset(map(type, value)):
        return encode(dict(value))
    # In this order the plain encoder writes the same in half the time: it differs in order and in floats only.
    return cbor2.dumps({name: value[name] for name in _ordered(tuple(value))})


@lru_cache(maxsize=512)
def _ordered(names: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return map keys in the deterministic order; the same few layouts come again and again."""
    written = sorted(((encode(name), name) for name in names), key=lambda each: (len(each[0]), each[0]))
    return tuple(name for _, name in written)


def decode_spelt(encoded: bytes) -> dict[int | str, object]:
    """Decode one map that is written exactly as ``encode`` writes it, its keys numbers and texts. Raises ``NotCbor``.

    Stands on the path of every check, and is made for it.
    """
    try:
        value = cbor2.loads(encoded, **_STRICT)
    except _FAULTS as fault:
        raise NotCbor(f"not readable as CBOR ({type(fault).__name__})") from fault
    if type(value) is not dict:
        raise NotCbor("another CBOR value stands where a map is expected")
    # Whatever follows the item, and every other spelling of it, comes out as other bytes.
    if not _NAMES.issuperset(map(type, value)) or _spelt(value) != encoded:
        raise NotCbor("the map is not in its one form")
    return value


def _spelt(value: dict[int | str, object]) -> bytes:
    if _FLAT.issuperset(map(type, value.values())) and _in_order(tuple(value)):
        # In this order the plain encoder writes the same in half the time: it differs in order and in floats only.
        return cbor2.dumps(value)
    return encode(value)


@lru_cache(maxsize=512)
def _in_order(names: tuple[object, ...]) -> bool:
    """Tell whether map keys stand in the deterministic order; the same few layouts come again and again.

    Only for numbers and texts: to the cache ``True`` and ``1`` would be one key.
    """
    written = [encode(name) for name in names]
    return written == sorted(written, key=lambda each: (len(each), each))


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
        value: object = cbor2.load(stream, **{**_STRICT, "allow_indefinite": indefinite})
    except _FAULTS as fault:
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
# Any: the options of the decoder, each of another type.
_STRICT: dict[str, Any] = {
    "max_depth": MAX_DEPTH,
    "allow_indefinite": False,
    "allow_duplicate_keys": False,
    "semantic_decoders": _TAGS,
    "tag_hook": _frame_tag,
}
_FAULTS = (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError)
