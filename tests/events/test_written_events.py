"""Events written the quick way are the bytes and the JSON of the long way, whatever stands in them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.events.values import Event
from motcua.events.writing import Teller, form_of, in_full, told
from motcua.seals import deterministic
from motcua.seals.chain import GENESIS, entry_hash, linked

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=("Cs",)), max_size=300), st.just('"\\\n\tƯớ'))
VALUES = st.one_of(TEXTS, st.integers(-(2**70), 2**70), st.booleans(), st.none(), st.dates())


class Kind(StrEnum):
    ONE = "one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Event):
    """An event with names of many lengths."""

    z: object
    ab: object
    a_long_name_that_takes_more_than_a_byte_to_count: object


@given(TEXTS, TEXTS, TEXTS, st.tuples(VALUES, VALUES, VALUES))
def test_the_quick_way_says_what_the_long_way_says(
    agency: str, subject: str, actor: str, values: tuple[object, object, object]
) -> None:
    z, ab, long = values
    event = Told(
        happened_at=NOW,
        agency_path=agency,
        subject=subject,
        actor=actor,
        z=z,
        ab=ab,
        a_long_name_that_takes_more_than_a_byte_to_count=long,
    )

    sealed, body = form_of(Told).written(event)
    expected, expected_body = in_full(event)

    assert sealed == expected
    assert json.loads(body) == json.loads(expected_body)


@pytest.mark.parametrize("value", [Kind.ONE, datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)])
def test_values_of_a_further_kind_are_written_alike(value: object) -> None:
    rest = {"ab": 1, "a_long_name_that_takes_more_than_a_byte_to_count": None}
    event = Told(happened_at=NOW, agency_path="a", subject="s", actor="machine", z=value, **rest)

    assert form_of(Told).written(event) == in_full(event)


def test_what_no_event_carries_is_refused() -> None:
    rest = {"ab": 1, "a_long_name_that_takes_more_than_a_byte_to_count": None}
    event = Told(happened_at=NOW, agency_path="a", subject="s", actor="machine", z=1.5, **rest)

    with pytest.raises(TypeError):
        form_of(Told).written(event)


@given(
    st.integers(0, 15),
    st.integers(0, 2**63),
    st.integers(-(2**63), 2**64 + 5),
    st.binary(max_size=400),
)
def test_the_hash_covers_the_list_in_its_one_form(lane: int, sequence: int, moment: int, body: bytes) -> None:
    whole = deterministic.encode([GENESIS, lane, sequence, moment, body])

    assert entry_hash(GENESIS, lane, sequence, moment, body) == hashlib.sha256(whole).digest()


@given(TEXTS, TEXTS, st.tuples(TEXTS, st.integers(-(2**70), 2**70), TEXTS))
def test_what_is_told_without_an_event_is_what_the_event_says(
    agency: str, subject: str, values: tuple[str, int, str]
) -> None:
    z, ab, long = values
    event = Told(
        happened_at=NOW,
        agency_path=agency,
        subject=subject,
        actor="machine",
        z=z,
        ab=ab,
        a_long_name_that_takes_more_than_a_byte_to_count=long,
    )
    teller, about = Teller(NOW), (agency, subject, "machine")

    several = [
        teller.tell(Told, about, *values),
        *(teller.tell_again(Told, about, *values) for _ in range(2)),
    ]

    assert several == [told(event)] * 3


@given(st.binary(max_size=300), st.integers(0, 15), st.integers(1, 2**40), st.integers(0, 2**55))
def test_entries_of_one_moment_are_linked_as_each_is(
    body: bytes, lane: int, sequence: int, recorded_at_us: int
) -> None:
    previous = hashlib.sha256(body).digest()

    assert linked(lane, recorded_at_us)(previous, sequence, body) == entry_hash(
        previous, lane, sequence, recorded_at_us, body
    )
