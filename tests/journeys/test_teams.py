"""A member of a digital team files for a person without a connection; it is sent once, and the person sees who helped."""

import io
import re
import secrets
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from .conftest import City, sign_in, sign_in_officer
from .looks import SCROLLS_SIDEWAYS, violations
from .walks import main
from .watching import Watch

PERSON = "het-bao-hiem"
TABLET = {"width": 820, "height": 1180}
NUMBER = re.compile(r"[0-9A-Z.]+-[0-9]{8}-[0-9]{7}")


@pytest.fixture
def tablet(browser: Browser, city: City) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=city.url, locale="vi-VN", viewport=TABLET)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    watch = Watch(context)
    yield context
    # The answer that the journey swallows is one that the browser speaks of.
    complaints = [line for line in watch.complaints() if "net::ERR_FAILED" not in line]
    context.close()
    assert complaints == []


def photograph() -> dict[str, object]:
    """Return a paper that nobody has photographed before."""
    picture = Image.new("RGB", (1200, 900), "white")
    ImageDraw.Draw(picture).text((80, 80), f"Quyết định {secrets.token_hex(8)}", fill="black")
    target = io.BytesIO()
    picture.save(target, "JPEG")
    return {"name": "giay.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def consent(page: Page) -> None:
    """Tick both boxes and sign, as the person does."""
    page.locator("#consent-help").check()
    page.locator("#consent-use").check()
    pad = page.locator("#signature")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for across, down in ((160, 140), (240, 50), (380, 120)):
        page.mouse.move(box["x"] + across, box["y"] + down, steps=4)
    page.mouse.up()
    page.locator("#agree").click()


def present(page: Page, person: dict[str, str]) -> None:
    """Type what stands on the card."""
    year, month, day = person["born_on"].split("-")
    page.locator("#person-number").fill(person["number"])
    page.locator("#person-full_name").fill(person["name"])
    for part, text in (("day", day), ("month", month), ("year", year)):
        page.locator(f"#person-born_on-{part}").fill(text)
    page.locator("#next").click()


def answer(page: Page) -> None:
    """Fill in the form, with a photograph for the question that the answer above it brings."""
    page.locator("#field-residence").select_option(index=1)
    page.locator("#next").click()
    expect(page.locator("#field-divorce_decision")).to_be_hidden()
    page.locator("#field-marital_status-divorced").check()
    page.locator("#field-divorce_decision").set_input_files(photograph())  # type: ignore[arg-type]
    expect(page.locator("[data-paper=divorce_decision]")).to_have_attribute("data-taken", "yes")
    page.locator("#field-use-property").check()
    page.locator("#next").click()
    page.locator("#field-truthful").check()
    page.locator("#next").click()


def test_filed_without_a_connection_it_is_sent_once_and_the_person_sees_who_helped(
    tablet: BrowserContext, page: Page, city: City
) -> None:
    sign_in(page, city, PERSON)
    before = cases_of(page)
    screen = tablet.new_page()
    sign_in_officer(screen, city, "tocongnghe")
    screen.goto("/teams/")
    screen.locator("#find").wait_for()
    screen.evaluate("navigator.serviceWorker.ready")
    assert violations(screen) == []

    tablet.set_offline(True)
    screen.reload()
    screen.locator("#find").fill("hon nhan")
    screen.locator("#start-marital_status").click()
    screen.locator("#agree").wait_for()
    assert violations(screen) == []
    screen.locator("#agree").click()
    assert screen.locator(".mistakes li").count() == 3
    consent(screen)
    present(screen, city.citizen(PERSON))
    answer(screen)
    screen.locator("#enqueue").wait_for()
    assert city.citizen(PERSON)["name"] in main(screen).inner_text()
    screen.set_viewport_size({"width": 390, "height": 844})
    assert violations(screen) == []
    assert not screen.evaluate(SCROLLS_SIDEWAYS)
    screen.locator("#enqueue").click()
    expect(screen.locator("[data-list=waiting] [data-dossier]")).to_have_count(1)
    # What is on the disk names nobody.
    assert city.citizen(PERSON)["number"] not in kept_in_plain(screen)

    cut: list[str] = []
    tablet.route("**/teams/help/*/file", lambda route: swallow(route, cut))
    with screen.expect_event("requestfailed", lambda request: request.url.endswith("/file")):
        tablet.set_offline(False)
    assert len(cut) == 1
    tablet.unroute("**/teams/help/*/file")
    screen.locator("#update").click()
    # Sent by this click, or a quarter of a minute later if a try was still under way.
    screen.locator(".done").wait_for(timeout=60_000)
    told = screen.locator(".done").inner_text()
    (number,) = NUMBER.findall(told)
    expect(screen.locator("[data-dossier]")).to_have_count(0)
    assert city.citizen(PERSON)["name"] not in main(screen).inner_text()

    assert cases_of(page) - before == {number}
    page.goto(f"/my/{number}/")
    main(page).get_by_role("link", name=re.compile("Xem lời đồng ý")).click()
    assert "Nguyễn Thị Sen" in main(page).inner_text()
    assert "Giấy xác nhận tình trạng hôn nhân" in main(page).inner_text()
    assert violations(page) == []
    main(page).get_by_role("button", name="Không phải tôi nhờ").click()
    assert "Người giám sát đang xác minh" in main(page).inner_text()


def cases_of(page: Page) -> set[str]:
    page.goto("/my/")
    return set(NUMBER.findall(main(page).inner_text()))


def swallow(route: Route, cut: list[str]) -> None:
    """Let the server file it, and let nobody hear of it."""
    answered = route.fetch()
    cut.append(answered.text())
    route.abort("failed")


def kept_in_plain(page: Page) -> str:
    """Return everything that the page keeps on the device, as far as it can be read without the key."""
    return str(
        page.evaluate(
            """async () => {
              const open = indexedDB.open("motcua-teams");
              await new Promise((done) => (open.onsuccess = done));
              const all = [];
              for (const name of open.result.objectStoreNames) {
                const asked = open.result.transaction(name).objectStore(name).getAll();
                await new Promise((done) => (asked.onsuccess = done));
                for (const row of asked.result) {
                  const data = row?.sealed?.data;
                  all.push(JSON.stringify(row) ?? "", data ? new TextDecoder().decode(data) : "");
                }
              }
              return all.join("|");
            }"""
        )
    )
