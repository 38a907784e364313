"""An issuer that changes its key, answers elsewhere, or answers nonsense."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from joserfc.jwk import ECKey
from pytest_django import Settings

from motcua.identity.issuer import IssuerSilent, fetch_json, forget_issuers, issuer_at
from motcua.identity.oidc import (
    Claims,
    Pending,
    SignInNotFinished,
    finish_sign_in,
    sign_out_address,
    start_sign_in,
)
from motcua.simulators.national_identity.provider import Provider
from motcua.simulators.national_identity.server import IdentityServer

BACK = "http://127.0.0.1:8000/sign-in/return/"
PERSON = {
    "sub": "p1",
    "name": "Hoa",
    "number": "049190000321",
    "born_on": "1990-02-03",
    "sex": "female",
    "note": "",
}


def served(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def provider(tmp_path: Path, settings: Settings) -> Iterator[Provider]:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([PERSON]), encoding="utf-8")
    provider = Provider(issuer="", client_id="party", client_secret="mot-bi-mat:va-dau-hai-cham")
    server = IdentityServer(0, provider, people)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = provider.issuer, "party"
    settings.OIDC_CLIENT_SECRET = provider.client_secret
    forget_issuers()
    for _ in served(server):
        yield provider
    forget_issuers()


def come_back() -> tuple[Pending, dict[str, str]]:
    start = start_sign_in(redirect_uri=BACK, next_page="/", now=datetime.now(UTC))
    asked = dict(parse_qsl(urlsplit(start.address).query))
    page = start.address.partition("?")[0]
    back = requests.post(page, data={**asked, "sub": "p1"}, timeout=30, allow_redirects=False)
    return start.pending, dict(parse_qsl(urlsplit(back.headers["Location"]).query))


def finish(pending: Pending, answer: dict[str, str]) -> Claims:
    return finish_sign_in(pending=pending, answer=answer, redirect_uri=BACK, now=datetime.now(UTC))


def test_a_party_with_a_secret_signs_in(provider: Provider) -> None:
    assert finish(*come_back())["sub"] == "p1"


def test_a_party_with_a_wrong_secret_does_not(provider: Provider, settings: Settings) -> None:
    settings.OIDC_CLIENT_SECRET = "sai"

    with pytest.raises(SignInNotFinished, match="invalid_client"):
        finish(*come_back())


def test_a_changed_key_is_fetched(provider: Provider) -> None:
    finish(*come_back())

    provider.key = ECKey.generate_key("P-256", auto_kid=True, private=True)

    assert finish(*come_back())["sub"] == "p1"


def test_a_key_that_is_not_published_is_refused(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    published = provider.keys()
    monkeypatch.setattr(Provider, "keys", lambda provider: published)
    provider.key = ECKey.generate_key("P-256", auto_kid=True, private=True)

    with pytest.raises(SignInNotFinished, match="does not hold"):
        finish(*come_back())


def test_a_foreign_key_under_a_published_name_is_refused(provider: Provider) -> None:
    finish(*come_back())
    named = str(provider.key.kid)
    provider.key = ECKey.generate_key("P-256", {"kid": named}, private=True)

    with pytest.raises(SignInNotFinished, match="BadSignature"):
        finish(*come_back())


def answer_with(monkeypatch: pytest.MonkeyPatch, *, sub: str) -> None:
    """Leave the person out of the identity token, and tell of one when asked with the access token."""
    claims = "motcua.simulators.national_identity.provider._claims"
    monkeypatch.setattr(claims, lambda person: {"sub": person.sub})
    told = {"sub": sub, "citizen_number": PERSON["number"], "name": PERSON["name"]}
    monkeypatch.setattr(Provider, "user_information", lambda provider, bearer: told)


def test_claims_missing_from_the_token_are_asked_for(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, sub="p1")

    assert finish(*come_back())["citizen_number"] == PERSON["number"]


def test_information_about_someone_else_is_refused(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, sub="p2")

    with pytest.raises(SignInNotFinished, match="another subject"):
        finish(*come_back())


def test_an_issuer_that_fell_silent_before_the_exchange_is_told_apart(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending, answer = come_back()
    elsewhere = provider.discovery() | {"token_endpoint": "http://127.0.0.1:9/token"}
    monkeypatch.setattr(Provider, "discovery", lambda provider: elsewhere)
    forget_issuers()

    with pytest.raises(IssuerSilent):
        finish(pending, answer)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://issuer.example/token"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": ["http://127.0.0.1/"]},
    ],
)
def test_an_issuer_that_says_unsafe_things_is_not_believed(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, said: dict[str, object]
) -> None:
    document = provider.discovery() | said
    monkeypatch.setattr(Provider, "discovery", lambda provider: document)

    with pytest.raises(IssuerSilent):
        issuer_at(provider.issuer)
    assert sign_out_address(return_to=BACK) is None


def test_an_issuer_without_a_page_to_sign_out_needs_none(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {name: said for name, said in provider.discovery().items() if name != "end_session_endpoint"}
    monkeypatch.setattr(Provider, "discovery", lambda provider: document)

    assert issuer_at(provider.issuer).end_session_endpoint == ""
    assert sign_out_address(return_to=BACK) is None


class Nonsense(BaseHTTPRequestHandler):
    """Answers by path with what no issuer should."""

    def do_GET(self) -> None:
        status, body = {
            "/long": (200, b'{"a": "' + b"x" * 300_000 + b'"}'),
            "/list": (200, b"[]"),
            "/text": (200, b"<html>"),
            "/error": (500, b"{}"),
            "/elsewhere": (302, b"{}"),
        }[self.path]
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


@pytest.fixture(scope="module")
def nonsense() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Nonsense)
    for _ in served(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize("page", ["/long", "/list", "/text", "/error", "/elsewhere"])
def test_nonsense_is_silence(nonsense: str, page: str) -> None:
    with pytest.raises(IssuerSilent):
        fetch_json(nonsense + page)


@pytest.mark.parametrize("address", ["http://issuer.example/", "ftp://127.0.0.1/", ""])
def test_nothing_is_fetched_without_encryption(address: str) -> None:
    with pytest.raises(IssuerSilent):
        fetch_json(address)
