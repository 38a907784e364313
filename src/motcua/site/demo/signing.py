"""Keys with which the demo's officers sign results, by an authority that nobody outside believes."""

from datetime import datetime

from motcua.agencies.queries import agency
from motcua.documents.models import SignatureKey
from motcua.documents.provision import enter_key, give_key
from motcua.documents.states import Signatory
from motcua.documents.stores import keys_folder, local_authority
from motcua.identity.models import Account
from motcua.site.demo.offices import CITY, LAND_OFFICE, SERVICE_CENTRE, SERVICE_OFFICE

# Office, who draws results up, who decides.
_SIGNERS = (
    (SERVICE_CENTRE, "hotich", "kyhoso"),
    (SERVICE_OFFICE, "chuyenvien", "pheduyet"),
    (LAND_OFFICE, "datdai", "lanhdaodatdai"),
)
# The archive is the city's: its seal is under the minutes of what is destroyed.
_SEALS = (CITY,)


def open_signing(*, now: datetime) -> None:
    """Make the authority and the keys that are not there yet; a seal for each office, a key for each signer."""
    local = local_authority()
    if not local.exists:
        local.make(name="Motcua: chứng thực thử nghiệm", now=now)
    standing = set(SignatureKey.objects.values_list("name", flat=True))
    for office, specialist, leader in _SIGNERS:
        for name, signatory, login in (
            (specialist, Signatory.SPECIALIST, specialist),
            (leader, Signatory.LEADER, leader),
            (f"seal-{office}", Signatory.AGENCY, ""),
        ):
            if name not in standing:
                _open(name, signatory, office, login, now)
    for office in _SEALS:
        if f"seal-{office}" not in standing:
            _open(f"seal-{office}", Signatory.AGENCY, office, "", now)


def _open(name: str, signatory: Signatory, office: str, login: str, now: datetime) -> None:
    owner = agency(office)
    account = Account.objects.get(login=login) if login else None
    # The database may be new while the secrets are not.
    if (keys_folder() / f"{name}.p12").exists():
        enter_key(name=name, signatory=signatory, agency_path=owner.path, account=account)
        return
    give_key(
        name=name,
        signatory=signatory,
        agency_path=owner.path,
        agency_name=owner.name,
        holder=account.name if account else owner.name,
        account=account,
        now=now,
    )
