"""COSE_Sign1 (RFC 9052): our own messages in one exact form, and those of others as far as they are safe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import cbor2

from motcua.seals import deterministic
from motcua.seals.deterministic import NotCbor
from motcua.seals.keys import KEY_ID_BYTES, SigningKey, TrustedKey, is_mirrored, sign, signature_holds

SIGN1_TAG = 18
CWT_TAG = 61
_ALGORITHM, _KEY_ID = 1, 4
ALGORITHMS: Mapping[int, str] = MappingProxyType({-7: "ES256", -37: "PS256"})
# Our one form, byte by byte: tag 18, four parts, the protected header {1: -7, 4: key id}, an empty map, the payload
# under its shortest length, and a signature of 64 bytes.
_OURS_BEGINS, _HEADER = b"\xd2\x84\x4d\xa2\x01\x26\x04\x48", slice(3, 16)
_KEY_ID_PLACE, _EMPTY_MAP_PLACE, _EMPTY_MAP = slice(8, 16), 16, 0xA0
_SIGNATURE_BEGINS, _SIGNATURE_BYTES = b"\x58\x40", 64
# Where the length of the payload stands if it takes one byte; and what is signed, before the protected header.
_ONE_BYTE_LENGTH, _SIGNED_BEGINS = 18, b"\x84\x6aSignature1\x4d"


class NotSign1(ValueError):
    """The bytes are not a COSE_Sign1 message of the form we accept."""


@dataclass(frozen=True, slots=True)
class Sign1:
    """A message taken apart, not yet verified.

    ``unprotected`` is not signed: anyone can change it without breaking the signature.
    """

    protected: Mapping[object, object]
    protected_bytes: bytes = field(repr=False)
    unprotected: Mapping[object, object]
    payload: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def key_id(self) -> object:
        """The key id of the protected header, or None."""
        return self.protected.get(_KEY_ID)

    @property
    def unsigned_key_id(self) -> object:
        """The key id of the unprotected header, or None; a hint at most."""
        return self.unprotected.get(_KEY_ID)

    @property
    def algorithm(self) -> str | None:
        """The algorithm named; a foreign issuer may name it in the unprotected header."""
        named = self.protected.get(_ALGORITHM, self.unprotected.get(_ALGORITHM))
        return ALGORITHMS.get(named) if isinstance(named, int) else None

    def signed_by(self, key: TrustedKey) -> bool:
        """Check the signature; the key decides the algorithm and the message must name the same one."""
        return self.algorithm == key.algorithm and signature_holds(
            key, self.signature, to_be_signed(self.protected_bytes, self.payload)
        )


def to_be_signed(protected_bytes: bytes, payload: bytes) -> bytes:
    """Build the bytes that the signature covers."""
    # Written by hand, as it is on the path of every check: a list of four, a text of ten letters, three byte strings.
    return b"".join(
        (b"\x84\x6aSignature1", _head(protected_bytes), protected_bytes, b"\x40", _head(payload), payload)
    )


def _head(content: bytes) -> bytes:
    """Return what CBOR writes before a byte string, in the shortest form."""
    length = len(content)
    if length < 24:
        return bytes((0x40 + length,))
    if length < 0x100:
        return bytes((0x58, length))
    if length < 0x10000:
        return b"\x59" + length.to_bytes(2, "big")
    return b"\x5a" + length.to_bytes(4, "big")


def seal(payload: bytes, key: SigningKey) -> bytes:
    """Sign in our one form: tag 18, ES256 and key id protected, nothing unprotected, the small s."""
    # Written by hand, as it is on the path of every pass; ``read_ours`` takes it apart at the same places.
    begins = _OURS_BEGINS + key.key_id
    protected = begins[_HEADER]
    signature = sign(key, to_be_signed(protected, payload))
    return b"".join((begins, b"\xa0", _head(payload), payload, _SIGNATURE_BEGINS, signature))


def read(encoded: bytes) -> Sign1:
    """Take apart a message of another issuer.

    The frame itself must be in its shortest form under tag 18, which tag 61 (CWT) may enclose; what an
    issuer put into headers and payload may be spelt in any order. Raises ``NotSign1``.
    """
    try:
        frame = deterministic.decode(encoded)
    except NotCbor as fault:
        raise NotSign1(str(fault)) from fault
    inner = frame.value if isinstance(frame, cbor2.CBORTag) and frame.tag == CWT_TAG else frame
    if not isinstance(inner, cbor2.CBORTag) or inner.tag != SIGN1_TAG:
        raise NotSign1("the tag is not that of COSE_Sign1 (18)")
    message = _parts(inner.value)
    plain_frame = [message.protected_bytes, inner.value[1], message.payload, message.signature]
    canonical = cbor2.CBORTag(SIGN1_TAG, plain_frame)
    if inner is not frame:
        canonical = cbor2.CBORTag(CWT_TAG, canonical)
    if len(deterministic.encode(canonical)) != len(encoded):
        raise NotSign1("the frame is not in its shortest form")
    return message


def read_ours(encoded: bytes) -> Sign1:
    """Take apart a message of our own form; any other spelling of it is refused. Raises ``NotSign1``."""
    # A message in our form is known by its bytes; whatever is not is read in full, to say what is wrong with it.
    return _cut(encoded) or _read_ours_in_full(encoded)


def cut_ours(encoded: bytes) -> tuple[bytes, bytes, bytes, bytes] | None:
    """Return key id, the bytes that the signature covers, payload and signature of a message plainly in our form.

    None for any other, also for one of ours with a payload too short or too long for a length of one byte.
    """
    payload_ends = len(encoded) - _SIGNATURE_BYTES - len(_SIGNATURE_BEGINS)
    if (
        payload_ends < _ONE_BYTE_LENGTH
        or encoded[: len(_OURS_BEGINS)] != _OURS_BEGINS
        or encoded[_EMPTY_MAP_PLACE : _EMPTY_MAP_PLACE + 2] != b"\xa0\x58"
        or encoded[_ONE_BYTE_LENGTH] != payload_ends - _ONE_BYTE_LENGTH - 1
        or encoded[_ONE_BYTE_LENGTH] < 24
        or encoded[payload_ends:-_SIGNATURE_BYTES] != _SIGNATURE_BEGINS
    ):
        return None
    signature = encoded[-_SIGNATURE_BYTES:]
    if is_mirrored(signature):
        return None
    # What stands before and after the empty map stands so in the bytes to be signed as well.
    signed = b"".join(
        (_SIGNED_BEGINS, encoded[_HEADER], b"\x40", encoded[_EMPTY_MAP_PLACE + 1 : payload_ends])
    )
    return encoded[_KEY_ID_PLACE], signed, encoded[_ONE_BYTE_LENGTH + 1 : payload_ends], signature


def _cut(encoded: bytes) -> Sign1 | None:
    """Cut a message of exactly our form at its known places; None for any other."""
    if not encoded.startswith(_OURS_BEGINS) or len(encoded) < 84 or encoded[_EMPTY_MAP_PLACE] != _EMPTY_MAP:
        return None
    signature_at = len(encoded) - _SIGNATURE_BYTES
    payload_ends = signature_at - len(_SIGNATURE_BEGINS)
    for head_bytes in (2, 1, 3):
        payload = encoded[_EMPTY_MAP_PLACE + 1 + head_bytes : payload_ends]
        if encoded[_EMPTY_MAP_PLACE + 1 : _EMPTY_MAP_PLACE + 1 + head_bytes] == _head(payload):
            break
    else:
        return None
    signature = encoded[signature_at:]
    if encoded[payload_ends:signature_at] != _SIGNATURE_BEGINS or is_mirrored(signature):
        return None
    return Sign1({_ALGORITHM: -7, _KEY_ID: encoded[_KEY_ID_PLACE]}, encoded[_HEADER], {}, payload, signature)


def _read_ours_in_full(encoded: bytes) -> Sign1:
    message = read(encoded)
    key_id = message.key_id
    if (
        message.protected.get(_ALGORITHM) != -7
        or not isinstance(key_id, bytes)
        or len(key_id) != KEY_ID_BYTES
    ):
        raise NotSign1("the protected header does not name ES256 and a key id of 8 bytes")
    if is_mirrored(message.signature):
        raise NotSign1("the signature is the mirror image of the issuer's")
    frame = [deterministic.encode({_ALGORITHM: -7, _KEY_ID: key_id}), {}, message.payload, message.signature]
    if deterministic.encode(cbor2.CBORTag(SIGN1_TAG, frame)) != encoded:
        raise NotSign1("the message is not spelt as we spell it")
    return message


def _parts(content: object) -> Sign1:
    if not isinstance(content, tuple | list) or len(content) != 4:
        raise NotSign1("the message has not four parts")
    protected_bytes, unprotected, payload, signature = content
    if not isinstance(protected_bytes, bytes) or not isinstance(unprotected, Mapping):
        raise NotSign1("the headers are not a byte string and a map")
    if not isinstance(payload, bytes) or not isinstance(signature, bytes):
        raise NotSign1("payload and signature are not byte strings")
    try:
        protected = deterministic.decode_map(protected_bytes) if protected_bytes else {}
    except NotCbor as fault:
        raise NotSign1(f"the protected header is not readable: {fault}") from fault
    return Sign1(protected, protected_bytes, unprotected, payload, signature)
