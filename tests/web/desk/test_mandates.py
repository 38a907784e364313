"""Who may file for a firm where the register does not know: an officer of that office says so, with a reason."""

from datetime import timedelta

import pytest

from motcua.cases.bulk.models import BulkUpload, Mandate
from motcua.identity.people import PersonView
from motcua.procedures.models import Revision
from motcua.procedures.queries import procedure_in_force
from motcua.registers.facts import Because, Fact

from .conftest import CITY, ELSEWHERE, MEMBER, NOW, SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(citizen, procedure) -> Mandate:  # type: ignore[no-untyped-def]  # fixtures of the garden
    who = citizen(MEMBER)
    person: PersonView = who.person
    fact = Fact(
        "owner", None, "unknown", "firms", "Đăng ký kinh doanh", "Business register", NOW, Because.EMPTY, NOW
    )
    mandate = Mandate.objects.create(
        person_id=person.id,
        procedure_code="garden_key",
        firm="0401234566",
        firm_name="Vườn Xanh",
        agency_path="garden",
        place_path="vn.p99",
        answer="unknown",
        fact=fact.to_json(),
        asked_at=NOW - timedelta(hours=1),
    )
    BulkUpload.objects.create(
        account_id=who.account_id,
        mandate=mandate,
        procedure_code="garden_key",
        revision_id=procedure_in_force("garden_key").revision_id,
        file_name="ds.csv",
        file_format="csv",
        file_bytes=1,
        file_sha256=b"x" * 32,
        uploaded_at=NOW,
    )
    return mandate


def settle(client, mandate: Mandate, **sent: str):  # type: ignore[no-untyped-def]  # a test client and its answer
    return client.post(
        "/desk/mandates/",
        {"mandate": str(mandate.pk), "answer": "yes", "reason": "Có giấy ủy quyền.", **sent},
    )


def test_officer_reads_source_and_confirms(sign_in: SignIn, waiting: Mandate) -> None:
    client = sign_in()
    page = client.get("/desk/mandates/").content.decode()
    assert "Vườn Xanh" in page
    assert "Đăng ký kinh doanh: Nguồn có ghi nhận nhưng bỏ trống mục này." in page
    assert MEMBER not in page

    settle(client, waiting)

    waiting.refresh_from_db()
    assert (waiting.answer, waiting.reason) == ("yes", "Có giấy ủy quyền.")
    assert "Vườn Xanh" not in client.get("/desk/mandates/").content.decode()


def test_mandate_for_a_service_withdrawn_meanwhile_is_listed_and_settled(
    sign_in: SignIn, waiting: Mandate
) -> None:
    title = procedure_in_force("garden_key").content.manifest.title.vi
    Revision.objects.filter(procedure__code="garden_key").update(withdrawn_at=NOW)
    client = sign_in()

    page = client.get("/desk/mandates/")

    assert page.status_code == 200
    assert title in page.content.decode()
    settle(client, waiting)
    waiting.refresh_from_db()
    assert waiting.answer == "yes"


def test_reason_is_needed(sign_in: SignIn, waiting: Mandate) -> None:
    response = settle(sign_in(), waiting, reason=" ")

    waiting.refresh_from_db()
    assert response.status_code == 422
    assert waiting.answer == "unknown"


@pytest.mark.parametrize(("place", "agency"), [(ELSEWHERE, "garden"), (CITY, "harbour")])
def test_officer_of_another_place_or_office_neither_sees_nor_settles(
    sign_in: SignIn, waiting: Mandate, other_office: None, place: str, agency: str
) -> None:
    client = sign_in(place=place, agency=agency)

    assert "Vườn Xanh" not in client.get("/desk/mandates/").content.decode()
    settle(client, waiting)

    waiting.refresh_from_db()
    assert waiting.answer == "unknown"


def test_number_in_other_signs_settles_nothing(sign_in: SignIn, waiting: Mandate) -> None:
    answer = sign_in().post("/desk/mandates/", {"mandate": "²", "answer": "yes", "reason": "Có giấy."})

    waiting.refresh_from_db()
    assert answer.status_code == 302
    assert waiting.answer == "unknown"
