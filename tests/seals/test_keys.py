from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from motcua.seals.keys import (
    KeyNotUsable,
    SigningKey,
    from_pem,
    generate_key,
    key_id_of,
    sign,
    signature_holds,
    to_pem,
    trusted,
    trusted_from_certificate,
)

from .builders import NOW, certificate

KEY = generate_key(now=NOW)


def test_a_key_survives_its_file() -> None:
    again = from_pem(to_pem(KEY))

    assert (again.key_id, again.valid_from, again.certificate_der) == (KEY.key_id, NOW, KEY.certificate_der)
    assert signature_holds(trusted(again), sign(again, b"x"), b"x")


def test_a_key_prints_without_its_private_half() -> None:
    assert "private" not in repr(KEY)


@pytest.mark.parametrize("pem", [b"", b"garbage", to_pem(KEY)[:60]])
def test_an_unreadable_file_is_refused(pem: bytes) -> None:
    with pytest.raises(KeyNotUsable, match="no readable"):
        from_pem(pem)


def test_a_file_with_another_kind_of_key_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    pem = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate_pem = to_pem(KEY).partition(b"-----BEGIN CERTIFICATE-----")

    with pytest.raises(KeyNotUsable, match="P-256"):
        from_pem(pem + certificate_pem[1] + certificate_pem[2])


def test_a_file_with_the_certificate_of_another_key_is_refused() -> None:
    mixed = SigningKey(KEY.key_id, KEY.private, NOW, generate_key(now=NOW).certificate_der)

    with pytest.raises(KeyNotUsable, match="another key"):
        from_pem(to_pem(mixed))


def test_certificates_of_unusable_keys_are_refused() -> None:
    small = rsa.generate_private_key(65537, 1024)
    for der in (certificate(ec.generate_private_key(ec.SECP384R1())), certificate(small), b"", b"\x30\x82"):
        with pytest.raises(KeyNotUsable):
            trusted_from_certificate(der)


def test_a_certificate_of_another_algorithm_is_refused() -> None:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    private = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    built = built.public_key(private.public_key()).not_valid_before(NOW).not_valid_after(NOW + timedelta(1))

    with pytest.raises(KeyNotUsable, match="neither"):
        trusted_from_certificate(built.sign(private, None).public_bytes(serialization.Encoding.DER))


def test_the_key_id_begins_the_digest_of_the_certificate() -> None:
    assert trusted(KEY).key_id == key_id_of(KEY.certificate_der)
    assert len(KEY.key_id) == 8


def test_a_key_counts_within_its_period_and_before_its_revocation() -> None:
    key = trusted(KEY, revoked_at=NOW + timedelta(days=2))

    assert key.refusal(NOW) is None
    assert key.refusal(NOW - timedelta(seconds=1)) == "key not valid at this time"
    assert key.refusal(NOW + timedelta(days=731)) == "key not valid at this time"
    assert key.refusal(NOW + timedelta(days=2)) == "key revoked"
    assert key.refusal(NOW + timedelta(days=1)) is None


def test_signatures_of_both_kinds_hold_for_their_message_only() -> None:
    private = rsa.generate_private_key(65537, 2048)
    from .builders import raw_signature

    pss = trusted_from_certificate(certificate(private))
    assert (trusted(KEY).algorithm, pss.algorithm) == ("ES256", "PS256")
    assert signature_holds(pss, raw_signature(private, b"x"), b"x")
    assert not signature_holds(pss, raw_signature(private, b"x"), b"y")
    assert not signature_holds(trusted(KEY), sign(KEY, b"x"), b"y")
    assert not signature_holds(trusted(KEY), sign(KEY, b"x")[:63], b"x")
    assert not signature_holds(trusted(KEY), bytes(64), b"x")
