import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.seals.chain import (
    GENESIS,
    BodyNotPlain,
    ChainEntry,
    Head,
    HeadsNotReadable,
    canonical_body,
    chain,
    entry_hash,
    format_heads,
    linked,
    parse_heads,
    verify_chain,
)
from motcua.seals.deterministic import encode
from motcua.seals.keys import generate_key, trusted

from .builders import NOW

KEY = generate_key(now=NOW)


def whole(lane: int = 0, length: int = 6) -> list[ChainEntry]:
    return chain(lane, [(1_000 + at, canonical_body({"at": at})) for at in range(length)])


def head_of(entries: list[ChainEntry]) -> Head:
    return Head(entries[-1].lane, entries[-1].sequence, entries[-1].hash)


def test_a_whole_chain_is_accepted_in_any_mixture_of_lanes() -> None:
    first, second = whole(0), whole(1)
    mixed = [entry for pair in zip(first, second, strict=True) for entry in pair]

    assert verify_chain(mixed, [head_of(first), head_of(second), Head(2, 0, GENESIS)]) is None


def test_the_first_hash_is_the_same_for_ever() -> None:
    assert (
        entry_hash(GENESIS, 0, 1, 1_000, canonical_body({"at": 0})).hex()
        == "f5938877007af8da16cd1aecfb25812c1dec34c693818f6035cb5294de04cff4"
    )


@pytest.mark.parametrize("border", [24, 1 << 8, 1 << 16, 1 << 32, 1 << 64])
@pytest.mark.parametrize("beside", [-1, 0])
def test_the_hash_written_by_hand_is_that_of_the_list_at_every_width_of_a_number(
    border: int, beside: int
) -> None:
    number, previous = border + beside, hashlib.sha256(b"before").digest()
    body = b"x" * min(number, 70_000)

    sealed = encode([previous, 3, number, number, body])

    assert entry_hash(previous, 3, number, number, body) == hashlib.sha256(sealed).digest()
    assert linked(3, number)(previous, number, body) == hashlib.sha256(sealed).digest()


def test_a_chain_continues_after_a_head() -> None:
    entries = whole(length=3)
    more = chain(0, [(9, canonical_body({}))], head_of(entries))

    assert verify_chain(entries + more) is None


def test_a_changed_body_is_named() -> None:
    entries = whole()
    entries[2] = replace(entries[2], body=canonical_body({"at": 99}))

    bad = verify_chain(entries)

    assert bad is not None
    assert (bad.sequence, bad.fault) == (3, "changed")
    assert str(bad).startswith("lane 0, entry 3: changed")


def test_a_changed_time_is_named() -> None:
    entries = whole()
    entries[4] = replace(entries[4], recorded_at_us=5)

    bad = verify_chain(entries)

    assert bad is not None
    assert (bad.sequence, bad.fault) == (5, "changed")


def test_a_missing_entry_is_named() -> None:
    entries = whole()
    del entries[3]

    bad = verify_chain(entries)

    assert bad is not None
    assert (bad.sequence, bad.fault) == (4, "missing")


def test_an_inserted_entry_is_named() -> None:
    entries = whole()
    entries.insert(3, entries[2])

    bad = verify_chain(entries)

    assert bad is not None
    assert (bad.sequence, bad.fault) == (3, "inserted")


def test_a_cut_tail_is_found_with_the_head_and_only_with_it() -> None:
    entries = whole()

    assert verify_chain(entries[:4]) is None
    bad = verify_chain(entries[:4], [head_of(entries)])

    assert bad is not None
    assert (bad.sequence, bad.fault) == (5, "missing")


def test_an_emptied_ledger_is_found_with_the_head() -> None:
    bad = verify_chain([], [head_of(whole())])

    assert bad is not None
    assert (bad.sequence, bad.fault) == (1, "missing")


def test_a_rewritten_chain_is_found_at_the_first_head_it_misses() -> None:
    entries = whole()
    kept = [Head(0, 2, entries[1].hash), head_of(entries)]
    forged = [(entry.recorded_at_us, canonical_body({"at": entry.sequence * 7})) for entry in entries[3:]]
    rewritten = entries[:3] + chain(0, forged, Head(0, 3, entries[2].hash))

    assert verify_chain(rewritten) is None
    bad = verify_chain(rewritten, kept)

    assert bad is not None
    assert (bad.sequence, bad.fault) == (6, "rewritten")
    assert "after entry 2" in bad.because


def test_heads_that_contradict_each_other_or_an_empty_lane_are_named() -> None:
    assert verify_chain([], [Head(0, 1, bytes(32)), Head(0, 1, b"\1" * 32)]) is not None
    assert verify_chain([], [Head(0, 0, b"\1" * 32)]) is not None


@given(st.integers(0, 5), st.integers(0, 31), st.integers(0, 7))
def test_one_flipped_bit_of_a_hash_is_found(place: int, byte: int, bit: int) -> None:
    entries = whole()
    flipped = bytearray(entries[place].hash)
    flipped[byte] ^= 1 << bit
    entries[place] = replace(entries[place], hash=bytes(flipped))

    bad = verify_chain(entries)

    assert bad is not None
    assert bad.sequence == place + 1


def test_heads_survive_their_text() -> None:
    heads = (head_of(whole(0)), head_of(whole(3)))

    assert parse_heads(format_heads(reversed(heads))) == heads
    assert parse_heads(" " + format_heads(heads, KEY) + "\n") == heads
    assert parse_heads("MCH1:") == ()


def test_signed_heads_hold_for_a_trusted_key_only() -> None:
    heads = (head_of(whole()),)
    text = format_heads(heads, KEY)

    assert parse_heads(text, [trusted(KEY)]) == heads
    assert parse_heads(text, [trusted(KEY)], NOW) == heads
    for bad, keys, at in (
        (format_heads(heads), [trusted(KEY)], None),
        (text.replace("MCH1:0", "MCH1:1"), [trusted(KEY)], None),
        (text, [trusted(generate_key(now=NOW))], None),
        (text, [trusted(KEY)], NOW - timedelta(days=1)),
        (text[:-3] + "***", [trusted(KEY)], None),
    ):
        with pytest.raises(HeadsNotReadable):
            parse_heads(bad, keys, at)


@pytest.mark.parametrize("text", ["", "0.1.ab", "MCH1:0.1.ab", "MCH1:0.1", "MCH1:a;b", "MCH2:", "MCH1:x"])
def test_mistyped_heads_are_refused(text: str) -> None:
    with pytest.raises(HeadsNotReadable):
        parse_heads(text)


@pytest.mark.parametrize(
    "body", [{"a": 1.5}, {"a": [b"x"]}, {"a": {1: "x"}}, {"a": ({"b": object()},)}, {"a": {1, 2}}]
)
def test_a_body_that_would_not_come_back_the_same_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(BodyNotPlain, match="body"):
        canonical_body(body)


def test_a_plain_body_has_one_form() -> None:
    assert canonical_body({"b": [1, None, True], "a": {"c": "đ"}}) == canonical_body(
        {"a": {"c": "đ"}, "b": (1, None, True)}
    )
