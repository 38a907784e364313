"""A hash chain in lanes: every entry is bound to the one before it, and heads kept elsewhere bind the end."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from motcua.seals import deterministic
from motcua.seals.keys import SigningKey, TrustedKey, sign, signature_holds

GENESIS = bytes(32)
"""What stands before the first entry of a lane."""

HEADS_PREFIX = "MCH1:"
_HEAD = re.compile(r"([0-9]{1,9})\.([0-9]{1,18})\.([0-9a-f]{64})")

Fault = Literal["changed", "missing", "inserted", "rewritten"]


class BodyNotPlain(TypeError):
    """A body holds a value that would not come back the same from storage."""


class HeadsNotReadable(ValueError):
    """A text of heads is mistyped, or its signature is absent or wrong."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a lane at some moment; ``sequence`` 0 is an empty lane."""

    lane: int
    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """One stored entry, as it is found."""

    lane: int
    sequence: int
    recorded_at_us: int
    body: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class BadEntry:
    """The first entry that is not what it should be, and why, as a sentence."""

    lane: int
    sequence: int
    fault: Fault
    because: str

    def __str__(self) -> str:
        return f"lane {self.lane}, entry {self.sequence}: {self.fault}; {self.because}"


def canonical_body(body: Mapping[str, object]) -> bytes:
    """Encode a JSON-like body in its one form.

    Numbers are integers only: a fraction does not survive every store unchanged. Raises ``BodyNotPlain``.
    """
    _refuse_what_is_not_plain(body, "body")
    return deterministic.encode(dict(body))


