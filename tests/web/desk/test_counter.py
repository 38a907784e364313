"""The counter: who has come, what is known, the same form, the papers, the receipt, and nobody else's drafts."""

import re
import subprocess
import uuid
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from garden import Cite
from garden_desk import MEMBER, NOW, WARD, SignIn
from garden_papers import with_papers
from papers import pdf, photograph

from motcua.cases.counter.drafts import forget_old_drafts
from motcua.cases.counter.models import CounterDraft, OnBehalf
from motcua.cases.models import Case
from motcua.identity.backends import PATH
from motcua.identity.models import Account, Person
from motcua.identity.states import Role
from motcua.procedures.queries import ProcedureView
from motcua.procedures.services import install_revision
from motcua.registers.queries import accesses_of
from motcua.vault.models import Paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
# The member of the garden's register, who has never signed in.
NAME, BORN = "Phạm Văn Vườn", ("12", "7", "1990")
CARD = f"{MEMBER}|201234567|{NAME}|12071990|Nam|3 Trần Phú, Đà Nẵng|15062021"
PERSON = "/desk/counter/services/garden_key/"


@pytest.fixture
def asking(procedure: ProcedureView) -> None:
    install_revision(content=with_papers(), sha256="b" * 64, now=NOW)


@pytest.fixture
def officer(sign_in: SignIn, asking: None) -> Client:
    return sign_in(Role.ONE_STOP_OFFICER)


def text_of(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


def who(**changed: str) -> dict[str, str]:
    day, month, year = BORN
    typed = {"number": MEMBER, "full_name": NAME, "channel": "counter", "phone": "0905 123 456"}
    return {**typed, "born_on-day": day, "born_on-month": month, "born_on-year": year, **changed}


def begun(browser: Client, **changed: str) -> str:
    answer = browser.post(PERSON, who(**changed))
    assert answer.status_code == 302, text_of(answer)
    return answer.headers["Location"].partition("#")[0]


def filled(browser: Client, address: str, content: bytes | None = None) -> str:
    file = SimpleUploadedFile("the.jpg", content or photograph())
    answer = browser.post(address, {"ward": WARD, "note": "Nộp tại quầy", "proof-file": file})
    assert answer.status_code == 302, text_of(answer)
    return answer.headers["Location"]


def test_a_service_is_found_without_accents_and_one_alone_is_opened(officer: Client) -> None:
    assert "Chìa khoá vườn" in text_of(officer.get("/desk/counter/"))
    sought = officer.post("/desk/counter/", {"q": "chia khoa"}).headers["Location"]
    assert officer.get(sought).headers["Location"] == PERSON
    assert "Không có thủ tục nào khớp" in text_of(officer.get("/desk/counter/", {"q": "máy bay"}))


def test_a_card_scanned_into_the_search_stands_in_no_address(officer: Client) -> None:
    address = officer.post("/desk/counter/", {"q": CARD}).headers["Location"]

    assert address == "/desk/counter/?scanned=1"
    assert "Chọn thủ tục trước" in text_of(officer.get(address))


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.APPROVER, Role.LEADER, Role.INSPECTOR])
def test_only_one_stop_officers_have_a_counter(sign_in: SignIn, asking: None, role: Role) -> None:
    browser = sign_in(role)

    assert {browser.get(page).status_code for page in ("/desk/counter/", PERSON)} == {404}


def test_an_office_of_another_province_receives_nothing(
    sign_in: SignIn, asking: None, other_office: str
) -> None:
    browser = sign_in(Role.ONE_STOP_OFFICER, agency=other_office)

    assert "Chìa khoá vườn" not in text_of(browser.get("/desk/counter/"))
    assert browser.post(PERSON, who()).status_code == 404
    assert not CounterDraft.objects.exists()


def test_the_scanned_card_fills_the_fields_in_and_nothing_is_kept_yet(officer: Client) -> None:
    page = officer.post(PERSON, {"card": CARD, "channel": "counter"}).content.decode()

    assert f'value="{MEMBER}"' in page
    assert f'value="{NAME}"' in page
    assert 'value="1990"' in page
    assert "So ảnh trên thẻ với người trước mặt" in page
    assert not Person.objects.exists()


