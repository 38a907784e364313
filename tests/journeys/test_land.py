"""A parcel becomes residential land: filed, completed, consulted on, assessed, paid, extended, signed, sealed, rated.

At every step the date due is reckoned here, slowly, from the moments of the steps; the applicant's page, the desk, the
public status page and the door for machines have to tell the same.
"""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any  # Any: what JSON holds.
from urllib.request import Request, urlopen

import pytest
from office_hours import DAY, after, between
from papers import photograph
from playwright.sync_api import Browser, Page, expect

from .conftest import City
from .rooms import People
from .test_teams import consent, present
from .walks import LOCAL, main, pay_with_code

HELPER, COUNTER, LAND, LEADER = "tocongnghe", "tiepnhan", "datdai", "lanhdaodatdai"
PLANNING, ENVIRONMENT, TAX = "quyhoach", "moitruong", "thue"
PARCEL = {
    "parcel_address": "Thôn Phú Sơn 2",
    "map_sheet": "12",
    "parcel_number": "345",
    "parcel_area_m2": "500",
}
TERM = 15 * DAY
TAX_VND = 96_000_000


@pytest.fixture
def pages(browser: Browser, city: City) -> Iterator[People]:
    # The one who has a token.
    people = People(browser, city, city.accounts["citizens"]["people"][0]["slug"])
    yield people
    people.close()


@dataclass(slots=True)
class Told:
    """Where the case stands, as four doors tell it alike."""

    changed_at: datetime
    due_at: datetime | None
    status: int


@dataclass(slots=True)
class Story:
    """One case, and the date due as it is reckoned here."""

    pages: People
    number: str
    due_at: datetime | None = None

    def told(self, officer: str) -> Told:
        """Ask all four doors, hold them to each other, and return what they say."""
        told = self.by_machine()
        told_at = told.due_at and told.due_at.astimezone(LOCAL)
        words = f"{told_at.day}/{told_at.month}/{told_at.year}, {told_at:%H:%M}" if told_at else "tạm dừng"
        mine, desk = (
            self._clock(who, address)
            for who, address in (
                (self.pages.applicant, f"/my/{self.number}/"),
                (officer, f"/desk/{self.number}/"),
            )
        )
        assert mine == desk, (mine, desk)
        assert words in mine.replace("Tạm dừng", "tạm dừng")
        public = self.pages.citizen.context.request.get(f"/status/?number={self.number}")
        assert words in public.text()
        return told

    def _clock(self, who: str, address: str) -> str:
        page = self.pages(who)
        page.goto(address)
        section = page.locator("section[aria-labelledby=clock]")
        rows = section.locator("dl").first.locator("dt, dd").all_inner_texts()
        return " | ".join([section.locator("p strong").first.inner_text(), *rows])

    def by_machine(self) -> Told:
        """Ask the door for machines, which tells moments to the microsecond."""
        city = self.pages.city
        asked = Request(
            f"{city.url}/api/submissions/{self.number}/national",
            headers={"Authorization": f"Bearer {city.accounts['api']['token']}"},
        )
        with urlopen(asked, timeout=20) as answer:
            told: dict[str, Any] = json.load(answer)
        due = told["due_at"]
        return Told(
            datetime.fromisoformat(told["changed_at"]),
            datetime.fromisoformat(due) if due else None,
            told["national_status"],
        )

    def stands(self, officer: str, status: int, due_at: datetime | None) -> Told:
        """Hold the date due, to the microsecond, to what was reckoned."""
        told = self.told(officer)
        assert told.status == status
        assert told.due_at == due_at
        if due_at is not None:
            self.due_at = due_at
        return told

    def resumed(self, officer: str, status: int, paused_at: datetime) -> Told:
        """Hold the date to what it was before the clock stood, and the office time in which it stood."""
        told = self.by_machine()
        assert self.due_at is not None
        return self.stands(officer, status, after(self.due_at, between(paused_at, told.changed_at)))


def file_on_tablet(pages: People) -> str:
    """Have a member of a digital team file without a connection; return the number that comes back with it."""
    person = pages.city.citizen(pages.applicant)
    screen = pages(HELPER)
    screen.goto("/teams/")
    screen.locator("#find").wait_for()
    screen.evaluate("navigator.serviceWorker.ready")
    screen.context.set_offline(True)
    screen.locator("#start-land_use_change").click()
    consent(screen)
    present(screen, person)
    screen.locator("#field-parcel_place").select_option(index=1)
    for name, value in PARCEL.items():
        screen.locator(f"#field-{name}").fill(value)
    screen.locator("#next").click()
    screen.locator("#field-present_use-garden").check()
    screen.locator("#field-area_m2").fill("120")
    screen.locator("#next").click()
    screen.locator("#field-certificate_number").fill("CK 123456")
    screen.locator("#next").click()
    screen.locator("#field-truthful").check()
    screen.locator("#next").click()
    screen.locator("#enqueue").click()
    expect(screen.locator("[data-list=waiting] [data-dossier]")).to_have_count(1)
    screen.context.set_offline(False)
    expect(screen.locator("[data-dossier]")).to_have_count(0, timeout=30_000)
    # Whoever the team helped before stands there as well; numbers are given in turn.
    sent = screen.locator(".done")
    sent.first.wait_for()
    return max(each.get_attribute("data-number") or "" for each in sent.all())


