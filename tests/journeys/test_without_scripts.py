"""The main job with scripts turned off: a cheap phone, an old browser, a network that lost one file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from .conftest import City, sign_in_officer
from .walks import file_travel_pass, main, open_case, open_draft, open_run

PERSON = "het-bao-hiem"


@pytest.fixture
def plain(browser: Browser, city: City) -> Iterator[Page]:
    context = browser.new_context(
        base_url=city.url,
        locale="vi-VN",
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_a_request_is_filed_refused_and_objected_to_and_an_officer_decides(
    city: City, browser: Browser, plain: Page
) -> None:
    number = file_travel_pass(plain, city, PERSON)
    assert "Chưa cấp" in open_case(plain, number)
    main(plain).get_by_role("button", name="Gửi ý kiến").click()
    plain.locator("textarea").fill("Tôi vẫn làm việc tại đây, hợp đồng mới ký tuần trước.")
    main(plain).get_by_role("button", name="Gửi ý kiến").click()
    plain.wait_for_load_state()
    assert "Đang xem lại" in open_case(plain, number)

    desk = browser.new_context(base_url=city.url, locale="vi-VN", java_script_enabled=False).new_page()
    sign_in_officer(desk, city, "pheduyet")
    desk.goto("/desk/")
    main(desk).get_by_role("link", name=number).click()
    desk.locator("input[name=act][value=grant]").check()
    desk.locator("[name=reason]").fill("Đã xem hợp đồng lao động mới, có chữ ký hai bên.")
    main(desk).get_by_role("button", name="Tiếp tục", exact=True).click()
    main(desk).get_by_role("button", name="Xác nhận").click()
    desk.wait_for_load_state()

    assert "Đã cấp" in open_case(plain, number)
    assert plain.locator(".mc-pass__qr svg").is_visible()
    assert plain.context.request.get(f"/my/{number}/pass.pdf").headers["content-type"] == "application/pdf"
    desk.context.close()


def test_board_reads_as_tables(city: City, plain: Page) -> None:
    stored = city.motcua("export", "cases", "--field", "state").stdout.split()
    sign_in_officer(plain, city, "lanhdao")

    plain.goto("/operations/")

    told = main(plain).inner_text().replace(".", "")
    assert str(len(stored)) in told
    assert main(plain).locator("table#places tbody tr").count() > 90
    assert not main(plain).locator("#board-map").is_visible()
    main(plain).locator(".mc-tile-figure").first.click()
    assert "Định nghĩa" in main(plain).inner_text()


def test_a_draft_is_tried_and_read_as_tables(city: City, plain: Page) -> None:
    sign_in_officer(plain, city, "lanhdao")

    open_run(plain)

    told = main(plain).inner_text()
    assert "Bản đồ cần tập lệnh" in told
    assert "Vì sao: mười lý do nhiều nhất" in told
    assert main(plain).locator("table#effects tbody tr").count() >= 1
    assert not main(plain).locator("#board-map").is_visible()


def test_colors_of_places_are_a_table(city: City, plain: Page) -> None:
    sign_in_officer(plain, city, "lanhdao")
    open_draft(plain)

    plain.get_by_role("link", name="theo nơi, trên bản đồ").first.click()

    assert main(plain).locator("tbody select").count() > 90
    assert main(plain).get_by_role("button", name="Lưu các màu").first.is_visible()


def test_what_is_in_force_in_a_ward_is_read(plain: Page) -> None:
    plain.goto("/law/")
    main(plain).locator("select").select_option("20200")
    main(plain).locator("form button").first.click()

    assert plain.url.endswith("/law/20200/")
    assert "05/CT-UBND" in main(plain).inner_text()


def test_language_switches_both_ways_and_stays(plain: Page) -> None:
    plain.goto("/services/travel_pass/")

    plain.get_by_role("button", name="English").click()
    assert plain.url.endswith("/services/travel_pass/")
    assert plain.locator("html").get_attribute("lang") == "en"
    plain.goto("/")
    assert "What do you need to do?" in main(plain).inner_text()

    plain.get_by_role("button", name="Tiếng Việt").click()
    assert plain.locator("html").get_attribute("lang") == "vi"


def test_a_service_is_found_without_its_marks(plain: Page) -> None:
    plain.goto("/")

    plain.get_by_role("searchbox").or_(main(plain).locator("input[name=q]")).first.fill("giay di duong")
    main(plain).get_by_role("button", name="Tìm").click()

    main(plain).get_by_role("link", name="Giấy đi đường").first.click()
    assert "Bắt đầu" in main(plain).inner_text()


def test_a_pass_is_checked_by_its_text_and_the_scanner_says_where(plain: Page) -> None:
    plain.goto("/scanner/")
    plain.locator("noscript a, .note a").first.click()

    plain.locator("[name=code]").fill("MC1:" + "A" * 300)
    main(plain).get_by_role("button", name="Kiểm tra").click()

    assert plain.locator(".mc-verdict--refused").is_visible()
