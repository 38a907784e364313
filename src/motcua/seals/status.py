"""The status list: one bit for every revocation id, compressed and signed, to be carried offline."""

import os
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from motcua.seals import compression, cose, deterministic
from motcua.seals.compression import NotZlib
from motcua.seals.cose import NotSign1
from motcua.seals.deterministic import NotCbor
from motcua.seals.keys import SigningKey, TrustedKey

IDS_PER_LIST = 2**20
# A list is filled by half only, so that a random id is free at the first or second draw.
ISSUED_PER_LIST = IDS_PER_LIST // 2
LISTS = 2**12
_LIST_BYTES = IDS_PER_LIST // 8
_ISSUER, _EXPIRES, _ISSUED, _LISTS = 1, 4, 6, "lists"


class StatusRefused(ValueError):
    """The bytes are not a status list signed by a trusted key."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """Which ids are revoked, as of ``issued_at``; ``lists`` holds the bits of each list of 2^20 ids."""

    issued_at: datetime
    expires_at: datetime
    key_id: bytes
    lists: Mapping[int, bytes]

    def answer(self, revocation_id: int) -> Literal["revoked", "not revoked", "not listed"]:
        """Look up an id; ``not listed`` means that this list is too old to know the id."""
        number, place = divmod(revocation_id, IDS_PER_LIST)
        bits = self.lists.get(number)
        if bits is None:
            return "not listed"
        return "revoked" if bits[place // 8] >> (place % 8) & 1 else "not revoked"


def random_revocation_id(list_number: int) -> int:
    """Draw an id in a list; random, so that neighbouring ids tell nothing about neighbouring people."""
    return list_number * IDS_PER_LIST + secrets.randbelow(IDS_PER_LIST)


def random_revocation_ids(count: int) -> list[int]:
    """Draw so many ids in the first list, at a tenth of the price of drawing each by itself."""
    drawn = os.urandom(4 * count)
    # The number of ids is a power of two, so that each is drawn as often as any other.
    return [int.from_bytes(drawn[at : at + 4], "big") % IDS_PER_LIST for at in range(0, 4 * count, 4)]


def seal_status(
    *,
    issuer: str,
    list_numbers: Iterable[int],
    revoked: Collection[int],
    issued_at: datetime,
    expires_at: datetime,
    key: SigningKey,
) -> bytes:
    """Sign the list of revoked ids for all lists in use.

    **Size**: about 1.3 bytes for each revoked id, and 130 bytes for an empty list.
    """
    bits = {number: bytearray(_LIST_BYTES) for number in list_numbers}
    for revocation_id in revoked:
        number, place = divmod(revocation_id, IDS_PER_LIST)
        bits[number][place // 8] |= 1 << (place % 8)
    payload = {
        _ISSUER: issuer,
        _EXPIRES: int(expires_at.timestamp()),
        _ISSUED: int(issued_at.timestamp()),
        _LISTS: {number: compression.compress(bytes(each)) for number, each in bits.items()},
    }
    return cose.seal(deterministic.encode(payload), key)


def open_status(encoded: bytes, trusted: Iterable[TrustedKey]) -> StatusList:
    """Verify and unpack a status list; its age is for the caller to judge. Raises ``StatusRefused``."""
    try:
        message = cose.read_ours(encoded)
        content = deterministic.decode_map(message.payload)
    except (NotSign1, NotCbor) as fault:
        raise StatusRefused(str(fault)) from fault
    issued, expires, lists = (content.get(name) for name in (_ISSUED, _EXPIRES, _LISTS))
    if type(issued) is not int or type(expires) is not int or not isinstance(lists, Mapping):
        raise StatusRefused("the content is not that of a status list")
    issued_at = _moment(issued)
    for key in trusted:
        usable = key.key_id == message.key_id and key.refusal(issued_at) is None
        if usable and message.signed_by(key):
            return StatusList(issued_at, _moment(expires), key.key_id, _bits(lists))
    raise StatusRefused("no trusted key signed this status list while it was valid")


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as fault:
        raise StatusRefused(f"{seconds} is not a time") from fault


def _bits(lists: Mapping[object, object]) -> dict[int, bytes]:
    bits = {}
    for number, compressed in lists.items():
        if type(number) is not int or not 0 <= number < LISTS or not isinstance(compressed, bytes):
            raise StatusRefused("the content is not that of a status list")
        try:
            bits[number] = compression.decompress(compressed, _LIST_BYTES)
        except NotZlib as fault:
            raise StatusRefused(f"list {number}: {fault}") from fault
        if len(bits[number]) != _LIST_BYTES:
            raise StatusRefused(f"list {number} has not {IDS_PER_LIST} ids")
    return bits
