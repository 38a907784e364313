"""Who can sign in to the demo: officers with every role, sample citizens, a token for the API.

These accounts are for anyone, so they exist only in demo mode on this machine.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from motcua.agencies.services import add_team
from motcua.identity.citizens import account_from_claims
from motcua.identity.models import Account
from motcua.identity.officers import LoginTaken, add_officer, appoint
from motcua.identity.queries import account_of
from motcua.identity.second_factor import code_at, enrol
from motcua.identity.states import Role, Scope
from motcua.identity.tokens import TokenRefused, bearer_of, issue_token
from motcua.site.demo.offices import (
    CHECKPOINTS,
    CHILDRENS_HOUSE,
    CITY,
    CITY_PLACE,
    LAND_OFFICE,
    SERVICE_CENTRE,
    SERVICE_OFFICE,
    TAX_OFFICE,
)

PASSWORD = "Demo-mot-cua-2026"  # noqa: S105 - printed for every visitor; see the module
TOKEN_DAYS = 90
TOKEN_SCOPE = frozenset({Scope.SUBMISSIONS, Scope.READ})


class NotADemo(PermissionError):
    """Accounts for anyone exist only in demo mode and only on this machine."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What cannot be read from the database again: secrets of phones by login, and the token."""

    otpauth: dict[str, str]
    token: str = ""


@dataclass(frozen=True, slots=True)
class OfficerOfTheDemo:
    """One officer; ``place`` is "city", "first" or "second", the two wards that the samples live in."""

    login: str
    name: str
    role: Role
    agency: str
    place: str
    about_vi: str
    about_en: str
    team: str = ""


