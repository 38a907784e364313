"""Signing keys on P-256, the certificates that carry their public halves, and how far each is trusted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import NameOID

KEY_ID_BYTES = 8
_COORDINATE_BYTES = 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HALF_ORDER = _ORDER // 2

_ES256 = ec.ECDSA(hashes.SHA256())

Algorithm = Literal["ES256", "PS256"]
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class KeyNotUsable(ValueError):
    """A key file or certificate cannot be read, or is of a kind that is not used here."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its certificate; it prints without the private half."""

    key_id: bytes
    private: ec.EllipticCurvePrivateKey = field(repr=False)
    valid_from: datetime
    certificate_der: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key and the period in which its signatures count.

    ``revoked_at``: what was signed at or after that moment is refused; older signatures still hold.
    """

    key_id: bytes
    public: PublicKey = field(repr=False)
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None = None
    certificate_der: bytes = field(default=b"", repr=False)

    @property
    def algorithm(self) -> Algorithm:
        """The one algorithm that this key signs with."""
        return _algorithm_of(type(self.public))

    def refusal(self, at: datetime) -> Literal["key not valid at this time", "key revoked"] | None:
        """Say why a signature made at this moment does not count, or None."""
        if not self.not_before <= at <= self.not_after:
            return "key not valid at this time"
        if self.revoked_at is not None and at >= self.revoked_at:
            return "key revoked"
        return None


# Asked at every check; an abstract class takes long to say what is an instance of it.
@lru_cache(maxsize=8)
def _algorithm_of(kind: type[PublicKey]) -> Algorithm:
    return "ES256" if issubclass(kind, ec.EllipticCurvePublicKey) else "PS256"


def key_id_of(certificate_der: bytes) -> bytes:
    """Take the key id from a certificate: the first 8 bytes of its SHA-256, as the EU certificates do."""
    return hashlib.sha256(certificate_der).digest()[:KEY_ID_BYTES]


def generate_key(
    *, now: datetime, name: str = "Motcua", lifetime: timedelta = timedelta(days=730)
) -> SigningKey:
    """Make a P-256 key with a self-signed certificate valid from ``now``, whole seconds."""
    valid_from = now.replace(microsecond=0)
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_from + lifetime)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    return SigningKey(key_id_of(der), private, valid_from, der)


def to_pem(key: SigningKey) -> bytes:
    """Write the private key (PKCS#8, unencrypted: the folder guards it) and its certificate as PEM."""
    private = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = x509.load_der_x509_certificate(key.certificate_der)
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def from_pem(pem: bytes) -> SigningKey:
    """Read a file written by ``to_pem``. Raises ``KeyNotUsable``."""
    try:
        private = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (ValueError, TypeError) as fault:
        raise KeyNotUsable(f"the key file holds no readable private key and certificate: {fault}") from fault
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise KeyNotUsable("the key file holds another kind of key; P-256 is needed")
    if private.public_key() != certificate.public_key():
        raise KeyNotUsable("the key file holds a certificate for another key")
    der = certificate.public_bytes(serialization.Encoding.DER)
    return SigningKey(key_id_of(der), private, certificate.not_valid_before_utc, der)


def trusted_from_certificate(certificate_der: bytes, revoked_at: datetime | None = None) -> TrustedKey:
    """Trust the key of a certificate for as long as the certificate is valid; its chain is not examined.

    Raises ``KeyNotUsable`` for what is no certificate, and for keys other than P-256 and RSA from 2048 bits.
    """
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
        public = certificate.public_key()
        not_before, not_after = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except Exception as fault:  # The parser has exception classes of its own for odd keys and versions.
        raise KeyNotUsable("not a usable DER certificate") from fault
    if isinstance(public, ec.EllipticCurvePublicKey):
        if not isinstance(public.curve, ec.SECP256R1):
            raise KeyNotUsable("an elliptic key on another curve than P-256")
    elif not isinstance(public, rsa.RSAPublicKey) or not 2048 <= public.key_size <= 8192:
        raise KeyNotUsable("neither a P-256 key nor an RSA key of 2048 to 8192 bits")
    return TrustedKey(key_id_of(certificate_der), public, not_before, not_after, revoked_at, certificate_der)


def trusted(key: SigningKey, revoked_at: datetime | None = None) -> TrustedKey:
    """Trust the public half of one of our own keys."""
    return trusted_from_certificate(key.certificate_der, revoked_at)


def sign(key: SigningKey, message: bytes) -> bytes:
    """Sign with ES256 in the 64-byte form of COSE and JOSE: r and the smaller of the two possible s."""
    r, s = utils.decode_dss_signature(key.private.sign(message, _ES256))
    # Anyone can turn s into order minus s and the signature still holds; one spelling is ours.
    s = min(s, _ORDER - s)
    return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")


def is_mirrored(signature: bytes) -> bool:
    """Say whether an ES256 signature is the other spelling of one that ``sign`` made."""
    return _number(signature[_COORDINATE_BYTES:]) > _HALF_ORDER


def _number(written: bytes) -> int:
    return int.from_bytes(written, "big")


def _der(signature: bytes) -> bytes:
    """Write r and s as the library wants them: by hand, which takes a third of the time on the path of every check."""
    r, s = _der_number(signature[:_COORDINATE_BYTES]), _der_number(signature[_COORDINATE_BYTES:])
    return b"\x30%c%b%b" % (len(r) + len(s), r, s)


def _der_number(written: bytes) -> bytes:
    digits = written.lstrip(b"\0")
    # A leading bit would make it negative; nought has one digit.
    if not digits or digits[0] & 0x80:
        digits = b"\0" + digits
    return b"\x02%c%b" % (len(digits), digits)


def signature_holds(key: TrustedKey, signature: bytes, message: bytes) -> bool:
    """Check an ES256 or PS256 signature, by the kind of the key."""
    try:
        if key.algorithm == "PS256":
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
            cast("rsa.RSAPublicKey", key.public).verify(signature, message, pss, hashes.SHA256())
        elif len(signature) == 2 * _COORDINATE_BYTES:
            curve = cast("ec.EllipticCurvePublicKey", key.public)
            curve.verify(_der(signature), message, _ES256)
        else:
            return False
    except InvalidSignature:
        return False
    return True
