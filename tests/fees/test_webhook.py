"""Only the bank that shares the secret is believed, within five minutes, and a notice has its effect once."""

import json
import time
from pathlib import Path
from typing import Any  # Any: the fixture's type lives in conftest, which is not importable

import pytest
from django.http import HttpResponse
from django.test import Client

from motcua.events.models import LedgerEntry
from motcua.fees.models import Payment
from motcua.fees.secrets import ensure_secret
from motcua.fees.states import DemandState
from motcua.fees.webhook import WINDOW_SECONDS, sign

ADDRESS = "/api/banks/dn/payments"
SAID = {
    "reference": "FT26324001",
    "amount_vnd": 150_000,
    "paid_at": "2026-11-20T09:30:00+07:00",
    "purpose": "nop phi H17202611200000123",
}


@pytest.fixture
def secret(tmp_path: Path, settings: Any) -> str:
    settings.SECRETS_DIR = tmp_path
    path = ensure_secret("dn")
    assert path.stat().st_mode & 0o077 == 0
    return path.read_text(encoding="utf-8").strip()


def send(
    secret: str, said: dict[str, object] | bytes, *, sent_at: int | None = None, **headers: str
) -> HttpResponse:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    at = int(time.time()) if sent_at is None else sent_at
    signed = {
        "X-Motcua-Timestamp": str(at),
        "X-Motcua-Signature": sign(secret, sent_at=at, body=body),
        **headers,
    }
    return Client().post(ADDRESS, body, content_type="application/json", headers=signed)


def test_signed_notice_pays_the_demand(town: Any, secret: str) -> None:
    town.ask()

    answer = send(secret, SAID)

    assert (answer.status_code, answer.json()) == (201, {"status": "taken"})
    assert town.of().state is DemandState.PAID


def test_replay_answers_200_without_effect(town: Any, secret: str) -> None:
    town.ask()
    at = int(time.time())
    send(secret, SAID, sent_at=at)
    entries = LedgerEntry.objects.count()

    again = send(secret, SAID, sent_at=at)
    signed_anew = send(secret, SAID, sent_at=at + 1)

    assert [again.status_code, signed_anew.status_code] == [200, 200]
    assert again.json() == {"status": "known"}
    assert LedgerEntry.objects.count() == entries


def test_notice_of_no_case_is_kept_for_an_officer(town: Any, secret: str) -> None:
    assert send(secret, {**SAID, "purpose": "chuyen tien"}).status_code == 201
    assert Payment.objects.get().demand is None


@pytest.mark.parametrize("off", [-WINDOW_SECONDS - 2, WINDOW_SECONDS + 60])
def test_recording_sent_outside_the_window_is_refused(town: Any, secret: str, off: int) -> None:
    answer = send(secret, SAID, sent_at=int(time.time()) + off)

    assert (answer.status_code, answer.json()["error"]) == (401, "too_old")
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Motcua-Signature": ""},
        {"X-Motcua-Signature": "v1=" + "0" * 64},
        {"X-Motcua-Signature": "v2=" + "0" * 64},
        {"X-Motcua-Timestamp": ""},
        {"X-Motcua-Timestamp": "1"},
        {"X-Motcua-Timestamp": "-1"},
        {"X-Motcua-Timestamp": "９" * 10},
    ],
)
def test_wrong_signature_is_refused(town: Any, secret: str, headers: dict[str, str]) -> None:
    answer = send(secret, SAID, **headers)

    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed")
    assert not Payment.objects.exists()


def test_one_changed_byte_of_the_body_is_refused(town: Any, secret: str) -> None:
    at, body = int(time.time()), json.dumps(SAID).encode()
    signed = {"X-Motcua-Timestamp": str(at), "X-Motcua-Signature": sign(secret, sent_at=at, body=body)}

    answer = Client().post(
        ADDRESS, body.replace(b"150000", b"950000"), content_type="application/json", headers=signed
    )

    assert answer.status_code == 401


def test_account_that_is_not_there_answers_like_a_wrong_signature(town: Any, secret: str) -> None:
    for code in ("khac", "..", "dn%2F..%2Fdn"):
        answer = Client().post(f"/api/banks/{code}/payments", b"{}", content_type="application/json")
        assert answer.status_code in (401, 404)


def test_without_a_secret_nothing_is_believed(town: Any, tmp_path: Path, settings: Any) -> None:
    settings.SECRETS_DIR = tmp_path

    assert send("", SAID).status_code == 401


def test_two_secrets_hold_while_one_is_replaced(town: Any, secret: str, settings: Any) -> None:
    file = Path(settings.SECRETS_DIR) / "banks" / "dn.secret"
    file.write_text(f"{'n' * 40}\n{secret}\nshort\n", encoding="utf-8")

    assert send("n" * 40, SAID).status_code == 201
    assert send(secret, SAID).status_code == 200
    assert send("short", SAID).status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        b"[]",
        b"not json",
        {**SAID, "amount_vnd": 150_000.0},
        {**SAID, "amount_vnd": "150000"},
        {**SAID, "amount_vnd": 0},
        {**SAID, "amount_vnd": -1},
        {**SAID, "paid_at": "2026-11-20T09:30:00"},
        {**SAID, "reference": " "},
        {**SAID, "more": 1},
        {name: value for name, value in SAID.items() if name != "purpose"},
    ],
)
def test_signed_body_of_another_shape_is_refused(town: Any, secret: str, said: Any) -> None:
    answer = send(secret, said)

    assert (answer.status_code, answer.json()["error"]) == (422, "not_readable")
    assert not Payment.objects.exists()


def test_reference_with_another_amount_is_a_conflict(town: Any, secret: str) -> None:
    send(secret, SAID)

    assert send(secret, {**SAID, "amount_vnd": 1}).status_code == 409
    assert Payment.objects.get().amount_vnd == 150_000


def test_long_body_is_refused(town: Any, secret: str) -> None:
    assert send(secret, b" " * 20_000).status_code == 413
