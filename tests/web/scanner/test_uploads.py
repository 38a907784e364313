import json
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from motcua.credentials.models import Scan
from motcua.credentials.services import IssuedCredential
from motcua.identity.states import Role

SignIn = Callable[[Role | None], Client]


def upload(text: str, now: datetime, /, **changes: object) -> dict[str, object]:
    scan = {
        "key": str(uuid4()),
        "text": text,
        "scanned_at": now.isoformat(),
        "answer": "valid",
        "reason": "",
        "checkpoint": "Cầu Rồng",
    }
    return {"device": str(uuid4()), "sent_at": now.isoformat(), "scans": [{**scan, **changes}]}


def send(client: Client, content: object) -> tuple[int, dict[str, object]]:
    body = content if isinstance(content, bytes) else json.dumps(content)
    answer = client.post("/scanner/scans", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_an_inspector_sends_scans_and_may_send_them_again(
    signed_in: SignIn, granted: IssuedCredential, now: datetime
) -> None:
    client, content = signed_in(Role.INSPECTOR), upload(granted.text, now)

    first, second = send(client, content), send(client, content)

    assert first == (200, {"recorded": 1, "known_already": 0, "double_uses": []})
    assert second == (200, {"recorded": 0, "known_already": 1, "double_uses": []})
    assert Scan.objects.get().checkpoint == "Cầu Rồng"


def test_a_second_checkpoint_is_told_of_the_double_use(
    signed_in: SignIn, granted: IssuedCredential, now: datetime
) -> None:
    client = signed_in(Role.INSPECTOR)
    send(client, upload(granted.text, now))

    other = upload(granted.text, now, checkpoint="Cầu Sông Hàn")
    status, answer = send(client, other)

    assert status == 200
    assert answer["double_uses"] == [other["scans"][0]["key"]]  # type: ignore[index]


@pytest.mark.parametrize(
    ("role", "status"),
    [(role, 200 if role is Role.INSPECTOR else 403) for role in Role] + [(None, 403)],
)
def test_only_an_inspector_may_send(
    signed_in: SignIn, granted: IssuedCredential, now: datetime, role: Role | None, status: int
) -> None:
    answer = send(signed_in(role), upload(granted.text, now))

    assert answer[0] == status
    assert Scan.objects.count() == (1 if status == 200 else 0)


def test_without_signing_in_nothing_is_kept(client: Client, granted: IssuedCredential, now: datetime) -> None:
    assert send(client, upload(granted.text, now))[0] == 401
    assert not Scan.objects.exists()


def test_a_form_of_another_site_cannot_send(
    signed_in: SignIn, granted: IssuedCredential, now: datetime
) -> None:
    client = signed_in(Role.INSPECTOR)
    client.handler.enforce_csrf_checks = True

    answer = client.post(
        "/scanner/scans", json.dumps(upload(granted.text, now)), content_type="application/json"
    )

    assert answer.status_code == 403
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "x"},
        {"text": ""},
        {"text": "A" * 5000},
        {"scanned_at": "2026-11-22T08:00:00"},
        {"answer": "perhaps"},
        {"reason": "<b>"},
        {"checkpoint": "x" * 81},
        {"extra": 1},
    ],
)
def test_a_scan_of_another_form_is_refused_whole(
    signed_in: SignIn, granted: IssuedCredential, now: datetime, changes: dict[str, object]
) -> None:
    status, answer = send(signed_in(Role.INSPECTOR), upload(granted.text, now, **changes))

    assert status == 422
    assert str(answer["message"]).startswith("scans.0.")
    assert not Scan.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"device": 1}'])
def test_another_body_is_refused(signed_in: SignIn, body: bytes) -> None:
    assert send(signed_in(Role.INSPECTOR), body)[0] == 422


def test_too_many_scans_at_once_are_refused(
    signed_in: SignIn, granted: IssuedCredential, now: datetime
) -> None:
    content = upload(granted.text, now)
    content["scans"] = [{**content["scans"][0], "key": str(uuid4())} for _ in range(201)]  # type: ignore[index]

    assert send(signed_in(Role.INSPECTOR), content)[0] == 422
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("checkpoint", "Cầu\0Rồng"),
        ("checkpoint", "Cầu\nRồng"),
        ("scanned_at", "0001-01-01T00:00:00+14:00"),
        ("scanned_at", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_scan_that_cannot_be_kept_is_refused_by_its_field(
    signed_in: SignIn, granted: IssuedCredential, now: datetime, field: str, value: str
) -> None:
    status, answer = send(signed_in(Role.INSPECTOR), upload(granted.text, now, **{field: value}))

    assert (status, answer["error"]) == (422, "not_readable")
    assert str(answer["message"]).startswith(f"scans.0.{field}")
    assert not Scan.objects.exists()


@pytest.mark.parametrize("clock", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_device_clock_out_of_all_years_is_refused(
    signed_in: SignIn, granted: IssuedCredential, now: datetime, clock: str
) -> None:
    status, answer = send(signed_in(Role.INSPECTOR), {**upload(granted.text, now), "sent_at": clock})

    assert (status, answer["error"]) == (422, "not_readable")


@pytest.mark.parametrize("clock", ["1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z"])
def test_a_device_clock_that_is_decades_off_is_reckoned_with(
    signed_in: SignIn, granted: IssuedCredential, now: datetime, clock: str
) -> None:
    client = signed_in(Role.INSPECTOR)

    status, _ = send(client, {**upload(granted.text, now, scanned_at=clock), "sent_at": clock})

    assert status == 200
    assert abs(Scan.objects.get().scanned_at - Scan.objects.get().received_at).total_seconds() < 1
