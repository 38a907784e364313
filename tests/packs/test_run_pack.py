"""A pack on the whole path: installed, filed against real registers, decided, sealed, acted upon."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from directing import directive_text, leader, switch

from motcua.agencies.models import Place
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind, PlaceKind, PlaceTier
from motcua.cases.models import Case
from motcua.cases.queries import decisions_of
from motcua.cases.services import Filed, act_on_case, file_case, object_to_decision
from motcua.cases.states import Channel
from motcua.credentials.queries import standing_credential
from motcua.directives.services import install
from motcua.identity.models import Account
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import record_person, view_of
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import AccountKind, Role, Sex
from motcua.packs.services import install_pack
from motcua.procedures.queries import procedure_in_force
from motcua.registers.declaration import read_declaration
from motcua.registers.services import declare, load_csv

from .conftest import ROOT

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
GREEN, RED = "99001", "99002"
AN, BINH, CHI = "048190000017", "048091000025", "048185000033"
CSV = {
    "population": f"""person,name,born_on,sex,place,household,residence
{AN},Nguyễn Thị An,1990-01-02,female,{GREEN},H0000012,resident
{BINH},Trần Văn Bình,1991-03-04,male,{RED},H0000013,resident
{CHI},Lê Thị Chi,1985-05-06,female,{GREEN},,
""",
    "social_insurance": f"""record,person,employer_tax_code,status,valid_to
R1,{AN},0400000004,active,
R2,{BINH},0400000004,active,
R3,{CHI},0400000004,active,
""",
    "businesses": f"""tax_code,name,kind,sector,place,owner,status
