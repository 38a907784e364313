"""Agencies, an officer with a phone, and the simulator of the national identity as its own process."""

from datetime import UTC, datetime

import pytest

from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.identity.officers import NewOfficer, add_officer

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "cây đa bến nước 1975"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def agencies(db: None) -> None:
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
def officer(db: None) -> NewOfficer:
    return add_officer(login="lan.nguyen", name="Nguyễn Thị Lan", password=PASSWORD, now=NOW)
