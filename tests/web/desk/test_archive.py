"""The archive on the desk: who sees what, what a filter finds, what is noted, and destruction by two persons."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from motcua.archives.models import ArchivedDossier, ArchivedPackage, Destruction
from motcua.archives.services import archive_ended
from motcua.documents.provision import give_key
from motcua.documents.states import Signatory
from motcua.documents.stores import local_authority
from motcua.identity.states import Role
from motcua.registers.models import RegisterAccess

from .conftest import NOW, SignIn, garden

pytestmark = pytest.mark.django_db

PAST = NOW + timedelta(days=365 * 12)


@pytest.fixture
def kept(file: "garden.File", clock: object) -> ArchivedDossier:
    """One case that ended at once, archived half a year later; the service names no term, so it is ten years."""
    file(garden.MEMBER)
    archive_ended(now=NOW + timedelta(days=200), after_days=180)
    return ArchivedDossier.objects.get()


def opened(browser: Client, address: str) -> tuple[int, str]:
    answer = browser.get(address)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("role", "sees", "opens"),
    [
        (Role.ARCHIVIST, True, True),
        (Role.LEADER, True, False),
        (Role.APPROVER, False, False),
        (Role.SPECIALIST, False, False),
        (Role.AUDITOR, False, False),
        (None, False, False),
    ],
)
def test_who_sees_the_archive_and_who_opens_a_package(
    sign_in: SignIn, kept: ArchivedDossier, role: Role | None, sees: bool, opens: bool
) -> None:
    browser = sign_in(role)

    for page in ("/desk/archive/", f"/desk/archive/{kept.pk}/", "/desk/archive/destruction/"):
        assert browser.get(page).status_code == (200 if sees else 404)
    for page in ("package", "summary"):
        assert browser.get(f"/desk/archive/{kept.pk}/{page}/").status_code == (200 if opens else 404)


def test_archivist_of_another_office_or_place_finds_nothing(
    sign_in: SignIn, kept: ArchivedDossier, other_office: str
) -> None:
    for browser in (sign_in(Role.ARCHIVIST, agency=other_office), sign_in(Role.ARCHIVIST, place="vn.p99.w1")):
        assert kept.case_number not in browser.get("/desk/archive/").content.decode()
        assert browser.get(f"/desk/archive/{kept.pk}/package/").status_code == 404
    assert not RegisterAccess.objects.filter(purpose="keep_archives").exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("year={year}&service=garden_key&term=10", True),
        ("number= {number} ", True),
        ("number={lower}", True),
        ("year=1999", False),
        ("service=other", False),
        ("term=permanent", False),
        ("year=x&term=y&service=", True),
    ],
)
def test_list_is_found_by_year_service_term_and_number(
    sign_in: SignIn, kept: ArchivedDossier, query: str, found: bool
) -> None:
    asked = query.format(year=kept.year, number=kept.case_number, lower=kept.case_number.lower())

    status, page = opened(sign_in(Role.ARCHIVIST), f"/desk/archive/?{asked}")

    assert status == 200
    assert (f"/desk/archive/{kept.pk}/" in page) is found


def test_package_given_out_is_a_whole_bag_and_is_noted(sign_in: SignIn, kept: ArchivedDossier) -> None:
    browser = sign_in(Role.ARCHIVIST)
    status, page = opened(browser, f"/desk/archive/{kept.pk}/")
    assert (status, kept.sha256 in page) == (200, True)
    assert not RegisterAccess.objects.filter(purpose="keep_archives").exists()

    given = browser.get(f"/desk/archive/{kept.pk}/package/")

    assert given.headers["Content-Disposition"] == f'attachment; filename="ho-so-{kept.case_number}.zip"'
    names = zipfile.ZipFile(io.BytesIO(given.content)).namelist()
    assert f"{kept.case_number}/manifest-sha512.txt" in names
    noted = RegisterAccess.objects.get(purpose="keep_archives")
    assert (noted.register, noted.case_number) == ("archives", kept.case_number)


def test_destruction_is_proposed_by_one_and_decided_by_another(
    sign_in: SignIn, kept: ArchivedDossier, clock: object, settings: Settings, tmp_path: Path
) -> None:
    settings.SECRETS_DIR, settings.TIME_STAMPS = tmp_path, "own"
    clock.move_to(PAST)  # type: ignore[attr-defined]  # the traveller of time_machine
    archivist = sign_in(Role.ARCHIVIST)
    assert kept.case_number in archivist.get("/desk/archive/destruction/").content.decode()
    form = {"dossier": str(kept.pk), "reason": "Hết thời hạn.", "council": "Bà A, chủ tịch"}

    for missing in form:
        without = {name: value for name, value in form.items() if name != missing}
        assert archivist.post("/desk/archive/destruction/", without).status_code == 422
    assert not Destruction.objects.exists()
    made = archivist.post("/desk/archive/destruction/", form)
    address = made.headers["Location"]
    assert archivist.post(address, {"answer": "destroyed", "words": "x"}).status_code == 404
    assert archivist.post("/desk/archive/destruction/", form).status_code == 422

    leader = sign_in(Role.LEADER)
    assert leader.post("/desk/archive/destruction/", form).status_code == 404
    assert leader.post(address, {"answer": "destroyed", "words": ""}).status_code == 422
    # Without a seal for the minutes nothing is destroyed, and the page says why.
    unsealed = leader.post(address, {"answer": "destroyed", "words": "Đồng ý."})
    assert (unsealed.status_code, "khóa đóng dấu" in unsealed.content.decode()) == (422, True)
    assert ArchivedPackage.objects.exists()
    local_authority().make(name="Gốc thử nghiệm", now=PAST - timedelta(days=2))
    give_key(
        name="seal",
        signatory=Signatory.AGENCY,
        agency_path=Destruction.objects.get().agency_path,
        agency_name="Sở",
        holder="Sở",
        account=None,
        now=PAST - timedelta(days=1),
    )
    done = leader.post(address, {"answer": "destroyed", "words": "Đồng ý với hội đồng."})

    assert done.status_code == 302
    assert not ArchivedPackage.objects.exists()
    assert leader.get(f"{address}minutes/").content.startswith(b"%PDF-")
    assert archivist.get(f"/desk/archive/{kept.pk}/package/").status_code == 404
    assert "Đã hủy" in archivist.get(f"/desk/archive/{kept.pk}/").content.decode()
    assert leader.post(address, {"answer": "kept", "words": "x"}).status_code == 422


def test_list_asks_as_often_for_many_as_for_one(sign_in: SignIn, file: "garden.File") -> None:
    counts = []
    browser = sign_in(Role.ARCHIVIST)
    for _ in range(2):
        for _ in range(2):
            file(garden.MEMBER)
        archive_ended(now=NOW + timedelta(days=200), after_days=180)
        with CaptureQueriesContext(connection) as asked:
            browser.get("/desk/archive/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert ArchivedDossier.objects.count() == 4
