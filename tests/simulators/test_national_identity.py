"""The simulator of the national identity refuses what a real issuer refuses, and serves loopback only."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from motcua.simulators.national_identity.people import PeopleFileRefused, read_people
from motcua.simulators.national_identity.provider import (
    CODE_SECONDS,
    TOKEN_SECONDS,
    Provider,
    RequestRefused,
    RequestUnsafe,
    challenge_of,
    is_loopback,
)
from motcua.simulators.national_identity.server import IdentityServer

PERSON = {
    "sub": "p1",
    "name": "Trần Thị Hoa",
    "number": "049190000321",
    "born_on": "1990-02-03",
    "sex": "female",
    "note": "Có đủ điều kiện",
}
VERIFIER = "v" * 43
BACK = "http://127.0.0.1:8000/sign-in/return/"
ASKED = {
    "client_id": "party",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid profile",
    "state": "s t&a=te",
    "nonce": "n",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}


class Clock:
    """A clock that a test moves."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people_file(tmp_path: Path) -> Path:
    path = tmp_path / "people.json"
    path.write_text(json.dumps([PERSON]), encoding="utf-8")
    return path


@pytest.fixture
def provider(clock: Clock) -> Provider:
    return Provider(issuer="http://127.0.0.1:1", client_id="party", client_secret="mật khẩu", clock=clock)


@pytest.fixture
def code(provider: Provider, people_file: Path) -> str:
    return provider.grant(provider.check(ASKED), read_people(people_file)["p1"])


def exchange(provider: Provider, code: str, /, **changed: str) -> dict[str, object]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return provider.exchange({**form, **changed}, ("party", "mật khẩu"))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"client_id": "other"}, RequestUnsafe),
        ({"redirect_uri": "https://evil.example/"}, RequestUnsafe),
        ({"redirect_uri": "http://127.0.0.1.evil.example/"}, RequestUnsafe),
        ({"redirect_uri": "http://127.0.0.1@evil.example/"}, RequestUnsafe),
        ({"redirect_uri": "javascript:alert(1)"}, RequestUnsafe),
        ({"redirect_uri": BACK + "#x"}, RequestUnsafe),
        ({"response_type": "token"}, RequestRefused),
        ({"scope": "profile"}, RequestRefused),
        ({"code_challenge_method": "plain"}, RequestRefused),
        ({"code_challenge": ""}, RequestRefused),
    ],
)
def test_a_bad_request_is_refused(
    provider: Provider, changed: dict[str, str], refusal: type[ValueError]
) -> None:
    with pytest.raises(refusal):
        provider.check({**ASKED, **changed})


def test_a_code_works_once_and_shown_again_ends_its_token(provider: Provider, code: str) -> None:
    token = str(exchange(provider, code)["access_token"])
    assert provider.user_information(token)["citizen_number"] == PERSON["number"]

    with pytest.raises(RequestRefused, match="used"):
        exchange(provider, code)

    with pytest.raises(RequestRefused):
        provider.user_information(token)


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:8000/other/"},
        {"grant_type": "password"},
        {"code": "other"},
    ],
)
def test_a_wrong_exchange_gives_nothing(provider: Provider, code: str, changed: dict[str, str]) -> None:
    with pytest.raises(RequestRefused):
        exchange(provider, code, **changed)


@pytest.mark.parametrize("credentials", [("party", "sai"), ("other", "mật khẩu"), ("", ""), None])
def test_a_party_without_its_secret_gets_nothing(
    provider: Provider, code: str, credentials: tuple[str, str] | None
) -> None:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}

    with pytest.raises(RequestRefused) as refusal:
        provider.exchange(form, credentials)

    assert refusal.value.error == "invalid_client"


def test_codes_and_tokens_end(provider: Provider, code: str, clock: Clock, people_file: Path) -> None:
    clock.now += CODE_SECONDS + 1
    with pytest.raises(RequestRefused):
        exchange(provider, code)

    token = str(
        exchange(provider, provider.grant(provider.check(ASKED), read_people(people_file)["p1"]))[
            "access_token"
        ]
    )
    clock.now += TOKEN_SECONDS + 1
    with pytest.raises(RequestRefused):
        provider.user_information(token)


