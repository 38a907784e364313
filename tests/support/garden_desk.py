"""The small service of garden.py with officers who really sign in, for the pages that officers see."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import garden
import pytest
import time_machine
from django.test import Client
from garden import MEMBER, NOW, OTHER_WARD, STRANGER, UNSURE, WARD, citizen, file, members, procedure

from motcua.agencies.models import Agency
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role

__all__ = [
    "CITY",
    "ELSEWHERE",
    "HERE",
    "MEMBER",
    "NOW",
    "OTHER_WARD",
    "STRANGER",
    "UNSURE",
    "WARD",
    "SignIn",
    "citizen",
    "clock",
    "file",
    "garden",
    "members",
    "other_office",
    "procedure",
    "sign_in",
]

CITY, HERE, ELSEWHERE = "vn.p99", f"vn.p99.w{WARD}", f"vn.p99.w{OTHER_WARD}"
SignIn = Callable[..., Client]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def other_office(procedure: object) -> str:
    register_agency(
        code="harbour",
        name="Cảng vụ",
        name_en="Harbour office",
        kind=AgencyKind.DEPARTMENT,
        parent=None,
        place_path=CITY,
        now=NOW,
    )
    return "harbour"


@pytest.fixture
def sign_in(procedure: object, clock: time_machine.Traveller) -> SignIn:
    """Return a browser in which an officer with one appointment (or none) is signed in."""

    def signed_in(role: Role | None = Role.APPROVER, *, place: str = CITY, agency: str = "garden") -> Client:
        login = f"{role or 'nobody'}.{agency}.{place}"
        account, _ = Account.objects.get_or_create(
            login=login,
            defaults={"kind": AccountKind.OFFICER, "name": "Lê Văn Cán", "created_at": NOW, "password": "!"},
        )
        if role is not None:
            Appointment.objects.get_or_create(
                account=account,
                role=role,
                agency=Agency.objects.get(code=agency),
                place_path=place,
                valid_from=(NOW - timedelta(days=30)).date(),
            )
        browser = Client()
        browser.force_login(account)
        return browser

    return signed_in
