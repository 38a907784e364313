"""A certificate authority of one's own, for the demo and for tests: root, persons, agencies, time stamps, revocation.

A city signs with certificates of a licensed authority; nothing here is needed then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# RSA, because the tokens in use and NSS behind pdfsig speak it everywhere.
KEY_BITS = 2048
LIST_HOLDS = timedelta(days=30)


class Use(StrEnum):
    """What a certificate is for."""

    PERSON = "person"
    AGENCY = "agency"
    TIME_STAMPS = "time_stamps"


@dataclass(frozen=True, slots=True)
class Issued:
    """A private key with its certificate and those above it, leaf first."""

    private: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def certificate_der(self) -> bytes:
        """The certificate as bytes."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as text."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that counts no more from a moment on."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise


def make_root(*, name: str, now: datetime, lifetime: timedelta = timedelta(days=3650)) -> Issued:
    """Make a root that signs certificates and revocation lists."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    subject = _subject(name, "")
    certificate = (
        _builder(subject, subject, private, now, lifetime)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
        .sign(private, hashes.SHA256())
    )
    return Issued(private, certificate)


def issue(
    root: Issued,
    *,
    name: str,
    agency: str,
    use: Use,
    now: datetime,
    lifetime: timedelta = timedelta(days=1095),
    public: rsa.RSAPublicKey | None = None,
) -> Issued:
    """Issue a certificate; ``public`` is given when the private half stays inside a token."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    builder = _builder(root.certificate.subject, _subject(name, agency), private, now, lifetime)
    if public is not None:
        builder = x509.CertificateBuilder(
            issuer_name=root.certificate.subject,
            subject_name=_subject(name, agency),
            public_key=public,
            serial_number=x509.random_serial_number(),
            not_valid_before=now.replace(microsecond=0),
            not_valid_after=now.replace(microsecond=0) + lifetime,
        )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(certificates=False), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root.private.public_key()), critical=False
    )
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(public or private.public_key()), critical=False
    )
    if use is Use.TIME_STAMPS:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    certificate = builder.sign(root.private, hashes.SHA256())
    return Issued(private, certificate, (root.certificate,))


def revocation_list(
    root: Issued, revoked: Sequence[Revoked], *, now: datetime, number: int, holds: timedelta = LIST_HOLDS
) -> bytes:
    """Return the signed list of what is revoked, as DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(now.replace(microsecond=0))
        .next_update(now.replace(microsecond=0) + holds)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.private.public_key()), critical=False
        )
    )
    for each in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(each.serial)
            .revocation_date(each.at.replace(microsecond=0))
            .add_extension(x509.CRLReason(each.reason), critical=False)
            .build()
        )
    return builder.sign(root.private, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def to_pkcs12(issued: Issued, passphrase: bytes) -> bytes:
    """Write key, certificate and those above it as a PKCS#12 file."""
    name = _common_name(issued.certificate.subject).encode()
    return pkcs12.serialize_key_and_certificates(
        name,
        issued.private,
        issued.certificate,
        list(issued.above) or None,
        serialization.BestAvailableEncryption(passphrase),
    )


def from_pkcs12(content: bytes, passphrase: bytes) -> Issued:
    """Read what :func:`to_pkcs12` wrote. Raises ``ValueError`` for a wrong passphrase or another kind of key."""
    private, certificate, above = pkcs12.load_key_and_certificates(content, passphrase)
    if not isinstance(private, rsa.RSAPrivateKey) or certificate is None:
        raise ValueError("the file holds no RSA key with its certificate")
    return Issued(private, certificate, tuple(above))


def _builder(
    issuer: x509.Name, subject: x509.Name, private: rsa.RSAPrivateKey, now: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=private.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now.replace(microsecond=0),
        not_valid_after=now.replace(microsecond=0) + lifetime,
    )


def _subject(name: str, agency: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if agency:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(agency)))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, _fitting(name))])


def _fitting(text: str) -> str:
    """Return the text in the 64 bytes that a name in a certificate may have."""
    if len(text.encode()) <= 64:
        return text
    return text.encode()[:61].decode(errors="ignore") + "…"


def _common_name(subject: x509.Name) -> str:
    value = subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return value if isinstance(value, str) else value.decode()


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
