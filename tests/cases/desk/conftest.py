"""Officers of the office that gives the certificate of marital status of tests/support/dossier.py."""

from collections.abc import Callable
from datetime import date

import pytest
from dossier import INSTALLED, OFFICE, accepted, at, dossier, office

from motcua.agencies.models import Agency
from motcua.identity.models import Account, Appointment
from motcua.identity.rights import Rights, rights_of
from motcua.identity.states import AccountKind, Role

__all__ = ["accepted", "dossier", "office"]
Hire = Callable[..., Rights]


@pytest.fixture
def hire(office: None) -> Hire:
    """Appoint an officer under a name and return the rights."""

    def hired(name: str, *roles: Role, agency: str = OFFICE, place: str = "vn.p99") -> Rights:
        account = Account.objects.create(
            kind=AccountKind.OFFICER, login=name, name=name, created_at=INSTALLED
        )
        for role in roles:
            Appointment.objects.create(
                account=account,
                role=role,
                agency=Agency.objects.get(code=agency),
                place_path=place,
                valid_from=date(2026, 1, 1),
            )
        return rights_of(account, at("16 08:00"))

    return hired
