"""The route beside Django keeps the contract of the one behind it, byte for byte."""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.test import Client
from garden import OTHER_WARD, STRANGER, WARD, Cite
from psycopg import errors

from motcua.cases.intake import IntakeFull
from motcua.cases.models import Case
from motcua.cases.services import Filed
from motcua.identity.models import ApiToken
from motcua.identity.states import Scope
from motcua.identity.tokens import revoke_token
from motcua.web.exchange import door
from motcua.web.exchange.api import answer_of
from motcua.web.exchange.door import Submissions
from motcua.web.ui.direct import Asked, Told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("procedure")]
GOOD = {"procedure": "garden_key", "data": {"ward": WARD}}
Headers = dict[str, str]
Knock = Callable[[bytes, Headers], Told]


@pytest.fixture
def knock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Knock]:
    # One thread of each kind, whose connection can be closed at the end.
    monkeypatch.setattr(door, "LOOKING_UP", 1)
    submissions = Submissions()

    def asked(body: bytes, headers: Headers) -> Told:
        known = {name.lower(): value for name, value in headers.items()}
        wanted = Asked("POST", "/api/submissions", "", lambda name: known.get(name, ""), body)

        async def answered() -> Told:
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
            try:
                return await submissions.submit(wanted)
            finally:
                await asyncio.to_thread(connections.close_all)

        return asyncio.run(answered())

    yield asked
    submissions._pool.submit(connections.close_all).result()
    submissions.close()


def behind(client: Client, body: bytes, headers: Headers) -> HttpResponse:
    return client.post("/api/submissions", body, content_type="application/json", headers=headers)


def headers_of(bearer: str | None, key: str | None = None) -> Headers:
    found = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    return found if key is None else {**found, "Idempotency-Key": key}


