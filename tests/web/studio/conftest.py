"""Designers who really sign in, at the office whose small service they design."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from drafting import CITY, LATER, NOW, Designer, designer, service

from motcua.agencies.models import Agency
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role

__all__ = ["Designer", "SignIn", "clock", "designer", "service", "sign_in"]
SignIn = Callable[..., Client]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sign_in(service: str, clock: time_machine.Traveller) -> SignIn:
    """Return a browser in which an officer of that name with one appointment is signed in."""

    def signed_in(
        name: str = "lan",
        *,
        role: Role = Role.SERVICE_DESIGNER,
        agency: str = "so_ttt",
        place: str = CITY,
    ) -> Client:
        account, _ = Account.objects.get_or_create(
            login=name,
            defaults={
                "kind": AccountKind.OFFICER,
                "name": f"Cán bộ {name}",
                "created_at": NOW,
                "password": "!",
            },
        )
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
