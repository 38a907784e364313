"""What an OpenID Connect issuer says of itself: its pages and its public keys."""

import json
import threading
import time
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

KEPT_SECONDS = 600
_SECONDS = (3.05, 8)
_LONGEST_ANSWER = 262_144
_kept: dict[str, tuple[float, dict[str, object]]] = {}
_lock = threading.Lock()


class IssuerSilent(ConnectionError):
    """The issuer does not answer, or not as one; nobody can sign in there at present."""

    def __init__(self, issuer: str) -> None:
        super().__init__(f"the identity issuer {issuer or '(none is set)'} does not answer as one")


@dataclass(frozen=True, slots=True)
class Issuer:
    """The pages of an issuer; the last two may be missing."""

    name: str
    authorization_endpoint: str
    token_endpoint: str
    keys_address: str
    userinfo_endpoint: str
    end_session_endpoint: str


def issuer_at(name: str) -> Issuer:
    """Return what the issuer says of itself, at most ten minutes old.

    Raises ``IssuerSilent``, also when it calls itself otherwise or names a page without encryption.
    """
    said = _kept_json(f"{name.rstrip('/')}/.well-known/openid-configuration", issuer=name)
    pages = {
        "authorization_endpoint": said.get("authorization_endpoint"),
        "token_endpoint": said.get("token_endpoint"),
        "keys_address": said.get("jwks_uri"),
        "userinfo_endpoint": said.get("userinfo_endpoint", ""),
        "end_session_endpoint": said.get("end_session_endpoint", ""),
    }
    if said.get("issuer") != name:
        raise IssuerSilent(name)
    checked = {}
    for page, address in pages.items():
        if not isinstance(address, str) or (address and not _is_safe(address)):
            raise IssuerSilent(name)
        checked[page] = address
    return Issuer(name=name, **checked)


def keys_of(issuer: Issuer, *, fresh: bool = False) -> KeySet:
    """Return the issuer's public keys; raises ``IssuerSilent``. ``fresh`` asks again."""
    said = _kept_json(issuer.keys_address, issuer=issuer.name, seconds=0 if fresh else KEPT_SECONDS)
    try:
        return KeySet.import_key_set(said)  # type: ignore[arg-type]  # the library checks the shape
    except (JoseError, KeyError, TypeError, ValueError):
        raise IssuerSilent(issuer.name) from None


def fetch_json(address: str, *, bearer: str = "") -> dict[str, object]:
    """Get one JSON object from the issuer; raises ``IssuerSilent``."""
    if not _is_safe(address):
        raise IssuerSilent(address)
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    try:
        with requests.get(
            address, headers=headers, timeout=_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            said = json.loads(_limited_body(answer)) if answer.status_code == 200 else None
    except (requests.RequestException, OSError, ValueError):
        said = None
    if not isinstance(said, dict):
        raise IssuerSilent(address)
    return said


def forget_issuers() -> None:
    """Ask again at the next sign-in; for tests and after an issuer moved."""
    with _lock:
        _kept.clear()


def _kept_json(address: str, *, issuer: str, seconds: float = KEPT_SECONDS) -> dict[str, object]:
    # The clock that never jumps: this is the age of a copy, not a date.
    with _lock:
        kept = _kept.get(address)
    if kept is not None and time.monotonic() - kept[0] < seconds:
        return kept[1]
    try:
        said = fetch_json(address)
    except IssuerSilent:
        raise IssuerSilent(issuer) from None
    with _lock:
        _kept[address] = (time.monotonic(), said)
    return said


def _limited_body(answer: requests.Response) -> bytes:
    body = b""
    for part in answer.iter_content(16_384):
        body += part
        if len(body) > _LONGEST_ANSWER:
            raise ValueError("the issuer's answer is too long")
    return body


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
