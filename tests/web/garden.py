"""The small service of tests/cases with officers who really sign in, for the pages that officers see."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
import time_machine
from django.test import Client

from motcua.agencies.models import Agency
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role


def _garden() -> ModuleType:
    # By its file: test folders are no packages that could import each other.
    name = "garden_of_tests_cases"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, Path(__file__).parents[1] / "cases" / "conftest.py"
        )
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


garden = _garden()
NOW: datetime = garden.NOW
MEMBER, STRANGER, UNSURE = garden.MEMBER, garden.STRANGER, garden.UNSURE
WARD, OTHER_WARD = garden.WARD, garden.OTHER_WARD
citizen, members, procedure, file = garden.citizen, garden.members, garden.procedure, garden.file

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
