"""Signing citizens in at an OpenID Connect issuer: code flow with PKCE, state and nonce."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from requests import RequestException

from motcua.identity.issuer import Issuer, IssuerSilent, fetch_json, issuer_at, keys_of

# Loaded with the first sign-in, which asks another site anyway.
if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]  # no types shipped

ALGORITHMS = ("ES256", "RS256")
SCOPE = "openid profile"
MINUTES_TO_FINISH = 15
_LEEWAY_SECONDS = 60
_SECONDS = (3.05, 8)


class SignInNotFinished(PermissionError):
    """What came back from the issuer cannot be trusted; ``reason`` is for the log and names no one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in under way; kept in the browser's session until the issuer sends the browser back."""

    state: str
    nonce: str
    verifier: str
    began_at: float
    next: str

    def to_session(self) -> dict[str, str | float]:
        """Return it as the session stores it."""
        return asdict(self)

    @classmethod
    def from_session(cls, stored: Mapping[str, object]) -> "Pending":
        """Read what ``to_session`` stored; raises ``SignInNotFinished``."""
        try:
            return cls(
                state=str(stored["state"]),
                nonce=str(stored["nonce"]),
                verifier=str(stored["verifier"]),
                began_at=float(str(stored["began_at"])),
                next=str(stored["next"]),
            )
        except (KeyError, ValueError):
            raise SignInNotFinished("the session holds no sign-in of this shape") from None


@dataclass(frozen=True, slots=True)
class Start:
    """Where to send the browser, and what to remember until it comes back."""

    address: str
    pending: Pending


# Claims are what the issuer states, unchecked by any type of ours until ``citizens`` reads them.
Claims = Mapping[str, object]


def start_sign_in(*, redirect_uri: str, next_page: str, now: datetime) -> Start:
    """Begin a sign-in; raises ``IssuerSilent``. Asks the issuer where to go at most every ten minutes."""
    issuer = issuer_at(settings.OIDC_ISSUER)
    pending = Pending(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        began_at=now.timestamp(),
        next=next_page,
    )
    with _client(redirect_uri) as client:
        address, _ = client.create_authorization_url(
            issuer.authorization_endpoint,
            state=pending.state,
            nonce=pending.nonce,
            code_verifier=pending.verifier,
        )
    return Start(address=address, pending=pending)


def finish_sign_in(
    *, pending: Pending, answer: Mapping[str, str], redirect_uri: str, now: datetime
) -> Claims:
    """Exchange the code that came back and return the claims of the checked identity token.

    ``answer`` is the query of the return page. Raises ``SignInNotFinished`` and ``IssuerSilent``.
    """
    issuer = issuer_at(settings.OIDC_ISSUER)
    _check_answer(pending, answer, issuer, now)
    token = _exchange(issuer, answer["code"], pending.verifier, redirect_uri)
    claims = _checked_claims(issuer, str(token.get("id_token", "")), pending.nonce, now)
    if settings.OIDC_NUMBER_CLAIM in claims or not issuer.userinfo_endpoint:
        return claims
    more = fetch_json(issuer.userinfo_endpoint, bearer=str(token.get("access_token", "")))
    if more.get("sub") != claims["sub"]:
        raise SignInNotFinished("the user information speaks of another subject")
    return {**more, **claims}


def sign_out_address(*, return_to: str) -> str | None:
    """Return where to end the session at the issuer too, or null if it offers no such page or is silent."""
    try:
        issuer = issuer_at(settings.OIDC_ISSUER)
    except IssuerSilent:
        return None
    if not issuer.end_session_endpoint:
        return None
    # No id_token_hint: it would have to wait in the session, with the citizen's name and number in it.
    query = {"client_id": settings.OIDC_CLIENT_ID, "post_logout_redirect_uri": return_to}
    return f"{issuer.end_session_endpoint}?{urlencode(query)}"


def _client(redirect_uri: str) -> "OAuth2Session":
    from authlib.integrations.requests_client import OAuth2Session

    secret = settings.OIDC_CLIENT_SECRET
    return OAuth2Session(
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=secret or None,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )


def _check_answer(pending: Pending, answer: Mapping[str, str], issuer: Issuer, now: datetime) -> None:
    if not secrets.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
        raise SignInNotFinished("the state is not the one of this browser")
    if not 0 <= now.timestamp() - pending.began_at <= MINUTES_TO_FINISH * 60:
        raise SignInNotFinished("the sign-in took too long")
    # RFC 9207: an answer that names another issuer was mixed up on its way.
    if answer.get("iss", issuer.name) != issuer.name:
        raise SignInNotFinished("the answer names another issuer")
    if "error" in answer:
        raise SignInNotFinished(f"the issuer refused: {answer['error'][:40]!r}")
    if not answer.get("code"):
        raise SignInNotFinished("the answer brings no code")


def _exchange(issuer: Issuer, code: str, verifier: str, redirect_uri: str) -> Mapping[str, object]:
    from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]  # no types shipped

    try:
        with _client(redirect_uri) as client:
            token: Mapping[str, object] = client.fetch_token(
                issuer.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                timeout=_SECONDS,
                allow_redirects=False,
            )
    except AuthlibBaseError as refusal:
        raise SignInNotFinished(f"the issuer refused the code: {str(refusal.error)[:40]!r}") from None
    except RequestException:
        raise IssuerSilent(issuer.name) from None
    except ValueError:
        raise SignInNotFinished("the issuer's answer to the code cannot be read") from None
    return token


def _checked_claims(issuer: Issuer, id_token: str, nonce: str, now: datetime) -> Claims:
    """Check signature, issuer, audience, times and nonce of the identity token."""
    requests = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer.name},
        aud={"essential": True, "value": settings.OIDC_CLIENT_ID},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        try:
            token = jwt.decode(id_token, keys_of(issuer), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            # The issuer may have changed its key since we read the set.
            token = jwt.decode(id_token, keys_of(issuer, fresh=True), algorithms=ALGORITHMS)
        requests.validate(token.claims)
    except (JoseError, ValueError) as refusal:
        raise SignInNotFinished(f"the identity token does not hold: {type(refusal).__name__}") from None
    several = isinstance(token.claims["aud"], list) and len(token.claims["aud"]) > 1
    if (several or "azp" in token.claims) and token.claims.get("azp") != settings.OIDC_CLIENT_ID:
        raise SignInNotFinished("the identity token was made for another party")
    return token.claims
