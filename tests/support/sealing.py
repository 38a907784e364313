"""An office whose people hold keys, and results of theirs at every stage; the keys stand in ``SECRETS_DIR``."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from django.test import override_settings

from motcua.agencies.models import Agency
from motcua.agencies.states import AgencyKind
from motcua.documents.provision import enter_key
from motcua.documents.results import draft_result, seal_result, sign_result
from motcua.documents.signing.authority import Use
from motcua.documents.states import Signatory
from motcua.documents.stores import local_authority
from motcua.documents.values import ResultRow, ResultText
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
WARD = "vn.danang.hai_chau"
TEXT = ResultText(
    title="Giấy xác nhận tình trạng hôn nhân",
    rows=(ResultRow(label="Họ, chữ đệm, tên", value="Nguyễn Thị Hồng Hạnh"),),
    signing_post="Chủ tịch",
)


class Office(NamedTuple):
    """Who works in the ward."""

    specialist: Account
    leader: Account
    clerk: Account
    stranger: Account


def officer(role: Role, agency: str = WARD) -> Account:
    account = Account.objects.create(
        kind=AccountKind.OFFICER, login=f"o{uuid4().hex[:8]}", name="Cán bộ", created_at=NOW
    )
    office, _ = Agency.objects.get_or_create(
        path=agency,
        defaults={
            "code": agency.replace(".", "_"),
            "name": "Ủy ban nhân dân phường Hải Châu",
            "name_en": "People's Committee of Hai Chau",
            "kind": AgencyKind.COMMUNE,
            "place_path": "vn.p48.w20242",
        },
    )
    Appointment.objects.create(
        account=account, role=role, agency=office, place_path="vn.p48.w20242", valid_from=NOW.date()
    )
    return account


def entered(name: str, signatory: Signatory, account: Account | None) -> None:
    """Enter a key that is made once for all tests of the file: keys take long."""
    local = local_authority()
    if not local.exists:
        local.make(name="Gốc thử nghiệm", now=NOW - timedelta(days=2))
    if not (local.keys / f"{name}.p12").exists():
        use = Use.AGENCY if signatory is Signatory.AGENCY else Use.PERSON
        local.issue(key=name, name=f"Người giữ {name}", agency="UBND", use=use, now=NOW - timedelta(days=1))
    enter_key(name=name, signatory=signatory, agency_path=WARD, account=account)


def staffed() -> Office:
    office = Office(
        specialist=officer(Role.SPECIALIST),
        leader=officer(Role.APPROVER),
        clerk=officer(Role.ONE_STOP_OFFICER),
        stranger=officer(Role.SPECIALIST, "vn.danang.son_tra"),
    )
    entered("specialist", Signatory.SPECIALIST, office.specialist)
    entered("leader", Signatory.LEADER, office.leader)
    entered("seal", Signatory.AGENCY, None)
    return office


def drafted(number: str = "H17-1", account: Account | None = None, notation: str = "GXN-UBND") -> UUID:
    return draft_result(
        case_number=number,
        agency_path=WARD,
        place_name="Hải Châu",
        notation=notation,
        text=TEXT,
        account=account,
        now=NOW,
    ).id


def approved(office: Office, number: str = "H17-1") -> UUID:
    result_id = drafted(number)
    sign_result(result_id=result_id, signatory=Signatory.SPECIALIST, account=office.specialist, now=NOW)
    sign_result(result_id=result_id, signatory=Signatory.LEADER, account=office.leader, now=NOW)
    return result_id


def sealed(office: Office, number: str = "H17-1", now: datetime = NOW) -> UUID:
    result_id = approved(office, number)
    seal_result(result_id=result_id, account=office.clerk, now=now)
    return result_id


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the keys of one file of tests are: some of its tests retire them."""
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture
def own_keys(secrets: Path) -> Iterator[None]:
    """Sign by the keys of this file, with stamps of our own."""
    with override_settings(SECRETS_DIR=secrets, TIME_STAMPS="own", SITE_URL="https://motcua.example"):
        yield


@pytest.fixture
def office(own_keys: None, db: None) -> Office:
    return staffed()
