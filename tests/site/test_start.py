"""The site refuses to start in a way that harms somebody."""

import socket
from pathlib import Path

import pytest

from motcua.site import keys
from motcua.site.commands import main
from motcua.site.serve import refuse_unsafe_start
from motcua.site.starting import StartRefused


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "city.example.vn"])
def test_demo_listens_only_on_this_machine(host: str) -> None:
    with pytest.raises(StartRefused, match="anyone may use"):
        refuse_unsafe_start(host=host, site_url="https://city.example.vn", demo=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_demo_starts_on_loopback(host: str) -> None:
    refuse_unsafe_start(host=host, site_url="http://127.0.0.1:8000", demo=True)


def test_site_for_others_needs_https() -> None:
    with pytest.raises(StartRefused, match="https"):
        refuse_unsafe_start(host="0.0.0.0", site_url="http://city.example.vn", demo=False)

    refuse_unsafe_start(host="0.0.0.0", site_url="https://city.example.vn", demo=False)


@pytest.mark.parametrize("key", ["", "changeme", "a" * 80, "secret" * 10])
def test_weak_key_is_refused(key: str) -> None:
    with pytest.raises(keys.SecretTooWeak):
        keys.refuse_weak(key)


def test_key_is_made_once_for_our_eyes_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOTCUA_SECRET_KEY", raising=False)

    first, second = keys.session_key(tmp_path / "secrets"), keys.session_key(tmp_path / "secrets")

    keys.refuse_weak(first)
    assert first == second
    assert (tmp_path / "secrets" / "django.key").stat().st_mode & 0o777 == 0o600


def test_key_that_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOTCUA_SECRET_KEY", raising=False)
    keys.session_key(tmp_path)
    (tmp_path / "django.key").chmod(0o644)

    with pytest.raises(keys.SecretTooWeak, match="chmod 600"):
        keys.session_key(tmp_path)


def test_refusal_is_a_sentence_and_touches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path / "var"))
    # serve writes its choices into the environment of its children: let monkeypatch take them back.
    monkeypatch.setenv("MOTCUA_DEMO", "1")
    monkeypatch.setenv("MOTCUA_SITE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("MOTCUA_OIDC_ISSUER", "http://127.0.0.1:8001")

    status = main(["serve", "--demo", "--host", "0.0.0.0"])

    assert status == 2
    assert "Leave --host out" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_taken_port_of_the_identity_provider_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MOTCUA_DEMO", "1")
    monkeypatch.setenv("MOTCUA_SITE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("MOTCUA_OIDC_ISSUER", "http://127.0.0.1:8001")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        status = main(["serve", "--demo", "--identity-port", str(taken.getsockname()[1])])

    assert status == 2
    assert "Choose another --identity-port" in capsys.readouterr().err
    assert not (tmp_path / "var" / "postgres").exists()
