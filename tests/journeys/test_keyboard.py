"""The main job by keyboard alone: Tab, Space and Enter reach everything, and one always sees where one is."""

from datetime import datetime

from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import City, sign_in_officer
from .walks import LOCAL, NEXT_DIRECTIVE, main, open_run

PERSON = "cong-ty-dong-cua"
MOST_STOPS = 80
# What the focused control looks like now and without focus; radios and checkboxes are drawn beside their input.
LOOKS_FOCUSED = """() => {
  const at = document.activeElement;
  const parts = [[at, null], [at, '::before'], [at, '::after']];
  for (const label of at.labels ?? []) parts.push([label, '::before'], [label, '::after'], [label, null]);
  const look = () => JSON.stringify(parts.map(([part, pseudo]) => {
    const style = getComputedStyle(part, pseudo);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor, style.borderColor];
  }));
  const focused = look();
  const box = at.getBoundingClientRect();
  const seen = box.width > 0 && box.bottom > 0 && box.top < window.innerHeight;
  at.blur();
  const plain = look();
  at.focus({ focusVisible: true });
  // As Tab leaves it: what a field holds already is selected, and typing replaces it.
  at.select?.();
  return seen && focused !== plain;
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the control has the focus; every stop on the way must show that it has it."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
        if not stop.startswith("<body"):
            assert page.evaluate(LOOKS_FOCUSED), f"nothing shows the focus on {stop}"
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def press(page: Page, wanted: Locator, key: str) -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def follow(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    tab_to(page, page.locator(f"[name={name}]"))
    page.keyboard.type(text)


def choose(page: Page, wanted: Locator, value: str) -> None:
    """Go down the list as far as needed; a list of wards is the one control that takes arrows too."""
    tab_to(page, wanted)
    for _ in range(wanted.locator("option").count()):
        if wanted.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not in the list")


def next_step(page: Page, leads_to: str) -> None:
    follow(page, main(page).get_by_role("button", name="tiếp tục"))
    page.wait_for_url(leads_to)


def test_skip_link_shows_itself_and_leads_past_the_header(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến phần nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_a_request_is_filed_with_the_keyboard_alone(city: City, context: BrowserContext) -> None:
    person, today = city.citizen(PERSON), datetime.now(LOCAL).date()
    page = context.new_page()
    page.goto("/services/travel_pass/")
    follow(page, main(page).get_by_role("button", name="Bắt đầu"))
    follow(page, main(page).get_by_role("button", name="Đăng nhập"))
    follow(page, page.get_by_role("button", name=person["name"]))
    page.wait_for_url("**/apply/travel_pass/")
    follow(page, main(page).get_by_role("button", name="Bắt đầu khai"))

    press(page, page.locator("input[name=capacity]").first, "Space")
    write(page, "employer_tax_code", person["tax_code"])
    choose(page, page.locator("[name=work_place]"), person["work_place"])
    next_step(page, "**/steps/travel/")
    write(page, "needed_from-day", str(today.day))
    write(page, "needed_from-month", str(today.month))
    write(page, "needed_from-year", str(today.year))
    write(page, "days_needed", "3")
    press(page, page.locator("input[name=shift]").first, "Space")
    next_step(page, "**/steps/promise/")
    press(page, page.locator("[name=truthful]"), "Space")
    next_step(page, "**/check/")
    follow(page, main(page).get_by_role("button", name="Nộp hồ sơ"))

    page.wait_for_url("**/my/*/receipt/")
    assert "Đã nộp hồ sơ" in main(page).inner_text()


def test_errors_take_the_focus_and_lead_to_their_field(city: City, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/desk/sign-in/")

    follow(page, main(page).get_by_role("button", name="Đăng nhập"))
    page.locator(".govuk-error-summary").wait_for()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    press(page, page.locator(".govuk-error-summary a").first, "Enter")

    expect(page.locator("input[name=login]")).to_be_focused()


def test_a_directive_is_read_tried_and_its_text_opened_with_the_keyboard_alone(
    city: City, context: BrowserContext
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in_officer(page, city, "lanhdao")
    open_run(page)
    page.goto("/operations/directives/")

    follow(page, main(page).get_by_role("link", name=NEXT_DIRECTIVE, exact=True))
    follow(page, main(page).get_by_role("button", name="Xem kết quả chạy thử"))
    page.locator("#board-map svg").wait_for()
    # Tables scroll by themselves where the screen is narrow, so that the keyboard has to reach them.
    tab_to(page, page.locator("#effects").locator(".."))
    follow(page, main(page).get_by_role("button", name="Hẹn giờ chuyển"))

    tab_to(page, page.locator("[name=at]"))
    page.keyboard.type("31/2/2026 06:00")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()


def test_what_is_in_force_in_a_ward_is_found_with_the_keyboard_alone(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/law/")

    choose(page, main(page).locator("select"), "20200")
    follow(page, main(page).locator("form button").first)

    page.wait_for_url("**/law/20200/")
    assert "05/CT-UBND" in main(page).inner_text()
