"""On the desk: an asked agency answers, an act asks what was found out, and a paper is read before it is signed."""

from collections.abc import Iterator

import pytest
from consulting import TAX, asking
from django.test import Client
from dossier import (
    LEADER,
    ONE_STOP,
    POLICE,
    SPECIALIST,
    Dossier,
    accepted,
    dossier,
    office,
)
from dossier_desk import Desk, desk_with, text_of

from motcua.cases.models import Consultation
from motcua.documents.queries import results_of_case
from motcua.documents.states import ResultState
from motcua.identity.models import Account

__all__ = ["accepted", "asking", "dossier", "office"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(office: None) -> Iterator[Desk]:
    """Return a browser of an officer, without a key unless asked for, at a moment of November 2026."""
    with desk_with(keys=False) as opened:
        yield opened


def test_asked_agency_answers_once_after_a_last_look(asking: Dossier, desk: Desk) -> None:
    client = desk(SPECIALIST, "16 10:00", TAX)
    address = f"/desk/{asking.number}/consults/amount/"
    assert "Cần bạn trả lời: Số tiền phải nộp" in text_of(client.get("/desk/"))
    assert address in text_of(client.get(f"/desk/{asking.number}/"))
    asked = text_of(client.get(address))
    assert "Xác định số tiền phải nộp" in asked
    assert "Chủ Nhật" not in asked

    missing = client.post(address, {"step": "check", "words": "", "found_tax_vnd": "nhiều"})
    assert missing.status_code == 422
    assert "Viết ý kiến của cơ quan bạn." in text_of(missing)

    given = {"words": "Theo thông báo 12.", "found_tax_vnd": "1.500.000", "found_notice": "12/TB"}
    shown = text_of(client.post(address, {"step": "check", **given}))
    assert "1.500.000" in shown
    assert "Chỉ trả lời được một lần" in shown
    assert Consultation.objects.open().count() == 2

    sent = client.post(address, {"step": "send", **given})
    assert sent.headers["Location"].endswith("?answered=amount")
    assert "12/TB" in text_of(client.get(f"/desk/{asking.number}/"))
    assert client.get(address).status_code == 302
    assert client.post(address, {"step": "send", **given}).headers["Location"] == f"/desk/{asking.number}/"


def test_question_of_another_agency_is_not_answered(asking: Dossier, desk: Desk) -> None:
    client = desk(SPECIALIST, "16 10:00", POLICE)

    for method in (client.get, client.post):
        assert (
            method(f"/desk/{asking.number}/consults/amount/", {"step": "send", "words": "x"}).status_code
            == 302
        )
    assert desk(SPECIALIST, "16 10:00").get("/desk/H17-20261116-9999999/consults/amount/").status_code == 404

    assert Consultation.objects.open().count() == 2


def test_applicant_reads_who_is_asked_and_who_has_answered(asking: Dossier, desk: Desk) -> None:
    client = desk(SPECIALIST, "16 10:00", TAX)
    given = {"words": "Theo thông báo 12.", "found_tax_vnd": "70000"}
    client.post(f"/desk/{asking.number}/consults/amount/", {"step": "send", **given})
    citizen = Client(headers={"accept-language": "vi"})
    citizen.force_login(Account.objects.get(pk=asking.account_id))

    page = text_of(citizen.get(f"/my/{asking.number}/"))

    assert "Công an thành phố: từ Thứ Hai, 16/11/2026, 09:00, hạn trả lời Thứ Ba, 17/11/2026, 09:00" in page
    assert "Cơ quan thuế" in page
    assert "70.000" in page
    assert "Theo thông báo 12." in page
    assert "consults/amount" not in page


def test_act_asks_what_was_found_out_before_it_is_confirmed(asking: Dossier, desk: Desk) -> None:
    asking.act("ask_meanwhile", SPECIALIST, "16 14:00")
    asking.supply("17 08:30")
    client = desk(SPECIALIST, "17 09:00")
    wish = {"act": "consult", "reason": "", "seen_state": "with_specialist"}

    first = client.post(f"/desk/{asking.number}/check/", wish)
    assert first.status_code == 200
    assert "found_looked_at_on-day" in text_of(first)
    wrong = client.post(
        f"/desk/{asking.number}/check/", {**wish, "step": "found", "found_looked_at_on-day": "40"}
    )
    assert wrong.status_code == 422

    day = {
        f"found_looked_at_on-{part}": value
        for part, value in (("day", "17"), ("month", "11"), ("year", "2026"))
    }
    confirm = text_of(client.post(f"/desk/{asking.number}/check/", {**wish, "step": "found", **day}))
    assert 'name="found_looked_at_on-day" value="17"' in confirm
    # What is confirmed is read once more as it was understood.
    assert "17/11/2026" in confirm
    assert client.post(f"/desk/{asking.number}/act/", wish).status_code == 422
    assert asking.row.state == "with_specialist"

    client.post(f"/desk/{asking.number}/act/", {**wish, **day})

    assert asking.row.state == "consulting"
    assert "17/11/2026" in text_of(client.get(f"/desk/{asking.number}/"))


def test_paper_is_read_then_signed_and_only_as_it_was_read(accepted: Dossier, desk: Desk) -> None:
    client = desk(SPECIALIST, "17 09:00", key=True)
    wish = {"act": "submit", "reason": "", "seen_state": "with_specialist"}
    assert "chưa có chữ ký số" not in text_of(client.get(f"/desk/{accepted.number}/"))

    page = client.post(f"/desk/{accepted.number}/check/", wish)
    said = text_of(page)
    assert "Giấy sẽ được lập" in said
    assert "cư trú tại" in said
    digest = said.partition('name="seen_paper" value="')[2][:64]
    preview = client.post(f"/desk/{accepted.number}/result/preview/", wish)
    assert preview.headers["Content-Type"] == "application/pdf"
    other = client.post(f"/desk/{accepted.number}/act/", {**wish, "seen_paper": "0" * 64})
    assert other.status_code == 409
    assert "chưa có gì được ký" in text_of(other)
    assert results_of_case(accepted.number) == []

    client.post(f"/desk/{accepted.number}/act/", {**wish, "seen_paper": digest})

    (paper,) = results_of_case(accepted.number)
    assert paper.state is ResultState.SIGNED
    leader = desk(LEADER, "17 10:00")
    approving = {"act": "approve", "reason": "", "seen_state": "with_leader"}
    shown = text_of(leader.post(f"/desk/{accepted.number}/check/", approving))
    assert f"/desk/{accepted.number}/result/{paper.id}.pdf" in shown
    assert leader.get(f"/desk/{accepted.number}/result/{paper.id}.pdf").content.startswith(b"%PDF")


def test_officer_without_a_key_is_told_as_the_page_opens_and_refused(accepted: Dossier, desk: Desk) -> None:
    client = desk(SPECIALIST, "17 09:00")
    opened = text_of(client.get(f"/desk/{accepted.number}/"))
    assert "Bạn chưa có chữ ký số" in opened
    assert "Báo người quản trị hệ thống cấp chữ ký số cho bạn" in opened
    wish = {"act": "submit", "reason": "", "seen_state": "with_specialist"}
    said = text_of(client.post(f"/desk/{accepted.number}/check/", wish))
    digest = said.partition('name="seen_paper" value="')[2][:64]

    refused = client.post(f"/desk/{accepted.number}/act/", {**wish, "seen_paper": digest})

    assert refused.status_code == 422
    assert "Bạn chưa có chữ ký số" in text_of(refused)
    assert accepted.row.state == "with_specialist"


def test_applicant_saves_the_sealed_paper_and_nobody_else_does(accepted: Dossier, desk: Desk) -> None:
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")
    (paper,) = results_of_case(accepted.number)
    address = f"/my/{accepted.number}/result/{paper.code}.pdf"
    desk(SPECIALIST, "17 16:00")
    citizen = Client()
    citizen.force_login(Account.objects.get(pk=accepted.account_id))
    assert citizen.get(address).status_code == 404

    accepted.act("seal", ONE_STOP, "17 16:00")

    assert citizen.get(address).content.startswith(b"%PDF")
    assert address in text_of(citizen.get(f"/my/{accepted.number}/"))
    assert Client().get(address).status_code in (302, 404)
