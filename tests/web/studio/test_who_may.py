"""Who can and who cannot: every address of the studio, for every role, office and place."""

import pytest
from django.test import Client
from drafting import CITY, MODEL, at_most

from motcua.events.models import LedgerEntry
from motcua.identity.states import Role
from motcua.packs.models import DraftVersion, RuleDraft
from motcua.procedures.models import Revision

from .conftest import SignIn

pytestmark = pytest.mark.django_db
HOME = "/studio/new_service/"
READ = ("", "draft/", "draft/tables/", "draft/file/?path=SOURCES.md", "draft/download/?path=SOURCES.md")
READ = (*READ, "draft/install/", "draft/discard/")
ACT = ("begin/", "draft/save/", "draft/install/", "draft/discard/")
FORM = {"path": "SOURCES.md", "text": "# Khác", "seen_version": "1", "read": "yes"}


@pytest.fixture
def draft(sign_in: SignIn) -> None:
    browser = sign_in("lan")
    browser.post(f"{HOME}begin/")
    browser.post(f"{HOME}draft/save/", {"path": MODEL, "seen_version": 0, "text": at_most(20).decode()})
    assert RuleDraft.objects.get().version == 1


def everything() -> list[object]:
    return [
        list(RuleDraft.objects.values_list("version", "outcome")),
        DraftVersion.objects.count(),
        Revision.objects.count(),
        LedgerEntry.objects.count(),
    ]


WITHOUT_RIGHT = [
    *(
        pytest.param(role, "so_ttt", CITY, id=role.value)
        for role in Role
        if role is not Role.SERVICE_DESIGNER
    ),
    pytest.param(Role.SERVICE_DESIGNER, "so_y_te", CITY, id="designer of another office"),
    pytest.param(Role.SERVICE_DESIGNER, "so_ttt", f"{CITY}.w20242", id="designer for one ward"),
]


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize(("role", "agency", "place"), WITHOUT_RIGHT)
def test_without_the_right_nothing_is_there(sign_in: SignIn, role: Role, agency: str, place: str) -> None:
    browser = sign_in("somebody", role=role, agency=agency, place=place)
    before = everything()

    for path in READ:
        assert browser.get(HOME + path).status_code == 404, path
        absent = browser.get((HOME + path).replace("new_service", "no_such"))
        assert absent.status_code == 404, path
    for path in ACT:
        assert browser.post(HOME + path, FORM).status_code == 404, path
    assert "new_service" not in browser.get("/studio/").content.decode()
    assert everything() == before


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("agency", ["so_ttt", "dn"])
def test_with_the_right_everything_is_there(sign_in: SignIn, agency: str) -> None:
    browser = sign_in("somebody", agency=agency)

    for path in READ:
        assert browser.get(HOME + path).status_code == 200, path
    assert "new_service" in browser.get("/studio/").content.decode()


@pytest.mark.usefixtures("draft")
def test_nobody_is_asked_to_sign_in() -> None:
    before = everything()

    for path in READ:
        assert "/desk/sign-in/" in Client().get(HOME + path).headers["Location"], path
    for path in ACT:
        assert Client().post(HOME + path, FORM).status_code == 302, path
    assert everything() == before


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("path", ACT)
def test_act_without_the_token_of_a_page_is_refused(sign_in: SignIn, path: str) -> None:
    account = sign_in("minh")
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = account.cookies
    before = everything()

    assert careful.post(HOME + path, FORM).status_code == 403
    assert everything() == before


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("path", ["begin/", "draft/save/"])
def test_looking_at_an_act_does_nothing(sign_in: SignIn, path: str) -> None:
    before = everything()

    assert sign_in("minh").get(HOME + path).status_code == 405
    assert everything() == before
