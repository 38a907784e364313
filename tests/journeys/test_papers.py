"""A citizen keeps a paper, shares it by a link, and sees who opened it; a hostile file is told in words."""

import io
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page

from .conftest import City, sign_in
from .looks import open_to_everyone
from .walks import main

CITIZEN = "o-vung-do"


@pytest.fixture(scope="module")
def plain(browser: Browser, city: City) -> Iterator[BrowserContext]:
    """Open a browser in which scripts do not run."""
    context = browser.new_context(base_url=city.url, locale="vi-VN", java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context
    context.close()


def photograph(folder: Path) -> Path:
    """Draw a paper that nobody has kept: a city that is joined may know those of the last run."""
    color = tuple(secrets.token_bytes(3))
    image = Image.new("RGB", (900, 1200), "white")
    drawing = ImageDraw.Draw(image)
    for line in range(40, 1160, 30):
        drawing.line((40, line, 860, line), fill=color, width=3)
    made = io.BytesIO()
    image.save(made, "JPEG")
    path = folder / "giay khai sinh.jpg"
    path.write_bytes(made.getvalue())
    return path


def upload(page: Page, path: Path, kind: str = "birth_certificate") -> None:
    page.goto("/my/papers/")
    page.locator("[name=kind]").select_option(kind)
    page.locator("[name=title]").fill("Giấy khai sinh bé An")
    page.locator("[name=file]").set_input_files(path)
    main(page).get_by_role("button", name="Tải lên và kiểm tra").click()
    page.wait_for_load_state()


def test_paper_is_kept_shared_and_opened_and_the_owner_sees_it(
    context: BrowserContext, browser: Browser, city: City, tmp_path: Path
) -> None:
    page = context.new_page()
    sign_in(page, city, CITIZEN)

    upload(page, photograph(tmp_path))
    assert "Đã kiểm tra và lưu" in main(page).inner_text()
    open_to_everyone(page)
    page.locator("[name=paper]").first.check()
    main(page).get_by_role("button", name="Chia sẻ giấy đã chọn").click()
    open_to_everyone(page)
    page.locator("[name=for_whom]").fill("Trường Phan Châu Trinh")
    page.locator("[name=purpose]").fill("nhập học")
    page.locator("[name=one_time]").check()
    main(page).get_by_role("button", name="Tạo liên kết").click()
    open_to_everyone(page)
    link = page.locator("#link").input_value()

    stranger = browser.new_context(locale="vi-VN", accept_downloads=True)
    other = stranger.new_page()
    other.goto(link)
    assert "chia sẻ giấy tờ" in main(other).inner_text()
    open_to_everyone(other)
    main(other).get_by_role("button", name="Mở giấy tờ").click()
    open_to_everyone(other)
    with other.expect_download() as download:
        main(other).get_by_role("button", name=re.compile("Tải về")).click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xff\xd8\xff")
    other.goto(link)
    assert "Liên kết không mở được" in main(other).inner_text()
    open_to_everyone(other)
    stranger.close()

    page.goto("/my/access/?source=papers&who=link")
    assert "Trường Phan Châu Trinh" in main(page).inner_text()
    assert "nhập học" in main(page).inner_text()
    open_to_everyone(page)


def test_papers_work_without_scripts(plain: BrowserContext, city: City, tmp_path: Path) -> None:
    page = plain.new_page()
    sign_in(page, city, "lam-o-vung-do")
    hostile = tmp_path / "anh.jpg"
    hostile.write_bytes(b"<!DOCTYPE html><script>alert(1)</script>")

    upload(page, hostile)
    refused = main(page).inner_text()
    upload(page, photograph(tmp_path))
    kept = main(page).inner_text()
    page.get_by_role("link", name=re.compile("^Xóa")).first.click()
    main(page).get_by_role("button", name="Xóa").click()

    assert "Tệp này là trang web HTML" in refused
    assert "Đã kiểm tra và lưu" in kept
    assert "Bạn chưa có giấy tờ nào ở đây." in main(page).inner_text()


def test_upload_is_reached_and_sent_by_keyboard(context: BrowserContext, city: City, tmp_path: Path) -> None:
    page = context.new_page()
    sign_in(page, city, CITIZEN)
    page.goto("/my/papers/")
    page.locator("[name=kind]").focus()
    reached = []
    for _ in range(6):
        reached.append(
            page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
        )
        page.keyboard.press("Tab")

    assert reached[:4] == ["kind", "title", "file", "file-photo"]
    assert "Tải lên và kiểm tra" in reached
