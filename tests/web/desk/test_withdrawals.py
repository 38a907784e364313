"""An office takes a paper back on the desk, its holder reads and objects, and whoever checks the paper is told."""

import hashlib
import re
from dataclasses import replace

import pytest
from django.test import Client
from dossier import (
    LEADER,
    ONE_STOP,
    POLICE,
    SPECIALIST,
    Dossier,
    accepted,
    at,
    dossier,
    office,
)
from dossier_desk import Desk, desk, text_of

from motcua.cases.models import CaseEntry
from motcua.cases.queries import case_of_person
from motcua.cases.services.results import keep_results_of_case
from motcua.documents.queries import ResultOfCase, result_bytes, results_of_case
from motcua.documents.states import ResultKind
from motcua.identity.models import Account
from motcua.site.wiring import HANDLERS
from motcua.vault.queries import papers_of, papers_of_kind
from motcua.vault.services.provide import papers_standing
from motcua.web.ui.consult_words import paper_cards

__all__ = ["accepted", "desk", "dossier", "office"]
pytestmark = pytest.mark.django_db
KIND = "marital_status_certificate"


@pytest.fixture
def paper(accepted: Dossier) -> ResultOfCase:
    """A certificate that was sealed and handed over."""
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")
    accepted.act("seal", ONE_STOP, "17 16:00")
    accepted.act("hand_over", ONE_STOP, "17 16:30")
    keep_results_of_case(number=accepted.number, now=at("17 16:30"))
    (found,) = results_of_case(accepted.number)
    return found


def citizen_of(case: Dossier) -> Client:
    client = Client(headers={"accept-language": "vi"})
    client.force_login(Account.objects.get(pk=case.account_id))
    return client


REASON = "Ghi sai năm sinh."
ASKED = {"ground": "mistake", "reason": REASON, "what": "only"}


def test_withdrawn_paper_is_marked_wherever_it_is_shown(
    accepted: Dossier, paper: ResultOfCase, desk: Desk
) -> None:
    address = f"/desk/{accepted.number}/result/{paper.id}/standing/"
    specialist = desk(SPECIALIST, "18 09:00")
    assert address in text_of(specialist.get(f"/desk/{accepted.number}/"))
    missing = specialist.post(address, {"step": "ask", "ground": "x", "reason": " ", "what": ""})
    assert missing.status_code == 422
    for said in ("Chọn căn cứ thu hồi.", "Viết lý do.", "Chọn chỉ thu hồi"):
        assert said in text_of(missing)
    look = text_of(specialist.post(address, {"step": "ask", **ASKED}))
    assert paper.sha256 in look.replace(" ", "")
    specialist.post(address, {"step": "propose", **ASKED})
    assert 'value="sign"' not in text_of(specialist.get(address))
    assert specialist.post(address, {"step": "sign", "seen": "0" * 64}).status_code == 404
    assert desk(SPECIALIST, "18 09:10", POLICE).get(address).status_code == 404

    leader = desk(LEADER, "18 10:00")
    assert paper.title in text_of(leader.get("/desk/withdrawals/"))
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', text_of(leader.get(address)))
    assert seen is not None
    undecided = leader.post(address, {"step": "sign", "seen": seen[1]})
    assert undecided.status_code == 422
    assert "Chọn mã QR" in text_of(undecided)
    assert leader.post(address, {"step": "sign", "seen": "0" * 64, "pass": "keep"}).status_code == 409
    leader.post(address, {"step": "sign", "seen": seen[1], "pass": "keep"})

    assert "motcua.cases.handlers.keep_results" in HANDLERS["ResultWithdrawn"]
    keep_results_of_case(number=accepted.number, now=at("18 10:00"))
    person = accepted.person.id
    (old,) = (each for each in papers_of(person) if each.kind == KIND)
    assert (old.withdrawn_at, old.withdrawn_for) == (at("18 10:00"), "mistake")
    assert papers_of_kind(person, [KIND]) == {KIND: []}
    assert papers_standing({(person, KIND, old.id)}) == set()
    citizen = citizen_of(accepted)
    for page in (f"/my/{accepted.number}/", "/my/", "/my/papers/", f"/verify/paper/{paper.code}/"):
        said = text_of(citizen.get(page))
        assert re.search("thu hồi", said), page
        assert "sai sót do cơ quan lập" in said, page
    own = text_of(citizen.get(f"/my/{accepted.number}/"))
    assert REASON in own
    # What they read first is not that they were granted something.
    assert re.search(r'id="verdict">Giấy đã bị thu hồi<', own)
    assert REASON not in text_of(Client().get(f"/verify/paper/{paper.code}/"))
    assert "Đã thu hồi" in text_of(leader.get(f"/desk/{accepted.number}/"))
    pdf = citizen.get(f"/my/{accepted.number}/result/{paper.code}.pdf").content
    assert hashlib.sha256(pdf).hexdigest() == paper.sha256
    # The clock of a case that was handed over is read as before.
    case = case_of_person(accepted.number, person)
    assert case.clock is not None
    assert case.entries[-1].label.vi == "Thu hồi giấy đã cấp"
    # That a fee is unpaid does not hide what was taken back.
    shown = paper_cards(replace(case, held_vnd=8_000), sealed_only=True)
    assert [each.result.kind for each in shown] == [ResultKind.NOTICE, ResultKind.RESULT]


