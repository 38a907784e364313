"""What was received at the counter can be accepted in the same breath, where it is this office's to accept."""

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from dossier import FORM, INSTALLED, OFFICE, at, office

from motcua.agencies.models import Agency
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.cases.models import Case
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role
from motcua.procedures.queries import procedure_in_force
from motcua.web.desk.counter_form import acts_to_accept

__all__ = ["office"]
pytestmark = pytest.mark.django_db
PERSON = {
    "number": "048190000017",
    "full_name": "Nguyễn Thị An",
    "born_on-day": "2",
    "born_on-month": "1",
    "born_on-year": "1990",
    "channel": "counter",
}


@pytest.fixture
def moment(office: None) -> Iterator[None]:
    with time_machine.travel(INSTALLED, tick=False) as clock:
        clock.move_to(at("16 08:00"))
        yield


def sits_at(agency: str) -> Client:
    account = Account.objects.create(
        kind=AccountKind.OFFICER, login=agency, name="Võ Ngọc Lan", created_at=INSTALLED
    )
    Appointment.objects.create(
        account=account,
        role=Role.ONE_STOP_OFFICER,
        agency=Agency.objects.get(code=agency),
        place_path="vn.p99",
        valid_from=date(2026, 1, 1),
    )
    browser = Client()
    browser.force_login(account)
    return browser


def received(browser: Client, then: str) -> str:
    """File at the counter and return where the officer is led."""
    draft = (
        browser.post("/desk/counter/services/marital_status/", PERSON).headers["Location"].partition("#")[0]
    )
    answers = {name: "yes" if value is True else str(value) for name, value in FORM.items()}
    check = browser.post(draft, {**answers, "lived_elsewhere": "no"})
    assert check.status_code == 302, check.content.decode()
    return browser.post(check.headers["Location"], {"then": then}).headers["Location"]


def words_of(browser: Client, address: str, folder: Path) -> str:
    (folder / "receipt.pdf").write_bytes(browser.get(f"{address.partition('?')[0]}receipt.pdf").content)
    said = subprocess.run(
        ["pdftotext", "-raw", str(folder / "receipt.pdf"), "-"], capture_output=True, check=True
    )
    return " ".join(said.stdout.decode().split())


def test_an_answer_brings_the_questions_it_calls_for_and_takes_the_needless_away(moment: None) -> None:
    browser = sits_at(OFFICE)
    draft = (
        browser.post("/desk/counter/services/marital_status/", PERSON).headers["Location"].partition("#")[0]
    )

    before = browser.get(draft).content.decode()
    brought = browser.post(f"{draft}keep/", {"marital_status": "divorced"})
    same = browser.post(
        f"{draft}keep/",
        {"marital_status": "divorced", "drawn": ["status_paper", "divorce_decision"]},
    )
    taken = browser.post(f"{draft}keep/", {"marital_status": "single", "drawn": ["status_paper"]})

    assert 'id="field-status_paper"' not in before
    assert '<div id="question-status_paper" hx-swap-oob="true"><input' in brought.content.decode()
    assert same.status_code == 204
    assert '<div id="question-status_paper" hx-swap-oob="true"></div>' in taken.content.decode()
    assert 'id="field-status_paper"' in browser.post(draft, {"marital_status": "divorced"}).content.decode()


def test_filed_and_accepted_promises_a_date(moment: None, tmp_path: Path) -> None:
    browser = sits_at(OFFICE)

    address = received(browser, "accept")

    assert Case.objects.get().state == "with_specialist"
    words = words_of(browser, address, tmp_path)
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in words
    assert "Hẹn trả kết quả, chậm nhất Thứ Năm, 19/11/2026, 08:00" in words


def test_filed_only_confirms_the_filing(moment: None, tmp_path: Path) -> None:
    browser = sits_at(OFFICE)

    address = received(browser, "file")

    assert Case.objects.get().state == "received"
    assert "GIẤY XÁC NHẬN ĐÃ NỘP HỒ SƠ" in words_of(browser, address, tmp_path)


def test_what_is_another_offices_is_received_and_waits_for_that_office(moment: None) -> None:
    register_agency(
        code="phuong",
        name="Phường khác",
        name_en="Another ward",
        kind=AgencyKind.COMMUNE,
        parent=OFFICE,
        place_path="vn.p99",
        now=INSTALLED,
    )
    browser = sits_at("phuong")

    address = received(browser, "accept")

    assert Case.objects.get().state == "received"
    assert address.endswith("?accepted=elsewhere")
    assert "thuộc cơ quan khác" in browser.get(address).content.decode()


def test_a_service_decided_by_rule_has_nothing_to_accept(moment: None) -> None:
    workflow = procedure_in_force("marital_status").content.workflow

    assert acts_to_accept(workflow) == ["accept"]
    assert acts_to_accept(workflow.model_copy(update={"start": "with_specialist"})) == []
