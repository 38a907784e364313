"""The letter about a case: the pack's own words, the reasons, the sources, and how to object."""

import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from motcua.cases.queries import CasePage, CaseView, DecisionView, EntryView
from motcua.cases.states import Phase
from motcua.cases.verdicts import decide
from motcua.identity.people import PersonView
from motcua.identity.states import Sex
from motcua.packs.reading import read_pack
from motcua.procedures.content import Bilingual
from motcua.procedures.queries import ProcedureView
from motcua.registers.facts import Because, Fact
from motcua.web.portal.letters import letter_pdf

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2021, 9, 4, 2, 30, tzinfo=UTC)
KNOWN: dict[str, str | bool] = {
    "in_population_register": True,
    "residence_status": "resident",
    "home_zone": "red",
    "work_zone": "green",
    "employer_registered": True,
    "employer_status": "active",
    "employer_sector": "food_supply",
    "insured_at_employer": True,
    "insurance_status": "active",
}
GIVEN = {
    "capacity": "employee",
    "days_needed": 3,
    "shift": "day",
    "needed_from": date(2021, 9, 5),
    "today": date(2021, 9, 4),
}


@pytest.fixture
def refused() -> CasePage:
    content = read_pack(ROOT / "packs" / "travel_pass").content
    procedure = ProcedureView("travel_pass", 1, 1, "0" * 64, NOW, content)
    scope = {name.replace("_", " "): value for name, value in {**GIVEN, **KNOWN}.items()}
    verdict = decide(procedure, scope)
    facts = tuple(
        Fact(
            name,
            value,
            "known",
            "zones",
            "Bản đồ vùng dịch tễ",
            "Epidemic zones",
            NOW - timedelta(days=1),
            Because.RECORD,
            NOW,
        )
        for name, value in KNOWN.items()
    )
    workflow = content.workflow
    decision = DecisionView(
        decided_at=NOW,
        decided_by="machine",
        answer=verdict.answer,
        reason_code=verdict.reason,
        rule=verdict.rule,
        facts=facts,
        explanation=verdict.explanation,
        text=Bilingual(vi=verdict.text_vi, en=verdict.text_en),
    )
    case = CaseView(
        number="H17-20210904-0000124",
        procedure=procedure,
        state_name="refused",
        state=workflow.states["refused"],
        phase=Phase.REFUSED,
        answer="refuse",
        reason_code=verdict.reason,
        filed_at=NOW,
        due_at=NOW + timedelta(days=1),
        changed_at=NOW,
        place_code="",
        place_path="vn",
        account_id=1,
        agency_path="dn",
        objected=False,
    )
    entry = EntryView(
        NOW,
        "refuse",
        workflow.acts["refuse"].label,
        workflow.states["received"],
        workflow.states["refused"],
        "machine",
        "",
    )
    applicant = PersonView(1, b"\0" * 32, "Trần Văn Ánh", date(1985, 5, 1), Sex.MALE, "…123", 1985)
    return CasePage(case, applicant, {}, (decision,), (entry,), {}, NOW + timedelta(days=90))


def text_of(pdf: bytes | None, folder: Path) -> str:
    assert pdf is not None
    (folder / "letter.pdf").write_bytes(pdf)
    found = subprocess.run(
        ["pdftotext", "-raw", str(folder / "letter.pdf"), "-"], capture_output=True, check=True
    )
    return " ".join(found.stdout.decode().split())


def test_refusal_names_reason_law_source_remedy_and_the_last_day_to_object(
    refused: CasePage, tmp_path: Path
) -> None:
    text = text_of(letter_pdf(refused, "vi", made_at=NOW), tmp_path)

    for part in (
        "Chưa cấp giấy đi đường",
        "Chào Trần Văn Ánh",
        "H17-20210904-0000124",
        "Nơi bạn ở đang là vùng đỏ",
        "Công điện 5689",
        "Vùng đỏ",
        "Bản đồ vùng dịch tễ",
        "Khi nơi ở chuyển sang vùng vàng hoặc xanh",
        "3/12/2021",
        "theo bảng quyết định đã công bố",
    ):
        assert part in text, f"{part!r} is not in {text!r}"
    assert "{" not in text
    assert "SOURCES.md" not in text


def test_letter_follows_the_language_of_the_reader(refused: CasePage, tmp_path: Path) -> None:
    text = text_of(letter_pdf(refused, "en", made_at=NOW), tmp_path)

    assert "Your travel pass was not granted" in text
    assert "You live in a red zone" in text
    assert "If you do not agree" in text


def test_name_that_looks_like_a_placeholder_stays_a_name(refused: CasePage, tmp_path: Path) -> None:
    odd = replace(refused, applicant=replace(refused.applicant, name="{number} #read(1)"))

    assert "Chào {number} #read(1)." in text_of(letter_pdf(odd, "vi", made_at=NOW), tmp_path)


def test_case_without_an_act_that_sends_a_letter_has_none(refused: CasePage) -> None:
    assert letter_pdf(replace(refused, entries=()), "vi", made_at=NOW) is None
