"""Filing a request: steps, mistakes beside the fields, once and only once."""

import re
import unicodedata
import uuid
from collections.abc import Callable
from typing import Any  # Any: the town's fixture type lives in conftest, which is not importable

import pytest
from django.test import Client
from django.utils import timezone

from motcua.cases.models import Case, Draft, Submission

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
WHO = "nhan-vien-sieu-thi"
STEPS = ("work", "travel", "promise")


def address(step: str) -> str:
    return f"/apply/travel_pass/steps/{step}/"


def fill_in(browser: Client, town: Any, slug: str = WHO) -> str:
    """Answer every step and return the key that the check page would file under."""
    for step in STEPS:
        response = browser.post(address(step), town[slug].posted(step, timezone.now()))
        assert response.status_code == 302, response.content.decode()
    page = browser.get("/apply/travel_pass/check/").content.decode()
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", ["/apply/travel_pass/", address("work"), "/my/", "/my/access/", "/my/X/"])
@pytest.mark.usefixtures("town")
def test_page_for_citizens_leads_to_sign_in_and_back(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=%2F")


def test_start_shows_what_is_known_with_source_and_day(signed_in: SignedIn) -> None:
    page = signed_in(WHO).get("/apply/travel_pass/").content.decode()

    for part in ("Nguyễn Thị Thu Hà", "•", "Vùng xanh", "Cơ sở dữ liệu dân cư", "tính đến", "Thường trú"):
        assert part in page, part
    assert "048191990002" not in page


def test_steps_lead_to_the_check_and_the_check_to_one_case(signed_in: SignedIn, town: Any) -> None:
    browser = signed_in(WHO)
    key = fill_in(browser, town)

    response = browser.post("/apply/travel_pass/check/", {"key": key})

    assert re.fullmatch(r"/my/H17-\d{8}-\d{7}/receipt/", response.headers["Location"])
    assert "Đã nộp hồ sơ" in browser.get(response.headers["Location"]).content.decode()
    assert Case.objects.count() == 1
    assert Draft.objects.count() == 0


def test_double_click_is_one_case(signed_in: SignedIn, town: Any) -> None:
    browser = signed_in(WHO)
    key = fill_in(browser, town)

    first = browser.post("/apply/travel_pass/check/", {"key": key}).headers["Location"]
    second = browser.post("/apply/travel_pass/check/", {"key": key}).headers["Location"]

    assert first == second
    assert (Case.objects.count(), Submission.objects.count()) == (1, 1)


def test_key_of_another_page_files_nothing(signed_in: SignedIn, town: Any) -> None:
    browser = signed_in(WHO)
    fill_in(browser, town)

    for key in (str(uuid.uuid4()), "no-uuid", ""):
        response = browser.post("/apply/travel_pass/check/", {"key": key})
        assert response.headers["Location"] == "/apply/travel_pass/"
    assert Case.objects.count() == 0


def test_key_of_someone_else_leads_nowhere(signed_in: SignedIn, town: Any) -> None:
    first = signed_in(WHO)
    key = fill_in(first, town)
    first.post("/apply/travel_pass/check/", {"key": key})

    response = signed_in("o-vung-do").get(f"/apply/filed/{key}/")

    assert response.status_code == 202
    assert "H17-" not in response.content.decode()


def test_draft_is_kept_between_visits(signed_in: SignedIn, town: Any) -> None:
    signed_in(WHO).post(address("work"), town[WHO].posted("work", timezone.now()))

    later = signed_in(WHO)

    assert town[WHO].story["tax_code"] in later.get(address("work")).content.decode()
    assert "đang khai dở" in later.get("/my/").content.decode()


def test_discarded_draft_is_gone(signed_in: SignedIn, town: Any) -> None:
    browser = signed_in(WHO)
    browser.post(address("work"), town[WHO].posted("work", timezone.now()))

    browser.post("/apply/travel_pass/discard/")

    assert Draft.objects.count() == 0
    assert town[WHO].story["tax_code"] not in browser.get(address("work")).content.decode()


def test_check_leads_back_to_the_first_open_question(signed_in: SignedIn, town: Any) -> None:
    browser = signed_in(WHO)
    browser.post(address("work"), town[WHO].posted("work", timezone.now()))

    assert browser.get("/apply/travel_pass/check/").headers["Location"] == address("travel")


def test_mistake_is_in_the_summary_and_beside_the_field_and_nothing_is_lost(
    signed_in: SignedIn, town: Any
) -> None:
    browser = signed_in(WHO)

    response = browser.post(
        address("work"), {"capacity": "owner", "employer_tax_code": "12", "work_place": ""}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Cần sửa: " in page
    assert 'href="#field-employer_tax_code"' in page
    assert 'id="field-employer_tax_code-error"' in page
    assert 'href="#field-work_place"' in page
    assert 'value="12"' in page
    assert re.search(r'value="owner" checked', page)
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "0" * 20_000,
        "04\u202e123",
        "\x00\x01",
        "０４１２５８３３４３",
        "'; DROP TABLE cases_case; --",
        "{{ 7*7 }}",
        "😀" * 30,
    ],
)
def test_hostile_text_is_refused_shown_harmlessly_and_stored_nowhere(
    signed_in: SignedIn, town: Any, typed: str
) -> None:
    sent = {**town[WHO].posted("work", timezone.now()), "employer_tax_code": typed}

    response = signed_in(WHO).post(address("work"), sent)

    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()
    assert len(response.content) < 120_000
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "month", "year"), [("31", "2", "2026"), ("", "9", "2026"), ("x", "y", "z"), ("1", "1", "99999")]
)
def test_impossible_date_is_asked_again_with_what_was_typed(
    signed_in: SignedIn, town: Any, day: str, month: str, year: str
) -> None:
    sent = town[WHO].posted("travel", timezone.now()) | {
        "needed_from-day": day,
        "needed_from-month": month,
        "needed_from-year": year,
    }

    response = signed_in(WHO).post(address("travel"), sent)

    page = response.content.decode()
    assert response.status_code == 422
    assert "cần một ngày có thật" in page
    assert f'name="needed_from-day" type="text" inputmode="numeric" value="{day}"' in page


