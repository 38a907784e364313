import json
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from motcua.identity.states import Role
from motcua.web.ui import assets, offline


def test_the_page_may_compile_the_decoder_and_no_other_page_may(client: Client) -> None:
    scanner, other = client.get("/scanner/"), client.get("/verify/")

    assert "'wasm-unsafe-eval'" in scanner["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" not in other["Content-Security-Policy"]
    for page in (scanner, other):
        assert "'unsafe-inline'" not in page["Content-Security-Policy"]
        assert " style=" not in page.content.decode()


def test_the_page_names_its_limits_and_where_to_fetch(client: Client) -> None:
    page = client.get("/scanner/").content.decode()

    for part in (
        'data-list-hours="24"',
        'data-published="/published/newest.json"',
        "/desk/sign-in/?next=/scanner/",
        "<noscript>",
    ):
        assert part in page


def test_scanner_fetches_from_the_cdn_where_one_carries_the_files(client: Client, settings: Settings) -> None:
    settings.PUBLISHED_URL = "https://cdn.example/danang/"

    page = client.get("/scanner/").content.decode()

    assert 'data-published="https://cdn.example/danang/newest.json"' in page


def test_every_file_that_the_page_needs_is_kept_offline(client: Client) -> None:
    script = client.get("/scanner/sw.js")
    known = json.loads(script.content.decode().removeprefix("self.OFFLINE = ").partition(";\n")[0])
    page = client.get("/scanner/").content.decode()

    for name in ("scanner.js", "scanner.css"):
        assert assets.asset_url(name) in known["files"]
        assert assets.asset_url(name) in page
    assert any(name.endswith(".wasm") for name in known["files"])
    assert sum(name.endswith(".woff2") for name in known["files"]) == 4
    assert known["page"] == "/scanner/"
    assert script["Content-Type"] == "text/javascript"


def test_a_changed_file_makes_another_version() -> None:
    assert offline.version_of(["a"], "x") != offline.version_of(["b"], "x") != offline.version_of(["b"], "y")


def test_without_a_build_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "_changed_at", lambda: -2.0)

    with pytest.raises(assets.AssetNotBuilt, match="npm run build"):
        offline.offline_files("scanner/main.ts", [])


def test_the_manifest_makes_it_installable(client: Client) -> None:
    manifest = client.get("/scanner/manifest.webmanifest").json()

    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        "/scanner/",
        "/scanner/",
        "standalone",
    )
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}


@pytest.mark.usefixtures("layout")
def test_layouts_name_claims_in_both_languages(client: Client) -> None:
    (layout,) = client.get("/scanner/layouts.json").json()

    assert layout["kind"] == "travel_pass"
    assert {"key": "n", "label": {"vi": "Họ và tên", "en": "Name"}} in layout["claims"]


@pytest.mark.parametrize(("role", "may"), [(Role.INSPECTOR, True), (Role.APPROVER, False), (None, False)])
def test_the_session_tells_whether_scans_may_be_sent(
    signed_in: Callable[[Role | None], Client], role: Role | None, may: bool
) -> None:
    answer = signed_in(role).get("/scanner/session.json")

    assert answer.json()["inspector"] is may
    assert "no-store" in answer["Cache-Control"]


def test_a_stranger_has_no_session(client: Client) -> None:
    assert client.get("/scanner/session.json").json()["inspector"] is False
