"""One case at the desk: what is shown, who learns that it was, and how an officer acts."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from motcua.cases.models import Case, CaseEntry
from motcua.cases.queries import case_of_person
from motcua.cases.services import object_to_decision
from motcua.credentials.queries import standing_credential
from motcua.decisions.models import DecisionRecord
from motcua.events.models import LedgerEntry
from motcua.identity.models import Account
from motcua.identity.states import Role
from motcua.registers.queries import accesses_of

from .conftest import HERE, MEMBER, NOW, STRANGER, UNSURE, SignIn, garden

pytestmark = pytest.mark.django_db
REASON = "Đã xem sổ hội viên: phí đã đóng."


@pytest.fixture
def number(file: "garden.File", clock: object) -> str:
    return file(UNSURE).number


def send(client: Client, number: str, to: str, /, **changed: str) -> HttpResponse:
    typed = {"act": "grant", "reason": REASON, "seen_state": "desk", **changed}
    return client.post(f"/desk/{number}/{to}/", typed)


def nothing_changed(number: str) -> bool:
    return (
        Case.objects.get(number=number).state == "desk"
        and CaseEntry.objects.filter(case_number=number).count() == 2
        and DecisionRecord.objects.filter(case_number=number).count() == 1
        and standing_credential(number) is None
    )


def test_page_shows_facts_their_source_and_why_one_is_not_known(sign_in: SignIn, number: str) -> None:
    page = sign_in().get(f"/desk/{number}/").content.decode()

    for words in (
        "Hội viên",
        "Chưa rõ",
        "Nguồn có ghi nhận nhưng bỏ trống mục này.",
        "Danh sách hội viên",
        "Thứ Sáu, 20/11/2026",
        "Chưa rõ bạn có là hội viên không.",
        "Nội quy, điều 3",
        "Phường 99001",
        "Trần Thị Thử",
    ):
        assert words in page, words


def test_citizen_number_is_masked(sign_in: SignIn, number: str) -> None:
    page = sign_in().get(f"/desk/{number}/").content.decode()

    assert UNSURE not in page
    assert UNSURE[:9] not in page
    assert f"•{UNSURE[-3:]}" in page


def test_opening_is_noted_for_the_person_before_anything_is_shown(
    sign_in: SignIn, number: str, citizen: "garden.Cite"
) -> None:
    person = citizen(UNSURE).person
    before = len(accesses_of(person.key))

    sign_in(Role.SPECIALIST, place=HERE).get(f"/desk/{number}/")

    looks = accesses_of(person.key)
    assert len(looks) == before + 1
    look = looks[0]
    assert (look.asker_kind, look.asker_label, look.agency_path) == ("account", "Chuyên viên", "garden")
    assert (look.purpose, look.case_number, look.register_title_vi) == (
        "read_cases",
        number,
        "Hồ sơ bạn đã nộp",
    )
    assert look.asked_at == NOW + timedelta(hours=1)


def test_person_reads_under_who_looked_that_an_officer_opened_the_case(
    sign_in: SignIn, number: str, citizen: "garden.Cite"
) -> None:
    sign_in(Role.SPECIALIST).get(f"/desk/{number}/")
    browser = Client()
    browser.force_login(Account.objects.get(pk=citizen(UNSURE).account_id))

    page = browser.get("/my/access/").content.decode()

    for words in ("Chuyên viên", "Ban quản lý vườn", "Xem hồ sơ để xử lý", "Hồ sơ bạn đã nộp", number):
        assert words in page, words


def test_opening_a_case_of_another_place_notes_nothing(
    sign_in: SignIn, number: str, citizen: "garden.Cite"
) -> None:
    before = accesses_of(citizen(UNSURE).person.key)

    assert sign_in(place="vn.p99.w99002").get(f"/desk/{number}/").status_code == 404

    assert accesses_of(citizen(UNSURE).person.key) == before


def test_objection_stands_on_the_page_as_the_citizen_wrote_it(
    sign_in: SignIn, file: "garden.File", citizen: "garden.Cite"
) -> None:
    number = file(STRANGER).number
    words = 'Tôi đã đóng phí <b>hôm qua</b> & có "biên lai".'
    object_to_decision(number=number, applicant_id=citizen(STRANGER).person.id, text=words, now=NOW)

    page = sign_in().get(f"/desk/{number}/").content.decode()

    assert "Tôi đã đóng phí &lt;b&gt;hôm qua&lt;/b&gt; &amp; có &quot;biên lai&quot;." in page


def test_confirming_grants_and_the_citizen_reads_the_reason(
    sign_in: SignIn, number: str, citizen: "garden.Cite"
) -> None:
    browser = sign_in()

    asked = send(browser, number, "check")
    done = send(browser, number, "act")

    assert asked.status_code == 200
    assert REASON in asked.content.decode()
    assert done.headers["Location"] == f"/desk/{number}/?done=grant"
    own = case_of_person(number, citizen(UNSURE).person.id)
    assert (own.case.state_name, own.decision and own.decision.text.vi) == ("granted", REASON)
    assert standing_credential(number) is not None
    assert "Đã thực hiện" in browser.get(done.headers["Location"]).content.decode()


def test_checking_alone_changes_nothing(sign_in: SignIn, number: str) -> None:
    send(sign_in(), number, "check")

    assert nothing_changed(number)


@pytest.mark.parametrize("step", ["check", "act"])
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"reason": "   "}, "Viết lý do."),
        ({"act": ""}, "Chọn việc bạn muốn làm."),
        ({"act": "demolish"}, "Chọn việc bạn muốn làm."),
        ({"act": "refer"}, "Chọn việc bạn muốn làm."),
        ({"reason": "x" * 2001}, "nhiều nhất 2.000 ký tự"),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_is_done(
    sign_in: SignIn, number: str, step: str, changed: dict[str, str], message: str
) -> None:
    answer = send(sign_in(), number, step, **changed)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert nothing_changed(number)


def test_mending_shows_again_what_was_typed(sign_in: SignIn, number: str) -> None:
    answer = send(sign_in(), number, "check", step="mend")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert REASON in page
    assert 'value="grant" checked' in page


@pytest.mark.parametrize("step", ["check", "act"])
def test_second_hand_is_told_who_was_first(sign_in: SignIn, number: str, step: str) -> None:
    first, second = sign_in(), sign_in(place=HERE)
    send(first, number, "act", act="refuse")

    answer = send(second, number, step)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Lê Văn Cán" in page
    assert Case.objects.get(number=number).state == "refused"
    assert standing_credential(number) is None


def test_approver_revokes_a_granted_pass_with_a_reason(sign_in: SignIn, file: "garden.File") -> None:
    number = file(MEMBER).number
    browser = sign_in()

    asked = send(browser, number, "check", act="revoke", seen_state="granted")
    send(browser, number, "act", act="revoke", seen_state="granted")

    assert "Giấy mất hiệu lực" in asked.content.decode()
    assert Case.objects.get(number=number).state == "revoked"
    assert standing_credential(number) is None


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.ONE_STOP_OFFICER])
def test_others_who_may_read_the_case_may_not_revoke(
    sign_in: SignIn, file: "garden.File", role: Role
) -> None:
    number = file(MEMBER).number
    browser = sign_in(role)
    told = LedgerEntry.objects.count()

    answer = send(browser, number, "act", act="revoke", seen_state="granted")

    assert browser.get(f"/desk/{number}/").status_code == 200
    assert answer.status_code == 422
    assert standing_credential(number) is not None
    assert LedgerEntry.objects.count() == told


def test_page_speaks_english(sign_in: SignIn, number: str) -> None:
    browser = sign_in()
    browser.cookies["django_language"] = "en"

    page = browser.get(f"/desk/{number}/").content.decode()

    assert '<html lang="en"' in page
    assert "The source has a record but left this empty." in page
