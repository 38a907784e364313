"""The rules of the provider: which requests are good, codes that work once, signed identity tokens."""

import hashlib
import hmac
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from motcua.simulators.national_identity.people import SamplePerson

CODE_SECONDS = 60
TOKEN_SECONDS = 600
_MOST_KEPT = 10_000


class RequestUnsafe(ValueError):
    """The browser cannot be sent back: the party or its return address is not known here."""


class RequestRefused(ValueError):
    """The request is refused with one of OAuth's error words, which the party is told."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A checked request to sign someone in."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scope: str


@dataclass(frozen=True, slots=True)
class _Grant:
    request: AuthorizationRequest
    person: SamplePerson
    expires_at: float


@dataclass(slots=True)
class Provider:
    """One issuer with one party; state lives in memory and dies with the process."""

    issuer: str
    client_id: str
    client_secret: str = ""
    clock: Callable[[], float] = time.time
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True, private=True))
    _codes: dict[str, _Grant] = field(default_factory=dict)
    _tokens: dict[str, _Grant] = field(default_factory=dict)
    # Tokens made from a code, so that a code shown twice also ends them.
    _spent: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def discovery(self) -> dict[str, object]:
        """Return the document of OpenID Connect Discovery 1.0."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys.json",
            "end_session_endpoint": f"{self.issuer}/end-session",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "scopes_supported": ["openid", "profile"],
            "claims_supported": ["sub", "name", "birthdate", "gender", "citizen_number"],
            "authorization_response_iss_parameter_supported": True,
        }

    def keys(self) -> dict[str, object]:
        """Return the public key set."""
        return dict(KeySet([self.key]).as_dict(private=False))

    def check(self, query: Mapping[str, str]) -> AuthorizationRequest:
        """Return the request to sign in; raises ``RequestUnsafe`` and ``RequestRefused``."""
        redirect_uri = query.get("redirect_uri", "")
        if query.get("client_id") != self.client_id:
            raise RequestUnsafe("client_id")
        if not is_loopback(redirect_uri):
            raise RequestUnsafe("redirect_uri")
        if query.get("response_type") != "code":
            raise RequestRefused("unsupported_response_type", "response_type must be code")
        if "openid" not in query.get("scope", "").split():
            raise RequestRefused("invalid_scope", "scope must contain openid")
        if query.get("code_challenge_method") != "S256" or len(query.get("code_challenge", "")) != 43:
            raise RequestRefused("invalid_request", "PKCE with S256 is required")
        return AuthorizationRequest(
            client_id=self.client_id,
            redirect_uri=redirect_uri,
            state=query.get("state", ""),
            nonce=query.get("nonce", ""),
            challenge=query["code_challenge"],
            scope=query["scope"],
        )

    def grant(self, request: AuthorizationRequest, person: SamplePerson) -> str:
        """Return a code for the person chosen; it works once, within a minute."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_old()
            self._codes[code] = _Grant(request, person, self.clock() + CODE_SECONDS)
        return code

    def exchange(self, form: Mapping[str, str], credentials: tuple[str, str] | None) -> dict[str, object]:
        """Return the tokens for a code; raises ``RequestRefused``."""
        self._check_party(form, credentials)
        if form.get("grant_type") != "authorization_code":
            raise RequestRefused("unsupported_grant_type", "grant_type must be authorization_code")
        code = form.get("code", "")
        with self._lock:
            grant = self._codes.pop(code, None)
            if grant is None:
                # RFC 6749, 4.1.2: a code shown twice was stolen once; what it gave ends too.
                self._tokens.pop(self._spent.pop(code, ""), None)
        if grant is None or grant.expires_at < self.clock():
            raise RequestRefused("invalid_grant", "the code is unknown, used or too old")
        if form.get("redirect_uri") != grant.request.redirect_uri:
            raise RequestRefused("invalid_grant", "redirect_uri is not the one of the request")
        if not hmac.compare_digest(challenge_of(form.get("code_verifier", "")), grant.request.challenge):
            raise RequestRefused("invalid_grant", "code_verifier does not fit the challenge")
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[token] = _Grant(grant.request, grant.person, self.clock() + TOKEN_SECONDS)
            self._spent[code] = token
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": grant.request.scope,
            "id_token": self._identity_token(grant),
        }

    def user_information(self, bearer: str) -> dict[str, object]:
        """Return the claims of the person a token was made for; raises ``RequestRefused``."""
        with self._lock:
            grant = self._tokens.get(bearer)
        if grant is None or grant.expires_at < self.clock():
            raise RequestRefused("invalid_token", "the token is unknown or too old")
        return _claims(grant.person)

    def _identity_token(self, grant: _Grant) -> str:
        now = int(self.clock())
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": grant.request.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            **_claims(grant.person),
        }
        if grant.request.nonce:
            claims["nonce"] = grant.request.nonce
        return jwt.encode({"alg": "ES256", "kid": str(self.key.kid)}, claims, self.key)

    def _check_party(self, form: Mapping[str, str], credentials: tuple[str, str] | None) -> None:
        name, secret = credentials or (form.get("client_id", ""), form.get("client_secret", ""))
        fits = hmac.compare_digest(secret.encode(), self.client_secret.encode())
        if name != self.client_id or not fits:
            raise RequestRefused("invalid_client", "client_id or client_secret is wrong")

    def _forget_old(self) -> None:
        now = self.clock()
        for kept in (self._codes, self._tokens):
            for name in [name for name, grant in kept.items() if grant.expires_at < now]:
                del kept[name]
        self._spent = {code: token for code, token in self._spent.items() if token in self._tokens}
        while len(self._codes) >= _MOST_KEPT:
            del self._codes[next(iter(self._codes))]


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of RFC 7636 for a verifier."""
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def is_loopback(address: str) -> bool:
    """Tell whether an address leads to this machine: the only parties that this simulator serves."""
    parts = urlsplit(address)
    return (
        parts.scheme in {"http", "https"}
        and parts.hostname in {"127.0.0.1", "localhost", "::1"}
        and not parts.fragment
    )


def _claims(person: SamplePerson) -> dict[str, object]:
    return {
        "sub": person.sub,
        "name": person.name,
        "birthdate": person.born_on.isoformat(),
        "gender": person.sex,
        "citizen_number": person.number,
    }
