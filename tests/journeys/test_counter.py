"""A person without an account is served at a counter by keyboard alone, and later finds the case under their name."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import City, sign_in, sign_in_officer
from .looks import violations
from .test_papers import photograph
from .walks import main
from .watching import Watch

CITIZEN = "khong-phai-chu"
# The screen of many an office.
SCREEN = {"width": 1366, "height": 768}


@pytest.fixture
def counter(browser: Browser, city: City) -> Iterator[Page]:
    context = browser.new_context(base_url=city.url, locale="vi-VN", viewport=SCREEN)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    watch, page = Watch(context), context.new_page()
    sign_in_officer(page, city, "tiepnhan")
    yield page
    complaints = watch.complaints()
    context.close()
    assert complaints == []


def cursor_in(page: Page, control: str) -> None:
    """Wait until the page has put the cursor where it says: a browser does so after the page has loaded."""
    expect(page.locator(control)).to_be_focused()


def scan(page: Page, person: dict[str, str]) -> None:
    """Type what a scanner types, with its Enter."""
    cursor_in(page, "#field-card")
    born = date.fromisoformat(person["born_on"])
    page.keyboard.type(f"{person['number']}|201234567|{person['name']}|{born:%d%m%Y}|Nữ|1 Bạch Đằng|15062021")
    page.keyboard.press("Enter")
    page.get_by_text("Đã đọc thẻ").wait_for()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def answer_by_keyboard(page: Page, paper: Path) -> None:
    """Fill in the certificate of marital status; only the file is put in by hand, as from a scanner's folder."""
    cursor_in(page, "#field-residence")
    press(page, "ArrowDown", "Tab", "Tab")
    page.locator("[name=marital_status][value=divorced]").focus()
    press(page, "Space")
    # What the answer calls for comes while the cursor stays where it is.
    page.locator("#field-status_paper").wait_for()
    press(page, "Tab")
    page.keyboard.type("Số 12/2020, ngày 3/4/2020")
    page.locator("[name=divorce_decision-file]").set_input_files(paper)
    page.locator("[name=use][value=marriage]").focus()
    press(page, "Space")
    page.locator("#field-partner").wait_for()
    press(page, "Tab", "Tab", "Space", "Tab", "Enter")
    page.wait_for_url("**/check/")


def text_of(content: bytes, folder: Path) -> str:
    (folder / "receipt.pdf").write_bytes(content)
    said = subprocess.run(
        ["pdftotext", "-raw", str(folder / "receipt.pdf"), "-"], capture_output=True, check=True
    )
    return " ".join(said.stdout.decode().split())


def test_the_counter_serves_a_person_and_the_person_finds_the_case(
    counter: Page, context: BrowserContext, city: City, tmp_path: Path
) -> None:
    person = city.citizen(CITIZEN)
    counter.goto("/desk/counter/")
    cursor_in(counter, "#q")
    counter.keyboard.type("hon nhan")
    counter.keyboard.press("Enter")
    counter.wait_for_url("**/counter/?q=*")
    cursor_in(counter, "main li a[autofocus]")
    counter.keyboard.press("Enter")
    counter.wait_for_url("**/services/marital_status/")
    scan(counter, person)
    assert violations(counter) == []
    cursor_in(counter, "#field-phone")
    counter.keyboard.type("0905 123 456")
    counter.keyboard.press("Enter")
    answer_by_keyboard(counter, photograph(tmp_path))
    assert "Tệp đã tải lên" in main(counter).inner_text()
    assert violations(counter) == []
    cursor_in(counter, "button[value=accept]")
    counter.keyboard.press("Enter")
    counter.wait_for_url("**/counter/filed/*/")
    assert violations(counter) == []
    number = counter.url.split("/")[-2]

    receipt = text_of(counter.request.get(f"{counter.url}receipt.pdf").body(), tmp_path)
    mine = context.new_page()
    sign_in(mine, city, CITIZEN)
    mine.goto(f"/my/{number}/")
    said = main(mine).inner_text()

    for words in (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        number,
        person["name"],
        "0905123456",
        "Bản án, quyết định ly hôn Bản chụp nộp lần này",
        "Hoàng Thị Mai",
    ):
        assert words in receipt
    assert re.search(r"Hẹn trả kết quả, chậm nhất (Thứ|Chủ)", receipt)
    assert person["number"] not in receipt
    assert "Chuyên viên đang xử lý" in said
    assert mine.request.get(f"/my/{number}/receipt.pdf").body().startswith(b"%PDF-")
    mine.goto("/my/papers/")
    assert "Bản án, quyết định ly hôn" in main(mine).inner_text()
