"""Keys that sign, by name in one folder: ``NAME.p12`` with ``NAME.passphrase``, or ``NAME.token`` with ``NAME.pin``.

A token is any module of PKCS#11; its private key never leaves it.
"""

import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509
from pkcs11.exceptions import PKCS11Error
from pydantic import BaseModel, ConfigDict, ValidationError
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer, SimpleSigner

from .authority import Issued, from_pkcs12, to_pkcs12

NAME = re.compile(r"\A[a-z][a-z0-9_-]{0,59}\Z")


class KeyMissing(LookupError):
    """The keystore has no key of that name, or what belongs to it is missing or wrong."""


class TokenPlace(BaseModel):
    """Where a key is kept: the module of the token, its label, and the labels of key and certificate in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    module: str
    token: str
    key: str


def keep(folder: Path, name: str, issued: Issued) -> None:
    """Write the key under a passphrase of its own; both files appear whole, readable by their owner only."""
    _refuse_odd(name)
    passphrase = secrets.token_urlsafe(24).encode()
    write_secret(folder / f"{name}.passphrase", passphrase)
    write_secret(folder / f"{name}.p12", to_pkcs12(issued, passphrase))


def keep_place(folder: Path, name: str, place: TokenPlace, *, pin: str, certificate_pem: bytes) -> None:
    """Note where the token keeps the key, with its PIN and the certificate that belongs to it."""
    _refuse_odd(name)
    write_secret(folder / f"{name}.pin", pin.encode())
    write_secret(folder / f"{name}.pem", certificate_pem)
    write_secret(folder / f"{name}.token", place.model_dump_json().encode())


def certificate_of(folder: Path, name: str) -> x509.Certificate:
    """Return the certificate of a key. Raises ``KeyMissing``."""
    _refuse_odd(name)
    if (folder / f"{name}.token").exists():
        return x509.Certificate.load(pem.unarmor(_read(folder / f"{name}.pem"))[2])
    return x509.Certificate.load(fetch(folder, name).certificate_der)


def fetch(folder: Path, name: str) -> Issued:
    """Return a key kept as a file, for what is signed without a PDF. Raises ``KeyMissing``."""
    _refuse_odd(name)
    try:
        return from_pkcs12(_read(folder / f"{name}.p12"), _read(folder / f"{name}.passphrase").strip())
    except ValueError as fault:
        raise KeyMissing(f"{folder / name}.p12 cannot be opened with {name}.passphrase: {fault}") from fault


@contextmanager
def opened(folder: Path, name: str) -> Iterator[Signer]:
    """Open a key for one signature. Raises ``KeyMissing``."""
    _refuse_odd(name)
    place = folder / f"{name}.token"
    if not place.exists():
        yield _from_file(
            str(folder), name, (folder / f"{name}.p12").stat().st_mtime_ns if _has(folder, name) else 0
        )
        return
    try:
        held = TokenPlace.model_validate_json(_read(place))
        session = open_pkcs11_session(
            held.module,
            token_criteria=TokenCriteria(label=held.token),
            user_pin=_read(folder / f"{name}.pin").decode().strip(),
        )
    except (PKCS11Error, ValidationError, json.JSONDecodeError, RuntimeError) as fault:
        # Some of its errors have no words of their own.
        raise KeyMissing(f"{name}: the token does not open: {fault or type(fault).__name__}") from fault
    try:
        yield PKCS11Signer(session, signing_cert=certificate_of(folder, name), key_label=held.key)
    finally:
        session.close()


def _has(folder: Path, name: str) -> bool:
    return (folder / f"{name}.p12").exists()


# Opening a PKCS#12 file costs more than the signature; the file's date is part of what is remembered.
@lru_cache(maxsize=64)
def _from_file(folder: str, name: str, written_ns: int) -> SimpleSigner:
    del written_ns
    content, passphrase = (
        _read(Path(folder) / f"{name}.p12"),
        _read(Path(folder) / f"{name}.passphrase").strip(),
    )
    try:
        signer = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=passphrase)
    except ValueError:
        signer = None
    if not isinstance(signer, SimpleSigner):
        raise KeyMissing(f"{folder}/{name}.p12 cannot be opened with {name}.passphrase")
    return signer


def write_secret(path: Path, content: bytes) -> None:
    """Write a file for its owner only; it appears whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.parent / f".{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise KeyMissing(f"{path} cannot be read: {fault.strerror}") from fault


def _refuse_odd(name: str) -> None:
    if not NAME.match(name):
        raise KeyMissing(f"{name!r} is no name of a key: small letters, digits, - and _ only")
