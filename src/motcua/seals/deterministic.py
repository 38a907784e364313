"""CBOR in its one deterministic form (RFC 8949, section 4.2): the same value always gives the same bytes."""

from __future__ import annotations

import cbor2

MAX_DEPTH = 16


class NotCbor(ValueError):
    """The bytes are not one well-formed CBOR item of the kinds we read."""


def encode(value: object) -> bytes:
    """Encode in the shortest form with sorted keys."""
    return cbor2.dumps(value, canonical=True)


def decode(encoded: bytes) -> object:
    """Decode one item that fills the whole input, without indefinite lengths or repeated keys.

    Other encodings of the same value are accepted (lengths padded with zeros, keys out of order);
    compare with ``encode`` where only one spelling may count. Raises ``NotCbor``.
    """
    try:
        return cbor2.loads(encoded, max_depth=MAX_DEPTH, allow_indefinite=False, allow_duplicate_keys=False)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, ArithmeticError) as fault:
        raise NotCbor(f"not readable as CBOR: {type(fault).__name__}") from fault
