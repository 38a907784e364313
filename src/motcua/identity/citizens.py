"""Citizens: the account that belongs to what an issuer states, and the person behind it."""

import hashlib
import hmac
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from motcua.identity.models import Account, Person
from motcua.identity.numbers import NumberRefused, PersonNumber
from motcua.identity.oidc import Claims, SignInNotFinished
from motcua.identity.people import record_person
from motcua.identity.secrets import key_for
from motcua.identity.states import AccountKind, Sex

_SEXES = {"male": Sex.MALE, "female": Sex.FEMALE}


class AccountClosed(PermissionError):
    """The account was closed by an administrator."""


class AnotherPerson(PermissionError):
    """The issuer now states another citizen number for the same subject; an office must look into it."""


@transaction.atomic
def account_from_claims(claims: Claims, *, now: datetime) -> Account:
    """Return the account of the issuer's subject, made at the first sign-in, with the person brought up to date.

    Raises ``SignInNotFinished`` if the claims bring no valid citizen number or no name, ``AccountClosed``
    and ``AnotherPerson``.
    """
    issuer, subject = str(claims["iss"]), _hidden_subject(str(claims["iss"]), str(claims["sub"]))
    person = _person_from(claims, now)
    account, _ = Account.objects.select_related("person").get_or_create(
        issuer=issuer,
        subject=subject,
        defaults={
            "kind": AccountKind.CITIZEN,
            "login": f"citizen-{hashlib.sha256(f'{issuer} {subject}'.encode()).hexdigest()[:32]}",
            "name": person.name,
            "person": person,
            "password": make_password(None),
            "created_at": now,
        },
    )
    if not account.is_active:
        raise AccountClosed(f"{account.reference} is closed")
    if account.person_id != person.pk:
        raise AnotherPerson(f"{account.reference} now comes with another citizen number")
    if account.name != person.name:
        Account.objects.filter(pk=account.pk).update(name=person.name)
        account.name = person.name
    return account


def _person_from(claims: Claims, now: datetime) -> Person:
    name = " ".join(str(claims.get(settings.OIDC_NAME_CLAIM) or "").split())
    if not name or len(name) > 160 or not name.isprintable():
        raise SignInNotFinished("the issuer states no name that can be kept")
    try:
        number = PersonNumber.parse(str(claims.get(settings.OIDC_NUMBER_CLAIM) or ""), on=now.date())
    except NumberRefused as refusal:
        raise SignInNotFinished(f"the citizen number stated is refused: {type(refusal).__name__}") from None
    sex = _SEXES.get(str(claims.get("gender")), number.sex)
    return record_person(
        number=number, name=name, born_on=_day(claims.get("birthdate"), number), sex=sex, now=now
    )


def _day(stated: object, number: PersonNumber) -> date | None:
    """Return the date of birth if the issuer states a whole date; a bare year says no more than the number."""
    try:
        day = date.fromisoformat(str(stated))
    except ValueError:
        return None
    if day.year != number.birth_year:
        raise SignInNotFinished("the date of birth and the citizen number disagree")
    return day


def _hidden_subject(issuer: str, subject: str) -> str:
    # Some issuers use the citizen number itself as subject: keep only a keyed hash of it.
    return hmac.digest(key_for("subject at an issuer"), f"{issuer}\n{subject}".encode(), "sha256").hex()
