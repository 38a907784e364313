"""A missed date is apologized for with a day to come, once for each date missed; the legal date stays where it was."""

import pytest
from dossier import SPECIALIST, Dossier, at

from motcua.calendars.clock import verdict
from motcua.cases.desk.apologies import (
    NothingToApologizeFor,
    PromiseNotPossible,
    apologize,
    apology_owed,
)
from motcua.cases.models import Apology
from motcua.cases.queries import case_for_officer, case_of_person
from motcua.cases.services.act import ReasonMissing
from motcua.identity.rights import Rights

from .conftest import Hire

pytestmark = pytest.mark.django_db


def sorry(
    dossier: Dossier, officer: Rights, moment: str, promised: str, reason: str = "Chờ xác minh."
) -> None:
    apologize(number=dossier.number, rights=officer, reason=reason, promised_at=at(promised), now=at(moment))


def owed(dossier: Dossier, officer: Rights, moment: str) -> int | None:
    found = apology_owed(case_for_officer(dossier.number, officer), at(moment))
    return None if found is None else found.sent_before


def test_apology_is_work_once_the_term_is_over_and_again_when_the_promise_is(
    accepted: Dossier, hire: Hire
) -> None:
    # Due on Thursday 19 November at half past eight.
    officer = hire("an", SPECIALIST)

    assert owed(accepted, officer, "18 16:00") is None
    assert owed(accepted, officer, "19 09:00") == 0
    sorry(accepted, officer, "19 09:00", "23 17:00")
    assert owed(accepted, officer, "20 09:00") is None
    assert owed(accepted, officer, "24 09:00") == 1


def test_applicant_reads_the_promised_day_and_the_case_is_late_all_the_same(
    accepted: Dossier, hire: Hire
) -> None:
    officer, due = hire("an", SPECIALIST), accepted.due
    sorry(accepted, officer, "19 09:00", "23 17:00")

    page = case_of_person(accepted.number, accepted.person.id)

    assert accepted.due == due
    assert page.entries[-1].label.vi == "Xin lỗi vì trễ hẹn"
    assert page.entries[-1].until == at("23 17:00")
    assert page.clock is not None
    assert not verdict(page.clock.clock, at=at("20 09:00")).on_time


def test_extension_used_up_leaves_the_apology(accepted: Dossier, hire: Hire) -> None:
    officer = hire("an", SPECIALIST)
    accepted.act("extend", SPECIALIST, "18 09:00", until=at("20 17:00"))

    # The working day before the second date: nothing can be set anew, and the letter is due already.
    assert owed(accepted, officer, "20 08:00") == 0


def test_nothing_is_sent_without_a_reason_a_day_to_come_or_anything_missed(
    accepted: Dossier, hire: Hire
) -> None:
    officer = hire("an", SPECIALIST)

    with pytest.raises(NothingToApologizeFor):
        sorry(accepted, officer, "17 09:00", "23 17:00")
    with pytest.raises(ReasonMissing):
        sorry(accepted, officer, "19 09:00", "23 17:00", reason=" ")
    with pytest.raises(PromiseNotPossible):
        sorry(accepted, officer, "19 09:00", "18 17:00")
    sorry(accepted, officer, "19 09:00", "23 17:00")
    with pytest.raises(NothingToApologizeFor):
        sorry(accepted, officer, "19 09:05", "24 17:00")

    assert Apology.objects.count() == 1
