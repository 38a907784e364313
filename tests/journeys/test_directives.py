"""From one directive to the next and back: written, tried, confirmed by a second person, switched, undone."""

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import City, sign_in, sign_in_officer
from .looks import open_to_everyone
from .walks import LOCAL, check_by_scanner, file_travel_pass, main, next_step, open_case
from .watching import Watch

COURIER, STALL = "nguoi-giao-hang", "chu-ho-kinh-doanh"
# Of its own each time, so that a running city can be walked again.
NUMBER = f"08.{int(time.time()) % 100_000}/CT-UBND"
# Long enough for the second person to read and confirm.
AHEAD = timedelta(seconds=12)


@pytest.fixture
def open_context(browser: Browser, city: City) -> Iterator[Callable[[], BrowserContext]]:
    """Return what opens a browser of one's own; at the end none of them may have complained."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def one() -> BrowserContext:
        context = browser.new_context(
            base_url=city.url, locale="vi-VN", viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(30_000)
        opened.append((context, Watch(context)))
        return context

    yield one
    complaints = [complaint for _, watch in opened for complaint in watch.complaints()]
    for context, _ in opened:
        context.close()
    assert complaints == []


def pass_text(page: Page, number: str) -> str:
    """Read the QR of the case as a phone would."""
    open_case(page, number)
    page.locator(".mc-pass__qr").wait_for()
    picture = Image.open(io.BytesIO(page.locator(".mc-pass__qr").screenshot()))
    # Other kinds of code are seen now and then in what is a QR code.
    (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return code.text


def file_health_code(page: Page, city: City, slug: str) -> str:
    sign_in(page, city, slug)
    page.goto("/apply/health_code/steps/health/")
    page.locator("input[name=symptoms][value=no]").check()
    page.locator("input[name=contact][value=no]").check()
    next_step(page)
    page.locator("[name=truthful]").check()
    next_step(page)
    main(page).get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url("**/my/*/receipt/")
    return page.url.split("/")[-3]


def checked_offline(page: Page, text: str, wanted: str) -> tuple[str, str]:
    """Let the scanner sync, cut the network, and check; again while the list it holds is the one before."""
    until = time.monotonic() + 40
    while True:
        page.goto("/scanner/")
        page.locator('[data-part="page"][data-ready="true"]').wait_for()
        page.locator('[data-part="chip"]:not(.chip--stale)').first.wait_for()
        page.context.set_offline(True)
        verdict = check_by_scanner(page, text)
        page.context.set_offline(False)
        if verdict[0] == wanted or time.monotonic() > until:
            return verdict
        time.sleep(1)


def write_next(leader: Page) -> str:
    """Write Directive 08 from 05 by the form and the map's table; return the address of the draft."""
    leader.goto("/operations/directives/")
    leader.get_by_role("button", name="Soạn từ Chỉ thị 05").first.click()
    leader.locator("[name=number]").fill(NUMBER)
    leader.locator('[name="title.vi"]').fill("Chỉ thị về thích ứng an toàn, mở cửa từng bước")
    now = datetime.now(LOCAL)
    leader.locator('[name="in_force.from"]').fill(f"{now.day}/{now.month}/{now.year} 00:00")
    leader.locator('[name="parameters.limits.doses_needed"]').fill("1")
    leader.locator('[name="parameters.limits.days_yellow"]').fill("10")
    leader.get_by_role("button", name="Lưu những điều này").click()
    leader.wait_for_url("**/text/?saved=1")
    return leader.url.partition("text/")[0]


def color_on_the_map(leader: Page, draft: str) -> None:
    """Choose a color, click on a place, and see it chosen in the table; then save."""
    leader.goto(f"{draft}places/zones.color/")
    leader.locator("#color-map svg path").first.wait_for()
    leader.locator("#color-map").get_by_label("Vàng", exact=True).check()
    leader.evaluate("document.querySelector('.mc-map__canvas').scrollIntoView({block: 'center'})")
    box = leader.locator("#color-map .mc-map__canvas").bounding_box()
    assert box is not None
    changed = leader.locator("tr.mc-colors__changed")
    # Some of these points lie on a place that is not yellow yet.
    for across, down in ((0.3, 0.6), (0.4, 0.55), (0.5, 0.5), (0.25, 0.5), (0.6, 0.6)):
        leader.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        if changed.count():
            break
    expect(changed.first.locator("select")).to_have_value("yellow")
    leader.get_by_role("button", name="Lưu các màu").first.click()
    leader.wait_for_url("**/zones.color/?saved=1")


