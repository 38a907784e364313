"""The certificate of marital status on its way: places and agencies, who acts, and the moments at which they do."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from motcua.agencies.models import Agency, Place
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind, PlaceKind, PlaceTier
from motcua.cases.models import Case
from motcua.cases.result_papers import paper_to_sign
from motcua.cases.services import act_on_case, file_case, supply_additions
from motcua.cases.states import Channel
from motcua.credentials.services import ensure_keys
from motcua.documents.models import SignatureKey
from motcua.documents.provision import enter_key
from motcua.documents.signing.authority import Use
from motcua.documents.states import Signatory
from motcua.documents.stores import local_authority
from motcua.identity.models import Account, Appointment
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import PersonView, record_person, view_of
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import AccountKind, Role, Sex
from motcua.packs.services import install_pack
from motcua.procedures.content import OF_RESULT
from motcua.procedures.queries import procedure_in_force, revision

PACK = Path(__file__).resolve().parents[2] / "packs" / "marital_status"
CITY = ZoneInfo("Asia/Ho_Chi_Minh")
WARD, PLACE = "99001", "vn.p99.w99001"
OFFICE, POLICE = "ttpvhcc", "cong_an"
INSTALLED = datetime(2026, 11, 1, tzinfo=UTC)
ONE_STOP, SPECIALIST, LEADER = Role.ONE_STOP_OFFICER, Role.SPECIALIST, Role.APPROVER
SIGNS = {
    SPECIALIST: Signatory.SPECIALIST,
    LEADER: Signatory.LEADER,
    ONE_STOP: Signatory.AGENCY,
}
FORM = {"residence": WARD, "marital_status": "divorced", "use": "marriage", "truthful": True}


def at(text: str) -> datetime:
    """Return a moment of November 2026 in the city: ``"16 08:30"`` is a Monday."""
    day, hour = text.split()
    return datetime.fromisoformat(f"2026-11-{day} {hour}").replace(tzinfo=CITY)


def rights(role: Role, agency: str = OFFICE, place: str = "vn.p99") -> Rights:
    return Rights(account_id=7, grants=(Grant(role, agency, place),))


def officer(role: Role, agency: str = OFFICE, *, key: bool = True) -> Account:
    """Return the officer of that role in the agency, appointed and, unless said otherwise, with a key to sign."""
    login = f"{role.value}-{agency}"
    account, _ = Account.objects.get_or_create(
        login=login,
        defaults={"kind": AccountKind.OFFICER, "name": f"Cán bộ {login}", "created_at": INSTALLED},
    )
    office = Agency.objects.get(code=agency)
    Appointment.objects.get_or_create(
        account=account,
        role=role,
        agency=office,
        defaults={"place_path": "vn.p99", "valid_from": INSTALLED.date()},
    )
    if key:
        _give_key(SIGNS[role], office, account)
    return account


def _give_key(signatory: Signatory, office: Agency, account: Account) -> None:
    seal = signatory is Signatory.AGENCY
    name = f"{'seal' if seal else signatory.value}-{office.code.replace('_', '-')}"
    if SignatureKey.objects.filter(name=name).exists():
        return
    local = local_authority()
    if not local.exists:
        local.make(name="Gốc thử nghiệm", now=INSTALLED)
    if not (local.keys / f"{name}.p12").exists():
        use = Use.AGENCY if seal else Use.PERSON
        local.issue(key=name, name=f"Người giữ {name}", agency=office.name, use=use, now=INSTALLED)
    enter_key(name=name, signatory=signatory, agency_path=office.path, account=None if seal else account)


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
        key: bool = True,
        **findings: object,
    ) -> str:
        case, seen = self.row, ""
        mine = rights(role, agency)
        found = revision(case.revision_id).content.workflow.acts[name]
        if OF_RESULT & set(found.effect):
            mine = Rights(officer(role, agency, key=key).pk, mine.grants)
            paper = paper_to_sign(case, found, now=at(moment), found=findings)
            seen = paper.digest if paper else ""
        return act_on_case(
            number=self.number,
            act=name,
            rights=mine,
            reason=reason,
            seen_state=case.state,
            now=at(moment),
            until=until,
            findings=findings,
            seen_paper=seen,
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
def office(db: None, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The agencies of the service, one ward, and the pack in force."""
    # Keys take long to make: one folder for all tests of a run, which pytest takes away three runs later.
    secrets = tmp_path_factory.getbasetemp() / "signing"
    secrets.mkdir(mode=0o700, exist_ok=True)
    settings.SECRETS_DIR, settings.TIME_STAMPS = secrets, "own"
    for code, name, kind, tier, path in (
        ("99", "Thành phố Thử", PlaceKind.CITY, PlaceTier.PROVINCE, "vn.p99"),
        (WARD, "Phường Thử", PlaceKind.WARD, PlaceTier.COMMUNE, PLACE),
    ):
        Place.objects.create(
            code=code,
            name=name,
            short_name="Thử",
            name_folded="thu",
            kind=kind,
            tier=tier,
            path=path,
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
