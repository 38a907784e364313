"""Officers: adding, appointing, renewing and ending one, and signing in with password and code."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from motcua.agencies.models import Agency, Post, Team
from motcua.agencies.queries import AgencyNotKnown
from motcua.events.services import publish
from motcua.identity import second_factor
from motcua.identity.events import (
    OfficerAdded,
    OfficerAppointed,
    OfficerEnded,
    OfficerRenewed,
    OfficerSignedIn,
)
from motcua.identity.models import Account, Appointment
from motcua.identity.queries import AccountNotKnown
from motcua.identity.states import AccountKind, Role
from motcua.identity.throttle import give_back, spend_try

_LONGEST_PASSWORD = 256


class SignInRefused(PermissionError):
    """Login, password or code is wrong; which of them is told to no one."""

    def __init__(self) -> None:
        super().__init__("login, password or code is wrong")


class LoginTaken(ValueError):
    """Another account has that login already."""


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """An officer just added or renewed; ``otpauth_uri`` carries the secret of the phone and is shown once."""

    account_id: int
    login: str
    otpauth_uri: str


@transaction.atomic
def add_officer(*, login: str, name: str, password: str, now: datetime) -> NewOfficer:
    """Make an officer's account with a second factor, still without any right.

    Raises ``LoginTaken`` and Django's ``ValidationError`` if the password is weak.
    """
    login = _folded(login)
    account = Account(kind=AccountKind.OFFICER, login=login, name=name, created_at=now)
    validate_password(password, account)
    if Account.objects.filter(login=login).exists():
        raise LoginTaken(f"the login {login} is taken; choose another")
    account.set_password(password)
    account.save(force_insert=True)
    publish(OfficerAdded(happened_at=now, agency_path="", subject=account.reference, actor="machine"))
    return NewOfficer(account_id=account.pk, login=login, otpauth_uri=second_factor.enrol(account, now=now))


@transaction.atomic
def appoint(
    *,
    login: str,
    role: Role,
    agency: str,
    place_path: str,
    valid_from: date,
    now: datetime,
    valid_to: date | None = None,
    post_id: int | None = None,
    team_id: int | None = None,
) -> None:
    """Give an officer a role in an agency for a branch of places.

    Raises ``AccountNotKnown`` if no officer has the login, ``AgencyNotKnown``, and ``Post.DoesNotExist`` or
    ``Team.DoesNotExist`` if the agency has no such post or team.
    """
    account = _officer(login)
    office = Agency.objects.filter(code=agency).first()
    if office is None:
        raise AgencyNotKnown(f"No agency has the code {agency}; register it first")
    Appointment.objects.create(
        account=account,
        role=role,
        agency=office,
        place_path=place_path,
        post=Post.objects.get(pk=post_id, agency=office) if post_id else None,
        team=Team.objects.get(pk=team_id, agency=office) if team_id else None,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    publish(
        OfficerAppointed(
            happened_at=now,
            agency_path=office.path,
            subject=account.reference,
            actor="machine",
            role=role.value,
            place_path=place_path,
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )


@transaction.atomic
def renew_officer(*, login: str, password: str, now: datetime) -> NewOfficer:
    """Give an officer another password and another phone, for one who lost either.

    Both change together, and every session of the officer ends: who took the phone may know the password.
    Raises ``AccountNotKnown`` and Django's ``ValidationError`` if the password is weak.
    """
    account = _officer(login)
    validate_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    publish(OfficerRenewed(happened_at=now, agency_path="", subject=account.reference, actor="machine"))
    return NewOfficer(account.pk, account.login, second_factor.enrol(account, now=now))


@transaction.atomic
def end_officer(*, login: str, now: datetime, today: date) -> None:
    """Take an officer's appointments and way in, from now on; what the officer did stays under the name.

    Raises ``AccountNotKnown`` if no officer with a way in has the login.
    """
    account = _officer(login)
    # One that was to begin later never does: its last day cannot lie before its first.
    open_ones = Appointment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), account=account)
    open_ones.update(valid_to=Greatest(F("valid_from"), today))
    account.is_active = False
    account.save(update_fields=["is_active"])
    publish(OfficerEnded(happened_at=now, agency_path="", subject=account.reference, actor="machine"))


def sign_in_officer(*, login: str, password: str, code: str, address: str, now: datetime) -> Account:
    """Check login, password and code and return the officer's account.

    Raises ``TooManyTries`` and ``SignInRefused``. The try is counted before it is checked, outside any
    transaction of its own, so that neither a crash nor many requests at once make tries for nothing.
    """
    login = _folded(login)
    spend_try(login=login, address=address, now=now)
    account = Account.objects.filter(login=login, kind=AccountKind.OFFICER, is_active=True).first()
    encoded = account.password if account else _nobodys_password()
    fits = check_password(password[:_LONGEST_PASSWORD], encoded) and len(password) <= _LONGEST_PASSWORD
    if account is None or not fits or not second_factor.use_code(account, code, now=now):
        raise SignInRefused
    give_back(login=login, address=address)
    with transaction.atomic():
        publish(
            OfficerSignedIn(
                happened_at=now, agency_path="", subject=account.reference, actor=account.reference
            )
        )
    return account


def _officer(login: str) -> Account:
    account = Account.objects.filter(login=_folded(login), kind=AccountKind.OFFICER, is_active=True).first()
    if account is None:
        raise AccountNotKnown(
            f"no officer in office has the login {login}; look for a slip, or add the officer"
        )
    return account


@cache
def _nobodys_password() -> str:
    # Checked when no such officer exists, so that the answer takes as long as for one who does.
    return make_password("no officer has this password")


def _folded(login: str) -> str:
    # PostgreSQL holds no zero character, and no login has one.
    return unicodedata.normalize("NFKC", login).replace("\x00", "").strip().casefold()[:150]
