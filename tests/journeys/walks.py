"""What people do on the pages, step by step, as the journeys need it."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import zxingcpp
from PIL import Image
from playwright.sync_api import Error, Locator, Page

from .conftest import City, sign_in

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def main(page: Page) -> Locator:
    return page.locator("main")


def next_step(page: Page) -> None:
    main(page).get_by_role("button", name="tiếp tục").click()
    page.wait_for_load_state()


def pay_with_code(page: Page, address_of_bank: str) -> None:
    """Scan the code on the page of a case and pay at the bank."""
    picture = Image.open(io.BytesIO(page.locator(".mc-fee__qr").screenshot()))
    (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    bank = page.context.browser.new_page()  # type: ignore[union-attr]  # a context of a browser
    bank.goto(address_of_bank)
    bank.locator("#qr").fill(code.text)
    bank.get_by_role("button", name="Tiếp tục").click()
    bank.get_by_role("button", name="Chuyển tiền").click()
    assert "đã nhận (201)" in bank.locator("main").inner_text()
    bank.close()


def file_travel_pass(page: Page, city: City, slug: str, days: int = 3) -> str:
    """Sign in as the sample person, answer every step, submit, and return the number of the case."""
    sign_in(page, city, slug)
    answer_travel_pass(page, city, slug, days)
    main(page).get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url("**/my/*/receipt/")
    return page.url.split("/")[-3]


def answer_travel_pass(page: Page, city: City, slug: str, days: int = 3) -> None:
    """Answer every step as the sample person would, and stop where the answers are checked."""
    person = city.citizen(slug)
    now = datetime.now(LOCAL)
    # A pass is good in its hours only; whoever files at night works at night.
    shift = "day" if 7 <= now.hour < 17 else "night"
    page.goto("/apply/travel_pass/steps/work/")
    page.locator(f"input[name=capacity][value={person['capacity']}]").check()
    page.locator("[name=employer_tax_code]").fill(person["tax_code"])
    page.locator("[name=work_place]").select_option(person["work_place"])
    next_step(page)
    page.locator("[name=needed_from-day]").fill(str(now.day))
    page.locator("[name=needed_from-month]").fill(str(now.month))
    page.locator("[name=needed_from-year]").fill(str(now.year))
    page.locator("[name=days_needed]").fill(str(days))
    page.locator(f"[name=shift][value={shift}]").check()
    next_step(page)
    page.locator("[name=truthful]").check()
    next_step(page)


def open_case(page: Page, number: str) -> str:
    """Open the person's own case and return what its page says."""
    page.goto(f"/my/{number}/")
    return main(page).inner_text()


def check_by_scanner(page: Page, text: str) -> tuple[str, str]:
    """Paste a code into the open scanner page; return the verdict's class and the code of its reason."""
    if page.locator('[data-part="answer"]').is_visible():
        page.locator('[data-part="next"]').click()
    typed = page.locator('[data-part="typed"]')
    if not typed.is_visible():
        page.locator("details", has=typed).locator("summary").click()
    page.locator('[data-part="code"]').fill(text)
    typed.get_by_role("button").click()
    verdict = page.locator('[data-part="verdict"]')
    verdict.wait_for()
    return (verdict.get_attribute("class") or "").split("verdict--")[-1], verdict.get_attribute(
        "data-reason"
    ) or ""


NEXT_DIRECTIVE = "Chỉ thị 08/CT-UBND"


def open_draft(leader: Page) -> None:
    """Open the directive that the demo has as a draft, from the list."""
    leader.goto("/operations/directives/")
    main(leader).get_by_role("link", name=NEXT_DIRECTIVE, exact=True).click()
    leader.wait_for_load_state()


def open_run(leader: Page) -> None:
    """Try the draft, or open the run that somebody made of it, and wait for its result; works without scripts."""
    open_draft(leader)
    tried = main(leader).get_by_role("button", name="Xem kết quả chạy thử")
    (tried if tried.count() else main(leader).get_by_role("button", name="Chạy thử", exact=True)).click()
    leader.wait_for_url("**/dry-runs/*/")
    for _ in range(120):
        if leader.locator(".mc-effects").count():
            return
        leader.wait_for_timeout(1000)
        try:
            leader.reload()
        except Error as fault:
            # A page with scripts had just begun to fetch itself anew, or was giving way to the one it fetched.
            if not any(words in str(fault) for words in ("ERR_ABORTED", "Not attached to an active page")):
                raise
    raise AssertionError(main(leader).inner_text())
