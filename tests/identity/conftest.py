"""Agencies, an officer with a phone, and password hashes cheap enough for many tries."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

# Models are imported inside the fixtures: this file is read before Django is ready.
if TYPE_CHECKING:
    from motcua.identity.officers import NewOfficer

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "cây đa bến nước 1975"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    # Still argon2, at a cost that lets a test make many tries.
    from django.contrib.auth.hashers import Argon2PasswordHasher

    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 8)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def agencies(db: None) -> None:
    from motcua.agencies.services import register_agency
    from motcua.agencies.states import AgencyKind

    for code, parent, kind, place_path in (
        ("dn", None, AgencyKind.CITY, "vn.p48"),
        ("so_ttt", "dn", AgencyKind.DEPARTMENT, "vn.p48"),
        ("hai_chau", "dn", AgencyKind.COMMUNE, "vn.p48.w20242"),
        ("hoa_khanh", "dn", AgencyKind.COMMUNE, "vn.p48.w20200"),
    ):
        register_agency(
            code=code, name=code, name_en=code, kind=kind, parent=parent, place_path=place_path, now=NOW
        )


@pytest.fixture
def officer(_quick_hashes: None, db: None) -> "NewOfficer":
    from motcua.identity.officers import add_officer

    return add_officer(login="lan.nguyen", name="Nguyễn Thị Lan", password=PASSWORD, now=NOW)
