"""The signed account of a bulk filing: what was handed in, what was filed, what came of it.

A COSE_Sign1 message by the key that signs passes. Its payload begins with a name of its own, so that no
manifest can be taken for a pass, nor a pass for a manifest.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from motcua.seals import cose, deterministic
from motcua.seals.keys import SigningKey, TrustedKey

KIND = "motcua bulk filing 1"
HEADING = "row,case,answer\r\n"


class ManifestRefused(ValueError):
    """The manifest is not ours, was changed, or does not fit the files it is shown with."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a manifest says. Hashes are SHA-256; ``counts`` are granted, refused, referred, failed, left out."""

    upload: str
    procedure: str
    revision: int
    revision_sha256: str
    firm: str
    file_sha256: bytes
    rows_sha256: bytes
    rows: int
    counts: Mapping[str, int]
    complete: bool
    confirmed_at: datetime
    finished_at: datetime


_SHAPE = TypeAdapter(Account)


def filed_rows(rows: Iterable[tuple[int, str, str]]) -> bytes:
    """Return row, case number and answer of everything filed as the CSV that the manifest seals."""
    return (HEADING + "".join(f"{line},{number},{answer}\r\n" for line, number, answer in rows)).encode()


def seal_account(account: Account, key: SigningKey) -> bytes:
    """Sign the account."""
    content = {
        "upload": account.upload,
        "procedure": account.procedure,
        "revision": account.revision,
        "revision_sha256": account.revision_sha256,
        "firm": account.firm,
        "file_sha256": account.file_sha256,
        "rows_sha256": account.rows_sha256,
        "rows": account.rows,
        "counts": dict(account.counts),
        "complete": account.complete,
        "confirmed_at": int(account.confirmed_at.timestamp()),
        "finished_at": int(account.finished_at.timestamp()),
    }
    return cose.seal(deterministic.encode([KIND, content]), key)


def open_account(encoded: bytes, keys: Sequence[TrustedKey]) -> Account:
    """Verify the signature and return what the manifest says; raises ``ManifestRefused``."""
    try:
        message = cose.read_ours(encoded)
    except cose.NotSign1 as fault:
        raise ManifestRefused(f"this is no manifest: {fault}") from fault
    key = next((each for each in keys if each.key_id == message.key_id), None)
    if key is None:
        raise ManifestRefused("it is signed by a key that is not known here")
    if not message.signed_by(key):
        raise ManifestRefused("the signature does not hold: the manifest was changed")
    account = _account(message.payload)
    signed_in_time = key.not_before <= account.finished_at <= key.not_after
    if not signed_in_time or (key.revoked_at is not None and key.revoked_at <= account.finished_at):
        raise ManifestRefused("its key did not sign at that time, or was revoked")
    return account


def _account(payload: bytes) -> Account:
    try:
        match deterministic.decode(payload):
            case [kind, content] if kind == KIND:
                return _SHAPE.validate_python(content)
    except (deterministic.NotCbor, ValidationError) as fault:
        raise ManifestRefused("the message is signed, and is not a manifest") from fault
    raise ManifestRefused("the message is signed, and is not a manifest")


def compare(account: Account, *, handed_in: bytes | None, rows: bytes | None) -> None:
    """Hold the files against the account; raises ``ManifestRefused`` naming the one that differs."""
    if handed_in is not None and hashlib.sha256(handed_in).digest() != account.file_sha256:
        raise ManifestRefused("the list is not the one that was handed in")
    if rows is not None and hashlib.sha256(rows).digest() != account.rows_sha256:
        raise ManifestRefused("the rows are not the ones that were filed")
