"""A time booked by phone without scripts, a number from the machine of a hall, called, read aloud and done."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import City, sign_in, sign_in_officer
from .looks import violations
from .walks import main
from .watching import Watch

HALL, CITIZEN, OFFICER = "ttpvhcc", "nhan-vien-sieu-thi", "tiepnhan"
SIZES = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1366, "height": 768},
    "kiosk": {"width": 1080, "height": 1920},
    "display": {"width": 1920, "height": 1080},
}
# What a machine without a voice would have said.
HEARD = """() => {
  window.heard = [];
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [{ lang: 'vi-VN' }], addEventListener: () => {},
    speak: sentence => window.heard.push(sentence.text) } });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""


@pytest.fixture
def screens(browser: Browser, city: City) -> Iterator[dict[str, Page]]:
    pages, watches = {}, []
    for name, size in SIZES.items():
        context = browser.new_context(
            base_url=city.url,
            locale="vi-VN",
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=name != "phone",
        )
        context.set_default_timeout(20_000)
        watches.append(Watch(context))
        pages[name] = context.new_page()
    yield pages
    complaints = [line for watch in watches for line in watch.complaints()]
    for page in pages.values():
        page.context.close()
    assert complaints == []


def book_and_move(page: Page, city: City) -> str:
    """Book a time of the second free day, which is never today, move it, and return the code to say in the hall."""
    sign_in(page, city, CITIZEN)
    page.goto("/appointments/?service=marital_status&place=20200")
    page.locator("a.mc-choice").first.click()
    page.locator("a.mc-day").nth(1).click()
    page.locator("a.mc-time").nth(1).click()
    main(page).get_by_role("button", name="Đặt lịch hẹn").click()
    expect(main(page)).to_contain_text("Chỗ của bạn đã được giữ.")
    code = page.locator(".mc-code__number").inner_text()
    main(page).get_by_role("button", name="Đổi giờ").click()
    page.locator("a.mc-day").nth(1).click()
    page.locator("button.mc-time").nth(3).click()
    expect(main(page)).to_contain_text("giờ cũ đã trả lại")
    return code


def free_counter(page: Page) -> None:
    """Sit down at the counter for land, and finish whoever an earlier run left waiting there."""
    page.goto("/desk/counters/")
    page.get_by_role("link", name=re.compile("Quầy 4")).click()
    for _ in range(40):
        if page.get_by_role("button", name="Xong", exact=True).count():
            page.get_by_role("button", name="Xong", exact=True).click()
        elif page.get_by_text("Đang chờ quầy này (0)").count():
            return
        else:
            page.get_by_role("button", name="Gọi số tiếp theo").click()
    raise AssertionError("the line at counter 4 has no end")


def test_from_booking_to_the_counter(screens: dict[str, Page], city: City) -> None:
    phone, desk, kiosk, display = (screens[name] for name in SIZES)
    code = book_and_move(phone, city)
    sign_in_officer(desk, city, OFFICER)

    # The machine is opened by the link on the plan; the code of another day is refused there.
    desk.goto(f"/desk/halls/{HALL}/")
    kiosk.goto(desk.locator("a[href*='/kiosk/open/']").get_attribute("href") or "")
    assert violations(kiosk) == []
    kiosk.get_by_role("link", name="Tôi có hẹn trước").click()
    for digit in code.replace(" ", ""):
        kiosk.get_by_role("button", name=digit, exact=True).click()
    kiosk.get_by_role("button", name="Lấy số").click()
    expect(kiosk.get_by_role("alert")).to_contain_text("Không thấy mã hẹn này cho hôm nay")
    kiosk.get_by_role("link", name="Quay lại").click()

    free_counter(desk)
    # Two people without an appointment, the second of them elderly.
    tickets = []
    for priority in ("Lấy số", "Người cao tuổi"):
        kiosk.get_by_role("link", name=re.compile("Đất đai")).click()
        kiosk.get_by_role("button", name=priority).click()
        number = kiosk.locator(".mc-slip__number").inner_text()
        tickets.append((number, kiosk.url.rstrip("/").rpartition("/")[2]))
        kiosk.get_by_role("link", name="Xong").click()
    assert violations(kiosk) == []
    assert int(tickets[1][0]) == int(tickets[0][0]) + 1

    # The display reads aloud what is called while it looks.
    display.add_init_script(f"({HEARD})()")
    display.goto(f"/halls/{HALL}/display/")
    display.get_by_role("button", name="Bật đọc số").click()
    desk.get_by_role("button", name="Gọi số tiếp theo").click()
    expect(desk.locator(".mc-counter__number")).to_have_text(tickets[1][0])
    display.wait_for_function("() => window.heard.length > 0")
    assert display.evaluate("() => window.heard") == [f"Mời số {tickets[1][0]} đến quầy 4."]
    expect(display.locator(".mc-display__call--latest .mc-display__number")).to_contain_text(tickets[1][0])
    assert violations(display) == []

    # Each holder sees where they stand, without scripts; then the next is called.
    phone.goto(f"/ticket/{tickets[1][1]}/")
    expect(main(phone)).to_contain_text("Mời bạn đến quầy 4")
    phone.goto(f"/ticket/{tickets[0][1]}/")
    expect(main(phone)).to_contain_text("Bạn là người tiếp theo")
    desk.get_by_role("button", name="Xong, gọi số tiếp theo").click()
    expect(desk.locator(".mc-counter__number")).to_have_text(tickets[0][0])
    assert violations(desk) == []
    desk.get_by_role("button", name="Xong", exact=True).click()
    phone.reload()
    expect(main(phone)).to_contain_text("Đã xong")
    for path in ("/desk/appointments/", f"/desk/halls/{HALL}/", "/operations/halls/"):
        desk.goto(path)
        assert violations(desk) == []
