"""Browsers of the officers of dossier.py, each at a moment of November 2026."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from dossier import INSTALLED, OFFICE, at, officer

from motcua.identity.states import Role

Desk = Callable[..., Client]


@contextmanager
def desk_with(*, keys: bool) -> Iterator[Desk]:
    """Yield what signs an officer in at a moment, with a key to sign by or without; the clock stands there."""
    with time_machine.travel(INSTALLED, tick=False) as clock:

        def opened(role: Role, moment: str, agency: str = OFFICE, *, key: bool = keys) -> Client:
            clock.move_to(at(moment))
            client = Client(headers={"accept-language": "vi"})
            client.force_login(officer(role, agency, key=key))
            return client

        yield opened


@pytest.fixture
def desk(office: None) -> Iterator[Desk]:
    """Return a browser of an officer, who has a key, at a moment of November 2026."""
    with desk_with(keys=True) as opened:
        yield opened


def text_of(page: HttpResponse) -> str:
    """Return what the page says."""
    return str(page.content.decode())
