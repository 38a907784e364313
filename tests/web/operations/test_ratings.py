"""Who oversees reads how satisfied applicants are, from ten ratings on; who handles cases does not."""

from datetime import timedelta

import pytest
from garden import File

from motcua.identity.states import Role
from motcua.ratings.models import Rating

from .conftest import NOW, SignIn

pytestmark = pytest.mark.django_db
PAGE = "/operations/ratings/"


def rated(file: File, count: int) -> None:
    earlier = NOW - timedelta(days=3)
    for place in range(count):
        Rating.objects.create(
            case_number=file().number,
            procedure_code="garden_key",
            agency_path="garden",
            place_path="vn.p99.w99001",
            filed_on=NOW.date(),
            step=5 if place < 8 else 1,
            words="Rất nhanh" if place == 0 else "",
            rated_at=earlier,
            changed_at=earlier,
        )


def test_leader_reads_counts_share_and_words_of_ten(sign_in: SignIn, file: File) -> None:
    rated(file, 10)

    page = sign_in(Role.LEADER).get(PAGE).content.decode()

    assert "80%" in page
    assert "Rất nhanh" in page
    assert "11/2026" in page
    assert "H17-" not in page


def test_nine_are_not_told(sign_in: SignIn, file: File) -> None:
    rated(file, 9)

    page = sign_in(Role.LEADER).get(PAGE).content.decode()

    assert "dưới 10" in page
    assert "Rất nhanh" not in page


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.APPROVER, Role.ONE_STOP_OFFICER])
def test_who_handles_cases_finds_nothing_there(sign_in: SignIn, file: File, role: Role) -> None:
    assert sign_in(role).get(PAGE).status_code == 404
