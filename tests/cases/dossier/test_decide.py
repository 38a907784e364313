"""A leader approves or refuses, the result is handed over, and a refusal can be objected to."""

import pytest
from dossier import LEADER, ONE_STOP, SPECIALIST, Dossier, at, rights

from motcua.calendars.clock import verdict
from motcua.cases.queries import case_for_officer
from motcua.cases.services import object_to_decision
from motcua.credentials.queries import standing_credential


@pytest.fixture
def submitted(accepted: Dossier) -> Dossier:
    accepted.act("submit", SPECIALIST, "17 09:00")
    return accepted


def test_approval_is_a_decision_with_a_certificate(submitted: Dossier) -> None:
    assert submitted.act("approve", LEADER, "17 15:00", reason="") == "approved"

    page = case_for_officer(submitted.number, rights(LEADER))
    assert page.decision is not None
    assert (page.decision.answer, page.decision.by_machine, page.decision.text.vi) == (
        "grant",
        False,
        "Ký duyệt",
    )
    assert standing_credential(submitted.number) is not None
    assert page.clock is not None
    assert verdict(page.clock.clock, at=at("30 08:00")).on_time


def test_result_handed_over_keeps_its_certificate(submitted: Dossier) -> None:
    submitted.act("approve", LEADER, "17 15:00")

    assert submitted.act("seal", ONE_STOP, "17 16:00", reason="") == "issued"
    assert submitted.act("hand_over", ONE_STOP, "18 09:00", reason="") == "returned"

    assert standing_credential(submitted.number) is not None


def test_leader_sends_back_and_the_term_runs_on(submitted: Dossier) -> None:
    assert submitted.act("send_back", LEADER, "17 15:00") == "with_specialist"

    assert submitted.due == "19 08:30"


def test_objection_has_a_clock_of_its_own(submitted: Dossier) -> None:
    submitted.act("refuse", LEADER, "17 15:00", reason="Đang có vợ.")

    object_to_decision(
        number=submitted.number, applicant_id=submitted.person.id, text="Tôi đã ly hôn.", now=at("18 08:30")
    )

    # Five working days; the Tuesday between is a holiday.
    assert submitted.due == "26 08:30"
    page = case_for_officer(submitted.number, rights(LEADER))
    assert page.clock is not None
    assert str(page.clock.clock.budget.amount) == "5"


def test_late_answer_counts_as_late(submitted: Dossier) -> None:
    submitted.act("approve", LEADER, "20 09:00")

    page = case_for_officer(submitted.number, rights(LEADER))

    assert page.clock is not None
    judged = verdict(page.clock.clock, at=at("30 08:00"))
    assert (judged.on_time, judged.because) == (False, ("past_due",))
