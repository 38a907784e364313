"""Officers sign in on the desk: same answer for every mistake, a fresh session, limits in time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from motcua.agencies.models import Agency
from motcua.identity import second_factor
from motcua.identity.models import Account, Appointment
from motcua.identity.officers import add_officer
from motcua.identity.states import Role
from motcua.identity.throttle import PER_ACCOUNT, PER_ADDRESS, spend_try

PASSWORD = "cây đa bến nước 1975"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    # Still argon2, at a cost that lets a test make many tries.
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 8)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)


@pytest.fixture(autouse=True)
def _lan(clock: time_machine.Traveller, _quick_hashes: None, db: None) -> None:
    add_officer(login="lan", name="Nguyễn Thị Lan", password=PASSWORD, now=START)


def code() -> str:
    return second_factor.code_at(Account.objects.get(login="lan"), datetime.now(UTC))


def sign_in(
    client: Client, *, next_page: str = "", headers: dict[str, str] | None = None, **changed: str
) -> int:
    typed = {"login": "lan", "password": PASSWORD, "code": code(), "next": next_page, **changed}
    return client.post(reverse("desk:sign_in"), typed, headers=headers).status_code


def is_signed_in(client: Client) -> bool:
    """Ask a page with the session's cookie, so that the limits are applied, and look what is left."""
    client.get(reverse("desk:sign_in"))
    return "_auth_user_id" in client.session


def test_the_right_three_lead_to_the_page_asked_for(client: Client) -> None:
    answer = client.post(
        reverse("desk:sign_in"), {"login": "lan", "password": PASSWORD, "code": code(), "next": "/desk/?moi"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/desk/?moi")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (None, "/desk/"),
        (Role.SPECIALIST, "/desk/"),
        (Role.TEAM_MEMBER, "/teams/"),
        (Role.ARCHIVIST, "/desk/archive/"),
        (Role.INSPECTOR, "/scanner/"),
        (Role.AUDITOR, "/operations/"),
    ],
)
def test_who_asked_for_no_page_is_led_to_where_they_work(
    client: Client, role: Role | None, home: str
) -> None:
    if role is not None:
        office = Agency.objects.create(
            code="dn", name="Đà Nẵng", name_en="Da Nang", kind="city", path="dn", place_path="vn.p48"
        )
        Appointment.objects.create(
            account=Account.objects.get(login="lan"),
            role=role,
            agency=office,
            place_path="vn.p48",
            valid_from=START.date(),
        )

    answer = client.post(reverse("desk:sign_in"), {"login": "lan", "password": PASSWORD, "code": code()})

    assert answer["Location"] == home


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    answer = client.post(
        reverse("desk:sign_in"), {"login": "lan", "password": PASSWORD, "code": code(), "next": elsewhere}
    )

    assert answer["Location"] == reverse("desk:queue")


@pytest.mark.parametrize("wrong", [{"password": "sai"}, {"login": "khac"}, {"code": "000000"}])
def test_every_mistake_shows_the_same_page(client: Client, wrong: dict[str, str]) -> None:
    typed = {"login": "lan", "password": PASSWORD, "code": code(), **wrong}

    answer = client.post(reverse("desk:sign_in"), typed)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Tên đăng nhập, mật khẩu hoặc mã không đúng" in page
    assert PASSWORD not in page
    assert "_auth_user_id" not in client.session


def test_an_empty_field_is_named_beside_it(client: Client) -> None:
    answer = client.post(reverse("desk:sign_in"), {"login": "lan", "password": "", "code": " "})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count("Nhập mật khẩu.") == 2
    assert page.count("Nhập mã 6 chữ số") == 2
    assert "Nhập tên đăng nhập." not in page


def test_the_session_is_renewed(client: Client) -> None:
    session = client.session
    session["planted"] = "by someone else"
    session.save()
    planted = session.session_key

    sign_in(client)

    assert client.session.session_key != planted
    assert "planted" not in client.session
    assert not Session.objects.filter(pk=planted).exists()


