"""The citizen number: checked digit group by digit group, shown masked, stored hidden."""

import copy
import logging
import pickle
import sqlite3
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from motcua.identity.numbers import (
    BornInTheFuture,
    CenturyNotKnown,
    NotTwelveDigits,
    NumberRefused,
    PersonNumber,
    ProvinceNotKnown,
)
from motcua.identity.provinces import PROVINCES
from motcua.identity.sealing import NotSealedHere

GOOD = "049085012345"


@pytest.mark.parametrize(
    ("text", "province", "year", "sex"),
    [
        ("048078000123", "048", 1978, "male"),
        ("049185012345", "049", 1985, "female"),
        ("001200000001", "001", 2000, "male"),
        ("096399999999", "096", 2099, "female"),
        ("079400111222", "079", 2100, "male"),
        ("079500111222", "079", 2100, "female"),
        (" 0490 8501\u00a02345 ", "049", 1985, "male"),
        ("049.085.012.345", "049", 1985, "male"),
        ("049-085-012345", "049", 1985, "male"),
    ],
)
def test_a_good_number_tells_province_year_and_sex(text: str, province: str, year: int, sex: str) -> None:
    number = PersonNumber.parse(text)

    assert (number.province_code, number.birth_year, number.sex) == (province, year, sex)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", NotTwelveDigits),
        ("04908501234", NotTwelveDigits),
        ("0490850123456", NotTwelveDigits),
        ("04908501234a", NotTwelveDigits),
        ("+49085012345", NotTwelveDigits),
        ("٠٤٩٠٨٥٠١٢٣٤٥", NotTwelveDigits),
        ("０４９０８５０１２３４５", NotTwelveDigits),
        ("049085012345\x00", NotTwelveDigits),
        ("0" * 100_000, NotTwelveDigits),
        ("000085012345", ProvinceNotKnown),
        ("003085012345", ProvinceNotKnown),
        ("050085012345", ProvinceNotKnown),
        ("097085012345", ProvinceNotKnown),
        ("149085012345", ProvinceNotKnown),
        ("049685012345", CenturyNotKnown),
        ("049985012345", CenturyNotKnown),
    ],
)
def test_a_bad_number_is_refused_without_repeating_it(text: str, refusal: type[NumberRefused]) -> None:
    with pytest.raises(refusal) as caught:
        PersonNumber.parse(text)

    sentence = str(caught.value)
    assert sentence == caught.value.in_language("vi") != caught.value.in_language("en")
    assert not any(len(group) > 3 for group in sentence.split() if group.isdigit())


def test_a_year_that_has_not_come_is_refused() -> None:
    assert PersonNumber.parse("049226000001", on=date(2026, 1, 1)).birth_year == 2026
    with pytest.raises(BornInTheFuture):
        PersonNumber.parse("049227000001", on=date(2026, 12, 31))


def test_the_63_provinces_are_those_of_the_source_of_places() -> None:
    spec = find_spec("vietnamadminunits")
    assert spec is not None
    database = Path(str(spec.origin)).parent / "data" / "dataset.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        codes = {row[0] for row in connection.execute("SELECT DISTINCT provinceCode FROM admin_units_legacy")}
    connection.close()

    assert set(PROVINCES) == {f"0{code}" for code in codes}
    assert len(PROVINCES) == 63


def test_a_number_prints_masked_however_it_is_printed(caplog: pytest.LogCaptureFixture) -> None:
    number = PersonNumber(GOOD)

    with caplog.at_level(logging.INFO):
        logging.getLogger("motcua").info("asked for %s, %r, %s", number, number, [number])
    shown = [
        str(number),
        repr(number),
        f"{number}",
        f"{number:>40}",
        f"{number!r}",
        str({number: number}),
        caplog.text,
    ]

    assert all("49085012" not in text for text in shown)
    assert repr(number) == "PersonNumber(…345)"
    assert number.masked == "•••••••••345"


def test_an_error_about_a_number_shows_no_digits() -> None:
    number = PersonNumber(GOOD)

    with pytest.raises(AttributeError) as changed:
        number.year = 1  # type: ignore[attr-defined]  # the refusal under test
    with pytest.raises(TypeError) as pickled:
        pickle.dumps(number)
    with pytest.raises(TypeError):
        copy.deepcopy([number])

    assert GOOD not in str(changed.value) + str(pickled.value)


def test_the_same_number_has_the_same_key_and_another_has_another() -> None:
    assert PersonNumber(GOOD).key() == PersonNumber.parse("049 085 012 345").key()
    assert len(PersonNumber(GOOD).key()) == 32
    assert PersonNumber(GOOD).key() != PersonNumber("049085012346").key()
    assert len({PersonNumber(GOOD), PersonNumber(GOOD), PersonNumber("049085012346")}) == 2


def test_a_sealed_number_opens_and_one_changed_byte_does_not() -> None:
    sealed = PersonNumber(GOOD).seal()

    assert PersonNumber.unseal(sealed).digits == GOOD
    assert GOOD.encode() not in sealed
    assert PersonNumber(GOOD).seal() != sealed
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(NotSealedHere):
            PersonNumber.unseal(bytes(changed))
    with pytest.raises(NotSealedHere):
        PersonNumber.unseal(b"")
