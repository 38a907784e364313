"""Citizens sign in against the simulator of the national identity, run as its own process on loopback."""

import json
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
import requests
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from motcua.identity.issuer import forget_issuers
from motcua.identity.models import Account
from motcua.identity.people import person_of

PEOPLE = [
    {
        "sub": "p1",
        "name": "Trần Thị Hoa",
        "number": "049190000321",
        "born_on": "1990-02-03",
        "sex": "female",
        "note": "Có đủ điều kiện",
    },
    {
        "sub": "p2",
        "name": "Lê <b>Văn</b> Tám",
        "number": "048085000654",
        "born_on": "1985-11-30",
        "sex": "male",
        "note": "Hộ kinh doanh",
    },
]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    people = tmp_path_factory.mktemp("people") / "people.json"
    people.write_text(json.dumps(PEOPLE), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "motcua.simulators.national_identity",
        "--port",
        "0",
        "--people",
        str(people),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    assert process.wait(60) == 0
    process.stdout.close()


@pytest.fixture(autouse=True)
def _at_issuer(issuer: str, settings: Settings) -> Iterator[None]:
    settings.OIDC_ISSUER = issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "motcua-portal", ""
    settings.SITE_URL = "http://127.0.0.1:8000"
    forget_issuers()
    yield
    forget_issuers()


class _Hidden(HTMLParser):
    """Collects the hidden fields of the page of choices."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[str(given["name"])] = str(given["value"])


def begin(client: Client, next_page: str = "") -> str:
    """Press the button and return the issuer's address."""
    answer = client.post(reverse("portal:sign_in"), {"next": next_page})
    assert answer.status_code == 302
    return str(answer["Location"])


def choose(address: str, sub: str = "p1") -> str:
    """Choose a person on the issuer's page as a browser does, and return the path to come back to."""
    page = requests.get(address, timeout=30)
    assert page.status_code == 200, page.text
    hidden = _Hidden()
    hidden.feed(page.text)
    back = requests.post(
        address.partition("?")[0], data={**hidden.fields, "sub": sub}, timeout=30, allow_redirects=False
    )
    assert back.status_code == 303, back.text
    parts = urlsplit(back.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}" == "http://127.0.0.1:8000"
    return f"{parts.path}?{parts.query}"


def with_query(address: str, **changed: str | None) -> str:
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query)), **changed}
    return urlunsplit(parts._replace(query=urlencode({k: v for k, v in query.items() if v is not None})))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def assert_refused(client: Client, path: str, status: int = 400) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert "Chưa đăng nhập được" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_citizen_signs_in_and_comes_back_to_the_page(client: Client) -> None:
    address = begin(client, "/my/?trang=2")
    asked = parse_qs(urlsplit(address).query)

    back = client.get(choose(address))

    assert (back.status_code, back["Location"]) == (302, "/my/?trang=2")
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    account = Account.objects.get(pk=client.session["_auth_user_id"])
    assert person_of(account).name == "Trần Thị Hoa"
    assert account.kind == "citizen"
    assert not account.has_usable_password()


def test_the_session_is_a_new_one_and_holds_nothing_personal(client: Client) -> None:
    address = begin(client)
    before = client.session.session_key

    client.get(choose(address))

    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()
    kept = json.dumps(dict(client.session.items()))
    assert "049190000321" not in kept
    assert "Hoa" not in kept
    assert "nonce" not in kept


def test_a_second_sign_in_by_another_person_leaves_nothing_of_the_first(client: Client) -> None:
    client.get(choose(begin(client), "p1"))
    session = client.session
    session["draft"] = "của người trước"
    session.save()

    client.get(choose(begin(client), "p2"))

    assert person_of(int(client.session["_auth_user_id"])).name == "Lê <b>Văn</b> Tám"
    assert "draft" not in client.session


def test_another_browser_cannot_use_the_answer(client: Client) -> None:
    stolen = choose(begin(client))

    assert_refused(Client(), stolen)
    assert not Account.objects.exists()


def test_an_answer_works_once(client: Client) -> None:
    path = choose(begin(client))
    client.get(path)
    client.post(reverse("portal:sign_out"))

    assert_refused(client, path)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "other"},
        {"state": None},
        {"code": "other"},
        {"code": None},
        {"code": ""},
        {"iss": "https://evil.example"},
        {"error": "server_error"},
    ],
)
def test_a_changed_answer_is_refused(client: Client, changed: dict[str, str | None]) -> None:
    path = choose(begin(client))

    assert_refused(client, with_query(path, **changed))
    assert not Account.objects.exists()


def change_pending(client: Client, **changed: object) -> None:
    session = client.session
    (state,) = session["sign_ins_under_way"]
    session["sign_ins_under_way"] = {state: {**session["sign_ins_under_way"][state], **changed}}
    session.save()


