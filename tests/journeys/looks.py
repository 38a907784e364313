"""Whether everybody can use a page: held to axe, and to the narrowest phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROWEST = 320
# Two frames on: what follows the width by script, as the map does, has followed by then.
SCROLLS_SIDEWAYS = """() => new Promise(tell => requestAnimationFrame(() => requestAnimationFrame(
    () => tell(document.scrollingElement.scrollWidth - window.innerWidth))))"""


def violations(page: Page) -> list[str]:
    """Run axe with all its rules, those of good practice too."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def open_to_everyone(page: Page) -> None:
    """Hold the page as it stands to axe, wide and on the narrowest phone."""
    assert violations(page) == []
    size = page.viewport_size
    page.set_viewport_size({"width": NARROWEST, "height": 844})
    assert page.evaluate(SCROLLS_SIDEWAYS) <= 0
    assert violations(page) == []
    if size is not None:
        page.set_viewport_size(size)
