"""What every answer carries, and what the health pages say."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
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


@pytest.mark.parametrize("path", ["/services/", "/api/submissions/H17"])
@pytest.mark.parametrize(
    "failure", [OperationalError("key=(048099001234)"), InterfaceError("connection already closed")]
)
def test_lost_database_asks_to_come_back(
    monkeypatch: pytest.MonkeyPatch, path: str, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise failure

    answer = answer_of(fail, path, monkeypatch)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"048099001234" not in answer.content
    assert answer["Content-Type"].startswith("application/json" if path.startswith("/api/") else "text/html")


@pytest.mark.parametrize("path", ["/services/", "/api/submissions/H17"])
def test_our_mistake_is_told_without_its_text(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise KeyError("048099001234")

    answer = answer_of(fail, path, monkeypatch)

    assert answer.status_code == 500
    assert b"048099001234" not in answer.content


def answer_of(
    view: Callable[[HttpRequest], HttpResponse], path: str, monkeypatch: pytest.MonkeyPatch
) -> HttpResponse:
    """Answer ``path`` by ``view``, as the site answers when a view fails."""
    monkeypatch.setattr(CommonMiddleware, "process_request", lambda _, request: view(request))
    return Client(raise_request_exception=False).get(path)
