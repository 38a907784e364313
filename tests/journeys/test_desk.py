"""An officer's morning at the desk: by keys to a case, taken in hand, a reason kept ready that has to be filled in."""

from playwright.sync_api import BrowserContext, Page, expect

from .conftest import City, sign_in_officer
from .looks import violations
from .walks import main

REASON = "Đề nghị nộp thêm [tên giấy tờ]."


def keep_a_reason_ready(page: Page) -> None:
    page.goto("/desk/reasons/")
    page.locator("[name=title]").fill("Thiếu giấy tờ")
    page.locator("[name=text]").fill(REASON)
    main(page).get_by_role("button", name="Lưu mẫu").click()
    expect(main(page).get_by_role("link", name="Thiếu giấy tờ")).to_be_visible()


def test_officer_works_by_keys_and_sends_no_reason_half_written(context: BrowserContext, city: City) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in_officer(page, city, "pheduyet")
    keep_a_reason_ready(page)

    # By keys: the first case, ticked; what the keys are; and into the case.
    page.goto("/desk/?why=unknown_fact")
    assert violations(page) == []
    page.keyboard.press("j")
    first = page.locator("table a.mc-number").first
    expect(first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("input[name=case]").first).to_be_checked()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("summary").filter(has_text="Lưu bộ lọc này").click()
    page.locator("#filter-name").fill("Dữ kiện chưa rõ")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("link", name="Dữ kiện chưa rõ")).to_have_attribute("aria-current", "page")
    number = page.locator("table a.mc-number").first.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/{number}/")

    # In hand, and the reason as the office keeps it: with a place to fill in, which has to be.
    main(page).get_by_role("button", name="Tôi nhận hồ sơ này").click()
    expect(main(page).get_by_text("Bạn đang giữ hồ sơ này")).to_be_visible()
    main(page).get_by_text("Không cấp", exact=True).click()
    page.locator("#template").select_option(label="Thiếu giấy tờ")
    expect(page.locator("[name=reason]")).to_have_value(REASON)
    main(page).get_by_role("button", name="Tiếp tục").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("[tên giấy tờ]")
    assert violations(page) == []
    page.locator("[name=reason]").fill("Đề nghị nộp thêm hợp đồng lao động.")
    main(page).get_by_role("button", name="Tiếp tục").click()
    expect(main(page).get_by_text("hợp đồng lao động")).to_be_visible()

    page.goto("/desk/?hand=mine")
    expect(page.get_by_role("link", name=number)).to_be_visible()
    page.goto("/operations/late/")
    assert violations(page) == []
    leave_as_found(page, number)


def leave_as_found(page: Page, number: str) -> None:
    """Give the case back, and drop the filter and the reason: other journeys have the same city."""
    page.goto(f"/desk/{number}/")
    main(page).get_by_role("button", name="Trả lại, để người khác nhận").click()
    expect(main(page).get_by_text("Chưa ai nhận hồ sơ này.")).to_be_visible()
    page.goto("/desk/?why=unknown_fact")
    page.locator("summary").filter(has_text="Lưu bộ lọc này").click()
    page.get_by_role("button", name="Xóa bộ lọc").click()
    page.goto("/desk/reasons/")
    main(page).get_by_role("link", name="Thiếu giấy tờ").click()
    main(page).get_by_role("button", name="Không dùng mẫu này nữa").click()
    page.wait_for_url("**/desk/reasons/")
