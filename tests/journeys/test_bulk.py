"""A firm files for its people: a list with faults, mended, confirmed, followed, answered and kept."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from .conftest import City, sign_in
from .looks import open_to_everyone, violations
from .walks import LOCAL, main
from .watching import Watch

OWNER, EMPLOYEE = "chu-ho-kinh-doanh", "nhan-vien-sieu-thi"
# Employees of the owner's supermarket in the demo: one is granted, the others are not.
PEOPLE = (EMPLOYEE, "o-vung-do", "het-bao-hiem")


@pytest.fixture(scope="module")
def desk(browser: Browser, city: City) -> Iterator[BrowserContext]:
    """Open the owner's browser, wide, and hold it to the same silence as every other."""
    context = browser.new_context(base_url=city.url, locale="vi-VN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    watch = Watch(context)
    page = context.new_page()
    sign_in(page, city, OWNER)
    page.close()
    yield context
    complaints = watch.complaints()
    context.close()
    assert complaints == []


def row(city: City, slug: str, **cells: str) -> dict[str, str]:
    person, now = city.citizen(slug), datetime.now(LOCAL)
    return {
        "Số định danh cá nhân": person["number"],
        "Họ và tên": person["name"],
        "Bạn là": "Người làm công tại cơ quan, doanh nghiệp, hộ kinh doanh",
        "Phường, xã nơi làm việc": city.citizen(EMPLOYEE)["work_place"],
        "Cần đi từ ngày": f"{now:%d/%m/%Y}",
        "Số ngày cần đi": "3",
        "Ca làm việc": "Ca ngày",
        **cells,
    }


def list_of(rows: list[dict[str, str]], folder: Path) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "nhan vien.csv"
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    return path


def hand_in(page: Page, city: City, path: Path) -> None:
    page.goto("/services/travel_pass/")
    main(page).get_by_role("button", name="Nộp cho nhiều người").click()
    page.locator("[name=firm]").fill(city.citizen(EMPLOYEE)["tax_code"])
    page.locator("[name=list]").set_input_files(path)
    main(page).get_by_role("button", name="Tải lên và kiểm tra").click()


def look_again_until(page: Page, wanted: Locator) -> None:
    """Ask for the page again, as one does without scripts, until it shows what is waited for."""
    for _ in range(30):
        if wanted.count():
            return
        page.wait_for_timeout(1000)
        page.goto(page.url)
    raise AssertionError(f"not shown after half a minute: {wanted}")


def test_list_is_mended_confirmed_followed_and_answered(
    city: City, desk: BrowserContext, tmp_path: Path
) -> None:
    page = desk.new_page()

    # A file that is no list is refused beside its field.
    picture = tmp_path / "ảnh.pdf"
    picture.write_bytes(b"%PDF-1.7\n" + b"x" * 500)
    hand_in(page, city, picture)
    assert "Đây là tệp PDF" in page.locator(".govuk-error-summary").inner_text()
    open_to_everyone(page)

    # A list with faults: each is told by row, column and remedy, and nothing is filed.
    people = [row(city, slug) for slug in PEOPLE]
    faulty = [row(city, PEOPLE[0]), row(city, "o-vung-do", **{"Số định danh cá nhân": "12345"})]
    hand_in(page, city, list_of([*people, *faulty], tmp_path))
    main(page).get_by_role("heading", name="Xác nhận và nộp").wait_for()
    told = main(page).inner_text()
    assert "Người này đã có ở dòng 2. Giữ lại một dòng." in told
    assert "Số định danh cá nhân phải gồm đúng 12 chữ số" in told
    open_to_everyone(page)

    with page.expect_download() as marked:
        main(page).get_by_role("link", name="Tải danh sách có ghi lỗi ở cột cuối").click()
    rows = list(csv.reader(io.StringIO(Path(marked.value.path()).read_text("utf-8-sig"))))
    assert [line[-1] != "" for line in rows] == [True, False, False, False, True, True]

    # The mended list, as a workbook made from the template.
    page.goto("/services/travel_pass/bulk/")
    open_to_everyone(page)
    with page.expect_download() as template:
        main(page).get_by_role("button", name="Tải mẫu Excel").click()
    book = load_workbook(io.BytesIO(Path(template.value.path()).read_bytes()))
    heading = [cell.value for cell in book.worksheets[0][1]]
    for at, person in enumerate(people, 2):
        for column, words in enumerate(heading, 1):
            book.worksheets[0].cell(at, column).value = person.get(str(words), "")
    book.save(tmp_path / "da sua.xlsx")
    hand_in(page, city, tmp_path / "da sua.xlsx")
    main(page).get_by_role("heading", name="Xác nhận và nộp").wait_for()
    button = main(page).get_by_role("button", name="Nộp 3 hồ sơ")
    button.click()
    assert "Đánh dấu vào ô cam kết" in page.locator(".govuk-error-summary").inner_text()
    open_to_everyone(page)
    page.locator("[name=promised]").check()
    main(page).get_by_role("button", name="Nộp 3 hồ sơ").click()
    main(page).get_by_role("link", name="Văn bản xác nhận có chữ ký số").wait_for()
    open_to_everyone(page)

    # Answers: what concerns a person is not told to the firm.
    main(page).get_by_role("button", name="Xem từng người").click()
    page.wait_for_load_state()
    open_to_everyone(page)
    told = main(page).inner_text()
    assert told.count("Chưa cấp") >= 2
    assert "vùng đỏ" not in told.lower()
    assert "bảo hiểm" not in told
    assert city.citizen(PEOPLE[0])["number"] not in page.content()
    page.locator("[name=q]").fill("thu ha")
    main(page).get_by_role("button", name="Tìm").click()
    page.wait_for_load_state()
    assert "Nguyễn Thị Thu Hà" in main(page).inner_text()
    assert "Võ Văn Thành" not in main(page).inner_text()

    keep_what_was_signed(city, page, tmp_path)


def keep_what_was_signed(city: City, page: Page, folder: Path) -> None:
    """Download manifest, rows and sheets; the manifest holds, and does not hold for a changed file."""
    address = re.sub(r"results/.*", "", page.url)
    page.goto(address)
    for name, link in (("m.cose", "Văn bản xác nhận có chữ ký số"), ("r.csv", "Các dòng đã nộp")):
        with page.expect_download() as file:
            main(page).get_by_role("link", name=link).click()
        (folder / name).write_bytes(Path(file.value.path()).read_bytes())
    files = ("--list", str(folder / "da sua.xlsx"), "--rows", str(folder / "r.csv"))
    verified = city.motcua("bulk", "verify", str(folder / "m.cose"), *files)
    assert verified.returncode == 0, verified.stderr
    assert "granted 1, refused 2" in verified.stdout.replace("referred 0, ", "")
    (folder / "r.csv").write_bytes((folder / "r.csv").read_bytes().replace(b"refused", b"granted", 1))
    assert city.motcua("bulk", "verify", str(folder / "m.cose"), *files).returncode == 1

    page.locator("#layout-eight").check()
    main(page).get_by_role("button", name="Lập tờ mã QR").click()
    sheets = main(page).get_by_role("link", name="Tải tờ mã QR")
    sheets.wait_for()
    with page.expect_download() as archive:
        sheets.click()
    with zipfile.ZipFile(archive.value.path()) as parts:
        assert parts.namelist() == ["ma-qr-001.pdf"]
        assert parts.read("ma-qr-001.pdf").startswith(b"%PDF-")


def test_employee_sees_the_case_and_who_filed_it(
    city: City, page: Page, desk: BrowserContext, tmp_path: Path
) -> None:
    owner = desk.new_page()
    hand_in(owner, city, list_of([row(city, EMPLOYEE)], tmp_path))
    main(owner).get_by_role("heading", name="Xác nhận và nộp").wait_for()
    owner.locator("[name=promised]").check()
    main(owner).get_by_role("button", name="Nộp 1 hồ sơ").click()
    main(owner).get_by_role("link", name="Văn bản xác nhận có chữ ký số").wait_for()
    # Looking at the people one by one is what the employee is told of.
    main(owner).get_by_role("button", name="Xem từng người").click()
    owner.wait_for_load_state()
    owner.close()
    sign_in(page, city, EMPLOYEE)

    page.goto("/my/")
    main(page).get_by_role("link", name="Giấy đi đường").first.click()
    page.wait_for_load_state()

    assert "Siêu thị Sông Hàn Xanh" in main(page).inner_text()
    assert "nộp thay bạn" in main(page).inner_text()
    assert violations(page) == []
    page.goto("/my/access/")
    assert "Kết quả và thời hạn" in main(page).inner_text()


def test_list_can_be_handed_in_without_scripts_and_by_keyboard(
    city: City, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(
        base_url=city.url, locale="vi-VN", viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in(page, city, OWNER)
    hand_in(page, city, list_of([row(city, "het-bao-hiem")], tmp_path))
    page.wait_for_url(re.compile("/bulk/[0-9a-f-]{36}/"))
    look_again_until(page, main(page).get_by_role("button", name="Nộp 1 hồ sơ"))

    page.locator("[name=promised]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look_again_until(page, main(page).get_by_role("link", name="Văn bản xác nhận"))

    assert "Chưa được cấp" in main(page).inner_text()
    context.close()
