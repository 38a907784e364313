"""Every page, in both languages, wide and narrow: open to everyone, and nothing in it that could harm."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from .conftest import City
from .looks import NARROWEST, SCROLLS_SIDEWAYS, violations
from .rooms import CITIZENS, Rooms
from .walks import check_by_scanner, main, open_draft, open_run
from .watching import inline_code

WIDTHS = (1280, 390)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: its name, who looks at it, where it is ({number} is a case), what is done there first."""

    name: str
    who: str
    path: str
    first: Callable[[Page], None] = lambda page: None
    of: str = ""


def press_main(page: Page) -> None:
    main(page).locator("form button[type=submit], form button:not([type])").first.click()
    page.wait_for_load_state()


def ask_status_of_no_case(page: Page) -> None:
    page.locator("[name=number]").fill("H17-20210903-0000000")
    press_main(page)


def paste_a_wrong_pass(page: Page) -> None:
    page.locator("[name=code]").fill("MC1:" + "A" * 300)
    press_main(page)


def choose_an_act(page: Page) -> None:
    page.locator("input[name=act]").first.check()
    page.locator("[name=reason]").fill("Đã gọi điện xác minh với nơi làm việc.")
    main(page).get_by_role("button").first.click()
    page.wait_for_load_state()


def open_first_figure(page: Page) -> None:
    page.locator(".mc-tile-figure").first.click()
    page.wait_for_load_state()


def scan_a_wrong_pass(page: Page) -> None:
    page.locator('[data-part="page"][data-ready="true"]').wait_for()
    check_by_scanner(page, "MC1:" + "A" * 300)


def open_text(page: Page) -> None:
    open_draft(page)
    page.get_by_role("link", name="Sửa ngày giờ, con số, nội dung").click()
    page.wait_for_load_state()


def save_a_wrong_text(page: Page) -> None:
    open_text(page)
    text = page.locator("textarea[name=text]")
    text.fill(text.input_value().replace("limits.opening: services", "limits.opening: everything"))
    page.get_by_role("button", name="Lưu toàn văn").click()
    page.wait_for_load_state()
    assert page.locator(".mc-complaints").count()


def open_colors(page: Page) -> None:
    open_draft(page)
    page.get_by_role("link", name="theo nơi, trên bản đồ").first.click()
    page.locator("#color-map svg path").first.wait_for()


def open_giving_up(page: Page) -> None:
    open_draft(page)
    page.get_by_role("link", name="Bỏ bản soạn").click()
    page.wait_for_load_state()


def open_run_with_map(page: Page) -> None:
    open_run(page)
    page.locator("#board-map svg").wait_for()


def open_time_of_the_switch(page: Page) -> None:
    open_run(page)
    main(page).get_by_role("button", name="Hẹn giờ chuyển").click()
    page.wait_for_load_state()


def set_a_wrong_time(page: Page) -> None:
    open_time_of_the_switch(page)
    page.locator("[name=at]").fill("31/2/2026")
    press_main(page)


def open_first_law(page: Page) -> None:
    main(page).get_by_role("link", name="Chỉ thị 05/CT-UBND", exact=True).click()
    page.wait_for_load_state()


