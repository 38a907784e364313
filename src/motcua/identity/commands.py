"""Commands ``motcua officers`` and ``motcua tokens``."""

import argparse
import getpass
import sys
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.agencies.queries import AgencyNotKnown
from motcua.identity.officers import LoginTaken, add_officer, appoint, end_officer, renew_officer
from motcua.identity.queries import AccountNotKnown
from motcua.identity.states import Role, Scope
from motcua.identity.tokens import TokenRefused, add_system, issue_token, revoke_token


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the parser of ``motcua``."""
    _add_officers(subparsers.add_parser("officers", help="officers: add, appoint, renew, end"))
    _add_tokens(subparsers.add_parser("tokens", help="bearer tokens for machines: issue, revoke"))


def _add_officers(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="ACT")
    add = acts.add_parser("add", help="add an officer, appoint, and print the address for the authenticator")
    add.add_argument("--login", required=True, help="what the officer types to sign in")
    add.add_argument("--name", required=True, help="the officer's name, as citizens see it")
    _add_office(add)
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add.set_defaults(run=run_officers_add)
    further = acts.add_parser("appoint", help="give an officer a further role from today")
    further.add_argument("--login", required=True)
    _add_office(further)
    further.set_defaults(run=run_officers_appoint)
    renew = acts.add_parser(
        "renew", help="another password and phone, for who lost either; ends all sessions"
    )
    renew.add_argument("--login", required=True)
    renew.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    renew.set_defaults(run=run_officers_renew)
    end = acts.add_parser("end", help="take all appointments and the way in, at once")
    end.add_argument("--login", required=True)
    end.set_defaults(run=run_officers_end)


def _add_office(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=Role.values)
    parser.add_argument("--agency", required=True, help="code of a registered agency")
    parser.add_argument("--place", required=True, help="path of the places served, such as vn.p48.w20242")


def _add_tokens(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="ACT")
    issue = acts.add_parser("issue", help="make a token and print it, this once")
    issue.add_argument("--login", required=True, help="the account it speaks for")
    issue.add_argument("--system-name", help="make the account of a machine of this name if the login is new")
    issue.add_argument("--scope", required=True, action="append", choices=Scope.values)
    issue.add_argument("--label", required=True, help="what the token is for")
    issue.add_argument("--days", type=int, default=90, choices=range(1, 731), metavar="1-730")
    issue.set_defaults(run=run_tokens_issue)
    revoke = acts.add_parser("revoke", help="end a token at once")
    revoke.add_argument("token_id", type=int)
    revoke.set_defaults(run=run_tokens_revoke)


def run_officers_add(options: argparse.Namespace) -> int:
    """Add and appoint in one transaction; print what goes into the officer's phone."""
    password = _password(options)
    now = timezone.now()
    try:
        with transaction.atomic():
            officer = add_officer(login=options.login, name=options.name, password=password, now=now)
            _appoint(options, now)
    except ValidationError as weak:
        return _refuse(" ".join(weak.messages))
    except (LoginTaken, AgencyNotKnown, AccountNotKnown) as refusal:
        return _refuse(str(refusal))
    sys.stdout.write(f"{officer.otpauth_uri}\n")
    return 0


def run_officers_appoint(options: argparse.Namespace) -> int:
    """Appoint an officer who is there already."""
    try:
        # The same appointment twice breaks a constraint; without a part of its own it would break what is around.
        with transaction.atomic():
            _appoint(options, timezone.now())
    except (AgencyNotKnown, AccountNotKnown) as refusal:
        return _refuse(str(refusal))
    except IntegrityError:
        return _refuse(f"{options.login} holds that role there from today already")
    return 0


def run_officers_renew(options: argparse.Namespace) -> int:
    """Give another password and phone; print what goes into the new phone."""
    password = _password(options)
    try:
        officer = renew_officer(login=options.login, password=password, now=timezone.now())
    except ValidationError as weak:
        return _refuse(" ".join(weak.messages))
    except AccountNotKnown as refusal:
        return _refuse(str(refusal))
    sys.stdout.write(f"{officer.otpauth_uri}\n")
    return 0


def run_officers_end(options: argparse.Namespace) -> int:
    """End an officer's time in office."""
    now = timezone.now()
    try:
        end_officer(login=options.login, now=now, today=timezone.localdate(now))
    except AccountNotKnown as refusal:
        return _refuse(str(refusal))
    return 0


def _password(options: argparse.Namespace) -> str:
    return sys.stdin.readline().rstrip("\n") if options.password_stdin else getpass.getpass("Mật khẩu: ")


def _appoint(options: argparse.Namespace, now: datetime) -> None:
    appoint(
        login=options.login,
        role=Role(options.role),
        agency=options.agency,
        place_path=options.place,
        valid_from=timezone.localdate(now),
        now=now,
    )


def run_tokens_issue(options: argparse.Namespace) -> int:
    """Issue a token, with an account for the machine if asked; print the token."""
    now = timezone.now()
    try:
        with transaction.atomic():
            if options.system_name:
                add_system(login=options.login, name=options.system_name, now=now)
            token = issue_token(
                login=options.login,
                scope=frozenset(Scope(word) for word in options.scope),
                label=options.label,
                lifetime=timedelta(days=options.days),
                now=now,
            )
    except (AccountNotKnown, TokenRefused) as refusal:
        return _refuse(str(refusal))
    sys.stdout.write(f"{token.text}\n")
    sys.stderr.write(f"token {token.token_id}, until {token.expires_at:%Y-%m-%d %H:%M} UTC\n")
    return 0


def run_tokens_revoke(options: argparse.Namespace) -> int:
    """Revoke a token."""
    try:
        revoke_token(token_id=options.token_id, now=timezone.now())
    except TokenRefused as refusal:
        return _refuse(str(refusal))
    return 0


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
