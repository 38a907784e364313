"""Takes the pictures of docs/screenshots from a running demo, walking it as citizen, officer, inspector and leader.

make demo                                     # in another window
.venv/bin/python tools/screenshots.py         # MOTCUA_CHROMIUM=/path/to/it, if it is not on the PATH
.venv/bin/python tools/screenshots.py --only scanner
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
# The walks are those of the journeys, so that a picture never shows what no test has walked.
sys.path.insert(0, str(ROOT))

from tests.journeys.conftest import ALONE, CHROMIUM, City, join, sign_in_officer  # noqa: E402
from tests.journeys.walks import (  # noqa: E402
    answer_travel_pass,
    check_by_scanner,
    file_travel_pass,
    main,
    open_run,
)

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
BOARD = {"width": 1600, "height": 900}
LARGEST_BYTES = 300_000
# A busy machine is slow, not broken.
PATIENCE_MS = 120_000
AT_DESKS = ("desk-queue", "desk-case", "board")
AT_CHECKPOINTS = ("scanner-ready", "scanner-valid", "scanner-not-valid", "scanner-cannot-tell")
GRANTED, REFUSED = "nhan-vien-sieu-thi", "o-vung-do"
OBJECTION = "Tôi đã chuyển sang ở nhà mẹ tại vùng xanh từ tuần trước, có xác nhận của tổ dân phố."


class Album:
    """Keeps pictures under a name, with as many colors as the size allows."""

    def __init__(self, folder: Path, only: str = "") -> None:
        self.folder, self.only = folder, only
        folder.mkdir(parents=True, exist_ok=True)

    def wants(self, *names: str) -> bool:
        """Tell whether one of the pictures is to be taken."""
        return any(name.startswith(self.only) for name in names)

    def keep(self, name: str, picture: bytes | Path) -> None:
        """Write the picture as a PNG with a palette of at most 300 kB, unless only others are wanted."""
        if not self.wants(name):
            return
        opened = Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture).convert("RGB")
        for colors in (256, 128, 64, 32):
            written = io.BytesIO()
            opened.quantize(colors, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
            if written.tell() <= LARGEST_BYTES:
                break
        target = self.folder / f"{name}.png"
        target.write_bytes(written.getvalue())
        print(f"{target.name:28} {opened.width} x {opened.height}, {written.tell() // 1000} kB")


@contextmanager
def page_of(browser: Browser, city: City, size: dict[str, int]) -> Iterator[Page]:
    """Open a page of its own; a phone shows two pixels for one."""
    context = browser.new_context(
        base_url=city.url,
        locale="vi-VN",
        viewport=size,  # type: ignore[arg-type]
        device_scale_factor=2 if size == PHONE else 1,
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def top_of(page: Page, height: int) -> bytes:
    """Return what one sees while scrolling down to the height."""
    page.set_viewport_size({"width": PHONE["width"], "height": height})
    page.evaluate("() => window.scrollTo(0, 0)")
    return page.screenshot()


def visitor(browser: Browser, city: City, album: Album) -> None:
    """Show the door as everybody sees it."""
    for name, size in (("portal-home-phone", PHONE), ("portal-home", DESK)):
        with page_of(browser, city, size) as page:
            page.goto("/")
            album.keep(name, page.screenshot())


def granted(browser: Browser, city: City, album: Album) -> str:
    """Walk to a pass, on the screen and on paper; return the text of its QR."""
    with page_of(browser, city, PHONE) as page:
        number = file_travel_pass(page, city, GRANTED)
        answer_travel_pass(page, city, GRANTED)
        page.goto("/apply/travel_pass/steps/work/")
        album.keep("form-step-phone", page.screenshot(full_page=True))
        page.goto(f"/my/{number}/")
        code = page.locator(".mc-pass__qr").screenshot()
        album.keep("pass-phone", top_of(page, 1480))
        paper(page.context.request.get(f"/my/{number}/pass.pdf").body(), album)
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code)))
    return read.text


def paper(pdf: bytes, album: Album) -> None:
    """Draw the first page of the printable pass, if the machine has poppler's pdftoppm."""
    pdftoppm = shutil.which("pdftoppm")
    if not pdftoppm:
        print("pass-printed not taken: pdftoppm (poppler-utils) is missing")
        return
    drawn = subprocess.run(
        [pdftoppm, "-png", "-r", "90", "-f", "1", "-l", "1", "-"], input=pdf, capture_output=True, check=True
    )
    album.keep("pass-printed", drawn.stdout)


