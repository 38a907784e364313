"""Bearer tokens for machines: shown once, kept as a hash, limited in scope and time."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from motcua.events.services import publish
from motcua.identity.events import ApiTokenIssued, ApiTokenRevoked
from motcua.identity.models import Account, ApiToken
from motcua.identity.queries import account_of
from motcua.identity.states import AccountKind, Scope

_SHAPE = re.compile(r"mct_[A-Za-z0-9_-]{43}", re.ASCII)


class TokenRefused(PermissionError):
    """The bearer token is not known, has ended, or does not reach so far; which is not said outside."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token; ``text`` cannot be shown again."""

    token_id: int
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a token speaks for; ``person_key`` is null unless a citizen stands behind the account."""

    account_id: int
    kind: AccountKind
    scope: frozenset[Scope]
    person_key: bytes | None


@transaction.atomic
def issue_token(
    *, login: str, scope: frozenset[Scope], label: str, lifetime: timedelta, now: datetime
) -> IssuedToken:
    """Make a token for an account and return it with its text, this once.

    Raises ``AccountNotKnown``.
    """
    account = account_of(login)
    text = f"mct_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        digest=hashlib.sha256(text.encode("ascii")).digest(),
        account=account,
        label=label,
        scope=" ".join(sorted(scope)),
        created_at=now,
        expires_at=now + lifetime,
    )
    publish(
        ApiTokenIssued(
            happened_at=now,
            agency_path="",
            subject=account.reference,
            actor="machine",
            token_id=token.pk,
            scope=token.scope,
            expires_at=token.expires_at,
        )
    )
    return IssuedToken(token_id=token.pk, text=text, expires_at=token.expires_at)


@transaction.atomic
def revoke_token(*, token_id: int, now: datetime) -> None:
    """End a token; raises ``TokenRefused`` if there is none of that id that still works."""
    if ApiToken.objects.usable(now).filter(pk=token_id).update(revoked_at=now) != 1:
        raise TokenRefused(f"token {token_id} is not in use")
    publish(ApiTokenRevoked(happened_at=now, agency_path="", subject=f"token:{token_id}", actor="machine"))


def bearer_of(text: str, *, scope: Scope, now: datetime) -> Bearer:
    """Return who the token speaks for; raises ``TokenRefused``. One query, none for text of another shape."""
    digest = digest_of(text)
    if digest is None:
        raise TokenRefused("not a token of this site")
    token = ApiToken.objects.usable(now).select_related("account__person").filter(digest=digest).first()
    if token is None or scope not in token.scope.split():
        raise TokenRefused("the token is unknown, has ended, or does not reach so far")
    person = token.account.person
    return Bearer(
        account_id=token.account_id,
        kind=AccountKind(token.account.kind),
        scope=frozenset(Scope(word) for word in token.scope.split()),
        person_key=bytes(person.key) if person else None,
    )


@transaction.atomic
def add_system(*, login: str, name: str, now: datetime) -> int:
    """Add an account for a machine, or find the one of that login, and return its id."""
    account, fresh = Account.objects.get_or_create(
        login=login, defaults={"kind": AccountKind.SYSTEM, "name": name, "created_at": now, "password": "!"}
    )
    if not fresh and account.kind != AccountKind.SYSTEM:
        raise TokenRefused(f"{login} is not an account of a machine; choose another login")
    return account.pk


def digest_of(text: str) -> bytes | None:
    """Return what is kept of a token, or nothing for text of another shape."""
    # A plain hash is enough: the token is 256 random bits, not a password.
    return hashlib.sha256(text.encode("ascii")).digest() if _SHAPE.fullmatch(text) else None
