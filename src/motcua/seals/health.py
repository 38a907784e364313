"""EU Digital COVID Certificates (``HC1:``): is the text genuine, and does it hold at a moment."""

import math
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from motcua.seals import base45, compression, cose, deterministic
from motcua.seals.base45 import NotBase45
from motcua.seals.compression import NotZlib
from motcua.seals.cose import NotSign1, Sign1
from motcua.seals.deterministic import NotCbor
from motcua.seals.keys import TrustedKey
from motcua.seals.passes import (
    EXPIRES,
    ISSUED,
    NOT_BEFORE,
    Expired,
    KeyNotValid,
    KeyUnknown,
    NotOurs,
    NotReadable,
    NotYetValid,
    PassRefused,
    SignatureWrong,
)

PREFIX = "HC1:"
# The most letters that a QR holds.
_LONGEST_TEXT = 4296
_LARGEST_MESSAGE = 16384
_HEALTH_CLAIM, _FIRST_VERSION = -260, 1
_STATEMENTS = {"t": 1, "v": 2, "r": 3}
# Extended key usages of certificates that may sign only tests, vaccinations or recoveries.
_USAGE_ARCS = ("1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1.")
Claims = Mapping[object, object]


class WrongUse(PassRefused):
    """The key may sign other kinds of statement only."""

    code = "key_for_other_use"


def open_health_certificate(text: str, trusted: Collection[TrustedKey], at: datetime) -> Claims:
    """Verify a text against the trusted keys at a moment and return its CWT claims.

    The key id is taken from the protected header. An issuer that left it out there is not refused: all
    trusted keys are tried, unless the unsigned header names a key that is not among them.
    Raises a kind of ``PassRefused``.
    """
    message = _message(text)
    key = _signer(message, trusted)
    try:
        claims = deterministic.decode_map(message.payload, indefinite=True)
        statement = _statement(claims)
        times = {claim: _seconds(claims, claim) for claim in (EXPIRES, NOT_BEFORE, ISSUED)}
    except ValueError as fault:
        raise NotReadable(str(fault)) from fault
    if key.refusal(at) is not None:
        raise KeyNotValid(f"the certificate holds from {key.not_before:%d/%m/%Y} to {key.not_after:%d/%m/%Y}")
    _refuse_times(times, at)
    allowed = _allowed_statements(key.certificate_der)
    if allowed and _STATEMENTS[statement] not in allowed:
        raise WrongUse("the certificate of the issuer is for another kind of statement")
    return claims


def _message(text: str) -> Sign1:
    if not text.startswith(PREFIX):
        raise NotOurs(f"a health certificate begins with {PREFIX}")
    if len(text) > _LONGEST_TEXT:
        raise NotReadable(f"the text has {len(text)} letters, a QR has {_LONGEST_TEXT} at most")
    try:
        compressed = base45.decode(text.removeprefix(PREFIX))
        return cose.read(compression.decompress(compressed, _LARGEST_MESSAGE))
    except (NotBase45, NotZlib, NotSign1) as fault:
        raise NotReadable(str(fault)) from fault


def _signer(message: Sign1, trusted: Collection[TrustedKey]) -> TrustedKey:
    """Find the key that signed; several keys may share a key id, so each is tried."""
    named = message.key_id if message.key_id is not None else message.unsigned_key_id
    candidates = [key for key in trusted if named is None or key.key_id == named]
    if not candidates:
        shown = named.hex() if isinstance(named, bytes) else "that is not bytes"
        raise KeyUnknown(f"no trusted key has the id {shown}" if named is not None else "no key is trusted")
    for key in candidates:
        if message.signed_by(key):
            return key
    raise SignatureWrong("the content was altered or signed by someone else")


def _statement(claims: Claims) -> str:
    health = claims.get(_HEALTH_CLAIM)
    certificate = health.get(_FIRST_VERSION) if isinstance(health, Mapping) else None
    if not isinstance(certificate, Mapping):
        raise NotCbor(f"the claim {_HEALTH_CLAIM} holds no health certificate")
    made = [
        (name, entry)
        for name in _STATEMENTS
        for entry in (certificate[name] if isinstance(certificate.get(name), list | tuple) else ())
    ]
    if len(made) != 1 or not isinstance(made[0][1], Mapping):
        raise NotCbor("a health certificate makes exactly one statement (v, t or r)")
    return made[0][0]


def _seconds(claims: Claims, claim: int) -> float | None:
    seconds = claims.get(claim)
    if seconds is None and claim != EXPIRES:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
        raise NotCbor(f"the claim {claim} is not a time")
    return seconds


def _refuse_times(times: Mapping[int, float | None], at: datetime) -> None:
    moment = at.timestamp()
    for claim in (NOT_BEFORE, ISSUED):
        begins = times[claim]
        if begins is not None and moment < begins:
            raise NotYetValid("the certificate begins later")
    ends = times[EXPIRES]
    if ends is not None and moment >= ends:
        raise Expired("the certificate has ended")


@lru_cache(maxsize=1024)
def _allowed_statements(certificate_der: bytes) -> frozenset[int]:
    """Return the statements that the certificate is limited to; empty when it is not."""
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
        extension = certificate.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return frozenset()
    usages = extension.value
    assert isinstance(usages, x509.ExtendedKeyUsage)
    return frozenset(
        int(usage.dotted_string.rsplit(".", 1)[1])
        for usage in usages
        if usage.dotted_string.startswith(_USAGE_ARCS)
    )
