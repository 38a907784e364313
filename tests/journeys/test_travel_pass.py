"""The main job, from request to checkpoint, walked in a real browser against a running city."""

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from motcua.seals import base45

from .conftest import City, sign_in_officer
from .walks import check_by_scanner, file_travel_pass, main, open_case


def scanner_ready(page: Page) -> None:
    """Open the scanner with a network and wait until it holds keys, list and itself for later."""
    page.goto("/scanner/")
    page.locator('[data-part="page"][data-ready="true"]').wait_for()
    page.locator('[data-part="chip"].chip--good, [data-part="chip"]:not(.chip--stale)').first.wait_for()
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def pass_text(page: Page) -> tuple[str, bytes]:
    """Read the QR as a phone would, from what the screen shows; return its text and the picture."""
    page.set_viewport_size({"width": 800, "height": 1000})
    picture = page.locator(".mc-pass__qr").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)), formats=zxingcpp.BarcodeFormat.QRCode)
    return code.text, picture


def one_bit_changed(text: str) -> str:
    sealed = bytearray(base45.decode(text.removeprefix("MC1:")))
    sealed[-5] ^= 1
    return "MC1:" + base45.encode(bytes(sealed))


def test_granted_pass_is_checked_with_no_network(city: City, context: BrowserContext, tmp_path: Path) -> None:
    citizen = context.new_page()
    number = file_travel_pass(citizen, city, "nhan-vien-sieu-thi")
    assert "Đã cấp" in open_case(citizen, number)
    text, picture = pass_text(citizen)
    shown = tmp_path / "pass.png"
    shown.write_bytes(picture)
    scanner = context.new_page()
    scanner_ready(scanner)

    context.set_offline(True)
    scanner.reload()
    scanner.locator('[data-part="page"][data-ready="true"]').wait_for()

    assert len(text) <= 400
    assert city.citizen("nhan-vien-sieu-thi")["number"] not in text
    scanner.locator('[data-part="picture"]').set_input_files(str(shown))
    expect(scanner.locator(".verdict--valid")).to_be_visible()
    expect(scanner.locator('[data-part="claims"]')).to_contain_text(
        city.citizen("nhan-vien-sieu-thi")["name"]
    )
    assert check_by_scanner(scanner, one_bit_changed(text))[0] == "not_valid"
    assert check_by_scanner(scanner, "MC1:" + "A" * 300)[0] == "not_valid"

    old = context.new_page()
    old.clock.install(time=datetime.now(UTC) + timedelta(hours=40))
    old.goto("/scanner/")
    old.locator('[data-part="page"][data-ready="true"]').wait_for()
    assert check_by_scanner(old, text)[0] == "cannot_tell"


def test_refusal_says_why_and_an_objection_reaches_the_desk(city: City, context: BrowserContext) -> None:
    citizen = context.new_page()
    number = file_travel_pass(citizen, city, "o-vung-do")
    told = open_case(citizen, number)

    for said in ("Chưa cấp", "vùng đỏ", "Công điện 5689", "Bản đồ vùng dịch tễ, tính đến", "Vùng vàng"):
        assert said in told
    main(citizen).get_by_role("button", name="Gửi ý kiến").click()
    citizen.locator("textarea").fill("Tôi đã chuyển sang ở nhà mẹ tại vùng xanh từ tuần trước.")
    main(citizen).locator("form button").last.click()
    citizen.wait_for_load_state()
    assert "Đang xem lại" in open_case(citizen, number)

    officer = context.browser.new_context(base_url=city.url, locale="vi-VN").new_page()  # type: ignore[union-attr]
    sign_in_officer(officer, city, "chuyenvien")
    officer.goto("/desk/")
    expect(main(officer)).to_contain_text(number)
    decide(officer, number, "refuse", "Đã gọi xác minh: nơi ở mới vẫn thuộc vùng đỏ.")
    assert "Đã gọi xác minh" in open_case(citizen, number)


def decide(page: Page, number: str, act: str, reason: str) -> None:
    page.goto(f"/desk/{number}/")
    page.locator(f"input[name=act][value={act}]").check()
    page.locator("[name=reason]").fill(reason)
    main(page).get_by_role("button", name="Tiếp tục", exact=True).click()
    main(page).get_by_role("button", name="Xác nhận").click()
    page.wait_for_load_state()


def test_unknown_fact_waits_for_a_person_who_decides(city: City, context: BrowserContext) -> None:
    citizen = context.new_page()
    number = file_travel_pass(citizen, city, "bao-hiem-bo-trong")
    assert "Cán bộ đang xem" in open_case(citizen, number)
    assert "bỏ trống mục này" in main(citizen).inner_text()

    officer = context.browser.new_context(base_url=city.url, locale="vi-VN").new_page()  # type: ignore[union-attr]
    sign_in_officer(officer, city, "chuyenvien")
    decide(officer, number, "grant", "Đã gọi cơ quan bảo hiểm: đang đóng.")

    assert "Đã cấp" in open_case(citizen, number)
    citizen.goto("/my/access/")
    looked = main(citizen).inner_text()
    assert "Chuyên viên" in looked
    assert number in looked


def test_revoked_pass_is_refused_after_one_sync(city: City, context: BrowserContext) -> None:
    citizen = context.new_page()
    number = file_travel_pass(citizen, city, "chu-ho-kinh-doanh")
    open_case(citizen, number)
    text, _ = pass_text(citizen)
    scanner = context.new_page()
    scanner_ready(scanner)
    assert check_by_scanner(scanner, text)[0] == "valid"

    officer = context.browser.new_context(base_url=city.url, locale="vi-VN").new_page()  # type: ignore[union-attr]
    sign_in_officer(officer, city, "pheduyet")
    officer.goto(f"/desk/{number}/")
    officer.locator("input[name=act][value=revoke]").check()
    officer.locator("[name=reason]").fill("Nơi làm việc đã đóng cửa.")
    main(officer).get_by_role("button", name="Tiếp tục", exact=True).click()
    main(officer).get_by_role("button", name="Thu hồi").click()
    officer.wait_for_load_state()

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        scanner_ready(scanner)
        verdict = check_by_scanner(scanner, text)
        if verdict[0] == "not_valid":
            break
        time.sleep(2)
    assert verdict[0] == "not_valid"
    assert "revoked" in verdict[1]
    assert "thu hồi" in open_case(citizen, number).lower()


def test_board_counts_what_the_ledger_and_the_cases_hold(city: City, context: BrowserContext) -> None:
    stored = city.motcua("export", "cases", "--field", "state").stdout.split()
    leader = context.new_page()
    leader.set_viewport_size({"width": 1280, "height": 800})
    sign_in_officer(leader, city, "lanhdao")

    leader.goto("/operations/")

    told = main(leader).inner_text()
    assert stored.count("granted") > 0
    assert str(len(stored)) in told.replace(".", "")
    whole = city.motcua("ledger", "verify")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    kept = city.motcua("ledger", "head").stdout.strip()
    assert city.motcua("ledger", "verify", "--head", kept).returncode == 0
