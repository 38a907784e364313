"""The desk shows the clock of a dossier, the acts open to each role with what they need, and warns before it is late."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from dossier import INSTALLED, LEADER, OFFICE, ONE_STOP, SPECIALIST, Dossier, accepted, at, dossier, office

from motcua.agencies.models import Agency
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role

__all__ = ["accepted", "dossier", "office"]
pytestmark = pytest.mark.django_db
Desk = Callable[..., Client]


@pytest.fixture
def desk(office: None) -> Iterator[Desk]:
    """Return a browser of an officer at a moment of November 2026."""
    with time_machine.travel(INSTALLED, tick=False) as clock:

        def opened(role: Role, moment: str) -> Client:
            clock.move_to(at(moment))
            account, fresh = Account.objects.get_or_create(
                login=f"{role}.officer",
                defaults={"kind": AccountKind.OFFICER, "name": "Lê Văn Cán", "created_at": INSTALLED},
            )
            if fresh:
                Appointment.objects.create(
                    account=account,
                    role=role,
                    agency=Agency.objects.get(code=OFFICE),
                    place_path="vn.p99",
                    valid_from=date(2026, 1, 1),
                )
            browser = Client()
            browser.force_login(account)
            return browser

        yield opened


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(
    act: str, reason: str = "", until: tuple[str, str, str] = ("", "", ""), state: str = "with_specialist"
) -> dict[str, str]:
    day, month, year = until
    return {
        "act": act,
        "reason": reason,
        "seen_state": state,
        "until-day": day,
        "until-month": month,
        "until-year": year,
    }


def test_one_stop_officer_accepts_on_the_page(dossier: Dossier, desk: Desk) -> None:
    dossier.file()
    browser = desk(ONE_STOP, "16 09:00")
    assert "Tiếp nhận hồ sơ" in page(browser, f"/desk/{dossier.number}/")

    answer = browser.post(f"/desk/{dossier.number}/act/", sent("accept", state="received"))

    assert answer.status_code == 302
    assert dossier.row.state == "with_specialist"


def test_page_tells_term_appointment_and_who_has_it(accepted: Dossier, desk: Desk) -> None:
    shown = page(desk(SPECIALIST, "17 08:30"), f"/desk/{accepted.number}/")

    for words in ("3 ngày làm việc", "Còn 2 ngày làm việc", "Thứ Năm, 19/11/2026, 08:30", "(chuyên viên)"):
        assert words in shown


def test_one_stop_officer_has_no_act_of_the_specialist(accepted: Dossier, desk: Desk) -> None:
    shown = page(desk(ONE_STOP, "17 08:30"), f"/desk/{accepted.number}/")

    assert "Yêu cầu bổ sung" not in shown


@pytest.mark.parametrize(
    ("role", "told"),
    [(SPECIALIST, "việc của cán bộ một cửa"), (LEADER, "việc của cán bộ một cửa"), (ONE_STOP, "")],
)
def test_queue_says_whose_step_it_is(dossier: Dossier, desk: Desk, role: Role, told: str) -> None:
    dossier.file()

    shown = page(desk(role, "16 09:00"), "/desk/")

    assert dossier.number in shown
    assert ("việc của" in shown) == bool(told)
    assert told in shown


def test_confirmation_says_whose_case_it_is_what_goes_out_and_what_ends(dossier: Dossier, desk: Desk) -> None:
    dossier.file()
    declined = desk(ONE_STOP, "16 09:00").post(
        f"/desk/{dossier.number}/check/", sent("decline", "Sai nơi nộp.", state="received")
    )
    accepted = desk(ONE_STOP, "16 09:00").post(
        f"/desk/{dossier.number}/check/", sent("accept", state="received")
    )

    for words in ("Nguyễn Thị An", "Hồ sơ kết thúc ở đây", "Thông báo không tiếp nhận"):
        assert words in declined.content.decode()
    assert "Hồ sơ kết thúc" not in accepted.content.decode()


def test_page_says_which_acts_need_a_reason(dossier: Dossier, desk: Desk) -> None:
    dossier.file()

    assert "Bắt buộc khi chọn: Không tiếp nhận." in page(
        desk(ONE_STOP, "16 09:00"), f"/desk/{dossier.number}/"
    )


@pytest.mark.parametrize("part", ["check/", "act/"])
def test_page_of_a_form_opened_by_its_address_leads_to_the_case(
    dossier: Dossier, desk: Desk, part: str
) -> None:
    dossier.file()
    browser = desk(ONE_STOP, "16 09:00")

    answer = browser.get(f"/desk/{dossier.number}/{part}")

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/desk/{dossier.number}/"
    assert browser.get("/desk/preview/").headers["Location"] == "/desk/"
    assert dossier.row.state == "received"


def test_first_request_for_additions_carries_no_warning(accepted: Dossier, desk: Desk) -> None:
    answer = desk(SPECIALIST, "17 08:30").post(
        f"/desk/{accepted.number}/check/", sent("ask_for_additions", "Bản án")
    )

    assert "tạm dừng từ bây giờ" in answer.content.decode()
    assert "bị tính là trễ hạn" not in answer.content.decode()


def test_second_request_is_warned_about_before_it_is_sent(accepted: Dossier, desk: Desk) -> None:
    accepted.act("ask_for_additions", SPECIALIST, "17 08:30")
    accepted.supply("17 14:00")

    answer = desk(SPECIALIST, "17 15:00").post(
        f"/desk/{accepted.number}/check/", sent("ask_for_additions", "Thêm giấy")
    )

    assert "đã được yêu cầu bổ sung 1 lần" in answer.content.decode()
    assert accepted.row.state == "with_specialist"


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (("", "", ""), "Ghi ngày hẹn trả mới"),
        (("31", "11", "2026"), "Ghi ngày hẹn trả mới"),
        (("x", "y", "z"), "Ghi ngày hẹn trả mới"),
        (("18", "11", "2026"), "không sau ngày hẹn hiện tại"),
        (("1", "1", "2099"), "lịch làm việc"),
    ],
)
def test_date_that_is_none_is_refused_in_words(
    accepted: Dossier, desk: Desk, until: tuple[str, str, str], said: str
) -> None:
    answer = desk(SPECIALIST, "17 08:30").post(
        f"/desk/{accepted.number}/check/", sent("extend", "Chưa kịp", until)
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert accepted.due == "19 08:30"


def test_second_extension_is_refused_in_words(accepted: Dossier, desk: Desk) -> None:
    accepted.act("extend", SPECIALIST, "17 08:30", until=at("25 17:00"))

    answer = desk(SPECIALIST, "18 08:30").post(
        f"/desk/{accepted.number}/act/", sent("extend", "Chưa kịp", ("30", "11", "2026"))
    )

    assert answer.status_code == 422
    assert "chỉ được gia hạn một lần" in answer.content.decode()
    assert accepted.due == "25 17:00"


@pytest.mark.parametrize(("moment", "asked"), [("17 08:30", False), ("18 08:30", True), ("19 09:00", False)])
def test_apology_is_asked_for_the_working_day_before(
    accepted: Dossier, desk: Desk, moment: str, asked: bool
) -> None:
    shown = page(desk(SPECIALIST, moment), f"/desk/{accepted.number}/")

    assert ("Sắp quá hạn" in shown) is asked


@pytest.mark.parametrize(
    ("moment", "clock", "words"),
    [
        ("17 08:30", "later", "còn 2 ngày làm việc"),
        ("19 08:00", "today", "đến hạn hôm nay"),
        ("19 09:00", "overdue", "quá hạn"),
    ],
)
def test_queue_is_filtered_by_what_the_clock_says(
    accepted: Dossier, desk: Desk, moment: str, clock: str, words: str
) -> None:
    browser = desk(SPECIALIST, moment)

    shown = page(browser, f"/desk/?clock={clock}")

    assert accepted.number in shown
    assert words in shown
    for other in {"overdue", "today", "later", "paused"} - {clock}:
        assert accepted.number not in page(browser, f"/desk/?clock={other}")


def test_queue_asks_as_much_for_many_as_for_one(dossier: Dossier, desk: Desk) -> None:
    dossier.file()
    browser = desk(ONE_STOP, "16 09:00")
    page(browser, "/desk/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        page(browser, "/desk/")
    for _ in range(4):
        dossier.file()

    with CaptureQueriesContext(connection) as many:
        page(browser, "/desk/")

    assert len(many) == len(one)
