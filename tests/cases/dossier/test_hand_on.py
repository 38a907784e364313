"""A case goes to another agency and back; each agency acts while it has the case, and only if the condition holds."""

import pytest
from dossier import OFFICE, ONE_STOP, POLICE, SPECIALIST, Dossier, at, rights

from motcua.agencies.models import Agency
from motcua.agencies.queries import AgencyNotKnown
from motcua.cases.models import Case
from motcua.cases.queries import CaseNotFound, case_for_officer
from motcua.cases.queues import queue
from motcua.cases.services.open import open_case
from motcua.cases.states import ActNotOpen
from motcua.registers.models import RegisterAccess


@pytest.fixture
def mover(dossier: Dossier) -> Dossier:
    """Somebody who has lived elsewhere."""
    dossier.file(lived_elsewhere=True, former_residence="Tam Kỳ, 2015 đến 2019")
    dossier.act("accept", ONE_STOP, "16 08:30")
    return dossier


def test_case_goes_to_the_agency_of_the_state_and_back(mover: Dossier) -> None:
    mover.act("verify", SPECIALIST, "16 14:00")
    assert mover.row.agency_path == POLICE

    mover.act("verified", SPECIALIST, "17 09:00", agency=POLICE)
    assert mover.row.agency_path == OFFICE
    assert mover.due == "19 08:30"


def test_agency_that_handed_it_on_still_reads_and_does_not_act(mover: Dossier) -> None:
    with pytest.raises(CaseNotFound):
        case_for_officer(mover.number, rights(SPECIALIST, POLICE))
    mover.act("verify", SPECIALIST, "16 14:00")

    assert case_for_officer(mover.number, rights(SPECIALIST)).acts == {}
    assert queue(rights(SPECIALIST), now=at("16 15:00")).waiting == ()
    open_case(number=mover.number, rights=rights(SPECIALIST), now=at("16 15:00"))
    assert RegisterAccess.objects.get(case_number=mover.number).agency_path == OFFICE
    with pytest.raises(Case.DoesNotExist):
        mover.act("verified", SPECIALIST, "17 09:00")

    assert mover.row.state == "with_police"


def test_condition_that_does_not_hold_closes_the_act(accepted: Dossier) -> None:
    with pytest.raises(ActNotOpen):
        accepted.act("verify", SPECIALIST, "16 14:00")

    assert "verify" not in case_for_officer(accepted.number, rights(SPECIALIST)).acts
    assert accepted.row.state == "with_specialist"


def test_agency_that_is_not_registered_leaves_the_case_where_it_is(mover: Dossier) -> None:
    Agency.objects.filter(code=POLICE).delete()

    with pytest.raises(AgencyNotKnown):
        mover.act("verify", SPECIALIST, "16 14:00")

    assert mover.row.state == "with_specialist"
