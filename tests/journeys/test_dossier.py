"""A dossier from filing to the result handed over: one request for additions, one extension, the clock told alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from .conftest import City
from .rooms import People
from .walks import LOCAL, main, next_step, pay_with_code

CITIZEN = "y-ta-vung-do"


@pytest.fixture
def pages(browser: Browser, city: City) -> Iterator[People]:
    people = People(browser, city, CITIZEN)
    yield people
    people.close()


def file_request(page: Page) -> str:
    page.goto("/apply/marital_status/steps/residence/")
    page.locator("[name=residence]").select_option(index=1)
    next_step(page)
    page.locator("[name=marital_status][value=divorced]").check()
    page.locator("[name=use][value=marriage]").check()
    next_step(page)
    page.locator("[name=truthful]").check()
    next_step(page)
    main(page).get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url("**/my/*/receipt/")
    return page.url.split("/")[-3]


def choose(page: Page, number: str, act: str, *, reason: str = "", until: datetime | None = None) -> None:
    """Choose an act on the page of the case and come to the page that asks for a confirmation, or back."""
    page.goto(f"/desk/{number}/")
    page.locator(f"input[name=act][value={act}]").check()
    page.locator("textarea[name=reason]").fill(reason)
    if until is not None:
        for part in ("day", "month", "year"):
            page.locator(f"input[name=until-{part}]").fill(str(getattr(until, part)))
    main(page).get_by_role("button", name="Tiếp tục").click()
    page.wait_for_load_state()


def act(page: Page, number: str, name: str, *, reason: str = "", until: datetime | None = None) -> str:
    """Choose, confirm, and return what the page that asked for a confirmation said."""
    choose(page, number, name, reason=reason, until=until)
    said = main(page).inner_text()
    main(page).get_by_role("button", name="Xác nhận").click()
    page.wait_for_url("**/?done=*")
    return said


def clock_of(page: Page, address: str) -> dict[str, str]:
    """Return the lines of the clock on a page."""
    page.goto(address)
    section = page.locator("section[aria-labelledby=clock]")
    lines = {"headline": section.locator("p strong").first.inner_text()}
    for row in section.locator("dl").first.locator(".govuk-summary-list__row").all():
        key, value = row.locator("dt").inner_text(), row.locator("dd").first.inner_text()
        lines[f"{key} {len(lines)}" if key in lines else key] = value
    return lines


@contextmanager
def told_alike(pages: People, number: str, officer: str) -> Iterator[dict[str, str]]:
    """Read the clock on both pages, and hold them equal."""
    mine = clock_of(pages(CITIZEN), f"/my/{number}/")
    assert mine == clock_of(pages(officer), f"/desk/{number}/")
    yield mine


def pay_what_holds_the_result(pages: People, number: str) -> None:
    """Find the sealed paper held back on both pages, pay, and wait until the page shows it by itself."""
    citizen, officer = pages(CITIZEN), pages("tiepnhan")
    citizen.goto(f"/my/{number}/")
    assert "được trao khi bạn nộp đủ 15.000" in main(citizen).inner_text()
    assert "/GXN-TTPVHCC" not in main(citizen).inner_text()
    choose(officer, number, "hand_over")
    assert "Người nộp còn phải nộp 15.000" in main(officer).inner_text()
    pay_with_code(citizen, pages.city.bank)
    citizen.get_by_role("button", name="Tải giấy").wait_for()
    assert "/GXN-TTPVHCC" in main(citizen).inner_text()


def test_dossier_goes_from_filing_to_the_result(pages: People) -> None:
    citizen = pages(CITIZEN)
    number = file_request(citizen)
    assert "Thành phần hồ sơ" in main(citizen).inner_text()
    with told_alike(pages, number, "tiepnhan") as clock:
        assert clock["Thời hạn trả lời tiếp nhận"] == "8 giờ làm việc"

    act(pages("tiepnhan"), number, "accept")
    with told_alike(pages, number, "hotich") as clock:
        assert clock["Thời hạn giải quyết"] == "3 ngày làm việc"
        promised = clock["Hẹn trả kết quả"]

    said = act(pages("hotich"), number, "ask_for_additions", reason="Số, ngày của bản án ly hôn.")
    assert "tạm dừng" in said
    with told_alike(pages, number, "hotich") as clock:
        assert clock["headline"].startswith("Tạm dừng từ")
        assert "Hẹn trả kết quả" not in clock
    pages("hotich").goto("/desk/?clock=paused")
    assert number in main(pages("hotich")).inner_text()

    citizen.goto(f"/my/{number}/")
    assert "Số, ngày của bản án ly hôn." in main(citizen).inner_text()
    main(citizen).get_by_role("button", name="Bổ sung hồ sơ").click()
    citizen.wait_for_url("**/supply/")
    citizen.locator("textarea[name=text]").fill("Tôi đã bổ sung số bản án.")
    citizen.locator("[name=status_paper]").fill("Quyết định 15/2024/QĐST-HNGĐ ngày 12/3/2024")
    main(citizen).get_by_role("button", name="Gửi bổ sung").click()
    citizen.wait_for_url("**/?supplied=1")
    assert "Quyết định 15/2024" in main(citizen).inner_text()
    with told_alike(pages, number, "hotich") as clock:
        assert clock["Số lần yêu cầu bổ sung"] == "1"
        assert clock["Hẹn trả kết quả"] == promised or "Tạm dừng" in clock

    until = datetime.now(LOCAL) + timedelta(days=14)
    act(pages("hotich"), number, "extend", reason="Sổ hộ tịch năm 2010 đang được số hoá.", until=until)
    with told_alike(pages, number, "hotich") as clock:
        assert f"{until.day}/{until.month}/{until.year}, 17:00" in clock["Hẹn trả kết quả"]

    choose(pages("hotich"), number, "extend", reason="Thêm một lần nữa.", until=until + timedelta(days=7))
    assert "chỉ được gia hạn một lần" in main(pages("hotich")).inner_text()
    said = (choose(pages("hotich"), number, "ask_for_additions", reason="Thêm giấy tờ."), "")[1]
    assert "bị tính là trễ hạn" in main(pages("hotich")).inner_text() + said

    said = act(pages("hotich"), number, "submit")
    assert "đã ly hôn, hiện chưa đăng ký kết hôn với ai khác" in said
    assert "ký số giấy này" in said
    act(pages("kyhoso"), number, "approve")
    assert "đúng hạn" in clock_of(citizen, f"/my/{number}/")["headline"]
    act(pages("tiepnhan"), number, "seal")
    pay_what_holds_the_result(pages, number)
    with citizen.expect_download() as saved:
        main(citizen).get_by_role("button", name="Tải giấy").click()
    checked = pages.city.motcua("documents", "check", str(saved.value.path()))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    act(pages("tiepnhan"), number, "hand_over")
    citizen.goto(f"/my/{number}/")
    assert "Đã trả kết quả" in main(citizen).inner_text()
    assert citizen.locator(".mc-pass__qr svg").count() == 1
    citizen.goto(f"/status/?number={number}")
    assert "Đã trả kết quả" in main(citizen).inner_text()