@pytest.mark.parametrize(
    "changed",
    [{"verifier": "v" * 64}, {"nonce": "other"}, {"state": "other"}, {"began_at": 0}, {"began_at": "x"}],
)
def test_a_changed_secret_of_ours_is_refused(client: Client, changed: dict[str, object]) -> None:
    path = choose(begin(client))
    change_pending(client, **changed)

    assert_refused(client, path)
    assert not Account.objects.exists()


def test_a_challenge_changed_on_the_way_is_refused(client: Client) -> None:
    assert_refused(client, choose(with_query(begin(client), code_challenge="A" * 43)))


def test_a_nonce_changed_on_the_way_is_refused(client: Client) -> None:
    assert_refused(client, choose(with_query(begin(client), nonce="of-the-attacker")))


def test_a_token_for_another_party_is_refused(client: Client, settings: Settings) -> None:
    path = choose(begin(client))
    settings.OIDC_CLIENT_ID = "another-party"

    assert_refused(client, path)


def test_a_sign_in_left_lying_is_refused(client: Client) -> None:
    with time_machine.travel("2026-03-02T08:00:00+07:00", tick=False):
        address = begin(client)
    with time_machine.travel("2026-03-02T08:16:00+07:00", tick=False):
        assert_refused(client, choose(address))


@pytest.mark.parametrize("our_clock", ["2024-03-02T08:00:00+07:00", "2099-03-02T08:00:00+07:00"])
def test_an_identity_token_of_another_time_is_refused(client: Client, our_clock: str) -> None:
    # The issuer dates its token today: to one of our clocks it lies ahead, to the other it has ended.
    with time_machine.travel(our_clock, tick=False):
        assert_refused(client, choose(begin(client)))


def test_cancelling_leads_back_with_a_sentence(client: Client) -> None:
    assert_refused(client, choose(begin(client), sub=""))


def test_two_tabs_both_come_back(client: Client) -> None:
    first, second = begin(client, "/my/?a"), begin(client, "/my/?b")

    assert client.get(choose(first))["Location"] == "/my/?a"
    assert is_signed_in(client)
    # The first answer began a fresh session: the second tab is told to sign in again, and nothing breaks.
    assert client.get(choose(second)).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/a\nb",
        "",
    ],
)
def test_coming_back_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    assert client.get(choose(begin(client, elsewhere)))["Location"] == reverse("portal:home")


def test_a_silent_issuer_is_told_and_the_page_stays(client: Client, settings: Settings) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    answer = client.post(reverse("portal:sign_in"), {"next": "/my/"})

    assert answer.status_code == 503
    assert "hiện không trả lời" in answer.content.decode()
    assert 'value="/my/"' in answer.content.decode()


def test_an_issuer_that_calls_itself_otherwise_is_not_believed(
    client: Client, settings: Settings, issuer: str
) -> None:
    settings.OIDC_ISSUER = issuer.replace("127.0.0.1", "localhost")

    assert client.post(reverse("portal:sign_in")).status_code == 503


def test_signing_out_ends_the_session_here_and_at_the_issuer(client: Client, issuer: str) -> None:
    client.get(choose(begin(client)))
    key = client.session.session_key

    answer = client.post(reverse("portal:sign_out"))

    assert answer["Location"].startswith(f"{issuer}/end-session?")
    assert not Session.objects.filter(pk=key).exists()
    back = requests.get(answer["Location"], timeout=30, allow_redirects=False)
    assert back.headers["Location"] == f"http://127.0.0.1:8000{reverse('portal:home')}"


def test_signing_out_needs_a_form(client: Client) -> None:
    assert client.get(reverse("portal:sign_out")).status_code == 405
    assert Client(enforce_csrf_checks=True).post(reverse("portal:sign_out")).status_code == 403
    assert Client(enforce_csrf_checks=True).post(reverse("portal:sign_in")).status_code == 403


@pytest.mark.parametrize(
    ("language", "heading"), [("vi", "Đăng nhập bằng định danh"), ("en", "Sign in with your national")]
)
def test_the_page_speaks_both_languages(client: Client, language: str, heading: str) -> None:
    client.cookies["django_language"] = language

    page = client.get(reverse("portal:sign_in")).content.decode()

    assert heading in page
    assert f'lang="{language}"' in page


def test_the_issuers_page_escapes_names_and_says_it_is_a_simulator(client: Client) -> None:
    page = requests.get(begin(client), timeout=30)

    assert "trang mô phỏng" in page.text
    assert "Lê &lt;b&gt;Văn&lt;/b&gt; Tám" in page.text
    assert "049190000321" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
