"""One officer has a case in hand at a time; another does their work while they are away, and the history says so."""

import pytest
from dossier import ONE_STOP, SPECIALIST, Dossier, at

from motcua.cases.desk.absences import CannotStandIn, come_back, go_away
from motcua.cases.desk.assignments import (
    AlreadyInHand,
    NotForThatOfficer,
    NotYoursToGive,
    acted_for,
    acts_for_accounts,
    give_back,
    give_case,
    holdings_of,
    take_case,
)
from motcua.cases.models import Assignment, Case
from motcua.cases.queues import QueueFilter, queue
from motcua.identity.rights import Rights
from motcua.identity.states import Role

from .conftest import Hire

pytestmark = pytest.mark.django_db


def numbers(rights: Rights, hands: tuple[int, ...], moment: str) -> list[str]:
    found = queue(rights, now=at(moment), chosen=QueueFilter(hands=hands))
    return [each.case.number for each in found.waiting]


def test_case_is_in_one_officers_hands_until_it_is_given_back(accepted: Dossier, hire: Hire) -> None:
    first, second = hire("an", SPECIALIST), hire("binh", SPECIALIST)
    take_case(number=accepted.number, rights=first, now=at("16 09:00"))

    with pytest.raises(AlreadyInHand):
        take_case(number=accepted.number, rights=second, now=at("16 09:01"))
    with pytest.raises(NotYoursToGive):
        give_back(number=accepted.number, rights=second, now=at("16 09:02"))
    assert Assignment.objects.standing().get().account_id == first.account_id
    give_back(number=accepted.number, rights=first, now=at("16 09:03"))
    take_case(number=accepted.number, rights=second, now=at("16 09:04"))

    assert [each.name for each in holdings_of(accepted.number)] == ["an", "binh"]


def test_approver_passes_a_case_on_and_only_to_who_may_work_on_it(accepted: Dossier, hire: Hire) -> None:
    leader, first = hire("lanh dao", Role.APPROVER), hire("an", SPECIALIST)
    second, stranger = hire("binh", SPECIALIST), hire("khach", SPECIALIST, place="vn.p98")
    take_case(number=accepted.number, rights=first, now=at("16 09:00"))

    with pytest.raises(NotForThatOfficer):
        give_case(number=accepted.number, to=stranger.account_id, rights=leader, now=at("16 09:01"))
    with pytest.raises(Case.DoesNotExist):
        take_case(number=accepted.number, rights=stranger, now=at("16 09:01"))
    give_case(number=accepted.number, to=second.account_id, rights=leader, now=at("16 09:02"))

    assert numbers(leader, (second.account_id,), "16 10:00") == [accepted.number]
    assert numbers(leader, (first.account_id,), "16 10:00") == []
    assert numbers(leader, "nobody", "16 10:00") == []


def test_cases_in_hand_and_new_ones_go_to_the_stand_in_and_the_history_says_for_whom(
    accepted: Dossier, hire: Hire
) -> None:
    first, second, leader = hire("an", SPECIALIST), hire("binh", SPECIALIST), hire("lanh dao", Role.APPROVER)
    go_away(
        rights=first,
        stand_in=second.account_id,
        begins_on=at("17 00:00").date(),
        ends_on=at("18 00:00").date(),
        now=at("16 09:00"),
    )
    # Given while the officer is away: a new one.
    give_case(number=accepted.number, to=first.account_id, rights=leader, now=at("17 08:00"))

    on_tuesday = acts_for_accounts(second.account_id, at("17 09:00"))
    after = acts_for_accounts(second.account_id, at("19 09:00"))

    assert numbers(second, on_tuesday, "17 09:00") == [accepted.number]
    assert numbers(second, after, "19 09:00") == []
    acts = [(second.account_id, at("17 10:00")), (second.account_id, at("19 10:00"))]
    assert acted_for(accepted.number, acts) == {acts[0]: (first.account_id, "an")}


def test_who_is_away_or_holds_less_cannot_stand_in_and_an_absence_ends_with_the_return(hire: Hire) -> None:
    first, second = hire("an", SPECIALIST), hire("binh", SPECIALIST)
    other_role, other_place = hire("chi", ONE_STOP), hire("dung", SPECIALIST, place="vn.p99.w99001")
    days = {"begins_on": at("17 00:00").date(), "ends_on": at("18 00:00").date(), "now": at("16 09:00")}

    for wrong in (other_role, other_place, first):
        with pytest.raises(CannotStandIn):
            go_away(rights=first, stand_in=wrong.account_id, **days)
    made = go_away(rights=first, stand_in=second.account_id, **days)
    with pytest.raises(CannotStandIn):
        go_away(rights=second, stand_in=first.account_id, **days)
    come_back(absence_id=made, rights=first, now=at("17 10:00"))

    assert acts_for_accounts(second.account_id, at("17 09:00")) == (second.account_id, first.account_id)
    assert acts_for_accounts(second.account_id, at("17 10:00")) == (second.account_id,)
