"""What a scanner types from the QR of an identity card."""

from datetime import date

import pytest

from motcua.identity.cards import CardNotRead, read_card
from motcua.identity.states import Sex

CARD = "048190000321|201234567|Trần Thị Hoa|03021990|Nữ|12 Bạch Đằng, Hải Châu, Đà Nẵng|15062021"


def test_the_card_says_number_name_date_of_birth_and_sex() -> None:
    card = read_card(CARD)

    assert (card.number, card.full_name, card.born_on, card.sex) == (
        "048190000321",
        "Trần Thị Hoa",
        date(1990, 2, 3),
        Sex.FEMALE,
    )


@pytest.mark.parametrize(
    "text",
    [
        f"  {CARD}\n",
        CARD + "|NGUYEN VAN BO|TRAN THI ME|",
        CARD.replace("201234567", ""),
        CARD.replace("Trần Thị Hoa", "Trần  Thị  Hoa"),
    ],
)
def test_spaces_newer_parts_and_a_missing_old_number_do_not_matter(text: str) -> None:
    assert read_card(text) == read_card(CARD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "048190000321",
        "https://example.org/|a|b|c|d",
        CARD.replace("|", ";"),
        CARD.replace("03021990", "31021990"),
        CARD.replace("03021990", "3021990"),
        CARD.replace("Trần Thị Hoa", " "),
    ],
)
def test_anything_else_is_no_card_and_is_not_repeated(text: str) -> None:
    with pytest.raises(CardNotRead) as refusal:
        read_card(text)

    assert "048190000321" not in str(refusal.value)


def test_an_unknown_word_for_the_sex_is_left_to_the_number() -> None:
    assert read_card(CARD.replace("Nữ", "?")).sex is None
