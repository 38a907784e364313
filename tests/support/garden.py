"""A small service: the key of a public garden, for members; the register of members; people and officers."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from motcua.agencies.models import Place
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind, PlaceKind, PlaceTier
from motcua.cases.services import Filed, file_case
from motcua.cases.states import Channel
from motcua.identity.models import Account
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import PersonView, record_person, view_of
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import AccountKind, Role, Sex
from motcua.procedures.content import Content
from motcua.procedures.forms import read_form
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.declaration import Declaration
from motcua.registers.services import declare, load_csv

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MEMBER, STRANGER, UNSURE = "048090000017", "049191000025", "048085000033"
WARD, OTHER_WARD = "99001", "99002"
MODEL = (Path(__file__).parent / "garden.dmn").read_text(encoding="utf-8")


def words(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def state(phase: str, status: int, hours: int | None = None) -> dict[str, object]:
    return {
        "label": words(phase),
        "explanation": words(phase),
        "phase": phase,
        "national_status": status,
        "within_working_hours": hours,
    }


def act(source: list[str], target: str, by: list[str], **more: object) -> dict[str, object]:
    return {"label": words(target), "from": source, "to": target, "by": by, **more}


BY_MACHINE_OR_PERSON = ["machine", "directive", "approver"]
OPEN = ["received", "waiting", "desk", "objected"]
WORKFLOW = {
    "start": "received",
    "states": {
        "received": state("deciding", 1),
        "waiting": state("silent_register", 4),
        "desk": state("person", 4, 8),
        "objected": state("person", 4, 16),
        "granted": state("granted", 10),
        "refused": state("refused", 9),
        "withdrawn": state("closed", 7),
        "revoked": state("closed", 8),
    },
    "acts": {
        "grant": act(OPEN, "granted", BY_MACHINE_OR_PERSON, effect="issue_credential", needs_reason=True),
        "refuse": act(OPEN, "refused", BY_MACHINE_OR_PERSON, needs_reason=True),
        "refer": act(["received", "waiting"], "desk", ["machine"]),
        "wait": act(["received", "waiting"], "waiting", ["machine"]),
        "object": act(["refused"], "objected", ["citizen"], needs_reason=True),
        "withdraw": act(["desk", "waiting"], "withdrawn", ["citizen"]),
        "revoke": act(
            ["granted"], "revoked", ["directive", "approver"], effect="revoke_credential", needs_reason=True
        ),
        "renew": act(["granted"], "granted", ["directive"], effect="issue_credential"),
        "review": act(["granted"], "desk", ["directive"]),
    },
    "answers": {"yes": "grant", "no": "refuse", "ask": "refer"},
    "silence": "wait",
}
FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ward"],
    "properties": {
        "ward": {"type": "string", "x-label": words("Phường"), "x-widget": "place"},
        "note": {"type": "string", "x-label": words("Ghi chú")},
    },
    "x-steps": [{"name": "only", "label": words("Một"), "fields": ["ward", "note"]}],
}
FACTS = [
    {
        "name": "member",
        "label": words("Hội viên"),
        "register": "members",
        "match": {"person": "applicant"},
        "returns": "standing",
        "type": "string",
    }
]


def content(**changes: object) -> Content:
    whole = {
        "manifest": {
            "code": "garden_key",
            "title": words("Chìa khoá vườn"),
            "summary": words("Xin chìa khoá vườn hoa"),
            "audience": words("Hội viên"),
            "agency": "garden",
            "place": "form.ward",
            "purpose": words("Xét chìa khoá"),
            "requirements": [],
            "legal_basis": [],
            "decision": {"model": "decisions/garden.dmn", "answer": "verdict", "outputs": ["days"]},
            "within_working_hours": 8,
            "objection_within_days": 10,
        },
        "form": read_form(FORM).model_dump(by_alias=True),
        "facts": FACTS,
        "workflow": WORKFLOW,
        "credential": {
            "kind": "garden_key",
            "title": words("Chìa khoá vườn"),
            "valid_from": "today",
            "valid_until": 'today + duration("P1D") * days',
            "claims": [
                {"key": "n", "name": "holder", "label": words("Tên"), "value": "holder name"},
                {"key": "b", "name": "born", "label": words("Năm sinh"), "value": "birth year"},
                {"key": "w", "name": "ward", "label": words("Phường"), "value": "ward name"},
            ],
        },
        "letters": {},
        "indicators": [],
        "decision_model": MODEL,
        **changes,
    }
    return Content.model_validate(whole)


@dataclass(frozen=True, slots=True)
class Citizen:
    account_id: int
    person: PersonView


Cite = Callable[[str], Citizen]


@pytest.fixture
def citizen(db: None) -> Cite:
    def made(number: str) -> Citizen:
        person = record_person(
            number=PersonNumber.parse(number),
            name="Trần Thị Thử",
            born_on=date(1990, 5, 1),
            sex=Sex.FEMALE,
            now=NOW,
        )
        account, _ = Account.objects.get_or_create(
            login=f"citizen-{person.pk}",
            defaults={
                "kind": AccountKind.CITIZEN,
                "name": person.name,
                "issuer": "https://id.example",
                "subject": str(person.pk),
                "person": person,
                "created_at": NOW,
            },
        )
        return Citizen(account.pk, view_of(person))

    return made


@pytest.fixture
def members(db: None, tmp_path: Path) -> Path:
    declare(
        Declaration.model_validate(
            {
                "name": "members",
                "title": words("Danh sách hội viên"),
                "owner": "garden",
                "absence_means": "no",
                "purposes": ["garden_key"],
                "key": ["person"],
                "columns": [
                    {"name": "person", "type": "person", "label": words("Người"), "required": True},
                    {"name": "standing", "type": "text", "label": words("Tình trạng")},
                ],
            }
        ),
        now=NOW,
    )
    path = tmp_path / "members.csv"
    path.write_text(f"person,standing\n{MEMBER},paid\n{STRANGER},lapsed\n{UNSURE},\n")
    load_csv(register="members", path=path, as_of=NOW, now=NOW)
    return path


@pytest.fixture
def procedure(members: Path) -> ProcedureView:
    for code in (WARD, OTHER_WARD):
        Place.objects.create(
            code=code,
            name=f"Phường {code}",
            short_name=code,
            name_folded=code,
            kind=PlaceKind.WARD,
            tier=PlaceTier.COMMUNE,
            path=f"vn.p99.w{code}",
            valid_from=date(2025, 7, 1),
        )
    register_agency(
        code="garden",
        name="Ban quản lý vườn",
        name_en="Garden office",
        kind=AgencyKind.DEPARTMENT,
        parent=None,
        place_path="vn.p99",
        now=NOW,
    )
    install_revision(content=content(), sha256="a" * 64, now=NOW)
    return procedure_in_force("garden_key")


File = Callable[..., Filed]


@pytest.fixture
def file(procedure: ProcedureView, citizen: Cite) -> File:
    def filed(
        number: str = MEMBER,
        *,
        values: Mapping[str, object] | None = None,
        key: str | None = None,
        now: datetime = NOW,
    ) -> Filed:
        who = citizen(number)
        return file_case(
            procedure=procedure_in_force("garden_key"),
            values={"ward": WARD} if values is None else values,
            applicant=who.person,
            account_id=who.account_id,
            channel=Channel.ONLINE,
            key=key or str(uuid.uuid4()),
            now=now,
        )

    return filed


def approver(place: str = "vn.p99", agency: str = "garden", role: Role = Role.APPROVER) -> Rights:
    return Rights(account_id=7, grants=(Grant(role, agency, place),))
