"""A check from memory says what the database says; what it has not seen, and whatever is odd, it does not answer."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from motcua.credentials import keyring
from motcua.credentials.models import CredentialKey
from motcua.credentials.queries import check_text
from motcua.credentials.services import IssuedCredential, ensure_keys, issue, revoke, revoke_key
from motcua.credentials.standing import Standing
from motcua.seals.keys import generate_key
from motcua.seals.passes import EXPIRES, IDENTITY, ISSUED, KIND, NOT_BEFORE, seal_pass
from motcua.web.exchange.checking import ADDRESS, Checking
from motcua.web.ui.direct import Asked, Told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.SECRETS_DIR = tmp_path
    ensure_keys(now=timezone.now() - timedelta(hours=1))
    yield
    keyring._read.cache_clear()


@pytest.fixture
def given() -> IssuedCredential:
    now = timezone.now()
    return issue(
        case_number="DN-1",
        agency_path="dn",
        kind="travel_pass",
        claims={"n": "Nguyễn Thị Hoa", "b": 1987, "d": ["a", "b"]},
        valid_from=now - timedelta(minutes=1),
        valid_to=now + timedelta(days=7),
        now=now,
    )


def forged(text_of: IssuedCredential) -> str:
    """A pass under our own key that we never issued: the key is in other hands."""
    key = keyring.fetch(bytes(CredentialKey.objects.get(use="passes").key_id))
    second = int(timezone.now().timestamp())
    return seal_pass(
        {EXPIRES: second + 9999, NOT_BEFORE: second, ISSUED: second, IDENTITY: bytes(4), KIND: "travel_pass"},
        key,
    )


def fresh() -> Standing:
    standing = Standing()
    standing.refresh()
    return standing


def ask(body: object, *, standing: Standing | None = None, sees: bool = True, query: str = "") -> Told | None:
    known = standing or fresh()
    checking = Checking(known, lambda: sees, lambda act: sync_to_async(act)())
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return async_to_sync(checking.answer)(Asked("POST", ADDRESS, query, lambda _: "", raw))


def test_pass_is_asked_of_the_database_once_and_then_known(given: IssuedCredential) -> None:
    standing, now = fresh(), timezone.now()
    assert standing.check(given.text, now) is None

    first = standing.check_and_remember(given.text, now)

    assert standing.check(given.text, now) == first
    assert first.answer.value == "valid"
    assert first.claims == {"n": "Nguyễn Thị Hoa", "b": 1987, "d": ["a", "b"]}


def test_revocation_is_known_after_the_next_look_and_counts_from_its_moment(given: IssuedCredential) -> None:
    standing, before = fresh(), timezone.now()
    standing.check_and_remember(given.text, before)
    revoke(credential_id=given.id, reason="withdrawn", now=timezone.now())

    standing.refresh()

    after = timezone.now()
    later = standing.check(given.text, after)
    assert later is not None
    assert (later.answer.value, later.reason) == ("not_valid", "revoked")
    assert check_text(given.text, after).reason == "revoked"


def test_revocation_that_was_committed_late_is_not_passed_over(given: IssuedCredential) -> None:
    standing = fresh()
    other = issue(
        case_number="DN-2",
        agency_path="dn",
        kind="travel_pass",
        claims={"n": "B"},
        valid_from=timezone.now() - timedelta(minutes=1),
        valid_to=timezone.now() + timedelta(days=7),
        now=timezone.now(),
    )
    standing.check_and_remember(given.text, timezone.now())
    revoke(credential_id=other.id, reason="withdrawn", now=timezone.now())
    standing.refresh()

    # Began earlier than the one already seen, and is committed only now.
    revoke(credential_id=given.id, reason="withdrawn", now=timezone.now() - timedelta(seconds=30))
    standing.refresh()

    found = standing.check(given.text, timezone.now())
    assert found is not None
    assert found.reason == "revoked"


def test_pass_under_our_key_that_was_never_issued_is_not_valid(given: IssuedCredential) -> None:
    standing, text = fresh(), forged(given)

    for _ in range(2):
        assert standing.check(text, timezone.now()) is None
        assert standing.check_and_remember(text, timezone.now()).reason == "not_issued"


def test_revoked_key_is_known_after_the_next_look(given: IssuedCredential) -> None:
    standing = fresh()
    standing.check_and_remember(given.text, timezone.now())
    key = bytes(CredentialKey.objects.get(use="passes", retired_at__isnull=True).key_id)
    revoke_key(key_id=key, at=timezone.now() - timedelta(hours=1), now=timezone.now())

    standing.refresh()

    found = standing.check(given.text, timezone.now())
    assert found is not None
    assert found == check_text(given.text, timezone.now())
    assert found.reason == "key_revoked"


@pytest.mark.parametrize("text", ["", "hello", "MC1:ABC", "MC1:" + "A" * 5000, "HC1:X"])
def test_nonsense_gets_the_answer_of_the_database(text: str) -> None:
    now = timezone.now()

    assert fresh().check(text, now) == check_text(text, now)


def test_unknown_key_cannot_be_told() -> None:
    second = int(timezone.now().timestamp())
    foreign = seal_pass(
        {EXPIRES: second + 9999, NOT_BEFORE: second, ISSUED: second, IDENTITY: bytes(4), KIND: "x"},
        generate_key(now=timezone.now()),
    )

    found = fresh().check(foreign, timezone.now())

    assert found is not None
    assert (found.answer.value, found.reason) == ("cannot_tell", "unknown_key")


def test_machine_gets_the_same_answer_from_memory_and_from_django(
    given: IssuedCredential, client: Client
) -> None:
    standing = fresh()
    plain = client.post(ADDRESS, {"qr": given.text}, content_type="application/json").json()

    for _ in range(2):
        told = ask({"qr": given.text}, standing=standing)
        assert told is not None
        answer = json.loads(told.body)
        assert {**answer, "checked_at": ""} == {
            **plain,
            "checked_at": "",
            "valid_from": answer["valid_from"],
            "valid_to": answer["valid_to"],
        }
        assert answer["valid_to"][:19] == plain["valid_to"][:19]
        assert dict(told.headers)["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", {"qr": 1}, {"qr": "MC1:", "more": 1}, {}, b'{"qr": "a", "qr": "b"}', b"\xff"]
)
def test_body_that_is_none_is_left_to_django_which_refuses_it(body: object, client: Client) -> None:
    assert ask(body) is None

    raw = body if isinstance(body, bytes) else json.dumps(body)
    assert client.post(ADDRESS, raw, content_type="application/json").status_code == 422


def test_process_that_does_not_see_leaves_checks_to_django(given: IssuedCredential) -> None:
    assert ask({"qr": given.text}, sees=False) is None
    assert ask({"qr": given.text}, query="x=1") is None


def test_revocation_dated_ahead_by_a_wrong_clock_hides_no_later_one(given: IssuedCredential) -> None:
    other = issue(
        case_number="DN-2",
        agency_path="dn",
        kind="travel_pass",
        claims={"n": "Trần Văn Bình", "b": 1990, "d": []},
        valid_from=timezone.now() - timedelta(minutes=1),
        valid_to=timezone.now() + timedelta(days=7),
        now=timezone.now(),
    )
    standing = fresh()
    for each in (given, other):
        assert standing.check_and_remember(each.text, timezone.now()).answer == "valid"
    revoke(credential_id=other.id, reason="withdrawn", now=timezone.now() + timedelta(hours=1))
    standing.refresh()

    revoke(credential_id=given.id, reason="withdrawn", now=timezone.now())
    standing.refresh()

    found = standing.check(given.text, timezone.now() + timedelta(seconds=1))
    assert found is not None
    assert (found.answer, found.reason) == ("not_valid", "revoked")
