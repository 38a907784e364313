import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.seals import base45, compression, cose
from motcua.seals.keys import TrustedKey, generate_key, is_mirrored, key_id_of, trusted
from motcua.seals.passes import (
    PREFIX,
    Expired,
    KeyNotValid,
    KeyRevoked,
    KeyUnknown,
    NotOurs,
    NotReadable,
    NotYetValid,
    OpenedPass,
    PassRefused,
    PassTooLong,
    SignatureWrong,
    is_same_pass,
    open_in_full,
    open_pass,
    seal_pass,
)

from .builders import NOW, SECOND, message_of, pass_claims, sign1, text_of

KEY = generate_key(now=NOW)
TRUSTED = [trusted(KEY)]
TEXT = seal_pass(pass_claims(), KEY)


def payload(**changes: object) -> bytes:
    return cbor2.dumps(pass_claims(**changes), canonical=True)


def protected() -> dict[int, object]:
    return {1: -7, 4: KEY.key_id}


def test_a_realistic_travel_pass_fits_400_letters_and_opens() -> None:
    opened = open_pass(TEXT, TRUSTED, NOW)

    assert len(TEXT) <= 400
    assert opened.claims == pass_claims()
    assert (opened.kind, opened.revocation_id, opened.key_id) == ("travel_pass", 123_456, KEY.key_id)
    assert opened.moment(4) == NOW + timedelta(days=14)


def test_claims_that_do_not_fit_are_refused_when_sealing() -> None:
    with pytest.raises(PassTooLong, match="shorten"):
        seal_pass(pass_claims(n="".join(chr(0x1EA0 + at % 80) for at in range(90))), KEY)


@pytest.mark.parametrize(
    "changes",
    [{"K": 3}, {"K": None}],
)
def test_incomplete_claims_are_not_sealed(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="kind"):
        seal_pass(pass_claims(**changes), KEY)


@settings(max_examples=150)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_of_the_message_does_not_verify(place: int, change: int) -> None:
    message = bytearray(message_of(TEXT, PREFIX))
    message[place % len(message)] ^= change

    with pytest.raises(PassRefused):
        open_pass(text_of(bytes(message), PREFIX), TRUSTED, NOW)


@settings(max_examples=150)
@given(st.integers(0, 10_000), st.sampled_from(base45.ALPHABET))
def test_one_changed_letter_of_the_text_does_not_verify(place: int, letter: str) -> None:
    at = place % len(TEXT)
    changed = TEXT[:at] + letter + TEXT[at + 1 :]

    if changed != TEXT:
        with pytest.raises(PassRefused):
            open_pass(changed, TRUSTED, NOW)


@settings(max_examples=200)
@given(st.text(max_size=450) | st.text(alphabet=base45.ALPHABET, max_size=450))
def test_no_random_text_is_accepted_or_crashes(text: str) -> None:
    with pytest.raises(PassRefused):
        open_pass(PREFIX + text, TRUSTED, NOW)


def test_another_prefix_case_or_space_is_no_pass() -> None:
    for text in ("", "MC2:" + TEXT[4:], " " + TEXT, TEXT.lower(), TEXT[4:], "mc1:" + TEXT[4:]):
        with pytest.raises(NotOurs):
            open_pass(text, TRUSTED, NOW)


def test_added_letters_lower_case_and_cut_texts_are_damaged() -> None:
    for text in (TEXT + " ", TEXT + "\n", TEXT[:-1], TEXT[:-3], PREFIX, PREFIX + TEXT[4:].lower(), TEXT * 2):
        with pytest.raises(NotReadable):
            open_pass(text, TRUSTED, NOW)


def test_a_bomb_is_damaged() -> None:
    with pytest.raises(NotReadable, match="1024 bytes"):
        open_pass(PREFIX + base45.encode(compression.compress(bytes(120_000))), TRUSTED, NOW)


