"""The state of a case by one statement: the same answer as Django's, for the same people and nobody else."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from garden import MEMBER, STRANGER, UNSURE, Cite, File

from motcua.identity.models import Account, ApiToken
from motcua.identity.states import Scope
from motcua.identity.tokens import issue_token
from motcua.site.readers.status import CaseStatus
from motcua.web.ui.direct import Asked, Told

pytestmark = pytest.mark.django_db(transaction=True)
Ask = Callable[..., Told | None]


@pytest.fixture
def token(citizen: Cite) -> Callable[..., str]:
    def issued(number: str, scope: Scope = Scope.SUBMISSIONS) -> str:
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
def ask() -> Ask:
    given = connection.get_connection_params()
    url = f"postgresql://{given['user']}@/{given['dbname']}?host={given['host']}"

    def asked(reference: str, bearer: str, **changes: str) -> Told | None:
        fields = {"authorization": f"Bearer {bearer}"}
        path = changes.get("path", f"/api/submissions/{reference}")
        request = Asked("GET", path, changes.get("query", ""), lambda name: fields.get(name, ""), b"")

        async def answered() -> Told | None:
            status = CaseStatus(lambda: url)
            try:
                return await status.answer(request)
            finally:
                await status.close()

        return asyncio.run(answered())

    return asked


@pytest.mark.parametrize("person", [MEMBER, STRANGER, UNSURE])
def test_owner_is_told_what_django_tells(
    person: str, file: File, token: Callable[..., str], ask: Ask, client: Client
) -> None:
    reference, bearer = file(person, now=timezone.now()).number, token(person)
    plain = client.get(f"/api/submissions/{reference}", headers={"Authorization": f"Bearer {bearer}"})

    told = ask(reference, bearer)

    assert told is not None
    assert (told.status, json.loads(told.body)) == (plain.status_code, plain.json())
    assert dict(told.headers)["cache-control"] == "private, no-store"


def test_case_of_another_is_left_to_django(
    file: File, token: Callable[..., str], ask: Ask, client: Client
) -> None:
    reference, bearer = file(MEMBER, now=timezone.now()).number, token(STRANGER)

    assert ask(reference, bearer) is None
    plain = client.get(f"/api/submissions/{reference}", headers={"Authorization": f"Bearer {bearer}"})
    assert plain.status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"revoked_at": timezone.now()}, id="revoked"),
        pytest.param({"expires_at": timezone.now() + timedelta(milliseconds=1)}, id="expired"),
        pytest.param({"scope": Scope.SUBMISSIONS.value + "_more"}, id="another-scope"),
    ],
)
def test_token_that_does_not_reach_is_left_to_django(
    change: dict[str, object], file: File, token: Callable[..., str], ask: Ask
) -> None:
    reference, bearer = file(MEMBER, now=timezone.now()).number, token(MEMBER)
    ApiToken.objects.update(**{"created_at": timezone.now() - timedelta(days=1), **change})

    assert ask(reference, bearer) is None


def test_account_that_was_ended_is_left_to_django(file: File, token: Callable[..., str], ask: Ask) -> None:
    reference, bearer = file(MEMBER, now=timezone.now()).number, token(MEMBER)
    Account.objects.update(is_active=False)

    assert ask(reference, bearer) is None


@pytest.mark.parametrize(
    "path",
    [
        "/api/submissions/",
        "/api/submissions/H17-20261322-0000001",
        "/api/submissions/H17-20261122-0000001/x",
        "/api/submissions/' OR true --",
    ],
)
def test_address_of_no_case_is_left_to_django(
    path: str, file: File, token: Callable[..., str], ask: Ask
) -> None:
    file(MEMBER, now=timezone.now())

    assert ask("", token(MEMBER), path=path) is None


def test_bearer_that_is_none_asks_nothing(ask: Ask) -> None:
    assert settings.DATABASES
    assert ask("H17-20261122-0000001", "nonsense") is None
