"""The small service of tests/support/garden.py, reached by a citizen's token."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from garden import MEMBER, Cite, citizen, file, members, procedure

from motcua.identity.models import Account
from motcua.identity.states import Scope
from motcua.identity.tokens import issue_token

__all__ = ["citizen", "file", "members", "procedure"]

Token = Callable[..., str]
Post = Callable[..., HttpResponse]


@pytest.fixture
def token(citizen: Cite) -> Token:
    def issued(number: str = MEMBER, scope: Scope = Scope.SUBMISSIONS) -> str:
        login = Account.objects.get(pk=citizen(number).account_id).login
        return issue_token(
            login=login,
            scope=frozenset({scope}),
            label="test",
            lifetime=timedelta(days=1),
            now=timezone.now(),
        ).text

    return issued


@pytest.fixture
def post(client: Client, token: Token, procedure: object) -> Post:
    def posted(body: object, *, key: str | None = "k1", bearer: str | None = None) -> HttpResponse:
        headers = {"Authorization": f"Bearer {bearer or token()}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return client.post(  # type: ignore[return-value]  # the client's own subclass of it
            "/api/submissions", body, content_type="application/json", headers=headers
        )

    return posted