def test_a_text_that_is_no_card_says_what_to_do_and_leaves_what_was_typed(officer: Client) -> None:
    page = text_of(answer := officer.post(PERSON, {**who(), "card": "https://example.org/"}))

    assert answer.status_code == 422
    assert "Quét lại mã QR ở mặt có ảnh" in page
    assert f'value="{NAME}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"number": "12"}, "đúng 12 chữ số"),
        ({"full_name": ""}, "Ghi họ, chữ đệm và tên"),
        ({"born_on-year": "1991"}, "Năm sinh không khớp với số định danh"),
        ({"born_on-day": "32"}, "Ghi đủ ngày, tháng, năm sinh"),
        ({"phone": "gọi sau"}, "Số điện thoại gồm"),
        ({"channel": "post"}, "Ghi ngày bưu chính phát đến"),
        (
            {"channel": "post", "arrived_on-day": "21", "arrived_on-month": "11", "arrived_on-year": "2026"},
            "Ghi ngày bưu chính phát đến",
        ),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(officer: Client, changed: dict[str, str], said: str) -> None:
    answer = officer.post(PERSON, who(**changed))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not CounterDraft.objects.exists()


def test_a_number_of_somebody_else_is_refused_and_says_nothing_of_them(
    officer: Client, citizen: Cite
) -> None:
    citizen(MEMBER)

    answer = officer.post(PERSON, who(corrects="yes"))

    assert answer.status_code == 422
    assert "không khớp nhau" in text_of(answer)
    assert "Trần Thị Thử" not in text_of(answer)
    assert not CounterDraft.objects.exists()


def test_what_is_known_is_shown_and_the_person_sees_who_looked(officer: Client) -> None:
    page = text_of(officer.get(begun(officer)))

    assert "paid" in page
    assert "Giấy tờ đã có trong kho (0)" in page
    looked = accesses_of(bytes(Person.objects.get().key), limit=10)
    assert ("receive_cases", "Cán bộ một cửa") in {(each.purpose, each.asker_label) for each in looked}


def test_the_whole_way_files_once_under_the_persons_name_and_prints_the_receipt(
    officer: Client, tmp_path: Path
) -> None:
    check = filled(officer, begun(officer))
    page = text_of(officer.get(check))
    filed = officer.post(check).headers["Location"]
    again = officer.post(check).headers["Location"]

    case = Case.objects.get()
    assert again == filed == f"/desk/counter/filed/{case.number}/"
    assert "Nộp tại quầy" in page
    assert "Tệp đã tải lên" in page
    assert (case.channel, case.applicant_id) == ("counter", Person.objects.get().pk)
    assert not CounterDraft.objects.exists()
    receipt = officer.get(f"{filed}receipt.pdf")
    (tmp_path / "receipt.pdf").write_bytes(receipt.content)
    said = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "receipt.pdf"), "-"], capture_output=True, check=True
    )
    words = " ".join(said.stdout.decode().split())
    for word in (case.number, NAME, "0905123456", "Thẻ hội viên Bản chụp nộp lần này", "Lê Văn Cán"):
        assert word in words
    assert MEMBER not in words


def test_two_officers_do_not_see_each_others_drafts_or_receipts(sign_in: SignIn, officer: Client) -> None:
    address = begun(officer)
    other = sign_in(Role.ONE_STOP_OFFICER, place="vn.p99.w99001")

    seen = [
        other.get(address).status_code,
        other.post(address, {"ward": WARD}).status_code,
        other.post(f"{address}keep/", {"ward": WARD}).status_code,
        other.post(f"{address}check/").status_code,
        other.post(f"{address}discard/").status_code,
    ]
    filed = officer.post(filled(officer, address)).headers["Location"]

    assert seen == [404] * 5
    assert NAME not in text_of(other.get("/desk/counter/"))
    assert other.get(filed).status_code == other.get(f"{filed}receipt.pdf").status_code == 404
    assert not CounterDraft.objects.exists()


