import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.seals import deterministic
from motcua.seals.deterministic import NotCbor


def test_shorter_keys_come_first_and_numbers_are_short() -> None:
    assert deterministic.encode({"b": 1, 300: 2, 10: 3}).hex() == "a30a0361620119012c02"


@pytest.mark.parametrize(
    "encoded",
    [
        "",  # nothing
        "0102",  # two items
        "5bffffffffffffffff",  # a length beyond the input
        "bf0102ff",  # indefinite length
        "a201020103",  # a key twice
        "81" * 40 + "01",  # too deep
        "c24101",  # big number
        "c5821b7fffffffffffffff03",  # an enormous power
        "d82368282e2b292b2b24",  # a regular expression
        "d81c81d81d00",  # a list that holds itself
        "d9ffff01",  # an unknown tag
        "6180",  # not UTF-8
        "1c",  # reserved
    ],
)
def test_what_could_hurt_is_refused(encoded: str) -> None:
    with pytest.raises(NotCbor):
        deterministic.decode(bytes.fromhex(encoded))


def test_indefinite_lengths_are_read_on_demand_only() -> None:
    assert deterministic.decode(bytes.fromhex("bf0102ff"), indefinite=True) == {1: 2}


def test_a_date_keeps_its_plain_content() -> None:
    assert deterministic.decode(bytes.fromhex("c16131")) == "1"


def test_a_map_is_a_map() -> None:
    assert deterministic.decode_map(bytes.fromhex("a10102")) == {1: 2}
    with pytest.raises(NotCbor, match="map"):
        deterministic.decode_map(b"\x01")


KEYS = st.one_of(st.integers(-(2**64), 2**64), st.text(max_size=30))
FLAT = st.one_of(st.integers(-(2**70), 2**70), st.text(), st.binary(), st.booleans(), st.none())
NESTED = st.one_of(FLAT, st.lists(FLAT, max_size=3), st.floats(allow_nan=False))


@given(st.dictionaries(KEYS, st.one_of(FLAT, NESTED), max_size=12))
def test_a_map_written_the_quick_way_is_the_map_in_its_one_form(value: dict[int | str, object]) -> None:
    assert deterministic.encode_map(value) == deterministic.encode(value)
