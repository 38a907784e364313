"""What a citizen reads of their case: granted, refused, waiting for a person, waiting for a silent register."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any  # Any: the town's fixture type lives in conftest, which is not importable

import pytest
import time_machine
import yaml
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw

from motcua.cases.models import Case
from motcua.credentials.queries import standing_credential
from motcua.registers.declaration import Declaration
from motcua.registers.services import declare

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
Filed = Callable[[str], str]
REGISTERS = Path(__file__).resolve().parents[3] / "src" / "motcua" / "site" / "demo" / "registers"


def page_of(browser: Client, number: str) -> str:
    response = browser.get(f"/my/{number}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def drawn(svg: str) -> Image.Image:
    """Draw segno's path (moves and horizontal lines of one module) as pixels."""
    size, path = re.search(r'viewBox="0 0 (\d+) \d+".*?class="mc-qr"', svg), re.findall(r' d="([^"]+)"', svg)
    if size is None:
        size = re.search(r'viewBox="0 0 (\d+) \d+"', svg)
    assert size is not None
    image = Image.new("L", (int(size[1]) * 4, int(size[1]) * 4), 255)
    pen, x, y = ImageDraw.Draw(image), 0.0, 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ,]+)", path[-1]):
        values = [float(each) for each in re.findall(r"-?\d*\.?\d+", numbers)]
        if kind == "M":
            x, y = values
        elif kind == "m":
            x, y = x + values[0], y + values[1]
        else:
            pen.rectangle((x * 4, (y - 0.5) * 4, (x + values[0]) * 4 - 1, (y + 0.5) * 4 - 1), fill=0)
            x += values[0]
    return image


def test_granted_page_carries_a_pass_that_can_be_scanned(signed_in: SignedIn, filed: Filed) -> None:
    number = filed("nhan-vien-sieu-thi")

    page = page_of(signed_in("nhan-vien-sieu-thi"), number)

    credential = standing_credential(number)
    assert credential is not None
    svg = re.search(r"<svg[^>]*mc-qr.*?</svg>", page)
    assert svg is not None
    assert [found.text for found in zxingcpp.read_barcodes(drawn(svg[0]))] == [credential.text]
    for part in ("Đã cấp", "Nguyễn Thị Thu Hà", "1991", "Có giá trị từ", f"/my/{number}/pass.pdf"):
        assert part in page, part
    assert "048191990002" not in page


def test_printed_pass_is_a_pdf_of_ones_own_only(signed_in: SignedIn, filed: Filed) -> None:
    number = filed("nhan-vien-sieu-thi")

    response = signed_in("nhan-vien-sieu-thi").get(f"/my/{number}/pass.pdf")

    assert response.headers["Content-Type"] == "application/pdf"
    assert io.BytesIO(response.content).read(5) == b"%PDF-"
    assert signed_in("o-vung-do").get(f"/my/{number}/pass.pdf").status_code == 404


def test_ended_pass_says_so(signed_in: SignedIn, filed: Filed) -> None:
    number = filed("nhan-vien-sieu-thi")

    with time_machine.travel(timezone.now() + timedelta(days=30)):
        page = page_of(signed_in("nhan-vien-sieu-thi"), number)

    assert "Đã hết hạn" in page
    assert "Có giá trị từ" not in page


def test_refusal_tells_reason_fact_source_day_change_and_how_to_object(
    signed_in: SignedIn, filed: Filed
) -> None:
    number = filed("o-vung-do")

    page = page_of(signed_in("o-vung-do"), number)

    for part in (
        "Chưa cấp",
        "Nơi bạn ở đang là vùng đỏ",
        "Công điện 5689",
        "Màu vùng nơi ở",
        "Vùng đỏ",
        "Bản đồ vùng dịch tễ",
        "tính đến",
        "Vùng vàng (hiện nay: Vùng đỏ)",
        "Khi nơi ở chuyển sang vùng vàng hoặc xanh",
        f"/my/{number}/objection/",
        "/apply/travel_pass/",
    ):
        assert part in page, part
    assert "SOURCES.md" not in page
    assert "mc-pass" not in page
    assert signed_in("o-vung-do").get(f"/my/{number}/pass.pdf").status_code == 404


def test_refusal_is_complete_in_english(signed_in: SignedIn, filed: Filed) -> None:
    number, browser = filed("cong-ty-dong-cua"), signed_in("cong-ty-dong-cua")
    browser.cookies["django_language"] = "en"

    page = page_of(browser, number)

    for part in (
        "Not granted",
        "Your workplace has paused or closed",
        "Status of the workplace",
        "Closed",
        "What would change the answer",
        "Operating (now: Closed)",
        "Do you disagree?",
    ):
        assert part in page, part


def test_unknown_fact_waits_for_a_person_and_says_what_is_unclear_and_by_when(
    signed_in: SignedIn, filed: Filed
) -> None:
    number = filed("bao-hiem-bo-trong")

    page = page_of(signed_in("bao-hiem-bo-trong"), number)

    for part in (
        "Cán bộ đang xem",
        "Điều còn chưa rõ",
        "Tình trạng bảo hiểm xã hội tại đó",
        "Chưa rõ",
        "bỏ trống mục này",
        "Trả lời chậm nhất",
        "không tính là lỗi của bạn",
    ):
        assert part in page, part


