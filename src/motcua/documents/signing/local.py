"""A local authority on disk, for the demo: its root, what it revoked, and the folder of trust that it keeps up."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import crl, x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from . import keystore
from .authority import Issued, Revoked, Use, issue, make_root, revocation_list
from .trust import LISTS, SIGNERS, TIME_STAMPS

ROOT, STAMPS = "root", "time-stamps"
RENEWED_AFTER = timedelta(days=1)


class AuthorityExists(RuntimeError):
    """There is a local authority already."""


class NoLocalAuthority(LookupError):
    """There is no local authority in this folder."""


@dataclass(frozen=True, slots=True)
class LocalAuthority:
    """The authority of one folder; ``keys`` and ``trust`` are below it."""

    folder: Path

    @property
    def keys(self) -> Path:
        """Where keys are kept."""
        return self.folder / "keys"

    @property
    def exists(self) -> bool:
        """Tell whether it was made."""
        return (self.folder / "authority" / f"{ROOT}.p12").exists()

    def make(self, *, name: str, now: datetime) -> None:
        """Make root, key of time stamps and first list. Raises ``AuthorityExists``."""
        if self.exists:
            raise AuthorityExists(f"{self.folder} has an authority; its papers would no longer be believed")
        root = make_root(name=name, now=now)
        stamps = issue(root, name="Dấu thời gian thử nghiệm", agency=name, use=Use.TIME_STAMPS, now=now)
        keystore.keep(self.keys, STAMPS, stamps)
        trust = self.folder / "trust"
        for kind in (SIGNERS, TIME_STAMPS):
            keystore.write_secret(trust / kind / "local.pem", root.certificate_pem)
        keystore.keep(self.folder / "authority", ROOT, root)
        self._publish(root, (), now)

    def issue(
        self, *, key: str, name: str, agency: str, use: Use, now: datetime, public: RSAPublicKey | None = None
    ) -> Issued:
        """Issue a certificate and keep its key under the name ``key``, unless the key is in a token."""
        issued = issue(self.root(), name=name, agency=agency, use=use, now=now, public=public)
        if public is None:
            keystore.keep(self.keys, key, issued)
        return issued

    def revoke(self, *, key: str, at: datetime, now: datetime) -> None:
        """Refuse what the key signs from ``at`` on, and publish the list that says so."""
        serial = int(keystore.certificate_of(self.keys, key).serial_number)
        known = {each.serial: each for each in self._revoked()}
        earlier = known.get(serial)
        known[serial] = Revoked(serial, min(at, earlier.at) if earlier else at)
        self._publish(self.root(), tuple(known.values()), now)

    def renew(self, *, now: datetime) -> None:
        """Publish the list anew if it is more than a day old: it counts for a month."""
        listed = self.folder / "trust" / LISTS / "local.crl"
        if not listed.exists() or _published_at(listed) < now - RENEWED_AFTER:
            self._publish(self.root(), self._revoked(), now)

    def root(self) -> Issued:
        """Return the root. Raises ``NoLocalAuthority``."""
        if not self.exists:
            raise NoLocalAuthority(f"{self.folder} has no authority; make one: motcua documents authority")
        return keystore.fetch(self.folder / "authority", ROOT)

    def root_certificate(self) -> x509.Certificate:
        """Return the certificate of the root."""
        return x509.Certificate.load(self.root().certificate_der)

    def _revoked(self) -> tuple[Revoked, ...]:
        path = self.folder / "authority" / "revoked.json"
        if not path.exists():
            return ()
        rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Revoked(int(row["serial"]), datetime.fromisoformat(row["at"])) for row in rows)

    def _publish(self, root: Issued, revoked: tuple[Revoked, ...], now: datetime) -> None:
        rows = [{"serial": str(each.serial), "at": each.at.isoformat()} for each in revoked]
        keystore.write_secret(self.folder / "authority" / "revoked.json", json.dumps(rows).encode())
        listed = revocation_list(root, revoked, now=now, number=int(now.timestamp()))
        keystore.write_secret(self.folder / "trust" / LISTS / "local.crl", listed)


def _published_at(listed: Path) -> datetime:
    """Return when a list was made, by its own word: files are copied, and a clock may be passed in."""
    at = crl.CertificateList.load(listed.read_bytes())["tbs_cert_list"]["this_update"].native
    return at if isinstance(at, datetime) else datetime.min.replace(tzinfo=UTC)
