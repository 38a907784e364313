"""The citizen's side of a fee: what the case page shows, by whom, in both languages."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
import zxingcpp
from django.test import Client
from garden import NOW, STRANGER, UNSURE, Cite, File, citizen, file, members, procedure
from garden_fees import paid_service, pay
from PIL import Image

from motcua.cases.charging import ask_fees_of_new_case
from motcua.fees.queries import demands_of_case
from motcua.fees.vietqr import read_vietqr
from motcua.identity.backends import PATH
from motcua.identity.models import Account
from motcua.procedures.queries import ProcedureView

__all__ = ["citizen", "file", "members", "paid_service", "procedure"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def number(paid_service: ProcedureView, file: File, clock: None) -> str:
    number = file(UNSURE).number
    ask_fees_of_new_case(number=number, now=NOW)
    return number


@pytest.fixture
def browser(citizen: Cite) -> Callable[[str], Client]:
    def signed_in(who: str = UNSURE) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=citizen(who).account_id), backend=PATH)
        return client

    return signed_in


def test_case_page_shows_amount_account_and_code(number: str, browser: Callable[..., Client]) -> None:
    page = browser().get(f"/my/{number}/").content.decode()

    for words in (
        "Phí thẩm định",
        "100.000",
        "Chưa nộp",
        "0011001234567",
        "Ngân hàng Mẫu",
        "BAN QUAN LY VUON",
    ):
        assert words in page, words
    assert number.replace("-", "") in page
    assert f'hx-get="/my/{number}/fees/live/?mark=' in page


def test_picture_on_the_page_is_read_by_another_program(number: str, browser: Callable[..., Client]) -> None:
    page = browser().get(f"/my/{number}/fees/").content.decode()
    svg = page.split('class="mc-fee__qr"')[1]
    drawn = svg[svg.index("<svg") : svg.index("</svg>") + 6]

    (read,) = zxingcpp.read_barcodes(_picture(drawn))

    asked = read_vietqr(read.text)
    assert (asked.amount_vnd, asked.purpose) == (100_000, number.replace("-", ""))


def _picture(svg: str) -> Image.Image:
    """Draw the modules of the SVG of segno: one path of horizontal strokes."""
    width = int(re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)[1])  # type: ignore[index]  # the drawing has one
    image = Image.new("L", (width, width), 255)
    at_x = at_y = 0
    (path,) = re.findall(r'class="qrline"[^>]* d="([^"]+)"|<path[^>]*stroke[^>]* d="([^"]+)"', svg)
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", "".join(path)):
        values = [float(each) for each in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "M":
            at_x, at_y = int(values[0]), int(values[1])
        elif command == "m":
            at_x, at_y = at_x + int(values[0]), at_y + int(values[1])
        else:
            for step in range(int(values[0])):
                image.putpixel((at_x + step, at_y), 0)
            at_x += int(values[0])
    return image.resize((width * 8, width * 8))


def test_page_is_loaded_anew_only_when_money_arrived(number: str, browser: Callable[..., Client]) -> None:
    client = browser()
    page = client.get(f"/my/{number}/").content.decode()
    live = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")

    before = client.get(live)
    pay(number, 60_000, now=NOW)
    after = client.get(live)

    assert before.status_code == 204
    assert after.headers["HX-Refresh"] == "true"
    assert "còn thiếu" in client.get(f"/my/{number}/").content.decode()


def test_case_without_legal_clock_says_what_it_waits_for_and_names_no_date(
    number: str, browser: Callable[..., Client]
) -> None:
    client = browser()

    for path in ("", "receipt/"):
        page = client.get(f"/my/{number}/{path}").content.decode()
        assert "Đang chờ bạn nộp 100.000\u00a0đồng" in page, path
        assert "hồ sơ tự chuyển sang “person”" in page, path
        assert "Trả lời chậm nhất" not in page, path


def test_paid_case_shows_its_receipt_and_asks_no_more(number: str, browser: Callable[..., Client]) -> None:
    pay(number, 100_000, now=NOW)
    client, (demand,) = browser(), demands_of_case(number)

    page = client.get(f"/my/{number}/").content.decode()
    receipt = client.get(f"/my/{number}/fees/{demand.id}/receipt/").content.decode()
    pdf = client.get(f"/my/{number}/fees/{demand.id}/receipt.pdf")

    assert "Đã nộp đủ" in page
    assert "garden_2026/0000001" in page
    assert "mc-fee__qr" not in page
    assert "hx-get" not in page
    assert "Một trăm nghìn đồng" in receipt
    assert pdf.content.startswith(b"%PDF-")
    assert client.get(f"/my/{number}/fees/{demand.id}/receipt.pdf").content == pdf.content


def test_page_in_english_says_the_same(number: str, browser: Callable[..., Client]) -> None:
    client = browser()
    client.cookies["django_language"] = "en"

    page = client.get(f"/my/{number}/").content.decode()

    for words in ("Fee for deciding", "Not paid yet", "Scan the code", "Pay by"):
        assert words in page, words


@pytest.mark.parametrize("part", ["fees/", "fees/live/", "fees/1/receipt/", "fees/1/receipt.pdf"])
def test_fees_of_somebody_else_are_not_there(number: str, browser: Callable[..., Client], part: str) -> None:
    assert browser(STRANGER).get(f"/my/{number}/{part}").status_code == 404


def test_receipt_of_an_unpaid_demand_is_not_there(number: str, browser: Callable[..., Client]) -> None:
    (demand,) = demands_of_case(number)

    assert browser().get(f"/my/{number}/fees/{demand.id}/receipt/").status_code == 404


def test_case_without_fees_asks_one_question_more_and_shows_nothing(
    file: File, clock: None, browser: Callable[..., Client]
) -> None:
    number = file(UNSURE).number

    page = browser().get(f"/my/{number}/").content.decode()

    assert "Phí, lệ phí" not in page
    assert io.StringIO(page).readline()
