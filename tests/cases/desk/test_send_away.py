"""For a colleague who is ill, whoever leads them in all of their work writes the absence down; either ends it."""

from datetime import date

import pytest
from dossier import ONE_STOP, SPECIALIST, Dossier, at

from motcua.cases.desk.absences import (
    AwayAlready,
    NotYourColleague,
    absences_around,
    absences_of,
    absences_written_by,
    colleagues_led,
    come_back,
    send_away,
)
from motcua.cases.desk.assignments import take_case
from motcua.cases.models import Absence
from motcua.cases.queues import QueueFilter, queue
from motcua.identity.rights import Rights
from motcua.identity.states import Role

from .conftest import Hire

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 20)


def send(leader: Rights, colleague: Rights, stand_in: Rights, moment: str = "16 10:00") -> int:
    assert colleague.account_id is not None
    assert stand_in.account_id is not None
    return send_away(
        account_id=colleague.account_id,
        stand_in=stand_in.account_id,
        ends_on=LAST,
        rights=leader,
        now=at(moment),
    )


def test_ill_colleagues_cases_stand_with_the_stand_in_at_once(accepted: Dossier, hire: Hire) -> None:
    leader, ill, other = hire("lanh dao", Role.APPROVER), hire("an", SPECIALIST), hire("binh", SPECIALIST)
    take_case(number=accepted.number, rights=ill, now=at("16 09:00"))

    send(leader, ill, other)

    stands_in, _ = absences_around(other.account_id or 0, now=at("16 10:00"))
    hands = tuple(each.account_id for each in stands_in)
    assert hands == (ill.account_id,)
    mine = queue(other, now=at("16 10:00"), chosen=QueueFilter(hands=hands)).waiting
    assert [each.case.number for each in mine] == [accepted.number]


@pytest.mark.parametrize("ends", ["colleague", "leader"])
def test_colleague_sees_who_wrote_it_and_either_ends_it(hire: Hire, ends: str) -> None:
    leader, ill, other = hire("lanh dao", Role.LEADER), hire("an", SPECIALIST), hire("binh", SPECIALIST)
    made = send(leader, ill, other)

    (seen,) = absences_of(ill.account_id or 0, now=at("17 08:00"))
    assert (seen.id, seen.made_by, seen.ends_on) == (made, "lanh dao", LAST)
    assert [each.id for each in absences_written_by(leader.account_id or 0, now=at("17 08:00"))] == [made]
    with pytest.raises(AwayAlready):
        send(leader, ill, other, "17 08:00")
    with pytest.raises(Absence.DoesNotExist):
        come_back(absence_id=made, rights=other, now=at("17 08:00"))

    come_back(absence_id=made, rights=ill if ends == "colleague" else leader, now=at("17 09:00"))

    assert absences_of(ill.account_id or 0, now=at("17 09:01")) == []


def test_only_who_leads_a_colleague_in_all_of_their_work_may(hire: Hire) -> None:
    leader, ill = hire("lanh dao", Role.APPROVER), hire("an", SPECIALIST)
    peer, elsewhere = hire("binh", SPECIALIST), hire("khac", Role.APPROVER, place="vn.p98")
    wide = hire("rong", SPECIALIST, ONE_STOP, place="vn")

    for asking in (peer, elsewhere, ill):
        with pytest.raises(NotYourColleague):
            send(asking, ill, peer)
    with pytest.raises(NotYourColleague):
        send(leader, wide, peer)

    assert Absence.objects.count() == 0
    assert [name for _, name in colleagues_led(leader, now=at("16 10:00"))] == ["an", "binh"]
    assert colleagues_led(peer, now=at("16 10:00")) == []