OFFICERS = (
    OfficerOfTheDemo(
        "chuyenvien", "Nguyễn Hoài Nam", Role.SPECIALIST, SERVICE_OFFICE, "city",
        "Chuyên viên, toàn thành phố", "Specialist, whole city",
    ),
    OfficerOfTheDemo(
        "chuyenvien.mot", "Trần Thị Diệu", Role.SPECIALIST, SERVICE_OFFICE, "first",
        "Chuyên viên, chỉ một phường", "Specialist, one ward only",
    ),
    OfficerOfTheDemo(
        "chuyenvien.hai", "Lê Anh Tuấn", Role.SPECIALIST, SERVICE_OFFICE, "second",
        "Chuyên viên, chỉ một phường khác", "Specialist, another ward only",
    ),
    OfficerOfTheDemo(
        "chuyenvien.yte", "Phạm Thanh Thủy", Role.SPECIALIST, "so_y_te", "city",
        "Chuyên viên của cơ quan khác: không thấy hồ sơ nào", "Specialist of another office: sees no case",
    ),
    OfficerOfTheDemo(
        "motcua", "Võ Ngọc Lan", Role.ONE_STOP_OFFICER, SERVICE_OFFICE, "first",
        "Cán bộ một cửa, một phường", "One-stop officer, one ward",
    ),
    OfficerOfTheDemo(
        "pheduyet", "Huỳnh Đức Thắng", Role.APPROVER, SERVICE_OFFICE, "city",
        "Người phê duyệt, toàn thành phố: quyết định, thu hồi", "Approver, whole city: decides and revokes",
    ),
    OfficerOfTheDemo(
        "tiepnhan", "Hoàng Thị Mai", Role.ONE_STOP_OFFICER, SERVICE_CENTRE, "city",
        "Cán bộ một cửa của Trung tâm hành chính công: tiếp nhận, trả kết quả",
        "One-stop officer of the service center: accepts, hands over",
    ),
    OfficerOfTheDemo(
        "hotich", "Phùng Minh Châu", Role.SPECIALIST, SERVICE_CENTRE, "city",
        "Công chức hộ tịch: xử lý hồ sơ", "Civil-status officer: works on cases",
    ),
    OfficerOfTheDemo(
        "kyhoso", "Đinh Quang Trung", Role.APPROVER, SERVICE_CENTRE, "city",
        "Lãnh đạo ký hồ sơ hộ tịch", "Leader who signs civil-status results",
    ),
    OfficerOfTheDemo(
        "congan", "Vũ Đình Khôi", Role.SPECIALIST, "cong_an", "city",
        "Công an: xác minh nơi cư trú trước đây", "Police: verifies earlier residence",
    ),
    OfficerOfTheDemo(
        "datdai", "Trịnh Văn Phúc", Role.SPECIALIST, LAND_OFFICE, "city",
        "Chuyên viên đất đai: kiểm tra, lấy ý kiến, soạn quyết định",
        "Land specialist: checks, asks agencies, drafts",
    ),
    OfficerOfTheDemo(
        "lanhdaodatdai", "Cao Thị Bích Hằng", Role.APPROVER, LAND_OFFICE, "city",
        "Lãnh đạo Văn phòng Đăng ký đất đai: ký quyết định", "Leader of the land office: signs decisions",
    ),
    OfficerOfTheDemo(
        "quyhoach", "Tạ Hữu Đức", Role.SPECIALIST, "so_xay_dung", "city",
        "Chuyên viên quy hoạch: trả lời khi được lấy ý kiến", "Planning specialist: answers when asked",
    ),
    OfficerOfTheDemo(
        "moitruong", "Dương Thị Ngọc", Role.SPECIALIST, "so_nnmt", "city",
        "Chuyên viên môi trường, tranh chấp đất đai: trả lời khi được lấy ý kiến",
        "Specialist for environment and disputes: answers when asked",
    ),
    OfficerOfTheDemo(
        "thue", "Lâm Quốc Hưng", Role.SPECIALIST, TAX_OFFICE, "city",
        "Công chức thuế: tính tiền sử dụng đất", "Tax officer: works out the land-use levy",
    ),
    OfficerOfTheDemo(
        "thieunhi", "Hà Mỹ Linh", Role.SPECIALIST, CHILDRENS_HOUSE, "city",
        "Nhân viên Nhà Thiếu nhi: xếp lớp bơi", "Children's House: places children in classes",
    ),
    OfficerOfTheDemo(
        "kiemtra", "Phan Quang Hải", Role.INSPECTOR, CHECKPOINTS, "city",
        "Người kiểm tra tại chốt", "Inspector at a checkpoint",
    ),
    OfficerOfTheDemo(
        "kiemtra.hai", "Đặng Minh Vũ", Role.INSPECTOR, CHECKPOINTS, "second",
        "Người kiểm tra tại chốt khác", "Inspector at another checkpoint",
    ),
    OfficerOfTheDemo(
        "lanhdao", "Bùi Thị Hạnh", Role.LEADER, CITY, "city",
        "Lãnh đạo thành phố: ban hành chỉ thị", "City leader: issues directives",
    ),
    OfficerOfTheDemo(
        "lanhdao.hai", "Trương Công Minh", Role.LEADER, CITY, "city",
        "Lãnh đạo thứ hai: xác nhận chỉ thị", "Second city leader: confirms directives",
    ),
    OfficerOfTheDemo(
        "lanhdao.phuong", "Ngô Văn Lợi", Role.LEADER, CITY, "first",
        "Lãnh đạo theo dõi một phường", "Leader who oversees one ward",
    ),
    OfficerOfTheDemo(
        "dulieu", "Đỗ Khánh Vy", Role.DATA_STEWARD, SERVICE_OFFICE, "city", "Quản trị dữ liệu", "Data steward",
    ),
    OfficerOfTheDemo(
        "thietke", "Lương Thu Trang", Role.SERVICE_DESIGNER, SERVICE_OFFICE, "city",
        "Người thiết kế dịch vụ: sửa bảng quy tắc", "Service designer: changes the rules",
    ),
    OfficerOfTheDemo(
        "thietke.hai", "Mai Quốc Việt", Role.SERVICE_DESIGNER, SERVICE_OFFICE, "city",
        "Người thiết kế thứ hai: kiểm tra lại và áp dụng", "Second designer: looks again and installs",
    ),
    OfficerOfTheDemo(
        "giamsat", "Hồ Xuân Bình", Role.AUDITOR, CITY, "city", "Người giám sát việc truy cập", "Auditor of accesses",
    ),
    OfficerOfTheDemo(
        "luutru", "Trịnh Thị Thu Hà", Role.ARCHIVIST, CITY, "city",
        "Văn thư lưu trữ: hồ sơ đã kết thúc, đề nghị hủy", "Archivist: ended dossiers, proposals to destroy",
    ),
    OfficerOfTheDemo(
        "tocongnghe", "Nguyễn Thị Sen", Role.TEAM_MEMBER, SERVICE_CENTRE, "first",
        "Thành viên tổ công nghệ số cộng đồng: nộp hộ bằng máy tính bảng tại /teams/",
        "Member of a community digital team: files for people with a tablet at /teams/",
        team="Tổ công nghệ số cộng đồng số 1",
    ),
)  # fmt: skip


