"""One line of a bulk check: a QR text, certificates and a moment in; valid or the reason out."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from motcua.seals import health, passes
from motcua.seals.keys import KeyNotUsable, TrustedKey, trusted_from_certificate
from motcua.seals.passes import PassRefused

_LONGEST_LINE = 1_000_000
_KNOWN = frozenset({"id", "qr", "certs", "at"})


class LineNotReadable(ValueError):
    """The line is not an object with the expected members."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one line; ``reason`` is ``valid`` or a code and a sentence."""

    id: str | int | None
    ok: bool
    reason: str

    def to_json(self) -> str:
        """Write the answer as one line of ASCII, which any terminal can print."""
        return json.dumps({"id": self.id, "ok": self.ok, "reason": self.reason})


@dataclass(frozen=True, slots=True)
class Line:
    """A line as read; ``certificates`` is None when the keys of this installation are meant."""

    id: str | int | None
    qr: str
    certificates: tuple[bytes, ...] | None
    at: datetime | None


def verify_line(
    line: bytes,
    *,
    now: datetime,
    own_keys: Callable[[], Sequence[TrustedKey]] = tuple,
) -> Verdict:
    """Check one line ``{"id","qr","certs","at"}`` and answer; whatever the line holds, nothing is raised.

    Without ``at`` the moment is ``now``; without ``certs`` the keys of this installation are trusted.
    """
    try:
        parsed = read_line(line)
    except LineNotReadable as fault:
        return Verdict(_id_of(line), False, f"unreadable_line: {fault}")
    if parsed.certificates is None:
        trusted: Sequence[TrustedKey] = own_keys()
    else:
        trusted = [key for der in parsed.certificates if (key := _trusted(der)) is not None]
    return verify_text(parsed.qr, trusted, parsed.at or now, reference=parsed.id)


def verify_text(
    text: str, trusted: Sequence[TrustedKey], at: datetime, reference: str | int | None = None
) -> Verdict:
    """Check one QR text by its prefix."""
    try:
        if text.startswith(health.PREFIX):
            health.open_health_certificate(text, trusted, at)
        else:
            passes.open_pass(text, trusted, at)
    except PassRefused as refusal:
        return Verdict(reference, False, str(refusal))
    return Verdict(reference, True, "valid")


def read_line(line: bytes) -> Line:
    """Parse a line. Raises ``LineNotReadable``."""
    entry = _object(line)
    unknown = sorted(set(entry) - _KNOWN)
    if unknown:
        raise LineNotReadable(f"the member {unknown[0][:40]!r} is not known; known are id, qr, certs, at")
    reference, qr = entry.get("id"), entry.get("qr")
    if reference is not None and (isinstance(reference, bool) or not isinstance(reference, str | int)):
        raise LineNotReadable("id is neither a text nor a number")
    if not isinstance(qr, str):
        raise LineNotReadable("qr is missing or not a text")
    return Line(reference, qr, _certificates(entry.get("certs")), _moment(entry.get("at")))


def _object(line: bytes) -> dict[str, object]:
    if len(line) > _LONGEST_LINE:
        raise LineNotReadable(f"the line is longer than {_LONGEST_LINE} bytes")
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise LineNotReadable("the line is not JSON in UTF-8") from fault
    if not isinstance(entry, dict):
        raise LineNotReadable("the line is not a JSON object")
    return entry


def _id_of(line: bytes) -> str | int | None:
    """Find the id of a line that cannot be used otherwise, so that the answer can be matched."""
    try:
        reference = _object(line).get("id")
    except LineNotReadable:
        return None
    return reference if isinstance(reference, str | int) and not isinstance(reference, bool) else None


def _certificates(listed: object) -> tuple[bytes, ...] | None:
    if listed is None:
        return None
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise LineNotReadable("certs is not a list of texts")
    try:
        return tuple(base64.b64decode("".join(each.split()), validate=True) for each in listed)
    except (binascii.Error, ValueError) as fault:
        raise LineNotReadable("certs holds a text that is not Base64") from fault


def _moment(at: object) -> datetime | None:
    """Read a moment: ISO 8601 (UTC when it names no zone) or seconds since 1970."""
    if at is None:
        return None
    try:
        if isinstance(at, str):
            moment = datetime.fromisoformat(at)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if isinstance(at, int | float) and not isinstance(at, bool):
            return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError) as fault:
        raise LineNotReadable("at is not a moment; write 2021-09-08T07:30:00+07:00 or seconds") from fault
    raise LineNotReadable("at is neither a text nor a number")


@lru_cache(maxsize=4096)
def _trusted(certificate_der: bytes) -> TrustedKey | None:
    """Trust a certificate; one that cannot be used is trusted for nothing, whatever else the line says."""
    try:
        return trusted_from_certificate(certificate_der)
    except KeyNotUsable:
        return None