def test_what_was_typed_survives_a_reload_and_bad_answers_keep_the_good_ones(officer: Client) -> None:
    address = begun(officer)

    assert officer.post(f"{address}keep/", {"note": "đang gõ", "ward": "nơi nào đó"}).status_code == 204
    assert 'value="đang gõ"' in officer.get(address).content.decode()
    refused = officer.post(address, {"ward": WARD, "note": "đủ rồi"})

    assert refused.status_code == 422
    assert CounterDraft.objects.get().values == {"ward": WARD, "note": "đủ rồi"}


def test_the_same_person_and_service_is_one_draft(officer: Client) -> None:
    assert begun(officer) == begun(officer)
    assert text_of(officer.get("/desk/counter/")).count(NAME) == 1


def test_a_hostile_file_is_refused_with_the_reason_and_nothing_is_kept(officer: Client) -> None:
    address = begun(officer)

    answer = officer.post(
        address, {"ward": WARD, "proof-file": SimpleUploadedFile("the.jpg", b"<html><script>1</script>")}
    )

    assert answer.status_code == 422
    assert not Paper.objects.exists()


def test_a_discarded_draft_takes_the_papers_taken_for_it_along(officer: Client) -> None:
    address = begun(officer)
    filled(officer, address)
    assert Paper.objects.count() == 1

    assert officer.post(f"{address}discard/").headers["Location"] == "/desk/counter/"

    assert not CounterDraft.objects.exists()
    assert not Paper.objects.exists()


def test_an_unused_scan_goes_with_the_draft_and_the_one_used_stays(officer: Client) -> None:
    address = begun(officer)
    filled(officer, address, pdf(pages=1))
    officer.post(filled(officer, address, pdf(pages=2)))

    kept = Paper.objects.get()
    assert str(kept.pk) == Case.objects.get().values["proof"]


def test_what_nobody_touched_for_a_day_is_dropped_with_its_papers(
    officer: Client, clock: time_machine.Traveller
) -> None:
    filled(officer, begun(officer))
    saved = CounterDraft.objects.get().saved_at

    assert forget_old_drafts(now=saved + timedelta(hours=23)) == 0
    assert forget_old_drafts(now=saved + timedelta(hours=25)) == 1
    assert not CounterDraft.objects.exists()
    assert not Paper.objects.exists()
    assert Person.objects.exists()


def test_what_came_by_post_says_so(officer: Client) -> None:
    address = begun(
        officer,
        **{"channel": "post", "arrived_on-day": "19", "arrived_on-month": "11", "arrived_on-year": "2026"},
    )
    check = filled(officer, address)

    assert "qua bưu chính, phát đến 19/11/2026" in text_of(officer.get(check))
    officer.post(check)
    assert Case.objects.get().channel == "post"
    assert str(OnBehalf.objects.get().arrived_on) == "2026-11-19"


def test_a_draft_that_is_not_there_leads_nowhere(officer: Client) -> None:
    assert officer.get(f"/desk/counter/drafts/{uuid.uuid4()}/").status_code == 404
    assert officer.get("/desk/counter/filed/H17-20261120-0000001/").status_code == 404


def test_the_applicant_downloads_the_same_receipt_and_nobody_else(officer: Client, citizen: Cite) -> None:
    filed = officer.post(filled(officer, begun(officer))).headers["Location"]
    number = filed.split("/")[-2]
    officer.get(f"{filed}receipt.pdf")
    mine, stranger = Client(), Client()
    mine.force_login(Account.objects.get(pk=citizen(MEMBER).account_id), backend=PATH)
    stranger.force_login(Account.objects.get(pk=citizen("049191000025").account_id), backend=PATH)

    assert mine.get(f"/my/{number}/receipt.pdf").content.startswith(b"%PDF-")
    assert number in mine.get("/my/").content.decode()
    assert stranger.get(f"/my/{number}/receipt.pdf").status_code == 404
    seen = text_of(mine.get("/my/access/"))
    assert "Tiếp nhận hồ sơ tại quầy" in seen
    assert "Giấy tiếp nhận và hẹn trả kết quả" in seen
