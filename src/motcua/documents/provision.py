"""Acts on keys that sign results: entered, given by the local authority, retired, revoked."""

from datetime import datetime

from django.db import IntegrityError, transaction

from motcua.identity.models import Account

from .models import SignatureKey
from .signing import keystore
from .signing.authority import Use
from .states import Signatory
from .stores import keys_folder, local_authority


class KeyTaken(RuntimeError):
    """The name, or the place of this person or agency, has a key already."""


class KeyUnknown(LookupError):
    """No key of that name was entered."""


def enter_key(*, name: str, signatory: Signatory, agency_path: str, account: Account | None) -> SignatureKey:
    """Enter a key that stands in the keystore, as file or token. Raises ``KeyMissing`` and ``KeyTaken``."""
    certificate = keystore.certificate_of(keys_folder(), name)
    holder = certificate.subject.native.get("common_name", "")
    try:
        with transaction.atomic():
            return SignatureKey.objects.create(
                name=name,
                signatory=signatory,
                agency_path=agency_path,
                account=None if signatory is Signatory.AGENCY else account,
                holder=holder if isinstance(holder, str) else ", ".join(holder),
                certificate_sha256=certificate.sha256.hex(),
                not_before=certificate.not_valid_before,
                not_after=certificate.not_valid_after,
            )
    except IntegrityError as fault:
        raise KeyTaken(
            f"{name} is taken, or {account or agency_path} has a key as {signatory.value}: retire it first"
        ) from fault


def give_key(
    *,
    name: str,
    signatory: Signatory,
    agency_path: str,
    agency_name: str,
    holder: str,
    account: Account | None,
    now: datetime,
) -> SignatureKey:
    """Let the local authority issue a key and enter it. Raises ``NoLocalAuthority`` and ``KeyTaken``."""
    if SignatureKey.objects.filter(name=name).exists():
        raise KeyTaken(f"{name} is taken")
    local_authority().issue(
        key=name,
        name=holder,
        agency=agency_name,
        use=Use.AGENCY if signatory is Signatory.AGENCY else Use.PERSON,
        now=now,
    )
    return enter_key(name=name, signatory=signatory, agency_path=agency_path, account=account)


def retire_key(*, name: str, now: datetime) -> None:
    """Let the key sign no more; what it signed stays valid. Raises ``KeyUnknown``."""
    changed = SignatureKey.objects.filter(name=name, retired_at__isnull=True).update(retired_at=now)
    if changed != 1:
        raise KeyUnknown(f"no key {name} signs; motcua documents keys lists them")


@transaction.atomic
def revoke_key(*, name: str, at: datetime, now: datetime) -> None:
    """Refuse what the key signed from ``at`` on, by the local authority's list. Raises ``KeyUnknown``.

    The list of a licensed authority is its own: put it into the folder of trust.
    """
    if not SignatureKey.objects.filter(name=name).exists():
        raise KeyUnknown(f"no key is called {name}; motcua documents keys lists them")
    SignatureKey.objects.filter(name=name, retired_at__isnull=True).update(retired_at=now)
    local_authority().revoke(key=name, at=at, now=now)
