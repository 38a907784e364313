"""Bearer tokens: shown once, kept as a hash, limited in scope and time."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from motcua.events.models import LedgerEntry
from motcua.identity.models import Account, ApiToken
from motcua.identity.officers import NewOfficer
from motcua.identity.queries import AccountNotKnown
from motcua.identity.states import AccountKind, Scope
from motcua.identity.tokens import IssuedToken, TokenRefused, add_system, bearer_of, issue_token, revoke_token

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def token(now: datetime) -> IssuedToken:
    add_system(login="gateway", name="Trục liên thông", now=now)
    return issue_token(
        login="gateway", scope=frozenset({Scope.SUBMISSIONS, Scope.READ}), label="test", lifetime=DAY, now=now
    )


def test_the_token_speaks_for_its_account(token: IssuedToken, now: datetime) -> None:
    bearer = bearer_of(token.text, scope=Scope.SUBMISSIONS, now=now)

    assert bearer.account_id == Account.objects.get(login="gateway").pk
    assert (bearer.kind, bearer.person_key) == (AccountKind.SYSTEM, None)
    assert bearer.scope == {Scope.SUBMISSIONS, Scope.READ}


def test_the_database_and_the_ledger_keep_no_token(token: IssuedToken) -> None:
    row = ApiToken.objects.get()
    entry = LedgerEntry.objects.get(name="ApiTokenIssued")

    assert token.text.encode() not in bytes(row.digest)
    assert token.text not in str(entry.body)


@pytest.mark.parametrize(
    ("scope", "after"), [(Scope.SCANS, timedelta(0)), (Scope.READ, DAY), (Scope.READ, timedelta(days=400))]
)
def test_too_far_or_too_late_is_refused(
    token: IssuedToken, now: datetime, scope: Scope, after: timedelta
) -> None:
    with pytest.raises(TokenRefused):
        bearer_of(token.text, scope=scope, now=now + after)


@pytest.mark.parametrize(
    "text", ["", "mct_", "Bearer x", "mct_" + "A" * 43, "mct_" + "ă" * 43, "x" * 100_000, "\x00"]
)
def test_any_other_text_is_refused(token: IssuedToken, now: datetime, text: str) -> None:
    with pytest.raises(TokenRefused):
        bearer_of(text, scope=Scope.READ, now=now)


def test_a_revoked_token_is_refused_and_revoked_once(token: IssuedToken, now: datetime) -> None:
    revoke_token(token_id=token.token_id, now=now)

    with pytest.raises(TokenRefused):
        bearer_of(token.text, scope=Scope.READ, now=now)
    with pytest.raises(TokenRefused):
        revoke_token(token_id=token.token_id, now=now)
    assert LedgerEntry.objects.filter(name="ApiTokenRevoked").count() == 1


def test_a_closed_accounts_token_is_refused(token: IssuedToken, now: datetime) -> None:
    Account.objects.update(is_active=False)

    with pytest.raises(TokenRefused):
        bearer_of(token.text, scope=Scope.READ, now=now)


def test_nobodys_token_is_not_made(now: datetime) -> None:
    with pytest.raises(AccountNotKnown):
        issue_token(login="nobody", scope=frozenset({Scope.READ}), label="x", lifetime=DAY, now=now)

    assert not ApiToken.objects.exists()


def test_an_officers_login_does_not_become_a_machines(officer: NewOfficer, now: datetime) -> None:
    with pytest.raises(TokenRefused, match="choose another"):
        add_system(login=officer.login, name="x", now=now)


def test_a_token_without_scope_or_time_cannot_be_stored(token: IssuedToken, now: datetime) -> None:
    for scope, lifetime in ((frozenset[Scope](), DAY), (frozenset({Scope.READ}), timedelta(0))):
        with pytest.raises(IntegrityError), transaction.atomic():
            issue_token(login="gateway", scope=scope, label="x", lifetime=lifetime, now=now)
