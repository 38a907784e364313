"""What every answer carries, and what the health pages say."""

import logging
from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.test import Client

from motcua.site import health


@pytest.mark.django_db
def test_readiness_names_each_component_and_since_when(client: Client) -> None:
    answer = client.get("/readyz")

    parts = {part["name"]: part for part in answer.json()["components"]}
    assert answer.status_code == 200
    assert {"web", "database", "worker", "status_list", "ledger"} <= parts.keys()
    assert datetime.fromisoformat(parts["database"]["since"]) < datetime.now(UTC)


@pytest.mark.django_db
def test_missing_worker_degrades_but_does_not_close(client: Client) -> None:
    answer = client.get("/readyz")

    worker = next(part for part in answer.json()["components"] if part["name"] == "worker")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert (worker["ok"], worker["because"]) == (False, "no worker has reported")


def test_lost_database_closes_without_saying_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> None:
        raise OperationalError("connection to 10.0.0.5 failed: password of motcua_app")

    monkeypatch.setattr(health.connection, "cursor", unreachable)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert b"10.0.0.5" not in answer.content


def test_life_sign_needs_no_database(client: Client) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


def test_every_answer_is_closed_to_frames_scripts_and_caches(client: Client) -> None:
    headers = client.get("/healthz").headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert "camera=(self)" in headers["Permissions-Policy"]


def test_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_forged_forwarding_header_is_not_believed(client: Client) -> None:
    answer = client.get(
        "/healthz", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    )

    assert answer.status_code == 200
    assert not answer.wsgi_request.is_secure()


def test_log_line_has_no_query_string(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="motcua.requests"):
        client.get("/nowhere?number=048099001234")

    assert "GET /nowhere" in caplog.text
    assert "048099001234" not in caplog.text
