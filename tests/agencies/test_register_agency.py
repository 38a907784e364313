"""Registering agencies: the path follows the tree, a code is taken once."""

from datetime import UTC, datetime

import pytest

from motcua.agencies.models import Agency
from motcua.agencies.queries import AgencyNotKnown, agencies_within, agency, agency_serving
from motcua.agencies.services import AgencyCodeTaken, add_post, add_team, register_agency
from motcua.agencies.states import AgencyKind
from motcua.events.models import LedgerEntry

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def register(code: str, parent: str | None, kind: AgencyKind, place_path: str = "vn.p48") -> None:
    register_agency(
        code=code,
        name=f"Cơ quan {code}",
        name_en=code,
        kind=kind,
        parent=parent,
        place_path=place_path,
        now=NOW,
    )


@pytest.fixture(autouse=True)
def _tree(db: None) -> None:
    register("dn", None, AgencyKind.CITY)
    register("hai_chau", "dn", AgencyKind.COMMUNE, "vn.p48.w20242")


def test_the_path_is_the_parents_path_and_the_code() -> None:
    assert agency("hai_chau").path == "dn.hai_chau"
    assert [row.code for row in agencies_within("dn")] == ["dn", "hai_chau"]
    assert [row.code for row in agencies_within("dn.hai_chau")] == ["hai_chau"]


def test_a_taken_code_is_refused() -> None:
    with pytest.raises(AgencyCodeTaken, match="hai_chau"):
        register("hai_chau", None, AgencyKind.DEPARTMENT)

    assert Agency.objects.count() == 2
    assert LedgerEntry.objects.filter(name="AgencyRegistered").count() == 2


def test_an_unknown_parent_is_refused() -> None:
    with pytest.raises(AgencyNotKnown, match="so_ttt"):
        register("tin_hoc", "so_ttt", AgencyKind.DEPARTMENT)

    assert Agency.objects.count() == 2


def test_the_nearest_agency_serves_a_place() -> None:
    assert agency_serving("vn.p48.w20242", kind=AgencyKind.COMMUNE).code == "hai_chau"
    with pytest.raises(AgencyNotKnown, match=r"vn\.p48\.w20194"):
        agency_serving("vn.p48.w20194", kind=AgencyKind.COMMUNE)


def test_posts_and_teams_are_added_once() -> None:
    assert add_post(agency="dn", title="Chuyên viên", title_en="Specialist") == add_post(
        agency="dn", title="Chuyên viên", title_en="Specialist"
    )
    first = add_team(agency="dn", code="chot_3", name="Chốt 3", place_path="vn.p48.w20194")
    assert add_team(agency="dn", code="chot_3", name="Chốt số 3", place_path="vn.p48.w20194") == first
