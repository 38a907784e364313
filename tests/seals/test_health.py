from datetime import timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from motcua.seals.health import PREFIX, WrongUse, open_health_certificate
from motcua.seals.keys import TrustedKey, trusted_from_certificate
from motcua.seals.passes import (
    Expired,
    KeyNotValid,
    KeyUnknown,
    NotOurs,
    NotReadable,
    NotYetValid,
    PassRefused,
    SignatureWrong,
)

from .builders import NOW, SECOND, Private, certificate, health_claims, key_id, message_of, sign1, text_of

EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
EC_DER, RSA_DER = certificate(EC), certificate(RSA)
TRUSTED = [trusted_from_certificate(RSA_DER), trusted_from_certificate(EC_DER)]


def health_text(
    private: Private = EC,
    der: bytes = EC_DER,
    *,
    claims: object = None,
    protected: dict[int, object] | None = None,
    unprotected: dict[int, object] | None = None,
) -> str:
    algorithm = -37 if isinstance(private, rsa.RSAPrivateKey) else -7
    headers = {4: key_id(der), 1: algorithm} if protected is None else protected
    payload = claims if isinstance(claims, bytes) else cbor2.dumps(claims or health_claims())
    return text_of(sign1(private, payload, protected=headers, unprotected=unprotected), PREFIX)


def test_both_algorithms_of_the_standard_verify() -> None:
    assert open_health_certificate(health_text(), TRUSTED, NOW)[1] == "AT"
    assert open_health_certificate(health_text(RSA, RSA_DER), TRUSTED, NOW)[1] == "AT"


def test_the_protected_key_id_counts_whatever_the_unsigned_one_says() -> None:
    for unsigned in (key_id(EC_DER), b"wrongkid"):
        assert open_health_certificate(health_text(unprotected={4: unsigned}), TRUSTED, NOW)
    wrong = health_text(protected={1: -7, 4: b"wrongkid"}, unprotected={4: key_id(EC_DER)})
    with pytest.raises(KeyUnknown):
        open_health_certificate(wrong, TRUSTED, NOW)


def test_without_a_protected_key_id_the_signature_decides() -> None:
    assert open_health_certificate(health_text(protected={1: -7}), TRUSTED, NOW)
    assert open_health_certificate(
        health_text(protected={1: -7}, unprotected={4: key_id(EC_DER)}), TRUSTED, NOW
    )
    with pytest.raises(KeyUnknown, match="not bytes"):
        open_health_certificate(health_text(protected={1: -7}, unprotected={4: "kid"}), TRUSTED, NOW)
    with pytest.raises(KeyUnknown, match="no key is trusted"):
        open_health_certificate(health_text(protected={1: -7}), [], NOW)


def test_several_keys_with_one_id_are_all_tried() -> None:
    from dataclasses import replace

    other = ec.generate_private_key(ec.SECP256R1())
    twin = replace(trusted_from_certificate(certificate(other)), key_id=key_id(EC_DER))

    assert open_health_certificate(health_text(), [twin, *TRUSTED], NOW)
    with pytest.raises(SignatureWrong):
        open_health_certificate(health_text(), [twin], NOW)


def test_an_rsa_signature_under_the_name_of_es256_is_wrong() -> None:
    text = health_text(RSA, RSA_DER, protected={1: -7, 4: key_id(RSA_DER)})

    with pytest.raises(SignatureWrong):
        open_health_certificate(text, TRUSTED, NOW)


@pytest.mark.parametrize("moment", [timedelta(days=-40), timedelta(days=400)])
def test_a_certificate_outside_its_period_does_not_count(moment: timedelta) -> None:
    with pytest.raises(KeyNotValid):
        open_health_certificate(health_text(), TRUSTED, NOW + moment)


def test_times_of_the_claims_are_kept() -> None:
    with pytest.raises(Expired):
        open_health_certificate(health_text(), TRUSTED, NOW + timedelta(days=1))
    with pytest.raises(NotYetValid):
        open_health_certificate(health_text(), TRUSTED, NOW - timedelta(seconds=61))
    with pytest.raises(NotYetValid):
        open_health_certificate(health_text(claims=health_claims(c5=SECOND + 1)), TRUSTED, NOW)
    assert open_health_certificate(health_text(claims=health_claims(c4=SECOND + 0.5, c6=None)), TRUSTED, NOW)


@pytest.mark.parametrize(
    "claims",
    [
        health_claims(c4=None),
        health_claims(c4="soon"),
        health_claims(c4=True),
        health_claims(c4=float("inf")),
        health_claims(c6=float("nan")),
        health_claims(hcert=3),
        health_claims(hcert={1: 3}),
        health_claims(hcert={2: {}}),
        health_claims(hcert={1: {"v": []}}),
        health_claims(hcert={1: {"v": [{}], "t": [{}]}}),
        health_claims(hcert={1: {"v": [1]}}),
        b"\x01",
        b"\xa1\x04\xc2\x41\x01",
    ],
)
def test_signed_nonsense_is_damaged(claims: object) -> None:
    with pytest.raises(NotReadable):
        open_health_certificate(health_text(claims=claims), TRUSTED, NOW)


def test_indefinite_lengths_within_the_signed_claims_are_read() -> None:
    claims = cbor2.dumps(health_claims(), indefinite_containers=True)

    assert open_health_certificate(health_text(claims=claims), TRUSTED, NOW)


@pytest.mark.parametrize(
    ("usage", "statement", "fits"),
    [
        ("1.3.6.1.4.1.1847.2021.1.1", "t", True),
        ("1.3.6.1.4.1.1847.2021.1.1", "v", False),
        ("1.3.6.1.4.1.0.1847.2021.1.2", "v", True),
        ("1.3.6.1.4.1.0.1847.2021.1.2", "r", False),
        ("1.3.6.1.4.1.0.1847.2021.1.3", "r", True),
        ("1.3.6.1.5.5.7.3.4", "v", True),
    ],
)
def test_a_key_limited_to_a_statement_signs_no_other(usage: str, statement: str, fits: bool) -> None:
    der = certificate(EC, usages=(usage,))
    text = health_text(EC, der, claims=health_claims(statement))
    keys: list[TrustedKey] = [trusted_from_certificate(der)]

    if fits:
        assert open_health_certificate(text, keys, NOW)
    else:
        with pytest.raises(WrongUse):
            open_health_certificate(text, keys, NOW)


def test_a_key_known_without_certificate_is_limited_to_nothing() -> None:
    from dataclasses import replace

    bare = replace(TRUSTED[1], certificate_der=b"")

    assert open_health_certificate(health_text(), [bare], NOW)


def test_every_flipped_byte_of_what_is_signed_is_refused() -> None:
    message = bytearray(message_of(health_text(), PREFIX))
    for place in range(4, len(message), 7):
        message[place] ^= 0x20
        with pytest.raises(PassRefused):
            open_health_certificate(text_of(bytes(message), PREFIX), TRUSTED, NOW)
        message[place] ^= 0x20


def test_another_prefix_a_long_text_and_an_uncompressed_message_are_refused() -> None:
    from motcua.seals import base45

    plain = PREFIX + base45.encode(message_of(health_text(), PREFIX))
    with pytest.raises(NotOurs):
        open_health_certificate("HC2:" + health_text()[4:], TRUSTED, NOW)
    for text in (PREFIX + "A" * 5000, plain, health_text() + "ạ"):
        with pytest.raises(NotReadable):
            open_health_certificate(text, TRUSTED, NOW)