def refuse_outside_demo() -> None:
    """Raise ``NotADemo`` unless demo mode is on and the site answers on loopback only."""
    if not settings.DEMO:
        raise NotADemo("Demo accounts exist only in demo mode; start with `motcua serve --demo`")
    host = urlsplit(settings.SITE_URL).hostname or ""
    if host != "localhost" and not _is_loopback(host):
        raise NotADemo(
            f"Demo accounts exist only on this machine, and the site is {host}; see MOTCUA_SITE_URL"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def open_officers(folder: Path, *, places: dict[str, str], valid_from: date, now: datetime) -> None:
    """Make every officer of the demo that is missing, and keep how to sign in; repeatable.

    Raises ``NotADemo``.
    """
    refuse_outside_demo()
    kept = _read(folder)
    addresses = dict(kept.otpauth)
    for officer in OFFICERS:
        try:
            addresses[officer.login] = add_officer(
                login=officer.login, name=officer.name, password=PASSWORD, now=now
            ).otpauth_uri
        except LoginTaken:
            if officer.login not in addresses:
                # The folder was emptied but the database was not: a new secret is the only way in.
                addresses[officer.login] = enrol(account_of(officer.login), now=now)
            continue
        place_path = places.get(officer.place, CITY_PLACE)
        appoint(
            login=officer.login,
            role=officer.role,
            agency=officer.agency,
            place_path=place_path,
            valid_from=valid_from,
            now=now,
            team_id=_team_of(officer, place_path),
        )
    _write(folder, replace(kept, otpauth=addresses))


def _team_of(officer: OfficerOfTheDemo, place_path: str) -> int | None:
    """Return the team of an officer who belongs to one, made if it is not there."""
    if not officer.team:
        return None
    code = f"{officer.login}_{place_path.rpartition('.')[2]}"
    return add_team(agency=officer.agency, code=code, name=officer.team, place_path=place_path)


def citizen_account(person: dict[str, str], *, now: datetime) -> Account:
    """Return the account of a sample person, the one that signing in at the demo's issuer leads to."""
    return account_from_claims(
        {
            "iss": settings.OIDC_ISSUER,
            "sub": person["sub"],
            settings.OIDC_NAME_CLAIM: person["name"],
            settings.OIDC_NUMBER_CLAIM: person["number"],
            "birthdate": person["born_on"],
            "gender": person["sex"],
        },
        now=now,
    )


def open_token(folder: Path, *, login: str, now: datetime) -> None:
    """Keep a bearer token of the account that works, making a new one when the old has ended."""
    refuse_outside_demo()
    kept = _read(folder)
    try:
        bearer_of(kept.token, scope=Scope.SUBMISSIONS, now=now + timedelta(days=1))
    except TokenRefused:
        token = issue_token(
            login=login, scope=TOKEN_SCOPE, label="demo", lifetime=timedelta(days=TOKEN_DAYS), now=now
        )
        _write(folder, replace(kept, token=token.text))


@dataclass(frozen=True, slots=True)
class OfficerAccount:
    """How to sign in as an officer now; the code changes every half minute."""

    login: str
    password: str
    totp_secret: str
    code_now: str
    name: str
    role: str
    agency: str
    about_vi: str
    about_en: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Everybody who can sign in to the demo."""

    site: str
    issuer: str
    citizens: tuple[dict[str, object], ...]
    officers: tuple[OfficerAccount, ...]
    token: str

    def as_json(self) -> dict[str, object]:
        """Return the listing as ``motcua demo accounts --json`` prints it; docs/reference names the keys."""
        return {
            "site": self.site,
            "citizens": {
                "sign_in": f"{self.site}/sign-in/",
                "issuer": self.issuer,
                "people": list(self.citizens),
            },
            "officers": {
                "sign_in": f"{self.site}/desk/sign-in/",
                "people": [asdict(officer) for officer in self.officers],
            },
            "api": {"address": f"{self.site}/api/submissions", "token": self.token},
        }

    def as_text(self) -> str:
        """Return the listing for a terminal, Vietnamese and English."""
        lines = [f"Người dân / citizens: {self.site}/sign-in/ (chọn một người / choose one)"]
        lines += [f"  {person['name']}: {person['note']}" for person in self.citizens]
        lines += ["", f"Cán bộ / officers: {self.site}/desk/sign-in/   mật khẩu / password: {PASSWORD}"]
        lines += [
            f"  {officer.login:<16} {officer.code_now}  {officer.about_vi} / {officer.about_en}"
            f"  (TOTP {officer.totp_secret})"
            for officer in self.officers
        ]
        lines += ["", f"API: POST {self.site}/api/submissions   Authorization: Bearer {self.token}"]
        return "\n".join(lines)


def accounts(folder: Path, *, now: datetime) -> Listing:
    """Return everybody who can sign in, and how, at this moment. Raises ``NotADemo``."""
    refuse_outside_demo()
    kept = _read(folder)
    samples = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    return Listing(
        site=settings.SITE_URL,
        issuer=settings.OIDC_ISSUER,
        citizens=tuple(samples),
        officers=tuple(_officer(officer, kept.otpauth, now) for officer in OFFICERS),
        token=kept.token,
    )


def _officer(officer: OfficerOfTheDemo, addresses: dict[str, str], now: datetime) -> OfficerAccount:
    address = addresses.get(officer.login, "")
    return OfficerAccount(
        login=officer.login,
        password=PASSWORD,
        totp_secret=parse_qs(urlsplit(address).query).get("secret", [""])[0],
        code_now=code_at(account_of(officer.login), now),
        name=officer.name,
        role=officer.role.value,
        agency=officer.agency,
        about_vi=officer.about_vi,
        about_en=officer.about_en,
    )


def _read(folder: Path) -> _Kept:
    path = folder / "accounts.json"
    if not path.exists():
        return _Kept({})
    stored = json.loads(path.read_text(encoding="utf-8"))
    return _Kept(otpauth=stored["otpauth"], token=stored["token"])


def _write(folder: Path, kept: _Kept) -> None:
    path = folder / "accounts.json"
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(kept), file, indent=1)
    draft.replace(path)