0400000004,Siêu thị Sông Hàn,enterprise,food_supply,{GREEN},,active
""",
    "social_protection": f"""person,disability,household_status
{AN},severe,none
{BINH},mild,none
""",
}
LAW = directive_text(
    parameters=f"{{limits.opening: essential, limits.days_green: 14, limits.days_yellow: 7,"
    f" zones.color: {{places: {{'{GREEN}': green, '{RED}': red}}}}}}"
)
PASS = {
    "capacity": "employee",
    "employer_tax_code": "0400000004",
    "work_place": GREEN,
    "needed_from": "2026-11-21",
    "days_needed": "5",
    "shift": "day",
    "truthful": True,
}
ALLOWANCE = {"for_whom": "self", "situation": "disability", "paid_to": "home", "truthful": True}
File = Callable[..., Filed]


@pytest.fixture
def file(tmp_path: Path) -> File:
    for code in (GREEN, RED):
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
        code="so_ttt",
        name="Sở phụ trách",
        name_en="Department",
        kind=AgencyKind.DEPARTMENT,
        parent=None,
        place_path="vn.p99",
        now=NOW,
    )
    for path in sorted((ROOT / "src" / "motcua" / "site" / "demo" / "registers").glob("*.yaml")):
        declare(read_declaration(path), now=NOW)
        if path.stem in CSV:
            (tmp_path / path.stem).write_text(CSV[path.stem], encoding="utf-8")
            report = load_csv(register=path.stem, path=tmp_path / path.stem, as_of=NOW, now=NOW)
            assert not report.refused
    install(text=LAW, now=NOW)
    register_agency(
        code="ttpvhcc",
        name="Trung tâm Phục vụ hành chính công",
        name_en="Service center",
        kind=AgencyKind.SERVICE_CENTRE,
        parent=None,
        place_path="vn.p99",
        now=NOW,
    )
    for code in ("travel_pass", "market_card", "social_support"):
        install_pack(path=ROOT / "packs" / code, now=NOW)

    def filed(number: str, code: str, values: dict[str, object]) -> Filed:
        person = record_person(
            number=PersonNumber.parse(number),
            name="Nguyễn Thị An",
            born_on=date(1990, 1, 2),
            sex=Sex.FEMALE,
            now=NOW,
        )
        account = Account.objects.create(
            login=f"citizen-{uuid.uuid4()}",
            kind=AccountKind.CITIZEN,
            name=person.name,
            issuer="https://id.example",
            subject=str(uuid.uuid4()),
            person=person,
            created_at=NOW,
        )
        return file_case(
            procedure=procedure_in_force(code),
            values=values,
            applicant=view_of(person),
            account_id=account.pk,
            channel=Channel.ONLINE,
            key=str(uuid.uuid4()),
            now=NOW,
        )

    return filed


def approver() -> Rights:
    return Rights(account_id=7, grants=(Grant(Role.APPROVER, "so_ttt", "vn.p99"),))


def test_travel_pass_is_granted_by_rule_and_carries_the_claims(file: File) -> None:
    filed = file(AN, "travel_pass", PASS)

    credential = standing_credential(filed.number)
    assert (filed.state, filed.answer) == ("granted", "grant")
    assert credential is not None
    assert len(credential.text) <= 400
    assert {**credential.claims} == {
        "n": "Nguyễn Thị An", "b": 1990, "a": "Đi làm", "w": f"Phường {GREEN}", "h": "06:00-20:00", "p": "-",
    }  # fmt: skip
    assert credential.valid_from.astimezone(UTC) == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert credential.valid_to.astimezone(UTC) == datetime(2026, 11, 25, 16, 59, 59, tzinfo=UTC)
    assert AN not in credential.text


def test_travel_pass_from_a_red_zone_is_refused_objected_and_granted_for_three_days(file: File) -> None:
    filed = file(BINH, "travel_pass", PASS)
    case = Case.objects.get(number=filed.number)

    object_to_decision(
        number=filed.number, applicant_id=case.applicant_id, text="Tôi trực siêu thị.", now=NOW
    )
    state = act_on_case(
        number=filed.number,
        act="grant",
        rights=approver(),
        reason="Trực thiết yếu.",
        seen_state="objected",
        now=NOW,
    )

    credential = standing_credential(filed.number)
    assert (filed.state, case.reason_code) == ("refused", "home_in_red_zone")
    assert state == "granted"
    assert credential is not None
    assert credential.claims["h"] == "06:00-18:00"
    assert credential.valid_to.astimezone(UTC) == datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC)


def test_travel_pass_with_an_empty_residence_waits_for_a_person(file: File) -> None:
    filed = file(CHI, "travel_pass", PASS)

    case = Case.objects.get(number=filed.number)
    assert (filed.state, case.reason_code) == ("with_officer", "residence_unknown")
    assert standing_credential(filed.number) is None


def test_allowance_is_granted_by_registers_alone_though_an_officer_could_find_out_more(file: File) -> None:
    filed = file(AN, "social_support", ALLOWANCE)

    credential = standing_credential(filed.number)
    assert (filed.state, filed.answer) == ("granted", "grant")
    assert credential is not None
    assert credential.claims == {"n": "Nguyễn Thị An", "a": "750.000 đồng"}


def test_refused_allowance_names_no_disability_as_what_would_have_to_be_different(file: File) -> None:
    filed = file(BINH, "social_support", ALLOWANCE)

    (decision,) = decisions_of(filed.number)
    assert filed.state == "refused"
    assert decision.text.vi.startswith("Giấy xác nhận khuyết tật của bạn ghi mức độ nhẹ")
    assert "Nếu sức khỏe thay đổi" in str(decision.explanation["remedy"])
    assert decision.explanation["changes"] == []
    assert standing_credential(filed.number) is None


def test_market_card_is_a_service_without_any_code_of_its_own(file: File) -> None:
    granted = file(AN, "market_card", {"market_place": GREEN, "truthful": True})
    supplied = file(BINH, "market_card", {"market_place": RED, "truthful": True})
    unknown = file(CHI, "market_card", {"market_place": GREEN, "truthful": True})

    credential = standing_credential(granted.number)
    assert (granted.state, supplied.state, unknown.state) == ("granted", "refused", "with_officer")
    assert credential is not None
    assert credential.claims == {"n": "Nguyễn Thị An", "w": f"Phường {GREEN}", "d": "Ngày chẵn", "v": 3}


def switched(**changes: str) -> None:
    """Put Directive 08 in force an hour from now, with other values than 05 had."""
    said = {"opening": "services", "days_green": "14", "days_yellow": "10", **changes}
    values = ", ".join(f"limits.{name}: {value}" for name, value in said.items())
    text = directive_text(
        "08/CT-UBND",
        replaces="[05/CT-UBND]",
        parameters=f"{{{values}, zones.color: {{places: {{'{GREEN}': yellow, '{RED}': green}}}}}}",
    )
    switch(
        text,
        by=leader("lanhdao", place_path="vn"),
        second=leader("lanhdao.hai", place_path="vn"),
        at=NOW - timedelta(hours=1),
    )


def test_the_same_person_meets_another_answer_under_the_next_directive(file: File) -> None:
    before = file(BINH, "travel_pass", PASS)
    switched()

    after = file(BINH, "travel_pass", PASS)

    assert (before.answer, after.answer) == ("refuse", "grant")
    facts = {fact.name: fact.value for fact in decisions_of(after.number)[-1].facts}
    assert {name: facts[name] for name in ("home_zone", "opening", "directive", "zone_directive")} == {
        "home_zone": "green",
        "opening": "services",
        "directive": "08/CT-UBND",
        "zone_directive": "08/CT-UBND",
    }


def test_the_days_of_a_pass_are_those_of_the_directive(file: File) -> None:
    switched(days_yellow="3")

    credential = standing_credential(file(AN, "travel_pass", PASS).number)

    assert credential is not None
    assert (credential.valid_to - credential.valid_from).days == 2
    assert credential.claims["h"] == "06:00-18:00"


def test_a_decision_remembers_the_directive_that_was_law_then(file: File) -> None:
    filed = file(AN, "travel_pass", PASS)
    switched()

    facts = {fact.name: fact for fact in decisions_of(filed.number)[-1].facts}

    assert facts["directive"].value == "05/CT-UBND"
    assert facts["directive"].as_of == datetime(2026, 9, 2, 17, tzinfo=UTC)
    assert facts["home_zone"].source_title == "Bản đồ vùng dịch tễ"