def test_applicant_objects_a_person_answers_and_a_corrected_paper_is_given(
    accepted: Dossier, paper: ResultOfCase, desk: Desk
) -> None:
    address = f"/desk/{accepted.number}/result/{paper.id}/standing/"
    desk(SPECIALIST, "18 09:00").post(address, {"step": "propose", **ASKED})
    leader = desk(LEADER, "18 10:00")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', text_of(leader.get(address)))
    assert seen is not None
    leader.post(address, {"step": "sign", "seen": seen[1], "pass": "keep"})
    citizen, objecting = citizen_of(accepted), f"/my/{accepted.number}/result/{paper.code}/objection/"
    assert objecting in text_of(citizen.get(f"/my/{accepted.number}/"))
    assert citizen.post(objecting, {"text": " "}).status_code == 422

    sent = citizen.post(objecting, {"text": "Năm sinh trên giấy là <b>đúng</b>."})

    assert "Đã nhận khiếu nại" in text_of(citizen.get(sent.headers["Location"]))
    assert citizen.get(objecting).status_code == 302
    waiting = text_of(leader.get(address))
    assert "Năm sinh trên giấy là &lt;b&gt;đúng&lt;/b&gt;." in waiting
    assert leader.post(address, {"step": "answer", "answer": "", "words": ""}).status_code == 422
    leader.post(address, {"step": "answer", "answer": "issue_again", "words": "Đã đối chiếu sổ."})
    assert "Đã đối chiếu sổ." in text_of(citizen.get(f"/my/{accepted.number}/"))

    specialist = desk(SPECIALIST, "19 09:00")
    words = text_of(specialist.post(address, {"step": "words"}))
    assert 'name="row-0"' in words
    empty = specialist.post(address, {"step": "check", "row-0": " "})
    assert empty.status_code == 422
    specialist.post(address, {"step": "propose", "row-0": "Nguyễn Thị Ân"})
    leader = desk(LEADER, "19 10:00")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', text_of(leader.get(address)))
    assert seen is not None
    leader.post(address, {"step": "sign", "seen": seen[1]})

    (second,) = (each for each in results_of_case(accepted.number) if each.replaces == paper.id)
    assert (second.number, second.in_force) == ("02/2026/GXN-TTPVHCC", True)
    assert second.text is not None
    assert second.text.rows[0].value == "Nguyễn Thị Ân"
    told = CaseEntry.objects.filter(case_number=accepted.number).values_list("act", flat=True)
    assert list(told)[-4:] == [
        "withdraw_result",
        "object_to_withdrawal",
        "answer_withdrawal",
        "replace_result",
    ]
    public = Client(headers={"accept-language": "vi"})
    assert "02/2026/GXN-TTPVHCC" in text_of(public.get(f"/verify/paper/{paper.code}/"))
    for digest, said in (
        (paper.sha256, "Đã thu hồi"),
        (second.sha256.upper(), "đang có hiệu lực"),
        ("0" * 64, "Sổ văn bản của hệ thống không có tệp nào"),
    ):
        assert said in text_of(public.post("/verify/paper/", {"sha256": digest}))
    assert public.post("/verify/paper/", {"sha256": "01/2026"}).status_code == 400
    for body, standing in (
        ({"code": paper.code}, "withdrawn"),
        ({"sha256": second.sha256}, "stands"),
        ({"code": "01/2026/GXN-TTPVHCC"}, "not_ours"),
    ):
        answer = public.post("/api/verify/paper", body, content_type="application/json").json()
        assert answer["standing"] == standing
        assert "An" not in str(answer).split()
    both = public.post("/api/verify/paper", {}, content_type="application/json")
    assert both.status_code == 422
    assert [each.kind for each in results_of_case(accepted.number)].count(ResultKind.NOTICE) == 1
    assert result_bytes(paper.id).startswith(b"%PDF")
