"""Late and near cases by office and officer: officers are named to who leads their office, and to nobody else."""

import pytest
from dossier import SPECIALIST, Dossier, at

from motcua.cases.desk.absences import go_away
from motcua.cases.desk.assignments import take_case
from motcua.cases.lateness import away_under, lateness
from motcua.identity.rights import widest
from motcua.identity.states import Role

from .conftest import Hire


@pytest.mark.django_db
def test_leader_reads_whose_hands_late_cases_are_in_and_others_the_office_only(
    accepted: Dossier, hire: Hire
) -> None:
    first, second = hire("an", SPECIALIST), hire("binh", SPECIALIST)
    leader, auditor = hire("lanh dao", Role.APPROVER), hire("giam sat", Role.AUDITOR)
    take_case(number=accepted.number, rights=first, now=at("16 09:00"))
    go_away(
        rights=first,
        stand_in=second.account_id or 0,
        begins_on=at("20 00:00").date(),
        ends_on=at("20 00:00").date(),
        now=at("16 09:00"),
    )

    soon = lateness(leader, now=at("18 09:00"))
    late = lateness(leader, now=at("20 09:00"))
    seen_by_auditor = lateness(auditor, now=at("20 09:00"))

    assert [(each.name, each.overdue, each.today, each.soon) for each in soon] == [("an", 0, 0, 1)]
    assert [(each.name, each.overdue) for each in late] == [("an", 1)]
    assert [(each.name, each.account_id, each.overdue) for each in seen_by_auditor] == [("", None, 1)]
    assert [each.name for each in away_under(leader, now=at("20 09:00"))] == ["an"]
    assert away_under(auditor, now=at("20 09:00")) == []


def test_wider_appointment_says_it_for_those_within() -> None:
    city, ward, other = ("dn", "vn.p48"), ("dn.so", "vn.p48.w1"), ("bn", "vn.p48.w1")

    assert widest([ward, city, other, ward]) == [city, other]
    assert widest([ward, ("dn.so", "vn.p48.w10")]) == [ward, ("dn.so", "vn.p48.w10")]
