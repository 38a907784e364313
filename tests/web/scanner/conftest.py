"""An installation with keys, a travel pass pack in force, one pass, and officers signed in."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from motcua.agencies.models import Agency
from motcua.credentials import keyring
from motcua.credentials.services import IssuedCredential, ensure_keys, issue
from motcua.identity.backends import PATH
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role
from motcua.packs.reading import read_pack
from motcua.procedures.services import install_revision

PACK = Path(__file__).resolve().parents[3] / "packs" / "travel_pass"


@pytest.fixture(autouse=True)
def installation(db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.SECRETS_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    ensure_keys(now=timezone.now() - timedelta(hours=1))
    yield
    keyring._read.cache_clear()


@pytest.fixture
def layout() -> None:
    pack = read_pack(PACK)
    install_revision(content=pack.content, sha256=pack.sha256, now=timezone.now())


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def granted(now: datetime) -> IssuedCredential:
    return issue(
        case_number="H17-20261122-0000001",
        agency_path="dn.hai_chau",
        kind="travel_pass",
        claims={"n": "Nguyễn Thị Hoa", "b": 1987, "zz": ["a", "b"]},
        valid_from=now - timedelta(minutes=1),
        valid_to=now + timedelta(days=7),
        now=now - timedelta(minutes=1),
    )


@pytest.fixture
def signed_in() -> Callable[[Role | None], Client]:
    """A browser in which an officer of that role, or of none, is signed in."""

    def sign_in(role: Role | None) -> Client:
        account = Account.objects.create(
            kind=AccountKind.OFFICER, login=f"o{uuid4().hex[:8]}", name="Cán bộ", created_at=timezone.now()
        )
        if role is not None:
            office, _ = Agency.objects.get_or_create(
                path="dn.hai_chau",
                defaults={
                    "code": "hai_chau",
                    "name": "Phường Hải Châu",
                    "name_en": "Hải Châu Ward",
                    "kind": "commune",
                    "place_path": "vn.p48.w20242",
                },
            )
            Appointment.objects.create(
                account=account,
                role=role,
                agency=office,
                place_path="vn.p48.w20242",
                valid_from=date(2026, 1, 1),
            )
        client = Client()
        client.force_login(account, backend=PATH)
        return client

    return sign_in
