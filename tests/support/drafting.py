"""A small pack in force at an office, with officers who design it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.identity.models import Account
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import AccountKind, Role
from motcua.packs.services import install_pack
from motcua.registers.declaration import Declaration
from motcua.registers.services import declare

ROOT = Path(__file__).resolve().parents[2]
NEW_SERVICE = Path(__file__).parent / "new_service"
REGISTERS = ROOT / "src" / "motcua" / "site" / "demo" / "registers"
NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CODE, MODEL, EXAMPLES = "new_service", "decisions/new_service.dmn", "examples/answers.yaml"
MODEL_TEXT = (NEW_SERVICE / MODEL).read_text(encoding="utf-8")
EXAMPLES_TEXT = (NEW_SERVICE / EXAMPLES).read_text(encoding="utf-8")
OFFICE, CITY = "dn.so_ttt", "vn.p48"
Designer = Callable[..., Rights]


def at_most(days: int) -> bytes:
    """Return the rules with another limit of days."""
    text = MODEL_TEXT.replace("&gt; 30", f"&gt; {days}").replace("&lt;= 30", f"&lt;= {days}")
    return text.replace("tối đa 30", f"tối đa {days}").encode()


def examples_for(days: int) -> bytes:
    """Return the examples that prove that limit."""
    text = EXAMPLES_TEXT.replace("days_needed: 31", f"days_needed: {days + 1}")
    return text.replace("days_needed: 30", f"days_needed: {days}").encode()


@pytest.fixture
def service(db: None, tmp_path: Path) -> str:
    for code, parent in (("dn", None), ("so_ttt", "dn"), ("so_y_te", "dn")):
        register_agency(
            code=code,
            name=f"Cơ quan {code}",
            name_en="",
            kind=AgencyKind.CITY if parent is None else AgencyKind.DEPARTMENT,
            parent=parent,
            place_path=CITY,
            now=NOW,
        )
    population = yaml.safe_load((REGISTERS / "population.yaml").read_text(encoding="utf-8"))
    population["purposes"] = [*population["purposes"], CODE]
    declare(Declaration.model_validate(population), now=NOW)
    folder = tmp_path / CODE
    shutil.copytree(NEW_SERVICE, folder)
    install_pack(path=folder, now=NOW)
    return CODE


@pytest.fixture
def designer(service: str) -> Designer:
    """Return the rights of a designer of that name; another role, office or place can be asked for."""

    def made(
        name: str = "lan",
        *,
        role: Role = Role.SERVICE_DESIGNER,
        agency: str = OFFICE,
        place: str = CITY,
    ) -> Rights:
        account, _ = Account.objects.get_or_create(
            login=name,
            defaults={
                "kind": AccountKind.OFFICER,
                "name": f"Cán bộ {name}",
                "created_at": NOW,
                "password": "!",
            },
        )
        return Rights(account_id=account.pk, grants=(Grant(role, agency, place),))

    return made
