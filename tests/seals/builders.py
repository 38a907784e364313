"""Passes, health certificates and keys as tests need them, honest and otherwise."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import NameOID, ObjectIdentifier

from motcua.seals import base45, compression
from motcua.seals.cose import to_be_signed
from motcua.seals.passes import EXPIRES, IDENTITY, ISSUED, ISSUER, KIND, NOT_BEFORE

NOW = datetime(2021, 9, 8, 1, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())
Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def pass_claims(**changes: object) -> dict[int | str, object]:
    """The claims of a realistic travel pass, valid for two weeks from NOW."""
    claims: dict[int | str, object] = {
        ISSUER: "dn",
        EXPIRES: SECOND + 14 * 86400,
        NOT_BEFORE: SECOND,
        ISSUED: SECOND,
        IDENTITY: (123_456).to_bytes(4, "big"),
        KIND: "travel_pass",
        "n": "Nguyễn Thị Hồng Phương Thảo",
        "b": 1987,
        "a": ["20194", "20195", "20197"],
        "s": "Lương thực, thực phẩm",
        "p": "43A1-123.45",
        "h": "06:00-22:00",
    }
    return {**claims, **changes}


def certificate(
    private: Private,
    *,
    usages: tuple[str, ...] = (),
    not_before: datetime = NOW - timedelta(days=30),
    not_after: datetime = NOW + timedelta(days=365),
) -> bytes:
    """A self-signed certificate as a member state's document signer."""
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "AT")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    if usages:
        extended = x509.ExtendedKeyUsage([ObjectIdentifier(usage) for usage in usages])
        builder = builder.add_extension(extended, critical=False)
    return builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def key_id(der: bytes) -> bytes:
    return hashlib.sha256(der).digest()[:8]


def raw_signature(private: Private, message: bytes) -> bytes:
    if isinstance(private, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
        return private.sign(message, pss, hashes.SHA256())
    r, s = utils.decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def sign1(
    private: Private,
    payload: bytes,
    *,
    protected: Mapping[int, object] | bytes,
    unprotected: Mapping[int, object] | None = None,
    tags: tuple[int, ...] = (18,),
) -> bytes:
    """A COSE_Sign1 message with any headers and any tags around it, outermost first."""
    protected_bytes = protected if isinstance(protected, bytes) else cbor2.dumps(dict(protected))
    signature = raw_signature(private, to_be_signed(protected_bytes, payload))
    frame: object = [protected_bytes, dict(unprotected or {}), payload, signature]
    for tag in reversed(tags):
        frame = cbor2.CBORTag(tag, frame)
    return cbor2.dumps(frame)


def text_of(message: bytes, prefix: str) -> str:
    return prefix + base45.encode(compression.compress(message))


def message_of(text: str, prefix: str) -> bytes:
    return compression.decompress(base45.decode(text.removeprefix(prefix)), 65536)


def health_claims(statement: str = "v", **changes: object) -> dict[object, object]:
    entry = {"tg": "840539006", "ci": "URN:UVCI:01:AT:1", "dt": "2021-08-18"}
    certificate = {"ver": "1.3.0", "nam": {"fnt": "MUSTERFRAU"}, "dob": "1998-02-26", statement: [entry]}
    claims: dict[object, object] = {1: "AT", 4: SECOND + 86400, 6: SECOND - 60, -260: {1: certificate}}
    return {
        **claims,
        **{int(name.strip("c")) if name != "hcert" else -260: value for name, value in changes.items()},
    }
