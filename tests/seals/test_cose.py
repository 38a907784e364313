import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from motcua.seals import cose
from motcua.seals.cose import NotSign1
from motcua.seals.keys import trusted_from_certificate

from .builders import certificate, key_id, sign1

PRIVATE = ec.generate_private_key(ec.SECP256R1())
DER = certificate(PRIVATE)
KEY = trusted_from_certificate(DER)


def test_a_foreign_message_is_read_and_verified() -> None:
    message = cose.read(sign1(PRIVATE, b"x", protected={4: key_id(DER), 1: -7}))

    assert (message.key_id, message.algorithm, message.payload) == (key_id(DER), "ES256", b"x")
    assert message.signed_by(KEY)


def test_the_cwt_tag_may_enclose_it_once() -> None:
    assert cose.read(sign1(PRIVATE, b"x", protected={1: -7}, tags=(61, 18))).signed_by(KEY)
    with pytest.raises(NotSign1, match="tag"):
        cose.read(sign1(PRIVATE, b"x", protected={1: -7}, tags=(61, 61, 18)))


def test_a_message_that_names_another_algorithm_than_its_key_is_not_signed_by_it() -> None:
    assert not cose.read(sign1(PRIVATE, b"x", protected={1: -37})).signed_by(KEY)
    assert not cose.read(sign1(PRIVATE, b"x", protected={1: -36})).signed_by(KEY)
    assert not cose.read(sign1(PRIVATE, b"x", protected=b"")).signed_by(KEY)


def test_the_protected_algorithm_goes_before_the_unsigned_one() -> None:
    assert not cose.read(sign1(PRIVATE, b"x", protected={1: -37}, unprotected={1: -7})).signed_by(KEY)
    assert cose.read(sign1(PRIVATE, b"x", protected=b"", unprotected={1: -7})).signed_by(KEY)


def test_a_padded_length_in_the_frame_is_refused() -> None:
    message = sign1(PRIVATE, b"x", protected={1: -7})

    assert message[:2] == b"\xd2\x84"
    with pytest.raises(NotSign1, match="shortest"):
        cose.read(b"\xd8\x12" + message[1:])


@pytest.mark.parametrize(
    "frame",
    [
        [b"", {}, b""],
        [b"", {}, b"", b"", b""],
        "text",
        [1, {}, b"", b""],
        [b"", [], b"", b""],
        [b"", {}, None, b""],
        [b"", {}, b"", "s"],
        [b"\x80", {}, b"", b""],
        [b"\xff", {}, b"", b""],
    ],
)
def test_other_shapes_are_refused(frame: object) -> None:
    with pytest.raises(NotSign1):
        cose.read(cbor2.dumps(cbor2.CBORTag(18, frame)))


def test_what_is_not_cbor_is_refused() -> None:
    with pytest.raises(NotSign1):
        cose.read(b"\xff")


def test_names_of_algorithms_that_are_no_plain_values_are_unknown() -> None:
    message = cose.read(sign1(PRIVATE, b"x", protected={1: [1]}))

    assert message.algorithm is None
