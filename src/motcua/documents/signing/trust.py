"""Whom a check believes: roots of signers, roots of time stamps, and what is known to be revoked; from a folder."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from asn1crypto import crl, pem, x509
from pyhanko_certvalidator import ValidationContext

SIGNERS, TIME_STAMPS, LISTS = "signers", "time_stamps", "revoked"
_ENDINGS = {".pem", ".crt", ".cer", ".der"}


class TrustNotReadable(ValueError):
    """A file in the folder of trust is not a certificate or revocation list."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots and revocation lists."""

    signers: tuple[x509.Certificate, ...]
    time_stamps: tuple[x509.Certificate, ...]
    lists: tuple[crl.CertificateList, ...] = field(default=())

    def context(
        self,
        *,
        roots: tuple[x509.Certificate, ...],
        at: datetime,
        lists: tuple[crl.CertificateList, ...] = (),
        others: tuple[x509.Certificate, ...] = (),
    ) -> ValidationContext:
        """Return what pyHanko judges a chain by: nothing is fetched, and silence about revocation is no answer."""
        return ValidationContext(
            trust_roots=list(roots),
            other_certs=list(others),
            moment=at,
            allow_fetching=False,
            crls=list(_newest((*self.lists, *lists))),
            revocation_mode="require",
            # A list published after the signature is the better witness of the same moment.
            retroactive_revinfo=True,
        )


def read_trust(folder: Path) -> Trust:
    """Read ``signers``, ``time_stamps`` (certificates) and ``revoked`` (lists) of the folder; a missing one is empty.

    Raises ``TrustNotReadable`` with the name of the file.
    """
    return Trust(
        signers=tuple(_certificates(folder / SIGNERS)),
        time_stamps=tuple(_certificates(folder / TIME_STAMPS)),
        lists=tuple(_lists(folder / LISTS)),
    )


def _certificates(folder: Path) -> list[x509.Certificate]:
    found = []
    for path in sorted(folder.glob("*")):
        if path.suffix in _ENDINGS:
            try:
                certificate = x509.Certificate.load(_der(path), strict=True)
                # Parsing is lazy; this looks at all of it.
                _ = certificate.native
            except (ValueError, TypeError) as fault:
                raise TrustNotReadable(f"{path} is not a certificate: {fault}") from fault
            found.append(certificate)
    return found


def _lists(folder: Path) -> list[crl.CertificateList]:
    found = []
    for path in sorted(folder.glob("*.crl")):
        try:
            revoked = crl.CertificateList.load(_der(path), strict=True)
            _ = revoked["tbs_cert_list"]["this_update"].native
        except (ValueError, TypeError) as fault:
            raise TrustNotReadable(f"{path} is not a revocation list: {fault}") from fault
        found.append(revoked)
    return found


def _der(path: Path) -> bytes:
    content = path.read_bytes()
    return bytes(pem.unarmor(content)[2]) if pem.detect(content) else content


def _newest(lists: tuple[crl.CertificateList, ...]) -> list[crl.CertificateList]:
    """Return every issuer's newest list.

    The older ones could only say less: what is revoked stays on the list of its authority.
    """
    newest: dict[bytes, crl.CertificateList] = {}
    for each in lists:
        issuer = each["tbs_cert_list"]["issuer"].dump()
        if issuer not in newest or _published(newest[issuer]) < _published(each):
            newest[issuer] = each
    return list(newest.values())


def _published(revoked: crl.CertificateList) -> datetime:
    moment = revoked["tbs_cert_list"]["this_update"].native
    if not isinstance(moment, datetime):
        raise TrustNotReadable("a revocation list without its date")
    return moment
