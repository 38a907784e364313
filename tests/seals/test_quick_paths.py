"""What stands on the path of every check is written for speed; it must say what the plain way says, for any bytes."""

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import utils
from hypothesis import example, given, settings
from hypothesis import strategies as st

from motcua.seals import base45, cose, deterministic, keys
from motcua.seals.base45 import NotBase45
from motcua.seals.cose import NotSign1, Sign1
from motcua.seals.deterministic import NotCbor
from motcua.seals.keys import generate_key

from .builders import NOW

KEY = generate_key(now=NOW)
PAYLOADS = st.binary(max_size=400) | st.sampled_from(
    [b"x" * size for size in (23, 24, 255, 256, 65_535, 65_536)]
)


def plainly(encoded: bytes) -> Sign1 | None:
    try:
        return cose._read_ours_in_full(encoded)
    except NotSign1:
        return None


@settings(max_examples=200)
@given(PAYLOADS)
def test_message_cut_at_its_places_is_the_message_read_in_full(payload: bytes) -> None:
    encoded = cose.seal(payload, KEY)

    # A payload of more than 64 KiB is never ours: it is read the slow way.
    assert cose._cut(encoded) == (plainly(encoded) if len(payload) < 65_536 else None)
    assert cose.read_ours(encoded).payload == payload


@settings(max_examples=400)
@given(st.binary(min_size=1, max_size=60), st.data())
def test_changed_message_is_never_cut_where_the_full_reading_refuses_it(
    payload: bytes, data: st.DataObject
) -> None:
    message = bytearray(cose.seal(payload, KEY))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(message) - 1))
        match data.draw(st.sampled_from(["change", "drop", "add"])):
            case "change":
                message[place] = data.draw(st.integers(0, 255))
            case "drop" if len(message) > 1:
                del message[place]
            case _:
                message.insert(place, data.draw(st.integers(0, 255)))

    cut = cose._cut(bytes(message))

    assert cut is None or cut == plainly(bytes(message))


@given(st.binary(max_size=70_000), st.binary(max_size=300))
@settings(max_examples=60)
def test_bytes_to_be_signed_are_those_of_the_library(protected: bytes, payload: bytes) -> None:
    plain = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)

    assert cose.to_be_signed(protected, payload) == plain


NAMES = st.integers(-300, 300) | st.text(max_size=4)
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=5) | st.floats()
MAPS = st.dictionaries(NAMES, VALUES | st.lists(VALUES, max_size=2), max_size=6)


@settings(max_examples=300)
@given(MAPS, st.booleans())
@example({24: 1, "a": 2}, True)
@example({"bb": 1, "a": 2}, False)
def test_only_the_one_spelling_of_a_map_is_read(value: dict[object, object], canonical: bool) -> None:
    encoded = cbor2.dumps(value, canonical=canonical)
    try:
        plain = deterministic.encode(deterministic.decode_map(encoded)) == encoded
    except NotCbor:
        plain = False

    try:
        deterministic.decode_spelt(encoded)
    except NotCbor:
        assert not plain
    else:
        assert plain


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(b"\xa1\xf5\x01", id="key-that-is-true"),
        pytest.param(b"\xa2\x01\x01\xf5\x01", id="one-and-true"),
        pytest.param(b"\xa1\x01\x01\x00", id="something-follows"),
        pytest.param(b"\xa1\x18\x01\x01", id="padded-key"),
        pytest.param(b"\xa1\x01\x18\x01", id="padded-value"),
        pytest.param(b"\xa2\x01\x01\x01\x02", id="key-twice"),
        pytest.param(b"\xbf\x01\x01\xff", id="open-length"),
        pytest.param(b"\xa1\x01\x81\x18\x01", id="padded-inside-a-list"),
        pytest.param(b"\x81\x01", id="list"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_other_spellings_are_refused(encoded: bytes) -> None:
    with pytest.raises(NotCbor):
        deterministic.decode_spelt(encoded)


def group_by_group(text: str) -> bytes | None:
    """The plain way of RFC 9285: three letters are two bytes, two at the end are one."""
    content = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        if len(group) == 1 or any(letter not in base45.ALPHABET for letter in group):
            return None
        number = sum(base45.ALPHABET.index(letter) * 45**place for place, letter in enumerate(group))
        if number >= 256 ** (len(group) - 1):
            return None
        content += number.to_bytes(len(group) - 1, "big")
    return bytes(content)


@settings(max_examples=400)
@given(st.text(base45.ALPHABET, max_size=40) | st.text(max_size=8))
@example(":::")
@example("GGW")
@example("FGW")
@example("::")
@example("BB8ÿ")
def test_base45_reads_what_the_plain_way_reads(text: str) -> None:
    try:
        content: bytes | None = base45.decode(text)
    except NotBase45:
        content = None

    assert content == group_by_group(text)


@given(st.binary(min_size=64, max_size=64))
@example(bytes(64))
@example(bytes(31) + b"\x80" + bytes(32))
@example(b"\xff" * 64)
def test_signature_is_written_as_the_library_writes_it(signature: bytes) -> None:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")

    assert keys._der(signature) == utils.encode_dss_signature(r, s)
