"""Components draw exactly the HTML that was read in review; ``MOTCUA_WRITE_GOLDEN=1`` writes it anew."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from motcua.web.ui.components import Choice, Crumb, FieldError, FieldView, Moment, Pages, Row, Step
from motcua.web.ui.words import Bilingual

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = "<script>alert(1)</script>\"'&"
NAME = Bilingual("Họ và tên", "Name")
SHIFTS = (
    Choice("day", Bilingual("Ca ngày", "Day shift")),
    Choice("night", Bilingual("Ca đêm", "Night shift"), hint=Bilingual("Sau 22 giờ", "After 10 pm")),
)
VALUES = {
    "text": FieldView("name", NAME, value=HOSTILE, hint=HOSTILE, error=HOSTILE, autocomplete="name"),
    "optional": FieldView("name", NAME, required=False),
    "area": FieldView("why", NAME, widget="textarea", value=HOSTILE, max_length=200),
    "day": FieldView("day", NAME, widget="date", parts=("31", "2", HOSTILE), error=NAME),
    "radios": FieldView("shift", NAME, widget="radios", value="night", choices=SHIFTS),
    "checkboxes": FieldView(
        "shift", NAME, widget="checkboxes", chosen=frozenset({"day", "night"}), choices=SHIFTS
    ),
    "checkbox": FieldView("sure", NAME, widget="checkbox", value="yes", error=NAME),
    "select": FieldView("shift", NAME, widget="select", value="day", choices=SHIFTS),
    "password": FieldView("secret", NAME, widget="password", value="never shown"),
    "errors": (FieldError("name", NAME), FieldError("", HOSTILE)),
    "rows": (Row(NAME, HOSTILE, source=NAME, change_url="/x/"), Row(NAME, "dòng một\ndòng hai")),
    "moments": (
        Moment(Bilingual("Nộp", "Filed"), datetime(2021, 9, 3, 7, 5, tzinfo=UTC), by=NAME, text=HOSTILE),
        Moment(Bilingual("Có kết quả", "The answer")),
    ),
    "steps": (
        Step(Bilingual("Một", "One"), "done", "/1/"),
        Step(Bilingual("Hai", "Two"), "current"),
        Step(Bilingual("Ba", "Three"), "ahead"),
    ),
    "pages": Pages(5, 12, "?q=a&page={page}"),
    "crumbs": (Crumb(NAME, "/a/"), Crumb(HOSTILE, "/b/")),
    "hostile": HOSTILE,
}
PIECES = {
    "button": '{% button "Gửi" "Send" %}{% button "Xem" "See" href=hostile kind="secondary" %}',
    "field_text": "{% field text %}{% field optional %}{% field password %}",
    "field_area": "{% field area %}",
    "field_date": "{% field day %}",
    "field_choices": "{% field radios %}{% field checkboxes %}{% field checkbox %}{% field select %}",
    "ask": '{% ask "number" "Số hồ sơ" "Case number" value=hostile errors=errors hint_vi="Gợi ý" hint_en="Hint" %}',
    "error_summary": "{% error_summary errors %}{% error_summary None %}",
    "summary_list": "{% summary_list rows %}",
    "timeline": "{% timeline moments %}",
    "steps": "{% steps steps %}",
    "pagination": "{% pagination pages %}",
    "breadcrumbs": '{% breadcrumbs crumbs %}{% back_link "/a/" %}',
    "status_tag": '{% status_tag hostile "green" %}',
    "around": (
        '{% notification "Đã lưu" "Saved" kind="success" %}<p>{{ hostile }}</p>{% endnotification %}'
        '{% panel "Đã nộp" "Filed" %}{{ hostile }}{% endpanel %}{% details "Thêm" "More" %}{{ hostile }}{% enddetails %}'
        "{% inset %}{{ hostile }}{% endinset %}{% warning %}{{ hostile }}{% endwarning %}"
    ),
    "words": '{% t "Chào {who}" "Hello {who}" who=hostile %} {{ 1234567|number }} {{ 0|vnd }} {{ 50000|vnd }}',
}


def drawn(piece: str, language: str) -> str:
    with translation.override(language):
        html = Template("{% load ui %}" + PIECES[piece]).render(Context(VALUES))
    return "\n".join(line.strip() for line in html.splitlines() if line.strip()) + "\n"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("piece", PIECES)
def test_component_draws_what_was_reviewed(piece: str, language: str) -> None:
    html = drawn(piece, language)

    golden = GOLDEN / f"{piece}.{language}.html"
    if os.environ.get("MOTCUA_WRITE_GOLDEN") == "1":
        golden.write_text(html, encoding="utf-8")
    assert html == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("piece", PIECES)
def test_no_component_lets_markup_through_or_styles_inline(piece: str) -> None:
    html = drawn(piece, "vi")

    assert "<script" not in html
    assert " style=" not in html
    assert " onclick" not in html


def test_password_is_never_sent_back() -> None:
    assert "never shown" not in drawn("field_text", "vi")
