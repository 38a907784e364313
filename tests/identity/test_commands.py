"""``motcua officers`` and ``motcua tokens``: what they print lets people in, what they refuse leaves nothing."""

import argparse
import io
from base64 import b32decode
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.utils import timezone

from motcua.identity.commands import add_commands
from motcua.identity.models import Account, ApiToken, Appointment
from motcua.identity.officers import SignInRefused, sign_in_officer
from motcua.identity.rights import rights_of
from motcua.identity.second_factor import code_at
from motcua.identity.states import Role, Scope
from motcua.identity.tokens import bearer_of

PASSWORD = "sông Hàn chảy ra biển"
ADD = ["officers", "add", "--login", "minh", "--name", "Lê Minh", "--role", "specialist", "--password-stdin"]
pytestmark = pytest.mark.django_db


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = "") -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    options = parser.parse_args(arguments)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return int(options.run(options))


def test_an_added_officer_can_sign_in_with_what_was_printed(
    agencies: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(monkeypatch, *ADD, "--agency", "hai_chau", "--place", "vn.p48.w20242", typed=f"{PASSWORD}\n")

    secret = b32decode(parse_qs(urlsplit(capsys.readouterr().out.strip()).query)["secret"][0])
    now = timezone.now()
    code = TOTP(secret, 6, SHA1(), 30).generate(int(now.timestamp())).decode()
    account = sign_in_officer(login="minh", password=PASSWORD, code=code, address="203.0.113.9", now=now)
    assert status == 0
    assert rights_of(account, now).roles == {Role.SPECIALIST}


@pytest.mark.parametrize(("agency", "password"), [("nowhere", PASSWORD), ("hai_chau", "12345")])
def test_a_refused_officer_leaves_nothing(
    agencies: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    agency: str,
    password: str,
) -> None:
    status = run(monkeypatch, *ADD, "--agency", agency, "--place", "vn.p48", typed=f"{password}\n")

    assert status == 1
    assert capsys.readouterr().err
    assert not Account.objects.exists()
    assert not Appointment.objects.exists()


def enrolled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Account:
    run(monkeypatch, *ADD, "--agency", "hai_chau", "--place", "vn.p48.w20242", typed=f"{PASSWORD}\n")
    capsys.readouterr()
    return Account.objects.get(login="minh")


def test_a_renewed_officer_has_another_password_another_phone_and_no_session(
    agencies: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = enrolled(monkeypatch, capsys)
    now = timezone.now()
    old_code = code_at(before, now)
    other = "gió lên từ phía núi"

    status = run(monkeypatch, "officers", "renew", "--login", "minh", "--password-stdin", typed=f"{other}\n")

    after = Account.objects.get(login="minh")
    assert status == 0
    assert capsys.readouterr().out.startswith("otpauth://")
    assert after.get_session_auth_hash() != before.get_session_auth_hash()
    for password, code in ((PASSWORD, code_at(after, now)), (other, old_code)):
        with pytest.raises(SignInRefused):
            sign_in_officer(login="minh", password=password, code=code, address="203.0.113.9", now=now)
    signed_in = sign_in_officer(
        login="minh", password=other, code=code_at(after, now), address="203.0.113.9", now=now
    )
    assert signed_in == after


def test_a_weak_new_password_changes_nothing(
    agencies: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = enrolled(monkeypatch, capsys)

    status = run(monkeypatch, "officers", "renew", "--login", "minh", "--password-stdin", typed="12345\n")

    assert status == 1
    assert Account.objects.get(login="minh").password == before.password


def test_an_ended_officer_has_no_rights_and_no_way_in_even_later(
    agencies: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account = enrolled(monkeypatch, capsys)
    today = timezone.localdate()
    Appointment.objects.create(
        account=account,
        role=Role.LEADER,
        agency=Appointment.objects.get().agency,
        place_path="vn.p48",
        valid_from=today + timedelta(days=30),
    )

    assert run(monkeypatch, "officers", "end", "--login", "minh") == 0

    now = timezone.now()
    code = code_at(account, now)
    assert not rights_of(account, now).grants
    assert not rights_of(account, now + timedelta(days=40)).grants
    with pytest.raises(SignInRefused):
        sign_in_officer(login="minh", password=PASSWORD, code=code, address="203.0.113.9", now=now)
    assert run(monkeypatch, "officers", "end", "--login", "minh") == 1


def test_a_further_role_is_given_once(
    agencies: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account = enrolled(monkeypatch, capsys)
    further = ["officers", "appoint", "--login", "minh", "--role", "leader", "--agency", "hai_chau"]

    assert run(monkeypatch, *further, "--place", "vn.p48.w20242") == 0
    assert run(monkeypatch, *further, "--place", "vn.p48.w20242") == 1

    assert rights_of(account, timezone.now()).roles == {Role.SPECIALIST, Role.LEADER}


def test_a_printed_token_works_until_revoked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: None
) -> None:
    terms = ["--scope", "submissions", "--scope", "read", "--label", "thử", "--days", "2"]
    assert run(monkeypatch, "tokens", "issue", "--login", "lgsp", "--system-name", "LGSP", *terms) == 0
    text = capsys.readouterr().out.strip()

    assert bearer_of(text, scope=Scope.SUBMISSIONS, now=timezone.now())
    assert run(monkeypatch, "tokens", "revoke", str(ApiToken.objects.get().pk)) == 0
    assert run(monkeypatch, "tokens", "revoke", str(ApiToken.objects.get().pk)) == 1


def test_a_token_for_nobody_is_refused(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    assert run(monkeypatch, "tokens", "issue", "--login", "nobody", "--scope", "read", "--label", "x") == 1

    assert not ApiToken.objects.exists()
