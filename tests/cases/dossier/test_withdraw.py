"""The applicant withdraws before the answer, also while the clock stands."""

import pytest
from dossier import LEADER, SPECIALIST, Dossier, at

from motcua.cases.queries import case_of_person
from motcua.cases.services import withdraw_case
from motcua.cases.states import ActNotOpen


def test_withdrawn_while_additions_are_awaited(accepted: Dossier) -> None:
    accepted.act("ask_for_additions", SPECIALIST, "17 08:30")

    state = withdraw_case(number=accepted.number, applicant_id=accepted.person.id, now=at("18 08:30"))

    assert state == "withdrawn"
    page = case_of_person(accepted.number, accepted.person.id)
    assert page.clock is not None
    assert page.clock.clock.ended_by == "withdrawn"


def test_approved_case_is_not_withdrawn(accepted: Dossier) -> None:
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")

    with pytest.raises(ActNotOpen):
        withdraw_case(number=accepted.number, applicant_id=accepted.person.id, now=at("18 08:30"))

    assert accepted.row.state == "approved"