def test_late_answer_is_admitted(signed_in: SignedIn, filed: Filed) -> None:
    number = filed("bao-hiem-bo-trong")

    with time_machine.travel(timezone.now() + timedelta(days=20)):
        page = page_of(signed_in("bao-hiem-bo-trong"), number)

    assert "Đã quá hạn trả lời" in page


def test_silent_register_is_named_with_since_when_and_nothing_to_do(
    signed_in: SignedIn, filed: Filed
) -> None:
    written = yaml.safe_load((REGISTERS / "social_insurance.yaml").read_text(encoding="utf-8"))
    gone = {**written, "source": "http", "endpoint": "http://127.0.0.1:9/"}
    declare(Declaration.model_validate(gone), now=timezone.now())
    number = filed("nhan-vien-sieu-thi")

    page = page_of(signed_in("nhan-vien-sieu-thi"), number)

    for part in (
        "Chờ nguồn dữ liệu",
        "Nguồn chưa trả lời: ",
        written["title"]["vi"],
        "Chờ từ",
        "Bạn không phải làm gì",
    ):
        assert part in page, part


def test_objection_puts_the_case_with_a_person_and_shows_it(signed_in: SignedIn, filed: Filed) -> None:
    number, browser = filed("o-vung-do"), signed_in("o-vung-do")

    browser.post(f"/my/{number}/objection/", {"text": "Khu tôi đã đổi màu <b>hôm qua</b>."})

    page = page_of(browser, number)
    assert "Cảm ơn bạn đã gửi ý kiến" in page
    assert "&lt;b&gt;hôm qua&lt;/b&gt;" in page
    assert Case.objects.get(number=number).objected


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_empty_or_endless_objection_is_asked_again_and_nothing_moves(
    signed_in: SignedIn, filed: Filed, text: str
) -> None:
    number, browser = filed("o-vung-do"), signed_in("o-vung-do")

    response = browser.post(f"/my/{number}/objection/", {"text": text})

    assert response.status_code == 422
    assert 'href="#field-text"' in response.content.decode()
    assert Case.objects.get(number=number).state == "refused"


def test_objection_after_its_time_changes_nothing_and_the_page_says_so(
    signed_in: SignedIn, filed: Filed
) -> None:
    number = filed("o-vung-do")

    with time_machine.travel(timezone.now() + timedelta(days=120)):
        browser = signed_in("o-vung-do")
        browser.post(f"/my/{number}/objection/", {"text": "Muộn"})
        page = page_of(browser, number)

    assert "Thời hạn gửi ý kiến đã hết" in page
    assert not Case.objects.get(number=number).objected


@pytest.mark.parametrize("page", ["", "receipt/", "pass.pdf", "letter.pdf", "objection/"])
def test_case_of_someone_else_is_as_if_it_were_not_there(
    signed_in: SignedIn, filed: Filed, page: str
) -> None:
    number, browser = filed("o-vung-do"), signed_in("nhan-vien-sieu-thi")

    others = browser.get(f"/my/{number}/{page}")
    nobodys = browser.get(f"/my/H17-20200101-9999999/{page}")

    assert others.status_code == nobodys.status_code == 404
    assert others.content.replace(number.encode(), b"") == nobodys.content.replace(
        b"H17-20200101-9999999", b""
    )


def test_every_look_is_shown_to_the_one_it_was_about(signed_in: SignedIn, filed: Filed) -> None:
    number = filed("o-vung-do")

    page = signed_in("o-vung-do").get("/my/access/").content.decode()
    others = signed_in("nhan-vien-sieu-thi").get("/my/access/").content.decode()

    for part in (number, "Cơ sở dữ liệu dân cư", "Xét và cấp giấy đi đường", "Sở Thông tin và Truyền thông"):
        assert part in page, part
    assert number not in others


def test_receipt_says_what_comes_next_and_by_when(signed_in: SignedIn, filed: Filed) -> None:
    number = filed("bao-hiem-bo-trong")

    page = signed_in("bao-hiem-bo-trong").get(f"/my/{number}/receipt/").content.decode()

    for part in (number, "Đã nộp hồ sơ", "Trả lời chậm nhất", "Theo dõi hồ sơ"):
        assert part in page, part


def test_officer_is_told_that_these_pages_are_for_citizens(town: Any, db: None) -> None:
    from motcua.identity.backends import PATH
    from motcua.identity.models import Account
    from motcua.identity.states import AccountKind

    officer = Account.objects.create(
        kind=AccountKind.OFFICER, login="an", name="An", created_at=timezone.now(), password="!"
    )
    browser = Client()
    browser.force_login(officer, backend=PATH)

    response = browser.get("/my/")

    assert response.status_code == 403
    assert "Trang dành cho người dân" in response.content.decode()


def test_objection_with_a_character_that_cannot_be_kept_is_kept_without_it(
    signed_in: SignedIn, filed: Filed
) -> None:
    number, browser = filed("o-vung-do"), signed_in("o-vung-do")

    response = browser.post(f"/my/{number}/objection/", {"text": "Khu tôi\0 đã đổi màu."})

    assert response.status_code == 302
    assert "Khu tôi đã đổi màu." in page_of(browser, number)
