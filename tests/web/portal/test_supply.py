"""The applicant reads what is asked of them, supplies it on a page, and follows the clock."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from dossier import SPECIALIST, Dossier, accepted, at, dossier, office

from motcua.identity.models import Account

__all__ = ["accepted", "dossier", "office"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(accepted: Dossier) -> Dossier:
    accepted.act("ask_for_additions", SPECIALIST, "17 08:30", reason="Bản án <b>ly hôn</b>.")
    return accepted


@pytest.fixture
def browser(asked: Dossier) -> Iterator[Client]:
    client = Client()
    with time_machine.travel(at("18 08:30"), tick=False):
        client.force_login(Account.objects.get(pk=asked.account_id))
        yield client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


FORM = {"marital_status": "divorced", "use": "marriage", "truthful": "yes", "lived_elsewhere": ""}


def test_case_page_says_what_to_do_and_that_the_clock_stands(asked: Dossier, browser: Client) -> None:
    shown = page(browser, f"/my/{asked.number}/")

    assert "Bạn cần làm ngay" in shown
    assert "Bản án &lt;b&gt;ly hôn&lt;/b&gt;." in shown
    assert "Tạm dừng từ" in shown
    assert f"/my/{asked.number}/supply/" in shown
    assert "Trả lời chậm nhất" not in shown


def test_what_is_supplied_lets_the_clock_run_on(asked: Dossier, browser: Client) -> None:
    answer = browser.post(
        f"/my/{asked.number}/supply/", {**FORM, "text": "Tôi gửi số bản án.", "status_paper": "15/2024"}
    )

    assert answer.status_code == 302
    assert asked.row.state == "with_specialist"
    shown = page(browser, answer["Location"])
    assert "Đã nhận phần bổ sung" in shown
    assert "15/2024" in shown


def test_nothing_supplied_is_refused_in_words(asked: Dossier, browser: Client) -> None:
    answer = browser.post(f"/my/{asked.number}/supply/", {**FORM, "text": " "})

    assert answer.status_code == 422
    assert "Viết điều bạn bổ sung" in answer.content.decode()
    assert asked.row.state == "awaiting_additions"


def test_wrong_answer_is_shown_at_its_field(asked: Dossier, browser: Client) -> None:
    answer = browser.post(f"/my/{asked.number}/supply/", {**FORM, "text": "Xin sửa", "use": "gift"})

    assert answer.status_code == 422
    assert "field-use" in answer.content.decode()
    assert asked.row.state == "awaiting_additions"


def test_text_without_end_is_refused(asked: Dossier, browser: Client) -> None:
    answer = browser.post(f"/my/{asked.number}/supply/", {**FORM, "text": "a" * 4001})

    assert answer.status_code == 422
    assert asked.row.state == "awaiting_additions"


def test_page_leads_back_when_nothing_is_asked(asked: Dossier, browser: Client) -> None:
    asked.supply("18 08:00")

    assert browser.get(f"/my/{asked.number}/supply/")["Location"] == f"/my/{asked.number}/"


def test_case_of_somebody_else_is_not_there(asked: Dossier, browser: Client) -> None:
    page(browser, "/my/H17-20261116-9999999/supply/", 404)


def test_receipt_has_appointment_papers_and_the_way_to_the_status(asked: Dossier, browser: Client) -> None:
    asked.supply("18 08:00")

    shown = page(browser, f"/my/{asked.number}/receipt/")

    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in shown
    assert "Hẹn trả kết quả" in shown
    assert "Tờ khai cấp giấy xác nhận" in shown
    assert "<svg" in shown


def test_anyone_with_the_number_reads_that_it_waits_for_its_applicant(
    asked: Dossier, browser: Client
) -> None:
    shown = page(Client(), f"/status/?number={asked.number}")

    assert "Thời hạn đang tạm dừng" in shown
    assert "Nguyễn Thị An" not in shown


def test_letter_says_what_is_missing(asked: Dossier, browser: Client) -> None:
    answer = browser.get(f"/my/{asked.number}/letter.pdf")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