def refused(browser: Browser, city: City, album: Album) -> str:
    """Walk to a refusal, object to it, and return the number of the case."""
    with page_of(browser, city, PHONE) as page:
        number = file_travel_pass(page, city, REFUSED)
        page.goto(f"/my/{number}/")
        album.keep("refused-phone", top_of(page, 1480))
        main(page).get_by_role("button", name="Gửi ý kiến").click()
        page.locator("textarea").fill(OBJECTION)
        main(page).get_by_role("button", name="Gửi ý kiến").click()
        page.wait_for_load_state()
    return number


def officers(browser: Browser, city: City, album: Album, number: str) -> None:
    """Show what waits at the desk, one case there, and the board."""
    with page_of(browser, city, DESK) as page:
        sign_in_officer(page, city, "chuyenvien")
        page.goto("/desk/")
        album.keep("desk-queue", page.screenshot())
        page.goto(f"/desk/{number}/")
        album.keep("desk-case", page.screenshot())
    with page_of(browser, city, BOARD) as page:
        sign_in_officer(page, city, "lanhdao")
        page.goto("/operations/?service=travel_pass")
        page.locator("#board-map svg").wait_for()
        album.keep("board", page.screenshot())


def directives(browser: Browser, city: City, album: Album) -> None:
    """Show what the next directive would do, to the leader who tries it, and what is in force in a ward."""
    with page_of(browser, city, DESK) as page:
        sign_in_officer(page, city, "lanhdao")
        open_run(page)
        page.locator("#board-map svg").wait_for()
        album.keep("directive-dry-run", page.screenshot())
    with page_of(browser, city, PHONE) as page:
        page.goto(f"/law/{city.citizen(GRANTED)['place']}/")
        album.keep("law-phone", page.screenshot())


def inspector(browser: Browser, city: City, album: Album, code: str) -> None:
    """Show the scanner's start and its three answers."""
    with page_of(browser, city, PHONE) as page:
        page.clock.install(time=datetime.now(UTC))
        page.goto("/scanner/")
        page.locator('[data-part="page"][data-ready="true"]').wait_for()
        page.locator('[data-part="chip"]:not(.chip--stale)').wait_for()
        album.keep("scanner-ready", page.screenshot())
        for name, text in (("valid", code), ("not-valid", code[:60] + code[61:])):
            check_by_scanner(page, text)
            album.keep(f"scanner-{name}", page.screenshot())
        # Whatever is still on its way would fail without a network: first all of it arrives and is kept.
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_load_state("networkidle")
        # The list grows old where there is no network.
        page.context.set_offline(True)
        page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=30))
        check_by_scanner(page, code)
        album.keep("scanner-cannot-tell", page.screenshot())


def run() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MOTCUA_DATA_DIR", ROOT / "var")))
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", default="", help="take the pictures whose names begin so, such as scanner")
    given = parser.parse_args()
    city, album = join(given.url, given.data), Album(given.to, given.only)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        visitor(browser, city, album)
        code = granted(browser, city, album)
        if album.wants("refused-phone", *AT_DESKS):
            officers(browser, city, album, refused(browser, city, album))
        if album.wants("directive-dry-run", "law-phone"):
            directives(browser, city, album)
        if album.wants(*AT_CHECKPOINTS):
            inspector(browser, city, album, code)


if __name__ == "__main__":
    run()
