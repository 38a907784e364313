"""Every page, in both languages, wide and narrow: open to everyone, and nothing in it that could harm."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import City
from .rooms import CITIZENS, Rooms
from .walks import check_by_scanner, main
from .watching import inline_code

NARROWEST = 320
WIDTHS = (1280, 390)
# Two frames on: what follows the width by script, as the map does, has followed by then.
SCROLLS_SIDEWAYS = """() => new Promise(tell => requestAnimationFrame(() => requestAnimationFrame(
    () => tell(document.scrollingElement.scrollWidth - window.innerWidth))))"""


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
    Shown("not found", "anyone", "/nowhere/"),
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
    Shown("who may file for a firm", "officer", "/desk/mandates/"),
    Shown("board", "leader", "/operations/"),
    Shown("board of one service", "leader", "/operations/?service=travel_pass"),
    Shown("receipt of a figure", "leader", "/operations/", open_first_figure),
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


def violations(page: Page) -> list[str]:
    """Run axe with all its rules, those of good practice too."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


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
