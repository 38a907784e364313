"""A sealed result is kept among the applicant's papers, byte for byte and once, under the kind that the pack names."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from dossier import Dossier
from sealing import NOW, sealed, staffed

from motcua.cases.models import Case
from motcua.cases.services.results import keep_results_of_case
from motcua.documents.queries import result_bytes
from motcua.events.models import LedgerEntry
from motcua.fees.models import Demand
from motcua.fees.schedule import Line
from motcua.fees.services import demand
from motcua.fees.states import Occasion
from motcua.site.wiring import HANDLERS
from motcua.vault.queries import papers_of
from motcua.vault.services import PaperHeld, delete_paper, read_own


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(SECRETS_DIR=tmp_path, TIME_STAMPS="own", SITE_URL="https://motcua.example"):
        yield


def test_sealed_result_is_a_paper_of_the_applicant(accepted: Dossier) -> None:
    result = sealed(staffed(), accepted.number)

    for _ in range(2):
        assert keep_results_of_case(number=accepted.number, now=NOW) == 1

    (paper,) = papers_of(accepted.person.id)
    assert (paper.source, paper.case_number, paper.kind) == (
        "result",
        accepted.number,
        "marital_status_certificate",
    )
    # Every signature stands: not a byte is another.
    assert read_own(paper_id=paper.id, person_id=accepted.person.id).content == result_bytes(result)
    with pytest.raises(PaperHeld):
        delete_paper(paper_id=paper.id, person_id=accepted.person.id, now=NOW)


def test_result_that_waits_for_its_fee_is_kept_once_it_is_paid(accepted: Dossier) -> None:
    sealed(staffed(), accepted.number)
    fee = Line("fee", "Lệ phí", "Fee", "Nghị quyết 1", 15_000, 15_000)
    asked = demand(
        case_number=accepted.number,
        agency_path="ttpvhcc",
        place_path="vn",
        occasion=Occasion.AT_FILING,
        lines=[fee],
        due_at=None,
        now=NOW,
    )
    Case.objects.filter(number=accepted.number).update(state="issued", phase="granted")

    assert keep_results_of_case(number=accepted.number, now=NOW) == 0
    assert list(papers_of(accepted.person.id)) == []

    Demand.objects.filter(pk=asked).update(settled_at=NOW)

    assert "motcua.cases.handlers.go_on" in HANDLERS["FeesPaid"]
    assert keep_results_of_case(number=accepted.number, now=NOW) == 1


def test_somebody_hears_of_the_seal(accepted: Dossier) -> None:
    sealed(staffed(), accepted.number)

    assert LedgerEntry.objects.get(name="ResultSealed").subject == accepted.number
    assert "motcua.cases.handlers.keep_results" in HANDLERS["ResultSealed"]


def test_result_of_no_case_of_ours_is_nobodys(db: None) -> None:
    assert keep_results_of_case(number="H17-20261120-0000009", now=NOW) == 0
