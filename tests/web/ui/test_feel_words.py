"""Cells of decision tables in words: nothing is said that the rule does not say."""

import pytest

from motcua.web.ui.feel_words import parts_of, said
from motcua.web.ui.words import Bilingual

CODES = {
    "red": Bilingual("vùng đỏ", "red zone"),
    "green": Bilingual("vùng xanh", "green zone"),
    "food": Bilingual("lương thực, thực phẩm", "food, supply"),
    "true": Bilingual("đã khai", "declared"),
}
NAMES = {"days needed": Bilingual("Số ngày cần", "Days needed"), "days": Bilingual("Số ngày", "Days")}


@pytest.mark.parametrize(
    ("cell", "vi", "en"),
    [
        ('"red"', "vùng đỏ", "red zone"),
        ('"blue"', "blue", "blue"),
        ('"red","green"', "vùng đỏ hoặc vùng xanh", "red zone or green zone"),
        ('"red", "green" ,"blue"', "vùng đỏ, vùng xanh hoặc blue", "red zone, green zone or blue"),
        ('"red","food"', "vùng đỏ; hoặc lương thực, thực phẩm", "red zone; or food, supply"),
        ('not("red","green")', "không phải vùng đỏ hoặc vùng xanh", "not red zone or green zone"),
        ("not(null)", "đã rõ", "known"),
        ("null", "chưa rõ", "not known"),
        ("true", "đã khai", "declared"),
        ("false", "không", "no"),
        ("> 30", "hơn 30", "more than 30"),
        (">= 30", "từ 30 trở lên", "30 or more"),
        ("< 7.5", "dưới 7.5", "less than 7.5"),
        ("<=7", "nhiều nhất 7", "at most 7"),
        ("[1..7]", "từ 1 đến 7", "from 1 to 7"),
        ("(1..7)", "trên 1 đến dưới 7", "above 1 to below 7"),
        ("< today", "trước hôm nay", "before today"),
        ('> today + duration("P3D")', "sau hôm nay + 3 ngày", "after today + 3 days"),
        ('>= date("2021-09-03")', "từ 3/9/2021 trở đi", "3 September 2021 or later"),
        ('date("2021-13-03")', 'date("2021-13-03")', 'date("2021-13-03")'),
        (
            "if days needed > 14 then 14 else days needed",
            "Số ngày cần, nhiều nhất 14",
            "Days needed, at most 14",
        ),
        (
            "if days needed > days then days else days needed",
            "Số ngày cần, nhiều nhất số ngày",
            "Days needed, at most days",
        ),
        ("if days needed < 3 then 3 else days needed", "Số ngày cần, từ 3 trở lên", "Days needed, 3 or more"),
        (
            "if days > 2 then days needed else 1",
            "Số ngày cần nếu Số ngày > 2; nếu không thì 1",
            "Days needed if Days > 2; otherwise 1",
        ),
        (
            'if days = 1 then "red" else null',
            "vùng đỏ nếu Số ngày = 1; nếu không thì chưa rõ",
            "red zone if Days = 1; otherwise not known",
        ),
        ('concat("days needed", "red")', 'concat("days needed", vùng đỏ)', 'concat("days needed", red zone)'),
        ("holidays", "holidays", "holidays"),
        ("", "", ""),
    ],
)
def test_cell_in_words(cell: str, vi: str, en: str) -> None:
    text = said(cell, CODES, NAMES)

    assert (text.vi, text.en) == (vi, en)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('"a,b","c"', ['"a,b"', '"c"']),
        ("f(1,2), [1,2]", ["f(1,2)", "[1,2]"]),
        (r'"a\",b","c"', [r'"a\",b"', '"c"']),
        ("))) , (", [")))", "("]),
    ],
)
def test_commas_inside_quotes_and_brackets_part_nothing(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts
