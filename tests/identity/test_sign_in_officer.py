"""Officers sign in with password and code: one answer for every mistake, codes once, tries counted."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError

from motcua.events.models import LedgerEntry
from motcua.identity import second_factor
from motcua.identity.models import Account, SecondFactor, SignInTries
from motcua.identity.officers import LoginTaken, NewOfficer, SignInRefused, add_officer, sign_in_officer
from motcua.identity.throttle import (
    PER_ACCOUNT,
    PER_ADDRESS,
    WINDOW,
    TooManyTries,
    forget_old_tries,
    spend_try,
)

PASSWORD = "cây đa bến nước 1975"
pytestmark = pytest.mark.django_db


def code(officer: NewOfficer, at: datetime) -> str:
    return second_factor.code_at(Account.objects.get(pk=officer.account_id), at)


def sign_in(officer: NewOfficer, at: datetime, **changed: str) -> Account:
    typed = {
        "login": officer.login,
        "password": PASSWORD,
        "code": code(officer, at),
        "address": "203.0.113.7",
    }
    return sign_in_officer(**{**typed, **changed}, now=at)


def test_the_right_three_let_in(officer: NewOfficer, now: datetime) -> None:
    account = sign_in(officer, now, login="  LAN.Nguyen ")

    assert account.pk == officer.account_id
    assert LedgerEntry.objects.get(name="OfficerSignedIn").actor == f"account:{account.pk}"
    assert PASSWORD not in account.password
    assert account.password.startswith("argon2")


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "cây đa bến nước 1976"},
        {"password": ""},
        {"password": "x" * 100_000},
        {"code": "000000"},
        {"code": ""},
        {"code": "١٢٣٤٥٦"},
        {"login": "someone.else"},
        {"login": "lan.nguyen\x00"[:0]},
        {"login": "' OR 1=1 --"},
    ],
)
def test_every_mistake_gets_the_same_answer(
    officer: NewOfficer, now: datetime, wrong: dict[str, str]
) -> None:
    if wrong.get("code") == code(officer, now):
        wrong = {"code": "000001"}

    with pytest.raises(SignInRefused) as refusal:
        sign_in(officer, now, **wrong)

    assert str(refusal.value) == "login, password or code is wrong"
    assert not LedgerEntry.objects.filter(name="OfficerSignedIn").exists()


def test_a_closed_account_is_refused(officer: NewOfficer, now: datetime) -> None:
    Account.objects.filter(pk=officer.account_id).update(is_active=False)

    with pytest.raises(SignInRefused):
        sign_in(officer, now)


def test_a_code_works_once(officer: NewOfficer, now: datetime) -> None:
    sign_in(officer, now)

    with pytest.raises(SignInRefused):
        sign_in(officer, now)


def test_an_older_code_does_not_work_after_a_newer_one(officer: NewOfficer, now: datetime) -> None:
    older = code(officer, now)
    sign_in(officer, now + timedelta(seconds=30))

    with pytest.raises(SignInRefused):
        sign_in(officer, now + timedelta(seconds=30), code=older)


@pytest.mark.parametrize(
    ("seconds", "works"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_step_off(officer: NewOfficer, now: datetime, seconds: int, works: bool) -> None:
    shown = code(officer, now + timedelta(seconds=seconds))
    account = Account.objects.get(pk=officer.account_id)

    assert second_factor.use_code(account, shown, now=now) is works


def test_a_wrong_password_does_not_use_up_the_code(officer: NewOfficer, now: datetime) -> None:
    with pytest.raises(SignInRefused):
        sign_in(officer, now, password="nhầm mật khẩu rồi")

    assert sign_in(officer, now)


def test_the_address_for_the_phone_is_readable_and_its_secret_is_sealed(officer: NewOfficer) -> None:
    parts = urlsplit(officer.otpauth_uri)
    asked = parse_qs(parts.query)
    sealed = bytes(SecondFactor.objects.get().secret_sealed)

    assert (parts.scheme, parts.netloc, asked["issuer"]) == ("otpauth", "totp", ["Motcua"])
    assert len(asked["secret"][0]) == 32
    assert asked["secret"][0].encode() not in sealed


def test_too_many_tries_hold_an_account_back_even_with_the_right_three(
    officer: NewOfficer, now: datetime
) -> None:
    for turn in range(PER_ACCOUNT):
        with pytest.raises(SignInRefused):
            sign_in(officer, now, password="sai", address=f"198.51.100.{turn}")

    with pytest.raises(TooManyTries) as held:
        sign_in(officer, now, address="192.0.2.1")

    assert held.value.until == now + WINDOW


def test_the_account_opens_again_when_the_window_ends(officer: NewOfficer, now: datetime) -> None:
    for turn in range(PER_ACCOUNT + 5):
        with pytest.raises((SignInRefused, TooManyTries)):
            sign_in(officer, now, password="sai", address=f"198.51.100.{turn}")

    assert sign_in(officer, now + WINDOW)


def test_too_many_tries_hold_an_address_back_for_every_account(officer: NewOfficer, now: datetime) -> None:
    for turn in range(PER_ADDRESS):
        spend_try(login=f"name{turn}", address="203.0.113.7", now=now)

    with pytest.raises(TooManyTries):
        sign_in(officer, now)
    assert sign_in(officer, now, address="203.0.113.8")


def test_an_address_held_back_does_not_lock_an_account(officer: NewOfficer, now: datetime) -> None:
    for turn in range(PER_ADDRESS):
        spend_try(login=f"name{turn}", address="203.0.113.7", now=now)
    for _ in range(PER_ACCOUNT * 2):
        with pytest.raises(TooManyTries):
            sign_in(officer, now, password="sai")

    assert sign_in(officer, now, address="203.0.113.8")


def test_a_success_forgets_the_accounts_failed_tries(officer: NewOfficer, now: datetime) -> None:
    for _ in range(PER_ACCOUNT - 1):
        with pytest.raises(SignInRefused):
            sign_in(officer, now, password="sai")
    sign_in(officer, now)

    later = now + timedelta(seconds=30)
    for _ in range(PER_ACCOUNT - 1):
        with pytest.raises(SignInRefused):
            sign_in(officer, later, password="sai")
    assert sign_in(officer, later)


def test_tries_keep_no_name_and_no_address(officer: NewOfficer, now: datetime) -> None:
    typed = secrets.token_hex(8)
    spend_try(login=typed, address="203.0.113.7", now=now)

    kept = b"".join(bytes(row.key) for row in SignInTries.objects.all())
    assert typed.encode() not in kept
    assert b"203.0.113.7" not in kept


def test_old_windows_are_forgotten(now: datetime) -> None:
    spend_try(login="a", address="203.0.113.7", now=now)

    assert forget_old_tries(now=now + timedelta(minutes=1)) == 0
    assert forget_old_tries(now=now + WINDOW) == 2


@pytest.mark.parametrize("weak", ["123456789012", "short", "lan.nguyen", "password1234"])
def test_a_weak_password_is_refused(now: datetime, weak: str) -> None:
    with pytest.raises(ValidationError):
        add_officer(login="lan.nguyen", name="Nguyễn Thị Lan", password=weak, now=now)

    assert not Account.objects.exists()


def test_a_taken_login_is_refused(officer: NewOfficer, now: datetime) -> None:
    with pytest.raises(LoginTaken):
        add_officer(login="Lan.Nguyen", name="Người khác", password=PASSWORD, now=now)

    assert Account.objects.count() == 1