@pytest.mark.parametrize("tags", [(), (17,), (98,), (61, 18), (18, 18), (61, 61, 18), (55799, 18)])
def test_another_tag_is_damaged(tags: tuple[int, ...]) -> None:
    message = sign1(KEY.private, payload(), protected=protected(), tags=tags)

    with pytest.raises(NotReadable):
        open_pass(text_of(message, PREFIX), TRUSTED, NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {"protected": {1: -7}, "unprotected": {4: b"12345678"}},
        {"protected": {1: -7, 4: b"1234567"}},
        {"protected": {1: -37, 4: b"12345678"}},
        {"protected": {4: b"12345678", 1: -7}},
        {"protected": {1: -7, 4: b"12345678", 3: 0}},
        {"protected": {1: -7, 4: b"12345678"}, "unprotected": {5: b""}},
        {"protected": b""},
        {"protected": b"\x01"},
    ],
)
def test_other_headers_are_damaged(headers: dict[str, dict[int, object]]) -> None:
    message = sign1(KEY.private, payload(), **headers)  # type: ignore[arg-type]

    with pytest.raises(NotReadable):
        open_pass(text_of(message, PREFIX), TRUSTED, NOW)


def test_the_mirror_image_of_a_signature_is_damaged() -> None:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    message = message_of(TEXT, PREFIX)
    mirrored = message[:-32] + (order - int.from_bytes(message[-32:], "big")).to_bytes(32, "big")

    assert is_mirrored(mirrored[-64:])
    with pytest.raises(NotReadable, match="mirror"):
        open_pass(text_of(mirrored, PREFIX), TRUSTED, NOW)


def honest(payload_bytes: bytes) -> str:
    """Seal any payload as the holder of the key could."""
    from motcua.seals import cose

    return text_of(cose.seal(payload_bytes, KEY), PREFIX)


@pytest.mark.parametrize(
    "content",
    [
        b"\x01",
        b"\xff",
        cbor2.dumps({**pass_claims(), 7: b"123"}, canonical=True),
        cbor2.dumps({**pass_claims(), 4: 2**70}, canonical=True),
        cbor2.dumps({**pass_claims(), 4: float(SECOND + 5)}, canonical=True),
        cbor2.dumps({**pass_claims(), 6: True}, canonical=True),
        cbor2.dumps({**pass_claims(), 5: -1}, canonical=True),
        cbor2.dumps({name: value for name, value in pass_claims().items() if name != "K"}, canonical=True),
        cbor2.dumps(dict(reversed(pass_claims().items()))),
    ],
)
def test_signed_nonsense_is_damaged(content: bytes) -> None:
    with pytest.raises(NotReadable):
        open_pass(honest(content), TRUSTED, NOW)


def test_another_compression_is_the_same_pass_and_another_signature_is_not() -> None:
    import zlib

    loosely = PREFIX + base45.encode(zlib.compress(message_of(TEXT, PREFIX), 1))

    assert loosely != TEXT
    assert is_same_pass(TEXT, loosely)
    assert is_same_pass(TEXT, TEXT)
    assert not is_same_pass(TEXT, seal_pass(pass_claims(), KEY))


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(KeyUnknown, match=KEY.key_id.hex()):
        open_pass(TEXT, [trusted(generate_key(now=NOW))], NOW)


def test_a_key_with_the_same_id_does_not_sign_for_another() -> None:
    from dataclasses import replace

    other = replace(trusted(generate_key(now=NOW)), key_id=KEY.key_id)

    with pytest.raises(SignatureWrong):
        open_pass(TEXT, [other], NOW)
    assert open_pass(TEXT, [other, *TRUSTED], NOW).key_id == KEY.key_id


