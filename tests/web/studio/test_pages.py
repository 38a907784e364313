"""The studio: a draft is begun, changed without a script, checked, compared and installed by a second person."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from drafting import EXAMPLES, MODEL, MODEL_TEXT, at_most, examples_for
from pytest_django import DjangoAssertNumQueries

from motcua.packs.models import RuleDraft
from motcua.procedures.queries import procedure_in_force
from motcua.web.studio.editor import STYLES_OF_THE_LIBRARY, hash_of

from .conftest import SignIn

pytestmark = pytest.mark.django_db
HOME = "/studio/new_service/"
DRAFT = f"{HOME}draft/"


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def upload(browser: Client, path: str, content: bytes, seen: int | str, **headers: str) -> HttpResponse:
    sent = SimpleUploadedFile("x.dmn", content, content_type="text/html")
    form = {"path": path, "seen_version": seen, "file": sent}
    return browser.post(f"{DRAFT}save/", form, headers=headers)


def begun(browser: Client) -> None:
    assert browser.post(f"{HOME}begin/").status_code == 302


def clean(browser: Client, days: int = 20) -> None:
    begun(browser)
    assert upload(browser, MODEL, at_most(days), 0).status_code == 302
    assert upload(browser, EXAMPLES, examples_for(days), 1).status_code == 302


def test_designer_finds_the_services_of_the_office(sign_in: SignIn) -> None:
    browser = sign_in()

    assert browser.get("/desk/").headers["Location"] == "/studio/"
    assert "Dịch vụ mới" in text_of(browser.get("/studio/"))
    page = text_of(browser.get(HOME))
    assert "Sửa bảng quy tắc" in page
    assert "Phiên bản 1" in page


def test_draft_of_failing_examples_says_expected_and_got_and_cannot_be_installed(sign_in: SignIn) -> None:
    browser, other = sign_in("lan"), sign_in("minh")
    begun(browser)

    saved = upload(browser, MODEL, at_most(20), 0)

    assert saved.headers["Location"] == f"{DRAFT}?saved=1"
    page = text_of(browser.get(DRAFT))
    assert "Kiểm tra chưa đạt" in page
    assert "thirty_days_are_allowed" in page
    assert "kết quả là refuse/too_many_days, không phải grant/resident" in page
    assert "Áp dụng được khi kiểm tra đạt" in page
    assert "Số ngày cần: hơn 30" in page
    assert "Số ngày cần: hơn 20" in page
    refused = other.post(f"{DRAFT}install/", {"seen_version": 1, "read": "yes"})
    assert refused.status_code == 409
    assert "Bản nháp còn lỗi" in text_of(refused)
    assert procedure_in_force("new_service").number == 1


def test_faults_of_the_tables_are_told_with_table_row_and_an_example(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)
    broken = MODEL_TEXT.replace('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"').replace(
        '<outputEntry><text>"grant"</text>', '<outputEntry><text>"allow"</text>'
    )

    upload(browser, MODEL, broken.encode(), 0)

    page = text_of(browser.get(DRAFT))
    assert "Bảng verdict: các dòng 1, 2 cùng khớp một trường hợp (ví dụ" in page
    assert "Tình trạng cư trú = &quot;moved_away&quot;" in page
    assert "Bảng verdict, dòng 5, cột “answer”: “allow” không thuộc các giá trị được phép" in page
    assert "quy trình không có bước nào thực hiện kết quả “allow”" in page.lower()


def test_examples_are_mended_as_text_without_a_script(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)
    upload(browser, MODEL, at_most(20), 0)
    form = {
        "path": EXAMPLES,
        "seen_version": 1,
        "text": examples_for(20).decode().replace("\n", "\r\n"),
    }

    assert browser.post(f"{DRAFT}save/", form).status_code == 302

    page = text_of(browser.get(DRAFT))
    assert "Kiểm tra đạt" in page
    assert "một người khác của cơ quan phải xem lại và áp dụng" in page


def test_second_person_installs_after_reading_and_the_service_tells_both_versions(sign_in: SignIn) -> None:
    clean(sign_in("lan"))
    browser = sign_in("minh")

    page = text_of(browser.get(f"{DRAFT}install/"))
    unread = browser.post(f"{DRAFT}install/", {"seen_version": 2})
    done = browser.post(f"{DRAFT}install/", {"seen_version": 2, "read": "yes"})

    assert "Phiên bản 2 sẽ được áp dụng ngay khi bạn bấm nút, hôm nay Thứ Sáu, 20/11/2026" in page
    assert unread.status_code == 422
    assert "Đánh dấu rằng bạn đã đọc các thay đổi" in text_of(unread)
    assert done.headers["Location"] == f"{HOME}?done=installed"
    page = text_of(browser.get(f"{HOME}?done=installed"))
    assert "Phiên bản 2 được áp dụng từ Thứ Sáu, 20/11/2026, 09:00" in page
    assert "Đã áp dụng thành phiên bản 2" in page
    public = Client()
    now, before = "/services/new_service/rules/", "/services/new_service/rules/?on=2026-11-19"
    assert "Số ngày cần: hơn 20" in text_of(public.get(now))
    assert "Số ngày cần: hơn 30" in text_of(public.get(before))


def test_author_is_shown_no_button_and_is_refused(sign_in: SignIn) -> None:
    browser = sign_in()
    clean(browser)

    page = browser.get(f"{DRAFT}install/")
    refused = browser.post(f"{DRAFT}install/", {"seen_version": 2, "read": "yes"})

    assert "Áp dụng từ bây giờ" not in text_of(page)
    assert "Bạn đã viết vào bản nháp này" in text_of(page)
    assert refused.status_code == 409
    assert procedure_in_force("new_service").number == 1


def test_who_came_too_late_gets_their_text_back_and_overwrites_nothing(sign_in: SignIn) -> None:
    begun(sign_in("lan"))
    upload(sign_in("lan"), MODEL, at_most(20), 0)
    form = {"path": "SOURCES.md", "seen_version": 0, "text": "# Căn cứ của tôi"}

    late = sign_in("minh").post(f"{DRAFT}save/", form)

    assert late.status_code == 409
    assert "Bản của bạn chưa được lưu" in text_of(late)
    assert "# Căn cứ của tôi" in text_of(late)
    assert RuleDraft.objects.get().version == 1


def test_editor_is_answered_in_json(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)

    bad = upload(browser, MODEL, b"<a>", 0, accept="application/json")
    late = upload(browser, MODEL, at_most(20), 7, accept="application/json")
    good = upload(browser, MODEL, at_most(20), 0, accept="application/json")

    assert (bad.status_code, late.status_code, good.status_code) == (422, 409, 200)
    assert "không đọc được tệp quy tắc" in bad.json()["errors"][0]
    assert "người khác lưu" in late.json()["errors"][0]
    assert good.json() == {"location": f"{DRAFT}?saved=1"}


def test_uploaded_text_is_never_sent_as_a_page(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)
    script = "# Căn cứ\n<script>alert(1)</script>\n"
    browser.post(f"{DRAFT}save/", {"path": "SOURCES.md", "seen_version": 0, "text": script})

    kept = browser.get(f"{DRAFT}download/", {"path": "SOURCES.md"})
    shown = browser.get(f"{DRAFT}file/", {"path": "SOURCES.md"})

    assert kept.content.decode() == script
    assert kept.headers["Content-Type"] == "application/octet-stream"
    assert kept.headers["Content-Disposition"] == 'attachment; filename="new_service-1-SOURCES.md"'
    assert kept.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>alert" not in shown.content.decode()


@pytest.mark.parametrize("path", ["pack.yaml", "../../etc/passwd", "", "decisions/x.dmn", "examples/"])
def test_other_files_are_not_there(sign_in: SignIn, path: str) -> None:
    browser = sign_in()
    begun(browser)

    for address in ("file", "download"):
        assert browser.get(f"{DRAFT}{address}/", {"path": path}).status_code == 404
    assert upload(browser, path, b"x", 0).status_code == 404


def test_nothing_chosen_and_nothing_changed_are_told(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)

    empty = browser.post(f"{DRAFT}save/", {"path": MODEL, "seen_version": 0})
    same = upload(browser, MODEL, MODEL_TEXT.encode(), 0)

    assert (empty.status_code, same.status_code) == (422, 422)
    assert "Chọn tệp cần tải lên" in text_of(empty)
    assert "giống hệt bản đang có" in text_of(same)


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "١"])
def test_version_that_is_none_is_one_of_another_page(sign_in: SignIn, seen: str) -> None:
    browser = sign_in()
    begun(browser)

    assert upload(browser, MODEL, at_most(20), seen).status_code == 409
    assert browser.post(f"{DRAFT}discard/", {"seen_version": seen}).status_code == 409
    assert RuleDraft.objects.get().outcome == "open"


def test_discard_asks_first_and_keeps_what_is_in_force(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)

    assert "Bỏ bản nháp này?" in text_of(browser.get(f"{DRAFT}discard/"))
    assert RuleDraft.objects.get().outcome == "open"
    done = browser.post(f"{DRAFT}discard/", {"seen_version": 0})

    assert done.headers["Location"] == f"{HOME}?done=discarded"
    assert "không lưu gì" in text_of(browser.get(HOME))
    assert browser.get(DRAFT).headers["Location"] == HOME


def test_editor_allows_the_styles_of_the_library_and_no_others(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)

    policy = browser.get(f"{DRAFT}tables/").headers["Content-Security-Policy"]
    elsewhere = browser.get(DRAFT).headers["Content-Security-Policy"]

    for style in STYLES_OF_THE_LIBRARY:
        assert hash_of(style) in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-hashes" not in elsewhere


def test_model_of_another_serialization_is_for_upload_only(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)
    newer = MODEL_TEXT.replace("DMN/20191111/MODEL", "DMN/20230324/MODEL")
    upload(browser, MODEL, newer.encode(), 0)

    page = browser.get(f"{DRAFT}tables/")

    assert "không ở dạng DMN 1.3" in text_of(page)
    assert "studio.js" not in page.content.decode()


def test_pages_speak_english(sign_in: SignIn) -> None:
    browser = sign_in()
    browser.cookies["django_language"] = "en"
    begun(browser)
    upload(browser, MODEL, at_most(20), 0)

    page = text_of(browser.get(DRAFT))

    assert "comes out as refuse/too_many_days, not grant/resident" in page
    assert "more than 20" in page


def test_list_of_services_costs_the_same_for_each_service(
    sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = sign_in()
    browser.get("/studio/")

    # Session, account, appointments; services, drafts, and the office of the one service.
    with django_assert_num_queries(6):
        browser.get("/studio/")


def test_many_faults_are_told_in_part_and_the_rest_behind_a_line(sign_in: SignIn) -> None:
    browser = sign_in()
    begun(browser)
    # The first row takes every case, so that no later one applies and nearly every example fails.
    first = '<inputEntry><text>"moved_away"</text></inputEntry>'
    names = "".join(f"  - {{name: again_{at}, answer: grant, reason: resident}}\n" for at in range(20))
    upload(browser, EXAMPLES, examples_for(30).replace(b"cases:", names.encode() + b"cases:"), 0)
    upload(browser, MODEL, MODEL_TEXT.replace(first, first.replace('"moved_away"', "-")).encode(), 1)

    page = browser.get(DRAFT).content.decode()

    seen, _, behind = page.partition("Những ví dụ còn lại")
    assert seen.count('class="mc-example"') == 8
    assert behind.count('class="mc-example"') >= 12
    assert "bảng verdict: dòng 2 không bao giờ được áp dụng" in page.lower()