def try_out(leader: Page, draft: str) -> str:
    """Run the draft and read what it would do; return the address of the run."""
    leader.goto(draft)
    leader.get_by_role("button", name="Chạy thử").click()
    leader.wait_for_url("**/dry-runs/*/")
    leader.locator(".mc-effects").wait_for()
    expect(main(leader)).to_contain_text("Vì sao: mười lý do nhiều nhất")
    leader.locator("#board-map svg").wait_for()
    assert main(leader).locator(".mc-bars tbody tr").count() >= 1
    assert main(leader).locator("#effects tbody tr").count() >= 1
    return leader.url


def set_time(leader: Page, draft: str) -> None:
    leader.goto(f"{draft}schedule/")
    at = datetime.now(LOCAL) + AHEAD
    leader.locator("[name=at]").fill(f"{at.day}/{at.month}/{at.year} {at:%H:%M:%S}")
    leader.get_by_role("button", name="Hẹn giờ", exact=True).click()
    leader.wait_for_url("**/?done=scheduled")


def confirm(second: Page, draft: str) -> None:
    second.goto(f"{draft}confirm/")
    expect(main(second)).to_contain_text("Điều sẽ xảy ra")
    second.locator("[name=read]").check()
    second.get_by_role("button", name="Xác nhận chuyển").click()
    second.wait_for_url("**/?done=confirmed")
    second.goto(f"{draft}switch/")
    second.get_by_role("heading", name="Đã chuyển xong").wait_for(timeout=90_000)


def undo(second: Page, draft: str) -> None:
    second.goto(f"{draft}undo/")
    second.locator("[name=read]").check()
    second.get_by_role("button", name="Hoàn tác", exact=True).click()
    second.get_by_role("heading", name="Đã hoàn tác").wait_for(timeout=60_000)


def test_directive_is_written_tried_confirmed_switched_and_undone(
    city: City, open_context: Callable[[], BrowserContext]
) -> None:
    courier, stall, scanner = (open_context().new_page() for _ in range(3))
    leader, second = open_context().new_page(), open_context().new_page()
    travel = file_travel_pass(courier, city, COURIER, days=12)
    code = file_health_code(stall, city, STALL)
    old = pass_text(courier, travel)
    assert "vàng" in open_case(stall, code).lower()
    assert checked_offline(scanner, old, "valid")[0] == "valid"
    sign_in_officer(leader, city, "lanhdao")
    sign_in_officer(second, city, "lanhdao.hai")

    draft = write_next(leader)
    color_on_the_map(leader, draft)
    run = try_out(leader, draft)
    set_time(leader, draft)
    confirm(second, draft)

    courier.goto("/my/")
    expect(main(courier)).to_contain_text(f"Chỉ thị {NUMBER}")
    # One pass is told with its new end, several in general.
    expect(main(courier)).to_contain_text(re.compile("nay có giá trị đến|có giá trị lâu hơn"))
    assert f"Chỉ thị {NUMBER}" in open_case(courier, travel)
    new = pass_text(courier, travel)
    assert new != old
    assert checked_offline(scanner, old, "not_valid")[0] == "not_valid"
    assert check_by_scanner(scanner, new)[0] == "valid"
    green = open_case(stall, code).lower()
    assert "xanh" in green
    assert f"chỉ thị {NUMBER}".lower() in green
    place = city.citizen(COURIER)["place"]
    courier.goto(f"/law/{place}/")
    expect(main(courier)).to_contain_text(NUMBER)
    for address in (draft, run, f"{draft}places/zones.color/", f"{draft}switch/", "/operations/directives/"):
        leader.goto(address)
        open_to_everyone(leader)
    courier.goto(f"/law/{place}/")
    open_to_everyone(courier)

    undo(second, draft)

    assert pass_text(courier, travel) == old
    assert checked_offline(scanner, old, "valid")[0] == "valid"
    assert check_by_scanner(scanner, new)[0] == "not_valid"
    assert "vàng" in open_case(stall, code).lower()