def test_a_pass_holds_from_its_first_second_to_before_its_last() -> None:
    assert open_pass(TEXT, TRUSTED, NOW)
    assert open_pass(TEXT, TRUSTED, NOW + timedelta(days=14, seconds=-1))
    with pytest.raises(Expired):
        open_pass(TEXT, TRUSTED, NOW + timedelta(days=14))
    later = seal_pass({**pass_claims(), 5: SECOND + 3600}, KEY)
    with pytest.raises(NotYetValid):
        open_pass(later, TRUSTED, NOW + timedelta(minutes=59))


def test_a_revoked_key_refuses_what_was_signed_after_its_date() -> None:
    before = [trusted(KEY, revoked_at=NOW + timedelta(seconds=1))]
    after = [trusted(KEY, revoked_at=NOW)]

    assert open_pass(TEXT, before, NOW + timedelta(days=1))
    with pytest.raises(KeyRevoked):
        open_pass(TEXT, after, NOW)


def test_a_key_outside_its_period_does_not_count() -> None:
    long = seal_pass({**pass_claims(), 4: SECOND + 86400 * 3000}, KEY)
    early = seal_pass({**pass_claims(), 5: SECOND - 10, 6: SECOND - 10}, KEY)

    for text, at in ((long, NOW + timedelta(days=800)), (early, NOW)):
        with pytest.raises(KeyNotValid):
            open_pass(text, TRUSTED, at)


def test_a_refusal_prints_its_code_and_a_sentence() -> None:
    with pytest.raises(PassRefused) as caught:
        open_pass("hello", TRUSTED, NOW)

    assert str(caught.value) == "not_a_pass: a pass begins with MC1:"
    assert key_id_of(KEY.certificate_der) == KEY.key_id


def told(open_it: Callable[[], OpenedPass]) -> object:
    """Return what a check says: the pass, or the kind and sentence of its refusal."""
    try:
        return open_it()
    except PassRefused as refusal:
        return type(refusal), str(refusal)


OTHER = generate_key(now=NOW)
KEYS = (
    [trusted(KEY)],
    [trusted(OTHER)],
    [],
    [trusted(KEY, NOW - timedelta(seconds=1))],
    [trusted(KEY, NOW + timedelta(days=1))],
    [dataclasses.replace(trusted(OTHER), key_id=KEY.key_id), trusted(KEY)],
    [dataclasses.replace(trusted(KEY), not_after=NOW + timedelta(days=2))],
    [dataclasses.replace(trusted(KEY), not_before=NOW + timedelta(days=2))],
)
MOMENTS = [
    NOW + change
    for change in (
        timedelta(seconds=-1),
        timedelta(0),
        timedelta(days=1),
        timedelta(days=14),
        timedelta(days=800),
    )
]
CHANGED_CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        "4": st.sampled_from([0, -1, 1.5, True, "x", 2**40]),
        "5": st.sampled_from([0, -1, 1.5, True, "x", 2**40]),
        "6": st.sampled_from([0, -1, 1.5, True, "x", 2**40]),
        "7": st.sampled_from([b"abc", b"abcde", "abcd", None]),
        "K": st.sampled_from(["", 1, None]),
        "n": st.text(max_size=120),
    },
)


@settings(max_examples=300)
@given(
    st.sampled_from(KEYS),
    st.sampled_from(MOMENTS),
    CHANGED_CLAIMS,
    st.tuples(st.integers(-1, 400), st.integers(1, 255)),
    st.booleans(),
)
def test_the_short_way_says_what_the_long_way_says(
    keys: list[TrustedKey],
    at: datetime,
    changes: dict[str, object],
    altered: tuple[int, int],
    in_order: bool,
) -> None:
    place, change = altered
    claims = {int(name) if name.isdigit() else name: value for name, value in changes.items()}
    payload = cbor2.dumps({**pass_claims(), **claims}, canonical=in_order)
    message = bytearray(cose.seal(payload, KEY))
    if 0 <= place < len(message):
        message[place] ^= change
    text = PREFIX + base45.encode(compression.compress(bytes(message)))

    assert told(lambda: open_pass(text, keys, at)) == told(lambda: open_in_full(text, keys, at))
