"""A small town with the travel pass: places, registers, a few dozen people, and the demo's samples as citizens."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from motcua.agencies.services import load_places, register_agency
from motcua.agencies.states import AgencyKind
from motcua.cases.services import file_case
from motcua.cases.states import Channel
from motcua.credentials.services import ensure_keys
from motcua.identity.backends import PATH
from motcua.identity.citizens import account_from_claims
from motcua.identity.models import Account
from motcua.identity.people import person_of
from motcua.packs.reading import read_pack
from motcua.procedures.queries import procedure_in_force, revision
from motcua.procedures.services import install_revision
from motcua.registers.declaration import Declaration
from motcua.registers.services import declare, load_csv
from motcua.site.demo.city import make_city
from motcua.site.demo.law import install_first_law

ROOT = Path(__file__).resolve().parents[3]
REGISTERS = ROOT / "src" / "motcua" / "site" / "demo" / "registers"


@dataclass(frozen=True, slots=True)
class Citizen:
    """A sample person with an account here."""

    account: Account
    story: dict[str, str]

    @property
    def person_id(self) -> int:
        return person_of(self.account).id

    def values(self, now: datetime, **changes: object) -> dict[str, object]:
        """Return a form filled in as the story has it."""
        return {
            "capacity": self.story["capacity"],
            "employer_tax_code": self.story["tax_code"],
            "work_place": self.story["work_place"],
            "needed_from": timezone.localdate(now).isoformat(),
            "days_needed": 2,
            "shift": "day",
            "vehicle": "none",
            "truthful": True,
            **changes,
        }

    def posted(self, step: str, now: datetime) -> dict[str, str]:
        """Return what a browser sends for a step."""
        day = timezone.localdate(now)
        steps = {
            "work": {
                "capacity": self.story["capacity"],
                "employer_tax_code": self.story["tax_code"],
                "work_place": self.story["work_place"],
            },
            "travel": {
                "needed_from-day": str(day.day),
                "needed_from-month": str(day.month),
                "needed_from-year": str(day.year),
                "days_needed": "2",
                "shift": "day",
                "vehicle": "none",
                "plate": "",
            },
            "promise": {"truthful": "yes"},
        }
        return steps[step]


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Citizen]]:
    """Build the town once a module, inside a transaction that is rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build(tmp_path_factory.mktemp("town"), timezone.now())
        transaction.set_rollback(True)
    revision.cache_clear()


def _build(folder: Path, now: datetime) -> dict[str, Citizen]:
    revision.cache_clear()
    load_places(now=now)
    for code, name, parent in (
        ("dn", "UBND thành phố Đà Nẵng", None),
        ("so_ttt", "Sở Thông tin và Truyền thông", "dn"),
    ):
        register_agency(
            code=code,
            name=name,
            name_en="",
            kind=AgencyKind.CITY if parent is None else AgencyKind.DEPARTMENT,
            parent=parent,
            place_path="vn.p48",
            now=now,
        )
    make_city(folder, today=timezone.localdate(now), people=40)
    for file in sorted(REGISTERS.glob("*.yaml")):
        declaration = Declaration.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        declare(declaration, now=now)
        if declaration.source == "table":
            load_csv(
                register=declaration.name,
                path=folder / f"{declaration.name}.csv",
                as_of=now - timedelta(hours=9),
                now=now,
            )
    install_first_law(folder / "zones.csv", since=now - timedelta(days=9), now=now)
    ensure_keys(now=now)
    pack = read_pack(ROOT / "packs" / "travel_pass")
    install_revision(content=pack.content, sha256=pack.sha256, now=now)
    samples = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    return {sample["slug"]: Citizen(_account(sample, now), sample) for sample in samples}


def _account(sample: dict[str, str], now: datetime) -> Account:
    claims = {
        "iss": "https://identity.example",
        "sub": sample["sub"],
        settings.OIDC_NAME_CLAIM: sample["name"],
        settings.OIDC_NUMBER_CLAIM: sample["number"],
        "birthdate": sample["born_on"],
        "gender": sample["sex"],
    }
    return account_from_claims(claims, now=now)


@pytest.fixture
def signed_in(town: dict[str, Citizen], db: None) -> Callable[[str], Client]:
    """Return a browser in which the named sample is signed in."""

    def browser(slug: str) -> Client:
        client = Client()
        client.force_login(town[slug].account, backend=PATH)
        return client

    return browser


@pytest.fixture
def filed(town: dict[str, Citizen], db: None) -> Callable[..., str]:
    """File the travel pass of the named sample as their story goes, and return the number of the case."""

    def file(slug: str, key: str = "first") -> str:
        citizen, now = town[slug], timezone.now()
        done = file_case(
            procedure=procedure_in_force("travel_pass"),
            values=citizen.values(now),
            applicant=person_of(citizen.account),
            account_id=citizen.account.pk,
            channel=Channel.ONLINE,
            key=f"{slug} {key}",
            now=now,
        )
        return done.number

    return file
