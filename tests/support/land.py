"""The change of land use on its way: the offices, who works there with which keys, and each step in one word."""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from motcua.agencies.models import Agency, Place
from motcua.agencies.queries import agency
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind, PlaceKind, PlaceTier
from motcua.cases.models import Case
from motcua.cases.queries import case_for_officer, case_of_person, public_status
from motcua.cases.result_papers import paper_to_sign
from motcua.cases.services import act_on_case, answer_consult, file_case, supply_additions
from motcua.cases.services.paid import go_on_when_paid
from motcua.cases.states import Channel
from motcua.credentials.services import ensure_keys
from motcua.documents.provision import give_key
from motcua.documents.states import Signatory
from motcua.documents.stores import local_authority
from motcua.events.services import create_months
from motcua.fees.queries import account_named
from motcua.fees.services import set_bank_account, take_payment
from motcua.fees.states import Channel as PaidBy
from motcua.fees.transfers import Transferred
from motcua.identity.models import Account, Appointment
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import record_person, view_of
from motcua.identity.rights import rights_of
from motcua.identity.states import AccountKind, Role, Sex
from motcua.packs.services import install_pack
from motcua.procedures.queries import procedure_in_force, revision

PACK = Path(__file__).resolve().parents[2] / "packs" / "land_use_change"
WARD, PLACE = "99001", "vn.p99.w99001"
BEGAN = datetime(2026, 2, 1, tzinfo=UTC)
FORM = {
    "parcel_place": WARD,
    "parcel_address": "Thôn Phú Sơn 2",
    "map_sheet": 12,
    "parcel_number": 345,
    "parcel_area_m2": 500,
    "present_use": "garden",
    "area_m2": 120,
    "certificate_number": "CK 123456",
    "truthful": True,
}
# Login, role, agency.
OFFICERS = (
    ("counter", Role.ONE_STOP_OFFICER, "ttpvhcc"),
    ("specialist", Role.SPECIALIST, "vpdkdd"),
    ("leader", Role.APPROVER, "vpdkdd"),
    ("planner", Role.SPECIALIST, "so_xay_dung"),
    ("environment", Role.SPECIALIST, "so_nnmt"),
    ("tax", Role.SPECIALIST, "thue"),
)


def open_town() -> None:
    """Open the offices with their officers, keys and bank account; install the pack."""
    create_months(now=BEGAN)
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
    Place.objects.create(
        code="99",
        name="Thành phố Thử",
        short_name="Thử",
        name_folded="thu",
        kind=PlaceKind.CITY,
        tier=PlaceTier.PROVINCE,
        path="vn.p99",
        valid_from=date(2025, 7, 1),
    )
    for code in ("ttpvhcc", "vpdkdd", "so_xay_dung", "so_nnmt", "thue"):
        register_agency(
            code=code,
            name=f"Cơ quan {code}",
            name_en=code,
            kind=AgencyKind.DEPARTMENT,
            parent=None,
            place_path="vn.p99",
            now=BEGAN,
        )
    local_authority().make(name="Gốc thử nghiệm", now=BEGAN)
    for login, role, office in OFFICERS:
        _appoint(login, role, office)
    _key("seal", Signatory.AGENCY, None)
    ensure_keys(now=BEGAN)
    set_bank_account(
        code="ttpvhcc",
        agency_code="ttpvhcc",
        bank_bin="970499",
        bank_name="Ngân hàng Mẫu",
        number="0011001234567",
        holder="TRUNG TAM",
        layout="standard",
        now=BEGAN,
    )
    install_pack(path=PACK, now=BEGAN)


def _appoint(login: str, role: Role, office: str) -> None:
    account = Account.objects.create(
        kind=AccountKind.OFFICER, login=login, name=f"Cán bộ {login}", created_at=BEGAN
    )
    Appointment.objects.create(
        account=account,
        role=role,
        agency=Agency.objects.get(code=office),
        place_path="vn.p99",
        valid_from=BEGAN.date(),
    )
    if login in ("specialist", "leader"):
        _key(login, Signatory.SPECIALIST if login == "specialist" else Signatory.LEADER, account)


def _key(name: str, signatory: Signatory, account: Account | None) -> None:
    office = agency("vpdkdd")
    give_key(
        name=name,
        signatory=signatory,
        agency_path=office.path,
        agency_name=office.name,
        holder=f"Người giữ {name}",
        account=account,
        now=BEGAN,
    )


class Land:
    """One case; each step is taken at the moment given and returns the state that it leads to."""

    def __init__(self, moment: datetime) -> None:
        person = record_person(
            number=PersonNumber.parse("048190000017"),
            name="Nguyễn Thị An",
            born_on=date(1990, 1, 2),
            sex=Sex.FEMALE,
            now=BEGAN,
        )
        account = Account.objects.create(
            kind=AccountKind.CITIZEN,
            login="citizen-an",
            name=person.name,
            issuer="https://id.example",
            subject="an",
            person=person,
            created_at=BEGAN,
        )
        self.person = view_of(person)
        self.number = file_case(
            procedure=procedure_in_force("land_use_change"),
            values=FORM,
            applicant=self.person,
            account_id=account.pk,
            channel=Channel.ONLINE,
            key=str(uuid.uuid4()),
            now=moment,
        ).number

    def act(
        self, who: str, name: str, moment: datetime, *, until: datetime | None = None, **findings: object
    ) -> str:
        """Let an officer read the paper, if there is one to sign, and act."""
        account = Account.objects.get(login=who)
        workflow = revision(self.row.revision_id).content.workflow
        paper = paper_to_sign(self.row, workflow.acts[name], now=moment, found=findings)
        return act_on_case(
            number=self.number,
            act=name,
            rights=rights_of(account, moment),
            reason="Lý do của cán bộ",
            seen_state=self.row.state,
            now=moment,
            until=until,
            findings=findings,
            seen_paper=paper.digest if paper else "",
        )

    def answer(self, who: str, code: str, moment: datetime, **findings: object) -> str:
        return answer_consult(
            number=self.number,
            code=code,
            rights=rights_of(Account.objects.get(login=who), moment),
            words="Ý kiến của cơ quan",
            findings=findings,
            now=moment,
        )

    def supply(self, moment: datetime, corrected: Mapping[str, object]) -> str:
        return supply_additions(
            number=self.number,
            applicant_id=self.person.id,
            text="Tôi bổ sung.",
            corrected=corrected,
            now=moment,
        )

    def pay(self, amount: int, moment: datetime) -> str:
        """Pay at the bank; the event of the payment moves the case."""
        account = account_named("ttpvhcc")
        assert account is not None
        transferred = Transferred(
            "FT1", amount, moment, self.number.replace("-", ""), "NGUYEN THI AN", "0123"
        )
        take_payment(account_id=account.id, transferred=transferred, channel=PaidBy.NOTICE, now=moment)
        go_on_when_paid(number=self.number, now=moment)
        return self.row.state

    @property
    def row(self) -> Case:
        return Case.objects.get(number=self.number)

    def due(self, who: str, moment: datetime) -> datetime | None:
        """Return the date of the answer; the applicant, the officer and the public status must tell the same."""
        mine = case_of_person(self.number, self.person.id).clock
        officer = case_for_officer(self.number, rights_of(Account.objects.get(login=who), moment)).clock
        assert mine is not None
        assert officer is not None
        due = None if mine.clock.ends else mine.clock.due_at
        status = public_status(self.number)
        assert status is not None
        assert (due, mine.clock.due_at) == (status.due_at, officer.clock.due_at)
        assert due is None or due == self.row.due_at
        return due
