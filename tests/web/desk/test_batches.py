"""Many cases at once on the desk: choose, preview, confirm, read what became of each; nothing twice."""

import re
from html import unescape

import pytest
from django.test import Client
from dossier import OFFICE, ONE_STOP, SPECIALIST, Dossier, at

from motcua.cases.desk.reasons import write_template
from motcua.cases.models import Assignment, Case, CaseEntry
from motcua.identity.models import Account
from motcua.identity.rights import rights_of
from motcua.identity.states import Role

from .test_dossier_page import Desk, accepted, desk, dossier, office, page

__all__ = ["accepted", "desk", "dossier", "office"]
pytestmark = pytest.mark.django_db
APPROVER = Role.APPROVER


def text(client: Client, address: str, **sent: object) -> str:
    return unescape(client.post(address, sent, follow=True).content.decode())


def test_three_are_accepted_in_one_go_and_a_second_submit_changes_nothing(
    dossier: Dossier, desk: Desk
) -> None:
    for _ in range(3):
        dossier.file()
    browser = desk(ONE_STOP, "16 09:00")
    chosen = re.findall(r'name="case" value="([^"]+)"', page(browser, "/desk/?all=1"))

    asked = text(browser, "/desk/choose/", case=chosen)
    preview = text(browser, "/desk/preview/", case=chosen, act="accept")
    batch = re.findall(r'name="batch" value="([^"]+)"', preview)[0]
    untouched = CaseEntry.objects.filter(act="accept").count()
    done = text(browser, "/desk/confirm/", case=chosen, act="accept", batch=batch)
    again = text(browser, "/desk/confirm/", case=chosen, act="accept", batch=batch)

    assert len(chosen) == 3
    assert "Tiếp nhận hồ sơ" in asked
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in preview
    assert untouched == 0
    assert "Đã thực hiện 3 trong 3 hồ sơ" in done
    assert "Đã thực hiện 3 trong 3 hồ sơ" in again
    assert CaseEntry.objects.filter(act="accept").count() == 3


def test_reason_kept_ready_is_put_in_without_scripts(dossier: Dossier, desk: Desk) -> None:
    dossier.file()
    desk(APPROVER, "16 08:30")
    approver = Account.objects.get(login=f"{APPROVER}.officer")
    key = write_template(
        rights=rights_of(approver, at("16 08:30")),
        agency_path=OFFICE,
        procedure_code="",
        act="",
        title="Sai nơi nộp",
        text="Nộp tại [nơi].",
        now=at("16 08:30"),
    )

    shown = text(
        desk(ONE_STOP, "16 09:00"),
        "/desk/preview/",
        case=f"{dossier.number} received",
        step="fill",
        template=str(key),
    )

    assert "Nộp tại [nơi].</textarea>" in shown


def test_one_reason_for_all_has_to_be_confirmed_as_such_and_filled_in(dossier: Dossier, desk: Desk) -> None:
    dossier.file()
    browser, case = desk(ONE_STOP, "16 09:00"), f"{dossier.number} received"

    nothing = text(browser, "/desk/preview/", case=case, act="decline")
    unsure = text(browser, "/desk/preview/", case=case, act="decline", reason="Sai nơi nộp.")
    unfilled = text(
        browser, "/desk/preview/", case=case, act="decline", reason="Nộp tại [nơi].", same_reason="yes"
    )
    ready = text(
        browser, "/desk/preview/", case=case, act="decline", reason="Sai nơi nộp.", same_reason="yes"
    )

    assert "Viết lý do" in nothing
    assert "đúng cho mọi hồ sơ" in unsure
    assert "[nơi]" in unfilled
    assert "Mọi người nộp sẽ đọc cùng một lý do" in ready
    assert Case.objects.get().state == "received"


def test_officer_takes_a_case_and_finds_it_among_their_own(accepted: Dossier, desk: Desk) -> None:
    browser = desk(SPECIALIST, "16 09:00")

    before = page(browser, f"/desk/{accepted.number}/")
    browser.post(f"/desk/{accepted.number}/hand/", {"hand": "take"})
    mine = page(browser, "/desk/?hand=mine")
    browser.post("/desk/filters/", {"name": "Việc của tôi", "query": "hand=mine", "start": "yes"})
    start = browser.get("/desk/")

    assert "Tôi nhận hồ sơ này" in before
    assert accepted.number in mine
    assert Assignment.objects.get().case_number == accepted.number
    assert start.headers["Location"] == "/desk/?hand=mine"


def test_late_case_is_apologized_for_on_its_page_and_counted_for_leaders(
    accepted: Dossier, desk: Desk
) -> None:
    browser = desk(SPECIALIST, "20 09:00")
    sent = {"sorry": "Chờ xác minh.", "promised-day": "24", "promised-month": "11", "promised-year": "2026"}

    before = page(browser, f"/desk/{accepted.number}/")
    late = page(browser, "/operations/late/")
    browser.post(f"/desk/{accepted.number}/apologize/", sent)
    after = page(browser, f"/desk/{accepted.number}/")

    assert "Gửi thư xin lỗi" in before
    assert "Gửi thư xin lỗi" not in after
    assert "Xin lỗi vì trễ hẹn, hẹn trả Thứ Ba, 24/11/2026" in after
    assert "clock=overdue" in late
    assert '<strong class="mc-number">1</strong> quá hạn' in late


def test_names_and_citizen_numbers_stand_in_no_address(dossier: Dossier, desk: Desk) -> None:
    dossier.file()
    browser = desk(ONE_STOP, "16 09:00")

    found = browser.post("/desk/search/", {"words": "nguyen thi an"})
    by_address = browser.get("/desk/search/", {"number": "nguyen thi an"})

    assert "Nguyễn Thị An" in found.content.decode()
    assert found.request["QUERY_STRING"] == ""
    assert "Nguyễn Thị An" not in by_address.content.decode()