def _refuse_what_is_not_plain(value: object, where: str) -> None:
    if value is None or isinstance(value, str | int):
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise BodyNotPlain(f"{where}: the key {key!r} is not a text")
            _refuse_what_is_not_plain(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            _refuse_what_is_not_plain(inner, f"{where}[{place}]")
    else:
        raise BodyNotPlain(
            f"{where}: a {type(value).__name__} cannot be kept in the ledger; write a text or an integer"
        )


def entry_hash(
    previous: bytes, lane: int, sequence: int, recorded_at_us: int, canonical_body: bytes
) -> bytes:
    """Hash an entry together with its place and the entry before it (``GENESIS`` before the first)."""
    # Written by hand, as it is on the path of every event: a list of two byte strings and three numbers between.
    sealed = b"".join(
        (
            b"\x85",
            _head(0x40, len(previous)),
            previous,
            _whole(lane),
            _whole(sequence),
            _whole(recorded_at_us),
            _head(0x40, len(canonical_body)),
            canonical_body,
        )
    )
    return hashlib.sha256(sealed).digest()


def linked(lane: int, recorded_at_us: int) -> Callable[[bytes, int, bytes], bytes]:
    """Return what :func:`entry_hash` is for the entries of a lane that tell of one moment.

    It takes the hash before, which has 32 bytes, the sequence and the body.
    """
    begins, lane_written, at = b"\x85" + _head(0x40, len(GENESIS)), _whole(lane), _whole(recorded_at_us)

    def hashed(previous: bytes, sequence: int, canonical_body: bytes) -> bytes:
        size = _head(0x40, len(canonical_body))
        sealed = b"".join((begins, previous, lane_written, _whole(sequence), at, size, canonical_body))
        return hashlib.sha256(sealed).digest()

    return hashed


def _whole(number: int) -> bytes:
    return _head(0, number) if 0 <= number < 1 << 64 else deterministic.encode(number)


def _head(kind: int, number: int) -> bytes:
    """Return what CBOR writes for a number or before a byte string, in the shortest form."""
    if number < 24:
        return bytes((kind + number,))
    if number < 1 << 8:
        return bytes((kind + 24, number))
    if number < 1 << 16:
        return bytes((kind + 25,)) + number.to_bytes(2, "big")
    if number < 1 << 32:
        return bytes((kind + 26,)) + number.to_bytes(4, "big")
    return bytes((kind + 27,)) + number.to_bytes(8, "big")


def format_heads(heads: Iterable[Head], key: SigningKey | None = None) -> str:
    """Write heads as one line of text to be kept elsewhere, signed when a key is given."""
    listed = ",".join(
        f"{head.lane}.{head.sequence}.{head.hash.hex()}"
        for head in sorted(heads, key=lambda head: (head.lane, head.sequence))
    )
    text = HEADS_PREFIX + listed
    if key is None:
        return text
    signature = base64.urlsafe_b64encode(sign(key, text.encode())).decode().rstrip("=")
    return f"{text};{key.key_id.hex()};{signature}"


def parse_heads(
    text: str, trusted: Sequence[TrustedKey] | None = None, at: datetime | None = None
) -> tuple[Head, ...]:
    """Read heads; with ``trusted`` keys, only if one of them that is valid ``at`` signed the text.

    Raises ``HeadsNotReadable``.
    """
    listed, *seal = text.strip().split(";")
    if not listed.startswith(HEADS_PREFIX) or len(seal) not in (0, 2):
        raise HeadsNotReadable(f"a text of heads begins with {HEADS_PREFIX} and is one line; copy it whole")
    if trusted is not None:
        _refuse_wrong_seal(listed, seal, trusted, at)
    heads = []
    for part in filter(None, listed.removeprefix(HEADS_PREFIX).split(",")):
        found = _HEAD.fullmatch(part)
        if found is None:
            raise HeadsNotReadable(f"{part[:40]!r} is not lane.entry.hash; copy the text again")
        heads.append(Head(int(found[1]), int(found[2]), bytes.fromhex(found[3])))
    return tuple(heads)


def _refuse_wrong_seal(
    listed: str, seal: list[str], trusted: Sequence[TrustedKey], at: datetime | None
) -> None:
    if not seal:
        raise HeadsNotReadable("the heads are not signed")
    try:
        signature = base64.b64decode(seal[1] + "=" * (-len(seal[1]) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as fault:
        raise HeadsNotReadable("the signature of the heads is mistyped; copy the text again") from fault
    for key in trusted:
        usable = at is None or key.refusal(at) is None
        if usable and key.key_id.hex() == seal[0] and signature_holds(key, signature, listed.encode()):
            return
    raise HeadsNotReadable("the signature of the heads is by no key trusted here, or the text was altered")


def verify_chain(entries: Iterable[ChainEntry], heads: Iterable[Head] = ()) -> BadEntry | None:
    """Name the first bad entry, or None when every lane is whole and passes through every head.

    **Shape**: within a lane, entries come in the order in which they are stored; lanes may be mixed.
    Without heads a cut tail and a chain that was recomputed from some entry on are not found.
    Memory is one hash per lane and head, so the ledger may be a stream.
    """
    wanted: dict[tuple[int, int], bytes] = {}
    for head in heads:
        if wanted.setdefault((head.lane, head.sequence), head.hash) != head.hash:
            return BadEntry(head.lane, head.sequence, "rewritten", "two heads for this entry differ")
    last: dict[int, tuple[int, bytes]] = {}
    for entry in entries:
        sequence, previous = last.get(entry.lane, (0, GENESIS))
        bad = _fault_of(entry, sequence, previous) or _fault_at_head(entry, wanted)
        if bad is not None:
            return bad
        last[entry.lane] = (entry.sequence, entry.hash)
    return _cut_tail(wanted, {lane: sequence for lane, (sequence, _) in last.items()})


def _fault_of(entry: ChainEntry, last_sequence: int, previous: bytes) -> BadEntry | None:
    expected = last_sequence + 1
    if entry.sequence > expected:
        return BadEntry(entry.lane, expected, "missing", f"the next entry found is {entry.sequence}")
    if entry.sequence < expected:
        return BadEntry(entry.lane, entry.sequence, "inserted", f"it stands after entry {last_sequence}")
    if entry_hash(previous, entry.lane, entry.sequence, entry.recorded_at_us, entry.body) != entry.hash:
        return BadEntry(entry.lane, entry.sequence, "changed", "its content does not give its hash")
    return None


def _fault_at_head(entry: ChainEntry, wanted: Mapping[tuple[int, int], bytes]) -> BadEntry | None:
    kept = wanted.get((entry.lane, entry.sequence))
    if kept is None or kept == entry.hash:
        return None
    agreed = max((s for lane, s in wanted if lane == entry.lane and s < entry.sequence), default=0)
    return BadEntry(
        entry.lane,
        entry.sequence,
        "rewritten",
        f"the head kept elsewhere is another hash; the chain was recomputed after entry {agreed}",
    )


def _cut_tail(wanted: Mapping[tuple[int, int], bytes], last: Mapping[int, int]) -> BadEntry | None:
    for lane, sequence in sorted(wanted):
        if sequence > last.get(lane, 0):
            return BadEntry(
                lane,
                last.get(lane, 0) + 1,
                "missing",
                f"the lane ends before it, but a head kept elsewhere reaches entry {sequence}",
            )
        if sequence == 0 and wanted[lane, 0] != GENESIS:
            return BadEntry(lane, 0, "rewritten", "the head of an empty lane is not all zeros")
    return None


def chain(lane: int, bodies: Iterable[tuple[int, bytes]], head: Head | None = None) -> list[ChainEntry]:
    """Append bodies, each with its ``recorded_at_us``, to a lane after ``head`` and return their entries."""
    entries: list[ChainEntry] = []
    sequence, previous = (head.sequence, head.hash) if head else (0, GENESIS)
    for recorded_at_us, body in bodies:
        sequence += 1
        previous = entry_hash(previous, lane, sequence, recorded_at_us, body)
        entries.append(ChainEntry(lane, sequence, recorded_at_us, body, previous))
    return entries