def test_extra_fields_are_not_kept(signed_in: SignedIn, town: Any) -> None:
    sent = {**town[WHO].posted("work", timezone.now()), "answer": "grant", "is_admin": "1"}

    signed_in(WHO).post(address("work"), sent)

    assert set(Draft.objects.get().values) == {"capacity", "employer_tax_code", "work_place"}


def test_decomposed_text_is_kept_composed(signed_in: SignedIn, town: Any) -> None:
    sent = {
        **town[WHO].posted("work", timezone.now()),
        "work_place": unicodedata.normalize("NFD", town[WHO].story["work_place"]),
    }

    signed_in(WHO).post(address("work"), sent)

    assert Draft.objects.get().values["work_place"] == town[WHO].story["work_place"]


def test_answer_that_no_longer_applies_is_dropped(signed_in: SignedIn, town: Any) -> None:
    browser = signed_in(WHO)
    sent = {**town[WHO].posted("travel", timezone.now()), "vehicle": "motorbike", "plate": "43D1-123.45"}
    browser.post(address("travel"), sent)

    browser.post(address("travel"), {**sent, "vehicle": "none"})

    assert "plate" not in Draft.objects.get().values


def test_change_from_the_check_page_leads_back_to_it(signed_in: SignedIn, town: Any) -> None:
    browser = signed_in(WHO)
    fill_in(browser, town)
    page = browser.get("/apply/travel_pass/check/").content.decode()
    assert f"{address('work')}?from=check#field-capacity" in page

    sent = {**town[WHO].posted("work", timezone.now()), "back_to": "check"}
    response = browser.post(f"{address('work')}?from=check", sent)

    assert response.headers["Location"] == "/apply/travel_pass/check/"


@pytest.mark.usefixtures("town")
def test_unknown_step_and_service_are_not_found(signed_in: SignedIn) -> None:
    browser = signed_in(WHO)

    assert browser.get(address("nowhere")).status_code == 404
    assert browser.get("/apply/nothing/").status_code == 404


def test_form_from_elsewhere_is_refused(town: Any, db: None) -> None:
    from motcua.identity.backends import PATH

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(town[WHO].account, backend=PATH)

    response = browser.post(address("work"), town[WHO].posted("work", timezone.now()))

    assert response.status_code == 403
    assert "Trang đã mở quá lâu" in response.content.decode()
    assert Draft.objects.count() == 0
