"""Commands ``motcua officers`` and ``motcua tokens``."""

import argparse
import getpass
import sys
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from motcua.agencies.queries import AgencyNotKnown
from motcua.identity.officers import LoginTaken, add_officer, appoint
from motcua.identity.queries import AccountNotKnown
from motcua.identity.states import Role, Scope
from motcua.identity.tokens import TokenRefused, add_system, issue_token, revoke_token


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the parser of ``motcua``."""
    _add_officers(subparsers.add_parser("officers", help="officers: add one with an appointment"))
    _add_tokens(subparsers.add_parser("tokens", help="bearer tokens for machines: issue, revoke"))


def _add_officers(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="ACT")
    add = acts.add_parser("add", help="add an officer, appoint, and print the address for the authenticator")
    add.add_argument("--login", required=True, help="what the officer types to sign in")
    add.add_argument("--name", required=True, help="the officer's name, as citizens see it")
    add.add_argument("--role", required=True, choices=Role.values)
    add.add_argument("--agency", required=True, help="code of a registered agency")
    add.add_argument("--place", required=True, help="path of the places served, such as vn.p48.w20242")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add.set_defaults(run=run_officers_add)


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
    password = sys.stdin.readline().rstrip("\n") if options.password_stdin else getpass.getpass("Mật khẩu: ")
    now = timezone.now()
    try:
        with transaction.atomic():
            officer = add_officer(login=options.login, name=options.name, password=password, now=now)
            appoint(
                login=officer.login,
                role=Role(options.role),
                agency=options.agency,
                place_path=options.place,
                valid_from=timezone.localdate(now),
                now=now,
            )
    except ValidationError as weak:
        return _refuse(" ".join(weak.messages))
    except (LoginTaken, AgencyNotKnown, AccountNotKnown) as refusal:
        return _refuse(str(refusal))
    sys.stdout.write(f"{officer.otpauth_uri}\n")
    return 0


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