def act(
    page: Page,
    number: str,
    name: str,
    *,
    reason: str = "",
    until: datetime | None = None,
    found: dict[str, str] | None = None,
) -> str:
    """Choose an act, answer what it asks, confirm it, and return what the last page before it said."""
    # Who has just been told where the case stands looks at its page already.
    if not page.url.endswith(f"/desk/{number}/"):
        page.goto(f"/desk/{number}/")
    page.locator(f"input[name=act][value={name}]").check()
    page.locator("textarea[name=reason]").fill(reason)
    if until is not None:
        for part in ("day", "month", "year"):
            page.locator(f"input[name=until-{part}]").fill(str(getattr(until, part)))
    go_on(page)
    if found:
        for finding, value in found.items():
            page.locator(f"[name=found_{finding}]").fill(value)
        go_on(page)
    said = main(page).inner_text()
    main(page).get_by_role("button", name="xác nhận").click()
    page.wait_for_url("**/?done=*")
    return said


def go_on(page: Page) -> None:
    main(page).get_by_role("button", name="Tiếp tục").click()
    page.wait_for_load_state()


def answer(page: Page, number: str, code: str, finding: str, value: str) -> None:
    """Answer as the asked agency, from the case that stands in its queue."""
    page.goto("/desk/")
    assert number in main(page).inner_text()
    page.goto(f"/desk/{number}/consults/{code}/")
    page.locator(f"[name=found_{finding}][value={value}]").check()
    page.locator("[name=words]").fill("Không có ý kiến khác.")
    go_on(page)
    main(page).get_by_role("button", name="Gửi trả lời").click()
    page.wait_for_url("**/?answered=*")


def supply_certificate(page: Page, number: str) -> None:
    page.goto(f"/my/{number}/")
    assert "Bản chụp giấy chứng nhận" in main(page).inner_text()
    main(page).get_by_role("link", name="Bổ sung hồ sơ").or_(
        main(page).get_by_role("button", name="Bổ sung hồ sơ")
    ).click()
    page.wait_for_url("**/supply/")
    page.locator("[name=land_certificate-file]").set_input_files(
        {"name": "so-do.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    page.locator("textarea[name=text]").fill("Tôi bổ sung bản chụp giấy chứng nhận.")
    main(page).get_by_role("button", name="Gửi bổ sung").click()
    page.wait_for_url("**/?supplied=1")


def pay(pages: People, number: str) -> None:
    """Scan the code on the page of the case, pay at the bank, and wait until the case goes on."""
    page = pages.citizen
    page.goto(f"/my/{number}/")
    assert "96.000.000" in main(page).inner_text()
    pay_with_code(page, pages.city.bank)
    for _ in range(60):
        page.goto(f"/my/{number}/")
        if "đang soạn quyết định" in main(page).inner_text():
            return
        page.wait_for_timeout(500)
    raise AssertionError(main(page).inner_text())


def download(page: Page, number: str, folder: Path) -> Path:
    page.goto(f"/my/{number}/")
    with page.expect_download() as coming:
        main(page).get_by_role("button", name="Tải giấy (PDF)").click()
    path = folder / "quyet-dinh.pdf"
    coming.value.save_as(path)
    return path


def holds(city: City, paper: Path) -> None:
    """Hold the paper to poppler, and to our own check with pyHanko behind it."""
    seen = subprocess.run(
        ["pdfsig", "-nocert", str(paper)], capture_output=True, text=True, check=False, timeout=60
    )
    assert seen.stdout.count("Signature is Valid.") == 3
    report = city.motcua("documents", "check", str(paper), "--json")
    assert report.returncode == 0, report.stdout + report.stderr


def rate(page: Page, number: str) -> None:
    page.goto(f"/status/?number={number}")
    main(page).get_by_role("link", name="Đánh giá").click()
    page.locator("[name=step][value='5']").check()
    main(page).get_by_role("button", name="Gửi đánh giá").click()
    page.wait_for_url("**/?rated=1")
    assert "Rất hài lòng" in main(page).inner_text()


def test_land_dossier_from_the_tablet_to_the_sealed_decision(pages: People, tmp_path: Path) -> None:
    number = file_on_tablet(pages)
    story = Story(pages, number)
    filed = story.by_machine()
    story.stands(COUNTER, 1, after(filed.changed_at, DAY))

    act(pages(COUNTER), number, "accept")
    accepted = story.by_machine()
    story.stands(LAND, 4, after(accepted.changed_at, TERM))

    act(pages(LAND), number, "ask_for_additions", reason="Bản chụp giấy chứng nhận quyền sử dụng đất.")
    asked = story.stands(LAND, 5, None)
    supply_certificate(pages.citizen, number)
    story.resumed(LAND, 4, asked.changed_at)

    act(pages(LAND), number, "consult")
    story.stands(LAND, 4, story.due_at)
    answer(pages(PLANNING), number, "planning", "in_plan", "yes")
    answer(pages(ENVIRONMENT), number, "environment", "disputed", "no")
    story.stands(TAX, 4, story.due_at)

    act(pages(TAX), number, "assess", found={"tax_vnd": str(TAX_VND), "tax_notice": "TB 15/2026"})
    assessed = story.stands(LAND, 6, None)
    pay(pages, number)
    story.resumed(LAND, 4, assessed.changed_at)

    until = (datetime.now(LOCAL) + timedelta(days=40)).replace(hour=17, minute=0, second=0, microsecond=0)
    act(pages(LAND), number, "extend_drafting", reason="Hồ sơ địa chính đang được đo đạc lại.", until=until)
    story.stands(LAND, 4, until.astimezone(UTC))

    drafted = act(pages(LAND), number, "submit")
    assert "Căn cứ Luật Đất đai" in drafted
    story.stands(LEADER, 4, story.due_at)
    act(pages(LEADER), number, "approve")
    assert story.by_machine().status == 9

    holds(pages.city, download(pages.citizen, number, tmp_path))
    act(pages(COUNTER), number, "hand_over")
    rate(pages.citizen, number)
    assert story.by_machine().status == 10
