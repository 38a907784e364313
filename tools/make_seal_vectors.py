"""Write ``tests/seals/vectors.json``: texts with their answers, on which Python and TypeScript must agree.

Run: ``python tools/make_seal_vectors.py``. Signatures are random, so each run writes another file; it is
written anew only when the format changes, and read in review.
"""

import base64
import json
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from motcua.seals import base45, compression, cose, deterministic
from motcua.seals.keys import SigningKey, generate_key, trusted
from motcua.seals.passes import PREFIX, seal_pass
from motcua.seals.status import seal_status
from motcua.seals.trust import public_key_der, seal_keys

TARGET = Path(__file__).resolve().parents[1] / "tests" / "seals" / "vectors.json"
NOW = datetime(2021, 9, 8, 1, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())
REVOKED_ID, STANDING_ID = 777, 123_456


def claims(revocation_id: int = STANDING_ID, **changes: object) -> dict[int | str, object]:
    """The claims of a travel pass; keyword ``c4`` stands for claim 4."""
    whole: dict[int | str, object] = {
        1: "dn",
        4: SECOND + 14 * 86400,
        5: SECOND,
        6: SECOND,
        7: revocation_id.to_bytes(4, "big"),
        "K": "travel_pass",
        "n": "Nguyễn Thị Hồng Phương Thảo",
        "b": 1987,
        "a": "Toàn thành phố",
        "h": "06:00-22:00",
        "p": "43A1-123.45",
    }
    return {**whole, **{int(name[1:]): value for name, value in changes.items()}}


def packed(message: bytes) -> str:
    """Write a message as text."""
    return PREFIX + base45.encode(compression.compress(message))


def unpacked(text: str) -> bytearray:
    """Read the message of a text."""
    return bytearray(compression.decompress(base45.decode(text.removeprefix(PREFIX)), 65536))


def flipped(text: str, place: int, bit: int) -> str:
    """Flip one bit of the message."""
    message = unpacked(text)
    message[place] ^= 1 << bit
    return packed(bytes(message))


def cases(key: SigningKey, revoked_key: SigningKey, stranger: SigningKey) -> list[dict[str, object]]:
    """Return name, text, moment and reason of every case; ``valid`` is a reason too."""
    good = seal_pass(claims(), key)
    message = unpacked(good)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    mirrored = bytes(message[:-32]) + (order - int.from_bytes(message[-32:], "big")).to_bytes(32, "big")
    unsorted = deterministic.encode(claims())
    swapped = unsorted[:1] + unsorted[5:10] + unsorted[1:5] + unsorted[10:]
    listed = [
        ("valid", good, 60, "valid"),
        ("valid in its first second", good, 0, "valid"),
        (
            "valid, compressed otherwise",
            PREFIX + base45.encode(zlib.compress(bytes(message), 1)),
            60,
            "valid",
        ),
        ("revoked", seal_pass(claims(REVOKED_ID), key), 60, "revoked"),
        ("expired", seal_pass(claims(c4=SECOND + 30), key), 30, "expired"),
        ("not yet valid", seal_pass(claims(c5=SECOND + 3600), key), 60, "not_yet_valid"),
        ("signed before its key was revoked", seal_pass(claims(), revoked_key), 60, "valid"),
        (
            "signed after its key was revoked",
            seal_pass(claims(c6=SECOND + 50), revoked_key),
            60,
            "key_revoked",
        ),
        ("signed by a stranger", seal_pass(claims(), stranger), 60, "unknown_key"),
        ("one bit of a claim flipped", flipped(good, 60, 0), 60, "wrong_signature"),
        ("one bit of the signature flipped", flipped(good, len(message) - 40, 3), 60, "wrong_signature"),
        ("one bit of the key id flipped", flipped(good, 9, 1), 60, "unknown_key"),
        ("another tag", packed(b"\xd1" + bytes(message[1:])), 60, "damaged"),
        ("padded tag", packed(b"\xd8\x12" + bytes(message[1:])), 60, "damaged"),
        ("wrapped in the CWT tag", packed(b"\xd8\x3d" + bytes(message)), 60, "damaged"),
        ("mirrored signature", packed(mirrored), 60, "damaged"),
        (
            "unprotected header",
            packed(bytes(message).replace(b"\xa0\x58", b"\xa1\x05\x01\x58", 1)),
            60,
            "damaged",
        ),
        ("claims out of order", packed(cose.seal(swapped, key)), 60, "damaged"),
        ("claims incomplete", packed(cose.seal(deterministic.encode({4: 1}), key)), 60, "damaged"),
        ("claims no map", packed(cose.seal(b"\x01", key)), 60, "damaged"),
        ("enormous time", packed(cose.seal(deterministic.encode(claims(c4=2**62)), key)), 60, "damaged"),
        ("cut", good[:-4], 60, "damaged"),
        ("a letter more", good + "A", 60, "damaged"),
        ("spaces at the end", good + "   ", 60, "damaged"),
        ("lower case", PREFIX + good[4:].lower(), 60, "damaged"),
        ("bomb", packed(bytes(40_000)), 60, "damaged"),
        ("empty", PREFIX, 60, "damaged"),
        ("another prefix", "HC1:" + good[4:], 60, "not_a_pass"),
        ("lower prefix", "mc1:" + good[4:], 60, "not_a_pass"),
        ("an address", "https://example.org/", 60, "not_a_pass"),
    ]
    return [
        {"name": name, "text": text, "at": SECOND + after, "reason": reason}
        for name, text, after, reason in listed
    ]


def main() -> None:
    """Write the file."""
    root, key = (
        generate_key(now=NOW - timedelta(days=2), name="root"),
        generate_key(now=NOW - timedelta(days=1)),
    )
    revoked_key, stranger = (
        generate_key(now=NOW - timedelta(days=1)),
        generate_key(now=NOW - timedelta(days=1)),
    )
    keys = [trusted(key), trusted(revoked_key, revoked_at=NOW + timedelta(seconds=40))]
    status = seal_status(
        issuer="dn",
        list_numbers=[0, 1],
        revoked={REVOKED_ID},
        issued_at=NOW,
        expires_at=NOW + timedelta(days=1),
        key=key,
    )
    vectors = {
        "root": {
            "key_id": root.key_id.hex(),
            "spki": base64.b64encode(public_key_der(trusted(root))).decode(),
        },
        "bundle": base64.b64encode(seal_keys(keys, root=root, issued_at=NOW)).decode(),
        "status": base64.b64encode(status).decode(),
        "issued_at": SECOND,
        "cases": cases(key, revoked_key, stranger),
    }
    TARGET.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
