"""A request for additions stops the clock; it must say what is missing, and each is counted."""

import pytest
from dossier import SPECIALIST, Dossier, at, rights

from motcua.cases.models import Case
from motcua.cases.queries import case_for_officer
from motcua.cases.queues import QueueFilter, queue
from motcua.cases.services.act import ReasonMissing
from motcua.cases.states import Phase


def test_clock_stands_and_nothing_is_overdue(accepted: Dossier) -> None:
    assert accepted.act("ask_for_additions", SPECIALIST, "17 08:30", reason="Bản án ly hôn") == (
        "awaiting_additions"
    )

    page = case_for_officer(accepted.number, rights(SPECIALIST))
    assert page.clock is not None
    assert page.clock.clock.state == "paused"
    assert page.clock.clock.due_at is None
    assert accepted.row.phase == Phase.CITIZEN
    assert not Case.objects.overdue(at("30 08:00")).exists()


def test_case_leaves_the_queue_for_what_is_paused(accepted: Dossier) -> None:
    accepted.act("ask_for_additions", SPECIALIST, "17 08:30")

    assert queue(rights(SPECIALIST), now=at("18 08:00")).waiting == ()
    paused = queue(rights(SPECIALIST), now=at("18 08:00"), chosen=QueueFilter(clock="paused"))
    assert [each.case.number for each in paused.waiting] == [accepted.number]
    assert paused.total.count == 1


def test_what_is_missing_must_be_said(accepted: Dossier) -> None:
    with pytest.raises(ReasonMissing):
        accepted.act("ask_for_additions", SPECIALIST, "17 08:30", reason="")

    assert accepted.row.state == "with_specialist"


def test_every_request_is_counted(accepted: Dossier) -> None:
    accepted.act("ask_for_additions", SPECIALIST, "17 08:30")
    accepted.supply("18 08:30")
    accepted.act("ask_for_additions", SPECIALIST, "18 09:30")

    page = case_for_officer(accepted.number, rights(SPECIALIST))

    assert page.clock is not None
    assert page.clock.clock.additions_requested == 2