def test_forged_headers_do_not_make_a_new_address(client: Client) -> None:
    for turn in range(PER_ADDRESS - 1):
        spend_try(login=f"name{turn}", address="127.0.0.1", now=START)
    forged = {"X-Forwarded-For": "192.0.2.1", "X-Real-IP": "192.0.2.1", "Forwarded": "for=192.0.2.1"}

    assert sign_in(client, headers=forged, password="sai") == 400
    assert sign_in(client, headers=forged) == 429
    assert "_auth_user_id" not in client.session


def test_behind_a_trusted_proxy_each_client_has_its_own_tries(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    for turn in range(PER_ADDRESS):
        spend_try(login=f"name{turn}", address="198.51.100.7", now=START)

    assert sign_in(client, headers={"X-Forwarded-For": "8.8.8.8, 198.51.100.7"}) == 429
    assert sign_in(client, headers={"X-Forwarded-For": "198.51.100.7, 198.51.100.8"}) == 302


def test_an_account_held_back_says_until_when(client: Client) -> None:
    for _ in range(PER_ACCOUNT):
        assert sign_in(client, password="sai") == 400

    answer = client.post(reverse("desk:sign_in"), {"login": "lan", "password": PASSWORD, "code": code()})

    assert answer.status_code == 429
    assert "Hãy thử lại sau 08:15" in answer.content.decode()


def test_an_idle_session_ends(client: Client, clock: time_machine.Traveller) -> None:
    sign_in(client)
    clock.shift(timedelta(minutes=29))
    assert is_signed_in(client)
    clock.shift(timedelta(minutes=29))
    assert is_signed_in(client)

    clock.shift(timedelta(minutes=31))

    assert not is_signed_in(client)


def test_a_busy_session_ends_with_the_day(
    client: Client, clock: time_machine.Traveller, settings: Settings
) -> None:
    settings.SESSION_COOKIE_AGE = 48 * 3600
    sign_in(client)
    for _ in range(30):
        clock.shift(timedelta(minutes=20))
        assert is_signed_in(client)

    clock.shift(timedelta(minutes=1))

    assert not is_signed_in(client)


def test_a_closed_accounts_session_ends_at_once(client: Client) -> None:
    sign_in(client)
    Account.objects.update(is_active=False)

    assert client.get(reverse("desk:sign_in")).status_code == 200


def test_a_changed_password_ends_older_sessions(client: Client) -> None:
    sign_in(client)
    account = Account.objects.get()
    account.set_password("mật khẩu mới rất dài")
    account.save()

    assert not is_signed_in(client)


def test_signing_out_destroys_the_session(client: Client) -> None:
    sign_in(client)
    key = client.session.session_key

    assert client.post(reverse("desk:sign_out"))["Location"] == reverse("desk:sign_in")

    assert not Session.objects.filter(pk=key).exists()
    assert client.get(reverse("desk:sign_out")).status_code == 405


def test_the_form_needs_its_token() -> None:
    assert sign_in(Client(enforce_csrf_checks=True)) == 403


def test_the_page_is_never_kept_by_browsers(client: Client) -> None:
    assert "no-store" in client.get(reverse("desk:sign_in"))["Cache-Control"]


@pytest.mark.parametrize(
    ("referer", "led_to"),
    [
        ("http://testserver/desk/H17-20260302-0000001/", "?next=%2Fdesk%2FH17-20260302-0000001%2F"),
        ("http://elsewhere.example/desk/H17-20260302-0000001/", ""),
        ("", ""),
    ],
)
def test_what_was_sent_after_the_session_ended_leads_back_to_where_it_was_written(
    client: Client, referer: str, led_to: str
) -> None:
    answer = client.post("/desk/H17-20260302-0000001/check/", {"act": "x"}, headers={"referer": referer})

    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('desk:sign_in')}{led_to}")


def test_account_without_any_page_is_told_so_and_may_leave(client: Client) -> None:
    client.force_login(Account.objects.get(login="lan"))

    answer = client.get("/desk/", headers={"accept-language": "vi"})

    assert answer.status_code == 200
    assert "Chưa có trang cho tài khoản này" in answer.content.decode()
    assert "Đăng xuất" in answer.content.decode()
