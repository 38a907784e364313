"""A request that people decide waits at the one-stop; its term begins when it is accepted."""

import pytest
from dossier import LEADER, ONE_STOP, SPECIALIST, Dossier, at, rights

from motcua.cases.models import Case, CaseEntry
from motcua.cases.queries import case_for_officer
from motcua.cases.services.act import ReasonMissing
from motcua.cases.states import Phase
from motcua.decisions.models import DecisionRecord


def test_filed_request_waits_for_the_one_stop_and_nobody_has_decided(dossier: Dossier) -> None:
    assert dossier.file() == "received"

    assert (dossier.row.phase, dossier.row.answer, dossier.row.decided_by) == (Phase.PERSON, "", "")
    assert not DecisionRecord.objects.exists()


def test_answer_to_who_filed_is_due_within_eight_working_hours(dossier: Dossier) -> None:
    dossier.file("16 14:00")

    assert dossier.due == "17 14:00"


def test_what_is_filed_in_the_evening_counts_from_the_next_opening(dossier: Dossier) -> None:
    dossier.file("16 20:15")

    assert dossier.due == "17 17:00"


def test_term_begins_with_acceptance(dossier: Dossier) -> None:
    dossier.file("16 08:00")

    assert dossier.act("accept", ONE_STOP, "16 15:00") == "with_specialist"

    assert dossier.due == "19 15:00"
    page = case_for_officer(dossier.number, rights(SPECIALIST))
    assert page.clock is not None
    assert not page.clock.receiving
    assert page.clock.clock.starts_at == at("16 15:00")


@pytest.mark.parametrize("role", [SPECIALIST, LEADER])
def test_nobody_else_accepts(dossier: Dossier, role: object) -> None:
    dossier.file()

    with pytest.raises(Case.DoesNotExist):
        dossier.act("accept", role, "16 09:00")  # type: ignore[arg-type]

    assert dossier.row.state == "received"


def test_not_accepting_needs_a_reason(dossier: Dossier) -> None:
    dossier.file()

    with pytest.raises(ReasonMissing):
        dossier.act("decline", ONE_STOP, "16 09:00", reason="  ")

    assert CaseEntry.objects.filter(case_number=dossier.number).count() == 1


def test_request_not_accepted_is_closed_with_its_reason(dossier: Dossier) -> None:
    dossier.file()

    assert dossier.act("decline", ONE_STOP, "16 09:00", reason="Không thuộc thẩm quyền.") == "not_accepted"

    page = case_for_officer(dossier.number, rights(ONE_STOP))
    assert page.entries[-1].reason == "Không thuộc thẩm quyền."
    assert page.clock is not None
    assert page.clock.clock.ended_by == "stopped"
