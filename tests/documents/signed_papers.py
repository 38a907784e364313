"""Keys, trust and papers that the tests of signing share; made once, because keys take long."""

import io
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature

from motcua.documents.services import render_pdf, render_stamp
from motcua.documents.signing.acts import sign
from motcua.documents.signing.authority import (
    Issued,
    Revoked,
    Use,
    issue,
    make_root,
    revocation_list,
    to_pkcs12,
)
from motcua.documents.signing.fields import ORDER, Part, prepare
from motcua.documents.signing.time_stamps import OwnTimeStamps
from motcua.documents.signing.trust import Trust
from motcua.documents.values import ResultPaper, ResultRow, SealStamp, SignatureStamp

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
AGENCY = "Ủy ban nhân dân phường Hải Châu"
PASSPHRASE = b"only for tests"
NAMES = {Part.SPECIALIST: "Nguyễn Văn An", Part.LEADER: "Trần Thị Bích", Part.AGENCY: AGENCY}


@dataclass(frozen=True)
class Town:
    """An authority with the certificates that it issued."""

    root: Issued
    keys: Mapping[Part, Issued]
    stamps: Issued

    def trust(
        self, *revoked: Revoked, published_at: datetime = NOW - timedelta(days=1), number: int = 1
    ) -> Trust:
        root = x509.Certificate.load(self.root.certificate_der)
        listed = revocation_list(self.root, revoked, now=published_at, number=number)
        return Trust((root,), (root,), (crl.CertificateList.load(listed),))


@lru_cache(maxsize=4)
def town(name: str = "Gốc thử nghiệm") -> Town:
    since = NOW - timedelta(days=30)
    root = make_root(name=name, now=since - timedelta(days=300))
    keys = {
        part: issue(
            root,
            name=NAMES[part],
            agency=AGENCY,
            use=Use.AGENCY if part is Part.AGENCY else Use.PERSON,
            now=since,
        )
        for part in ORDER
    }
    stamps = issue(root, name="Dấu thời gian thử nghiệm", agency=AGENCY, use=Use.TIME_STAMPS, now=since)
    return Town(root, keys, stamps)


def signer_of(key: Issued) -> SimpleSigner:
    found = SimpleSigner.load_pkcs12_data(to_pkcs12(key, PASSPHRASE), other_certs=[], passphrase=PASSPHRASE)
    assert isinstance(found, SimpleSigner)
    return found


def a_result(**changes: object) -> ResultPaper:
    paper = ResultPaper(
        agency_above="Ủy ban nhân dân thành phố Đà Nẵng",
        agency=AGENCY,
        title="Giấy xác nhận tình trạng hôn nhân",
        case_number="H17.01-20261120-0000123",
        code="K7QM-2XWD-9RTA-4HNC",
        legal_basis=("Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014;",),
        opening=("Ủy ban nhân dân phường Hải Châu xác nhận:",),
        rows=(
            ResultRow(label="Họ, chữ đệm, tên", value="Nguyễn Thị Hồng Hạnh"),
            ResultRow(label="Tình trạng hôn nhân", value="Chưa đăng ký kết hôn với ai"),
        ),
        closing=("Giấy này có giá trị 06 tháng kể từ ngày cấp.",),
        signing_post="Chủ tịch",
        copies=("Người đề nghị", "Lưu: VT"),
        verify_address="https://motcua.danang.example/verify/paper/K7QM2XWD9RTA4HNC/",
    )
    return paper.model_copy(update=changes)


def stamp_of(part: Part, now: datetime = NOW) -> bytes:
    if part is Part.AGENCY:
        return render_stamp(
            SealStamp(agency=AGENCY, number="12/2026/GXN-UBND", place="Hải Châu", signed_at=now)
        )
    drawn = "specialist" if part is Part.SPECIALIST else "leader"
    return render_stamp(SignatureStamp(part=drawn, name=NAMES[part], agency=AGENCY, signed_at=now))


TITLE = "Giấy xác nhận tình trạng hôn nhân"


def drafted(title: str = TITLE) -> bytes:
    return _drafted(title)


@lru_cache(maxsize=8)
def _drafted(title: str) -> bytes:
    return prepare(render_pdf("result", a_result(title=title), made_at=NOW))


def signed_by(pdf: bytes, part: Part, **changes: object) -> bytes:
    given: dict[str, object] = {
        "part": part,
        "signer": signer_of(town().keys[part]),
        "stamp": stamp_of(part),
        "time_stamps": OwnTimeStamps(town().stamps, NOW),
        "trust": town().trust(),
        "now": NOW,
    }
    return sign(pdf, **(given | changes))  # type: ignore[arg-type]  # changed by name, one by one


def signed_to(last: Part, title: str = TITLE) -> bytes:
    return _signed_to(last, title)


@lru_cache(maxsize=16)
def _signed_to(last: Part, title: str) -> bytes:
    place = ORDER.index(last)
    return signed_by(drafted(title) if place == 0 else _signed_to(ORDER[place - 1], title), last)


def pyhanko_accepts(pdf: bytes, trust: Trust | None = None, at: datetime = LATER) -> bool:
    """Ask pyHanko alone, without a rule of ours but that all three fields must be signed and stamped."""
    trust = trust or town().trust()
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        found = {each.field_name: each for each in reader.embedded_regular_signatures}
        if set(found) != {str(part) for part in ORDER}:
            return False
        for signature in found.values():
            status = validate_pdf_signature(
                signature,
                signer_validation_context=trust.context(roots=trust.signers, at=NOW),
                ts_validation_context=trust.context(roots=trust.time_stamps, at=NOW),
            )
            if not status.bottom_line or status.timestamp_validity is None:
                return False
    # pyHanko refuses malformed files by exceptions of many kinds.
    except Exception:  # noqa: BLE001 - the sentence above
        return False
    return True


def pdfsig(pdf: bytes, folder: Path) -> list[str]:
    """Return what poppler says of each signature."""
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    return [line.split(": ", 1)[1] for line in found.stdout.splitlines() if "Signature Validation: " in line]
