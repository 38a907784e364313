"""The certificate of marital status on its way: places and agencies, who acts, and the moments at which they do."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from motcua.agencies.models import Place
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind, PlaceKind, PlaceTier
from motcua.cases.models import Case
from motcua.cases.services import act_on_case, file_case, supply_additions
from motcua.cases.states import Channel
from motcua.credentials.services import ensure_keys
from motcua.identity.models import Account
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import PersonView, record_person, view_of
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import AccountKind, Role, Sex
from motcua.packs.services import install_pack
from motcua.procedures.queries import procedure_in_force

PACK = Path(__file__).resolve().parents[2] / "packs" / "marital_status"
CITY = ZoneInfo("Asia/Ho_Chi_Minh")
WARD, PLACE = "99001", "vn.p99.w99001"
OFFICE, POLICE = "ttpvhcc", "cong_an"
INSTALLED = datetime(2026, 11, 1, tzinfo=UTC)
ONE_STOP, SPECIALIST, LEADER = Role.ONE_STOP_OFFICER, Role.SPECIALIST, Role.APPROVER
FORM = {"residence": WARD, "marital_status": "divorced", "use": "marriage", "truthful": True}


def at(text: str) -> datetime:
    """Return a moment of November 2026 in the city: ``"16 08:30"`` is a Monday."""
    day, hour = text.split()
    return datetime.fromisoformat(f"2026-11-{day} {hour}").replace(tzinfo=CITY)


def rights(role: Role, agency: str = OFFICE, place: str = "vn.p99") -> Rights:
    return Rights(account_id=7, grants=(Grant(role, agency, place),))


@dataclass(slots=True)
class Dossier:
    """One case; every act is taken at the moment given and returns the new state."""

    person: PersonView
    account_id: int
    number: str = ""

    def file(self, moment: str = "16 08:00", **changes: object) -> str:
        filed = file_case(
            procedure=procedure_in_force("marital_status"),
            values={**FORM, **changes},
            applicant=self.person,
            account_id=self.account_id,
            channel=Channel.ONLINE,
            key=str(uuid.uuid4()),
            now=at(moment),
        )
        self.number = filed.number
        return filed.state

    def act(
        self,
        name: str,
        role: Role,
        moment: str,
        *,
        reason: str = "Lý do của cán bộ",
        until: datetime | None = None,
        agency: str = OFFICE,
    ) -> str:
        return act_on_case(
            number=self.number,
            act=name,
            rights=rights(role, agency),
            reason=reason,
            seen_state=self.row.state,
            now=at(moment),
            until=until,
        )

    def supply(
        self, moment: str, text: str = "Tôi bổ sung.", corrected: Mapping[str, object] | None = None
    ) -> str:
        return supply_additions(
            number=self.number,
            applicant_id=self.person.id,
            text=text,
            corrected=corrected or {},
            now=at(moment),
        )

    @property
    def row(self) -> Case:
        return Case.objects.get(number=self.number)

    @property
    def due(self) -> str:
        """The stored date of the answer, as ``at`` writes it."""
        return f"{self.row.due_at.astimezone(CITY):%d %H:%M}"


@pytest.fixture
def office(db: None) -> None:
    """The agencies of the service, one ward, and the pack in force."""
    Place.objects.create(
        code=WARD,
        name="Phường Thử",
        short_name="Thử",
        name_folded="thu",
        kind=PlaceKind.WARD,
        tier=PlaceTier.COMMUNE,
        path=PLACE,
        valid_from=date(2025, 7, 1),
    )
    for code, name in ((OFFICE, "Trung tâm Phục vụ hành chính công"), (POLICE, "Công an thành phố")):
        register_agency(
            code=code,
            name=name,
            name_en=name,
            kind=AgencyKind.DEPARTMENT,
            parent=None,
            place_path="vn.p99",
            now=INSTALLED,
        )
    ensure_keys(now=INSTALLED)
    install_pack(path=PACK, now=INSTALLED)


@pytest.fixture
def dossier(office: None) -> Dossier:
    """Nothing filed yet."""
    person = record_person(
        number=PersonNumber.parse("048190000017"),
        name="Nguyễn Thị An",
        born_on=date(1990, 1, 2),
        sex=Sex.FEMALE,
        now=INSTALLED,
    )
    account = Account.objects.create(
        kind=AccountKind.CITIZEN,
        login="citizen-an",
        name=person.name,
        issuer="https://id.example",
        subject="an",
        person=person,
        created_at=INSTALLED,
    )
    return Dossier(view_of(person), account.pk)


@pytest.fixture
def accepted(dossier: Dossier) -> Dossier:
    """Accepted on Monday 16 November 2026 at half past eight: three working days end on Thursday at half past eight."""
    dossier.file()
    dossier.act("accept", ONE_STOP, "16 08:30")
    return dossier
