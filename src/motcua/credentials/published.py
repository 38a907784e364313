"""What is published as files: signed, named by their content, so that a CDN or any web server can carry them.

``newest.json`` is the short pointer that is asked again and again; the files that it names never change.
"""

import base64
import contextlib
import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from motcua.credentials.models import CredentialKey, KeyBundle, StatusList
from motcua.credentials.queries import KeyView, NothingPublished, keys, published_keys, published_status_list

POINTER = "newest.json"
# A scanner asks for the pointer when it synchronises: a revocation is on its way after so many seconds at most.
POINTER_SECONDS = 10
STABLE_SECONDS = 60
IMMUTABLE = "public, max-age=31536000, immutable"
SIGNED_TYPE, JSON_TYPE = "application/cwt", "application/json"
_KEEP_FOR = timedelta(days=7)
_LONGEST_NAME = 100
# Compressed beside the file only where that saves a tenth of more than fits one packet anyway.
_WORTH, _SHORT = 0.9, 1000


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file as it is sent: its name, type, moment of making, and for how long others may keep it."""

    name: str
    content: bytes
    content_type: str
    made_at: datetime
    cache_control: str

    @property
    def compressed(self) -> bytes | None:
        """The content under gzip, the same bytes every time; None where that saves little."""
        if len(self.content) < _SHORT:
            return None
        smaller = gzip.compress(self.content, 9, mtime=0)
        return smaller if len(smaller) < _WORTH * len(self.content) else None


def newest_files() -> tuple[PublishedFile, ...]:
    """Return the status list, the bundle of keys, the keys in plain words, and last the pointer to them.

    Raises ``NothingPublished``. Three queries.
    """
    status, bundle = published_status_list(), published_keys()
    plain = plain_keys(bundle.content, bundle.issued_at, keys())
    files = (
        _immutable("status", "cwt", status.content, SIGNED_TYPE, status.issued_at),
        _immutable("keys", "cwt", bundle.content, SIGNED_TYPE, bundle.issued_at),
        _immutable("keys", "json", plain, JSON_TYPE, bundle.issued_at),
    )
    return (*files, _pointer(files))


def newest_stamp() -> tuple[object, ...]:
    """Return what changes whenever ``newest_files`` would: the newest rows, and when keys were revoked. Two queries."""
    lists = StatusList.objects.order_by("-issued_at", "-pk").values_list("pk", flat=True)[:1]
    bundles = KeyBundle.objects.order_by("-issued_at", "-pk").values_list("pk", flat=True)[:1]
    changed = CredentialKey.objects.order_by("key_id").values_list("key_id", "retired_at", "revoked_at")
    return (*lists, None, *bundles, *((bytes(key), retired, revoked) for key, retired, revoked in changed))


def file_named(name: str) -> PublishedFile:
    """Return the file of this name: the pointer, or one of the last lists and bundles. Raises ``NothingPublished``.

    Who read the pointer a moment ago still finds what it named.
    """
    if len(name) > _LONGEST_NAME:
        raise NothingPublished("no file has such a name")
    for file in newest_files():
        if file.name == name:
            return file
    for kind, rows in (
        ("status", StatusList.objects.order_by("-issued_at", "-pk")),
        ("keys", KeyBundle.objects.order_by("-issued_at", "-pk")),
    ):
        for issued_at, content in rows.values_list("issued_at", "content")[:8]:
            file = _immutable(kind, "cwt", bytes(content), SIGNED_TYPE, issued_at)
            if file.name == name:
                return file
    raise NothingPublished("no published file has this name; newest.json names those that are")


def plain_keys(bundle: bytes, issued_at: datetime, known: Iterable[KeyView]) -> bytes:
    """Write the trusted keys once signed by the root, for scanners, and once in plain words for everyone else."""
    known = list(known)
    root = next(key for key in known if key.use == "root" and key.retired_at is None)
    told = {
        "root": {
            "key_id": root.key_id,
            "public_key": _public_key(root.certificate_der),
            "certificate": base64.b64encode(root.certificate_der).decode(),
        },
        "issued_at": issued_at.isoformat(),
        "bundle": base64.b64encode(bundle).decode(),
        "keys": [
            {
                "key_id": key.key_id,
                "certificate": base64.b64encode(key.certificate_der).decode(),
                "not_before": key.not_before.isoformat(),
                "not_after": key.not_after.isoformat(),
                "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
            }
            for key in known
            if key.use == "passes"
        ],
    }
    return json.dumps(told).encode()


def write_files(folder: Path, *, now: datetime) -> list[str]:
    """Bring the folder up to date and return the names written; the pointer comes last, and in one step.

    A reader meets the old pointer or the new one, never half of either, and every file that a pointer names is
    there. Files that no pointer has named for a week are removed. Raises ``NothingPublished`` and ``OSError``.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    files = newest_files()
    written = [name for file in files for name in _write(folder, file)]
    _remove_old(folder, {file.name for file in files}, before=now - _KEEP_FOR)
    return written


def _write(folder: Path, file: PublishedFile) -> list[str]:
    written = []
    variants = {file.name: file.content, f"{file.name}.gz": file.compressed}
    for name, content in variants.items():
        path = folder / name
        if content is None or (path.exists() and path.read_bytes() == content):
            continue
        _replace(path, content)
        moment = file.made_at.timestamp()
        os.utime(path, (moment, moment))
        written.append(name)
    return written


def _replace(path: Path, content: bytes) -> None:
    """Write beside, make it durable, rename: at no moment is there a part of a file under the name."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _remove_old(folder: Path, named: set[str], *, before: datetime) -> None:
    """Remove what was made so long ago and is not named now; only names of our own making."""
    for path in folder.iterdir():
        ours = path.name.startswith(("status-", "keys-", ".draft-"))
        if ours and path.name.removesuffix(".gz") not in named:
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()


def _immutable(kind: str, ending: str, content: bytes, content_type: str, made_at: datetime) -> PublishedFile:
    name = f"{kind}-{_digest(content)}.{ending}"
    return PublishedFile(name, content, content_type, made_at, IMMUTABLE)


def _pointer(files: Iterable[PublishedFile]) -> PublishedFile:
    status, bundle, plain = files
    told = {
        "status_list": {"file": status.name, "issued_at": _written(status.made_at)},
        "keys": {"file": bundle.name, "plain": plain.name, "issued_at": _written(bundle.made_at)},
    }
    newest = max(status.made_at, bundle.made_at)
    kept = f"public, max-age={POINTER_SECONDS}, stale-if-error=86400"
    return PublishedFile(POINTER, json.dumps(told).encode(), JSON_TYPE, newest, kept)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


@lru_cache(maxsize=64)
def _public_key(certificate_der: bytes) -> str:
    public = x509.load_der_x509_certificate(certificate_der).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