def test_the_public_keys_hold_nothing_private(provider: Provider) -> None:
    (key,) = provider.keys()["keys"]  # type: ignore[misc, attr-defined]  # JSON

    assert "d" not in key
    assert key["kid"]


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        ("{", "cannot be read"),
        ("{}", "must hold a list"),
        (json.dumps([PERSON, PERSON]), "stands twice"),
        (json.dumps([{**PERSON, "extra": ""}]), "entry 1: needs exactly"),
        (json.dumps([PERSON, {**PERSON, "sub": 3}]), "entry 2: every field is text"),
        (json.dumps([{**PERSON, "born_on": "3/2/1990"}]), "born_on is a date"),
        (json.dumps([{**PERSON, "sex": "nữ"}]), "sex is male or female"),
    ],
)
def test_a_bad_file_of_people_names_the_entry(people_file: Path, content: str, trouble: str) -> None:
    people_file.write_text(content, encoding="utf-8")

    with pytest.raises(PeopleFileRefused, match=trouble):
        read_people(people_file)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("http://127.0.0.1:8000/x", True),
        ("https://localhost/x", True),
        ("http://[::1]:8000/", True),
        ("http://10.0.0.1/", False),
        ("http://localhost.evil.example/", False),
        ("ftp://127.0.0.1/", False),
        ("", False),
    ],
)
def test_only_this_machine_is_a_party(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


@pytest.fixture
def address(provider: Provider, people_file: Path) -> Iterator[str]:
    server = IdentityServer(0, provider, people_file)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield provider.issuer
    server.shutdown()
    thread.join()
    server.server_close()


def test_discovery_names_pages_that_answer(address: str) -> None:
    said = requests.get(f"{address}/.well-known/openid-configuration", timeout=30).json()

    assert said["issuer"] == address
    assert requests.get(said["jwks_uri"], timeout=30).json()["keys"]
    assert requests.get(said["userinfo_endpoint"], timeout=30).status_code == 401
    assert requests.post(said["token_endpoint"], timeout=30).json()["error"] == "invalid_client"
    assert requests.get(said["authorization_endpoint"], timeout=30).status_code == 400
    assert requests.get(said["end_session_endpoint"], timeout=30).status_code == 200
    assert requests.get(f"{address}/healthz", timeout=30).json() == {"status": "ok"}
    assert requests.get(f"{address}/other", timeout=30).status_code == 404


def test_a_choice_leads_back_with_code_state_and_issuer(address: str) -> None:
    back = requests.post(
        f"{address}/authorize", data={**ASKED, "sub": "p1"}, timeout=30, allow_redirects=False
    )
    answer = dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    assert back.status_code == 303
    assert (answer["state"], answer["iss"]) == (ASKED["state"], address)
    basic = b64encode("party:m%E1%BA%ADt+kh%E1%BA%A9u".replace("+", "%20").encode()).decode()
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    token = requests.post(
        f"{address}/token", data=form, headers={"Authorization": f"Basic {basic}"}, timeout=30
    )
    assert token.status_code == 200
    bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
    assert requests.get(f"{address}/userinfo", headers=bearer, timeout=30).json()["name"] == PERSON["name"]


def test_an_unsafe_request_leads_nowhere(address: str) -> None:
    asked = {**ASKED, "redirect_uri": "https://evil.example/", "sub": "p1"}

    answer = requests.post(f"{address}/authorize", data=asked, timeout=30, allow_redirects=False)

    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_the_file_of_people_is_read_again_when_it_changes(address: str, people_file: Path) -> None:
    assert "Trần Thị Hoa" in requests.get(f"{address}/authorize", params=ASKED, timeout=30).text

    people_file.write_text(json.dumps([{**PERSON, "name": "Lê Văn Tám"}]), encoding="utf-8")
    assert "Lê Văn Tám" in requests.get(f"{address}/authorize", params=ASKED, timeout=30).text

    people_file.unlink()
    assert requests.get(f"{address}/authorize", params=ASKED, timeout=30).status_code == 503


def test_people_are_found_without_diacritics(address: str) -> None:
    found = requests.get(f"{address}/authorize", params={**ASKED, "tim": "tran hoa"}, timeout=30).text
    none = requests.get(f"{address}/authorize", params={**ASKED, "tim": "khong ai"}, timeout=30).text

    assert 'value="p1"' in found
    assert 'value="p1"' not in none
    assert "Không có người mẫu nào phù hợp" in none


def test_the_server_listens_on_loopback_only(provider: Provider, people_file: Path) -> None:
    with IdentityServer(0, provider, people_file) as server:
        assert server.socket.getsockname()[0] == "127.0.0.1"


def test_a_form_too_long_or_odd_is_refused_and_the_server_lives(address: str) -> None:
    for body in (b"x" * 100_000, b"\xff\xfe" * 100, b"sub=%00&client_id=%00"):
        assert requests.post(f"{address}/authorize", data=body, timeout=30).status_code == 400
    assert requests.get(f"{address}/healthz", timeout=30).status_code == 200
