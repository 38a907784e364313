"""Words, dates and numbers in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from motcua.web.ui.words import (
    Bilingual,
    date_in_words,
    in_words,
    number_in_words,
    short_date,
    term_in_words,
    time_in_words,
)

FRIDAY = datetime(2021, 9, 3, 7, 5, tzinfo=UTC)


def test_moment_is_told_in_the_time_of_the_city() -> None:
    assert time_in_words(FRIDAY, "vi") == "Thứ Sáu, 3/9/2021, 14:05"
    assert time_in_words(FRIDAY, "en") == "Friday 3 September 2021, 14:05"


def test_evening_in_greenwich_is_the_next_day_here() -> None:
    assert date_in_words(datetime(2021, 9, 3, 18, 0, tzinfo=UTC), "vi") == "Thứ Bảy, 4/9/2021"
    assert short_date(datetime(2021, 9, 3, 18, 0, tzinfo=UTC), "vi") == "4/9/2021"


@pytest.mark.parametrize(
    ("day", "vi", "en"),
    [
        (date(2021, 9, 5), "Chủ Nhật, 5/9/2021", "Sunday 5 September 2021"),
        (date(2024, 2, 29), "Thứ Năm, 29/2/2024", "Thursday 29 February 2024"),
        (date(2026, 1, 5), "Thứ Hai, 5/1/2026", "Monday 5 January 2026"),
    ],
)
def test_day_carries_its_weekday(day: date, vi: str, en: str) -> None:
    assert (date_in_words(day, "vi"), date_in_words(day, "en")) == (vi, en)


def test_numbers_are_grouped_as_each_language_does() -> None:
    assert number_in_words(1234567.5, "vi") == "1.234.567,5"
    assert number_in_words(1234567.5, "en") == "1,234,567.5"


def test_text_follows_the_language_of_the_page() -> None:
    text = Bilingual("Xin chào", "Hello")

    with translation.override("en"):
        assert in_words(text) == str(text) == "Hello"
    with translation.override("vi"):
        assert in_words(text) == "Xin chào"
    assert in_words("as it is") == "as it is"


def test_filled_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    text = Bilingual("{who} nộp {what}", "{who} filed {what}").filled(
        who="{what}", what=Bilingual("đơn", "a form")
    )

    assert text == Bilingual("{what} nộp đơn", "{what} filed a form")


def test_half_a_day_is_told_as_people_say_it() -> None:
    assert term_in_words(Decimal("0.5"), 0) == Bilingual("nửa ngày làm việc", "half a working day")
    assert term_in_words(Decimal("1.5"), 0) == Bilingual("1,5 ngày làm việc", "1.5 working days")