BODIES: list[bytes] = [
    json.dumps({"procedure": "nothing", "data": {}}).encode(),
    json.dumps({"procedure": "No Code", "data": {}}).encode(),
    json.dumps({"procedure": "garden_key", "data": {}}).encode(),
    json.dumps({"procedure": "garden_key", "data": {"ward": WARD, "extra": 1}}).encode(),
    json.dumps({"procedure": "garden_key", "data": {"ward": [WARD]}}).encode(),
    json.dumps({"procedure": "garden_key", "data": {"ward": "12345"}}).encode(),
    json.dumps({"procedure": "garden_key", "data": {"ward": WARD, "note": "a\x00b"}}).encode(),
    json.dumps({"procedure": "garden_key"}).encode(),
    json.dumps({"procedure": "garden_key", "data": {"ward": {"deep": 1}}}).encode(),
    b'{"procedure": "garden_key", "data": {"ward": ' + b"[" * 70 + b"]" * 70 + b"}}",
    b'{"procedure": "garden_key", "data": {"ward": ' + b"[" * 400 + b"]" * 400 + b"}}",
    b'{"procedure": "garden_key", "data": {"ward": 1e999}}',
    b'{"procedure": "garden_key", "data": {"ward": ' + b"9" * 5000 + b"}}",
    b'{"procedure": "garden_key", "data": {"ward": true}, "data": {}}',
    b'\xef\xbb\xbf{"procedure": "garden_key", "data": {}}',
    json.dumps({"procedure": "garden_key", "data": {}, "more": 1}).encode(),
    json.dumps({"procedure": ["garden_key"], "data": {}}).encode(),
    json.dumps({"procedure": "garden_key", "data": []}).encode(),
    b"[]",
    b"7",
    b"null",
    b"",
    b"{",
    b"\xff",
    b'{"procedure": "garden_key", "procedure": "garden_key", "data": {}}',
    b'{"procedure": "garden_key", "data": {"ward": NaN}}',
    b'{"procedure": "garden_key", "data": {"ward": "\\ud800"}}',
    b"[" * 5000,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_refusal_is_told_in_the_same_bytes(
    knock: Knock, client: Client, token: Callable[..., str], body: bytes
) -> None:
    headers = headers_of(token(), "k1")

    beside, behind_it = knock(body, headers), behind(client, body, headers)

    assert (beside.status, beside.body) == (behind_it.status_code, behind_it.content)
    assert dict(beside.headers)["content-type"] == behind_it["Content-Type"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("key", [None, "", "k" * 201, "two words", "\x7f"])
def test_key_that_is_none_is_refused_in_the_same_bytes(
    knock: Knock, client: Client, token: Callable[..., str], key: str | None
) -> None:
    body, headers = json.dumps(GOOD).encode(), headers_of(token(), key)

    beside, behind_it = knock(body, headers), behind(client, body, headers)

    assert (beside.status, beside.body) == (behind_it.status_code, behind_it.content)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic x", "Bearer mct_" + "A" * 43])
def test_without_a_usable_token_it_is_the_same_door(
    knock: Knock, client: Client, procedure: object, header: str | None
) -> None:
    body = json.dumps(GOOD).encode()
    headers = (
        {"Idempotency-Key": "k1"} if header is None else {"Idempotency-Key": "k1", "Authorization": header}
    )

    beside, behind_it = knock(body, headers), behind(client, body, headers)

    assert (beside.status, beside.body) == (behind_it.status_code, behind_it.content)
    assert dict(beside.headers)["www-authenticate"] == behind_it["WWW-Authenticate"]


def test_token_for_another_purpose_opens_nothing(knock: Knock, token: Callable[..., str]) -> None:
    assert knock(json.dumps(GOOD).encode(), headers_of(token(scope=Scope.SCANS), "k1")).status == 401


def test_filed_beside_is_known_behind(knock: Knock, client: Client, token: Callable[..., str]) -> None:
    body, headers = json.dumps(GOOD).encode(), headers_of(token(), "k1")

    first = knock(body, headers)
    again, there = knock(body, headers), behind(client, body, headers)

    assert (first.status, again.status, there.status_code) == (201, 200, 200)
    assert first.body == again.body == there.content
    assert json.loads(first.body)["qr"].startswith("MC1:")
    assert Case.objects.count() == 1


def test_same_key_with_another_body_is_refused_in_the_same_bytes(
    knock: Knock, client: Client, token: Callable[..., str]
) -> None:
    headers = headers_of(token(), "k1")
    knock(json.dumps(GOOD).encode(), headers)
    other = json.dumps({"procedure": "garden_key", "data": {"ward": OTHER_WARD}}).encode()

    beside, behind_it = knock(other, headers), behind(client, other, headers)

    assert (beside.status, beside.body) == (behind_it.status_code, behind_it.content)
    assert beside.status == 422


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (OperationalError("key=(048099001234)"), 503, "unavailable"),
        (IntakeFull(7), 503, "busy"),
        (KeyError("048099001234"), 500, "our_mistake"),
    ],
)
def test_what_fails_is_told_in_the_same_bytes(  # noqa: PLR0917 - pytest passes them by name
    knock: Knock,
    token: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    status: int,
    error: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("motcua.cases.intake._file_now", fail)
    body, headers = json.dumps(GOOD).encode(), headers_of(token(), "k1")

    beside, behind_it = knock(body, headers), behind(Client(raise_request_exception=False), body, headers)

    assert (beside.status, json.loads(beside.body)["error"]) == (status, error)
    assert (behind_it.status_code, behind_it.content) == (beside.status, beside.body)
    assert behind_it.headers.get("Retry-After") == dict(beside.headers).get("retry-after")
    assert b"048099001234" not in beside.body


def test_full_disk_is_507_and_asks_to_come_back(
    knock: Knock, token: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("no space left on device") from errors.DiskFull("no space left on device")

    bearer = token()
    with monkeypatch.context() as full:
        full.setattr("motcua.cases.services.filing.together.write_together", fail)
        body, headers = json.dumps(GOOD).encode(), headers_of(bearer, "k1")
        beside = knock(body, headers)
        behind_it = behind(Client(raise_request_exception=False), body, headers)
        reading = Client().get("/services/")

    assert (beside.status, json.loads(beside.body)["error"]) == (507, "storage_full")
    assert dict(beside.headers)["retry-after"] == behind_it["Retry-After"] == "60"
    assert behind_it.content == beside.body
    assert reading.status_code == 200
    assert not Case.objects.exists()
    assert knock(body, headers).status == 201


def test_revoked_token_ends_within_the_seconds_promised(
    knock: Knock, token: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(door.time, "monotonic", lambda: now[0])
    bearer = token()

    def status() -> int:
        return knock(json.dumps(GOOD).encode(), headers_of(bearer, str(uuid.uuid4()))).status

    assert status() == 201
    revoke_token(token_id=ApiToken.objects.latest("pk").pk, now=datetime.now(UTC))
    now[0] += door.TOKEN_SECONDS + 0.01

    assert status() == 401


@pytest.mark.parametrize(
    "filed",
    [
        Filed("TP-20261122-0000001", "granted", "yes", repeated=False, qr='MC1:A"\\ \u1ed9'),
        Filed("TP-20261122-0000001", "thụ lý", "", repeated=True, qr=None),
    ],
)
def test_answer_is_written_as_the_schema_writes_it(filed: Filed) -> None:
    told = door._told(filed)

    assert told.body.decode() == json.dumps(answer_of(filed).model_dump())
    assert told.status == (200 if filed.repeated else 201)


def test_account_at_its_bound_is_refused_before_its_body_is_read(
    knock: Knock, token: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: bytes) -> object:
        raise AssertionError("the body was read")

    monkeypatch.setattr(door.intake, "is_at_bound", lambda _: True)
    monkeypatch.setattr(door, "read_body", read)

    told = knock(json.dumps(GOOD).encode(), headers_of(token(), "k1"))

    assert (told.status, json.loads(told.body)["error"]) == (503, "busy")
    assert dict(told.headers)["retry-after"] == "1"
    assert not Case.objects.exists()


def test_token_of_a_machine_files_for_nobody(
    knock: Knock, client: Client, citizen: Cite, token: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bearer = token(STRANGER)
    from motcua.identity.models import Account

    Account.objects.filter(pk=citizen(STRANGER).account_id).update(
        person=None, kind="system", issuer="", subject=""
    )
    body, headers = json.dumps(GOOD).encode(), headers_of(bearer, "k1")

    beside, behind_it = knock(body, headers), behind(client, body, headers)

    assert (beside.status, beside.body) == (behind_it.status_code, behind_it.content)
    assert json.loads(beside.body)["error"] == "no_person"