FOR_CITIZENS = (
    Shown("home", "anyone", "/"),
    Shown("services", "anyone", "/services/"),
    Shown("nothing found", "anyone", "/services/?q=xyzxyz"),
    Shown("service", "anyone", "/services/travel_pass/"),
    Shown("rules", "anyone", "/services/travel_pass/rules/"),
    Shown("rules of a day without any", "anyone", "/services/travel_pass/rules/?on=2020-01-01"),
    Shown("rules of no day", "anyone", "/services/travel_pass/rules/?on-day=31&on-month=2&on-year=2026"),
    Shown("sign-in", "anyone", "/sign-in/"),
    Shown("public status", "anyone", "/status/"),
    Shown("status of no case", "anyone", "/status/", ask_status_of_no_case),
    Shown("status of a case", "anyone", "/status/?number={number}", of="waiting"),
    Shown("verify", "anyone", "/verify/"),
    Shown("verify, not valid", "anyone", "/verify/", paste_a_wrong_pass),
    Shown("verify a paper", "anyone", "/verify/paper/"),
    Shown("not found", "anyone", "/nowhere/"),
    Shown("law", "anyone", "/law/"),
    Shown("law of no ward", "anyone", "/law/?place=00000"),
    Shown("law of a ward", "anyone", "/law/20200/"),
    Shown("law of a ward without a color", "anyone", "/law/20194/"),
    Shown("start", "refused", "/apply/market_card/"),
    Shown("step", "refused", "/apply/travel_pass/steps/travel/"),
    Shown("step with errors", "refused", "/apply/travel_pass/steps/work/", press_main),
    Shown("check your answers", "refused", "/apply/travel_pass/check/"),
    Shown("receipt", "granted", "/my/{number}/receipt/"),
    Shown("granted", "granted", "/my/{number}/"),
    Shown("refused", "refused", "/my/{number}/"),
    Shown("waiting", "waiting", "/my/{number}/"),
    Shown("objection", "refused", "/my/{number}/objection/"),
    Shown("objection with errors", "refused", "/my/{number}/objection/", press_main),
    Shown("rating", "granted", "/my/{number}/rating/"),
    Shown("rating with errors", "granted", "/my/{number}/rating/", press_main),
    Shown("my cases", "granted", "/my/"),
    Shown("who looked", "waiting", "/my/access/"),
    Shown("file for many", "granted", "/services/travel_pass/bulk/"),
    Shown("file for many, with errors", "granted", "/services/travel_pass/bulk/", press_main),
)
FOR_OFFICERS = (
    Shown("desk sign-in", "anyone", "/desk/sign-in/"),
    Shown("desk sign-in with errors", "anyone", "/desk/sign-in/", press_main),
    Shown("desk queue", "officer", "/desk/"),
    Shown("desk case", "officer", "/desk/{number}/", of="waiting"),
    Shown("desk case, confirm", "officer", "/desk/{number}/", choose_an_act, of="waiting"),
    Shown("results to seal and hand over", "officer", "/desk/results/"),
    Shown("who may file for a firm", "officer", "/desk/mandates/"),
    Shown("board", "leader", "/operations/"),
    Shown("board of one service", "leader", "/operations/?service=travel_pass"),
    Shown("receipt of a figure", "leader", "/operations/", open_first_figure),
    Shown("ratings", "leader", "/operations/ratings/"),
    Shown("directives", "leader", "/operations/directives/"),
    Shown("directive in force", "leader", "/operations/directives/", open_first_law),
    Shown("directive, draft", "leader", "/operations/directives/", open_draft),
    Shown("directive, text", "leader", "/operations/directives/", open_text),
    Shown("directive, text with errors", "leader", "/operations/directives/", save_a_wrong_text),
    Shown("directive, colors", "leader", "/operations/directives/", open_colors),
    Shown("directive, give up", "leader", "/operations/directives/", open_giving_up),
    Shown("dry run", "leader", "/operations/directives/", open_run_with_map),
    Shown("time of the switch", "leader", "/operations/directives/", open_time_of_the_switch),
    Shown("time of the switch with errors", "leader", "/operations/directives/", set_a_wrong_time),
    Shown("history of a place", "leader", "/operations/directives/history/zones.color/20200/"),
    Shown("archive, destruction", "leader", "/desk/archive/destruction/"),
    Shown("scanner", "anyone", "/scanner/"),
    Shown("scanner, answer", "anyone", "/scanner/", scan_a_wrong_pass),
)
CASES = [
    *(
        pytest.param(shown, language, id=f"{shown.name}, {language}")
        for shown in FOR_CITIZENS
        for language in ("vi", "en")
    ),
    *(pytest.param(shown, "vi", id=shown.name) for shown in FOR_OFFICERS),
]


@pytest.fixture(scope="module")
def rooms(browser: Browser, city: City) -> Iterator[Rooms]:
    rooms = Rooms(browser, city)
    yield rooms
    rooms.close()


def open_page(rooms: Rooms, shown: Shown, language: str) -> tuple[Page, str]:
    """Go to the page and do what comes first there; return it with the text that it came as."""
    page = rooms.page(shown.who, language)
    subject = shown.of or (shown.who if shown.who in CITIZENS else "")
    number = rooms.room(subject).number if subject else ""
    response = page.goto(shown.path.format(number=number))
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(policy.replace(";", " ").split())
    text = response.text()
    shown.first(page)
    return page, text


@pytest.mark.parametrize(("shown", "language"), CASES)
def test_page_is_open_to_everyone(rooms: Rooms, shown: Shown, language: str) -> None:
    page, text = open_page(rooms, shown, language)
    shots = os.environ.get("MOTCUA_JOURNEY_SHOTS")

    found = {}
    sideways = {}
    for width in (*WIDTHS, NARROWEST):
        page.set_viewport_size({"width": width, "height": 800})
        sideways[width] = page.evaluate(SCROLLS_SIDEWAYS)
        if width in WIDTHS:
            found[width] = violations(page)
        if shots:
            page.screenshot(
                path=f"{shots}/{shown.name.replace(' ', '-')}.{language}.{width}.png", full_page=True
            )

    assert not any(found.values()), found
    assert not any(sideways.values()), sideways
    assert page.locator("html").get_attribute("lang") == language
    assert inline_code(text) == []
    assert rooms.room(shown.who).watch.complaints() == []
    page.close()
