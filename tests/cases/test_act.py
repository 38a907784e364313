"""Officers act within their place and office; citizens object to their own; a second hand is refused."""

from datetime import timedelta

import pytest
from garden import MEMBER, NOW, STRANGER, UNSURE, WARD, Cite, File, approver

from motcua.cases.models import Case, CaseEntry
from motcua.cases.queries import CaseNotFound, case_for_officer, case_of_person, cases_of_person
from motcua.cases.queues import queue
from motcua.cases.services import (
    CaseMovedOn,
    ObjectionTooLate,
    act_on_case,
    object_to_decision,
    withdraw_case,
)
from motcua.cases.services.act import ReasonMissing
from motcua.cases.states import ActNotOpen
from motcua.credentials.queries import standing_credential
from motcua.identity.rights import NO_RIGHTS, Rights
from motcua.identity.states import Role

LATER = NOW + timedelta(hours=1)


def act(number: str, name: str, *, rights: Rights, reason: str = "Đã xem sổ", seen: str = "desk") -> str:
    return act_on_case(number=number, act=name, rights=rights, reason=reason, seen_state=seen, now=LATER)


def test_person_grants_what_the_machine_could_not_tell(file: File, citizen: Cite) -> None:
    filed = file(UNSURE)

    assert act(filed.number, "grant", rights=approver()) == "granted"

    page = case_of_person(filed.number, citizen(UNSURE).person.id)
    assert page.decision is not None
    assert (page.decision.by_machine, page.decision.text.vi) == (False, "Đã xem sổ")
    assert standing_credential(filed.number) is not None


@pytest.mark.parametrize(
    "rights",
    [
        NO_RIGHTS,
        approver(place="vn.p99.w99002"),
        approver(agency="elsewhere"),
        approver(role=Role.INSPECTOR),
        approver(role=Role.LEADER),
        approver(role=Role.ONE_STOP_OFFICER),
    ],
)
def test_case_outside_place_office_or_role_is_as_one_that_is_not_there(file: File, rights: Rights) -> None:
    filed = file(UNSURE)

    with pytest.raises(Case.DoesNotExist):
        act(filed.number, "grant", rights=rights)

    assert Case.objects.get(number=filed.number).state == "desk"
    assert standing_credential(filed.number) is None


@pytest.mark.parametrize("place", ["vn.p99", f"vn.p99.w{WARD}"])
def test_queue_and_page_show_what_lies_within(file: File, place: str) -> None:
    filed = file(UNSURE)

    assert [row.case.number for row in queue(approver(place), now=NOW).waiting] == [filed.number]
    assert case_for_officer(filed.number, approver(place)).case.number == filed.number


def test_queue_and_page_hide_what_lies_outside(file: File) -> None:
    filed = file(UNSURE)
    elsewhere = approver("vn.p99.w99002")

    assert queue(elsewhere, now=NOW).total.count == 0
    with pytest.raises(CaseNotFound):
        case_for_officer(filed.number, elsewhere)


def test_second_hand_is_told_that_the_case_moved_on(file: File) -> None:
    filed = file(UNSURE)
    act(filed.number, "grant", rights=approver())

    with pytest.raises(CaseMovedOn):
        act(filed.number, "refuse", rights=approver())

    assert Case.objects.get(number=filed.number).state == "granted"


def test_act_that_the_state_forbids_is_refused(file: File) -> None:
    filed = file(MEMBER)

    with pytest.raises(ActNotOpen, match="refuse is not open in state granted"):
        act(filed.number, "refuse", rights=approver(), seen="granted")


def test_act_without_the_reason_it_needs_is_refused(file: File) -> None:
    filed = file(UNSURE)

    with pytest.raises(ReasonMissing):
        act(filed.number, "refuse", rights=approver(), reason="  ")

    assert CaseEntry.objects.filter(case_number=filed.number).count() == 2


def test_objection_puts_the_case_on_the_desk(file: File, citizen: Cite) -> None:
    filed = file(STRANGER)

    object_to_decision(
        number=filed.number, applicant_id=citizen(STRANGER).person.id, text="Tôi đã đóng phí", now=LATER
    )

    (waiting,) = queue(approver(), now=LATER).waiting
    assert (waiting.case.number, waiting.case.objected) == (filed.number, True)


def test_objection_to_the_case_of_another_is_as_to_none(file: File, citizen: Cite) -> None:
    filed = file(STRANGER)

    with pytest.raises(Case.DoesNotExist):
        object_to_decision(number=filed.number, applicant_id=citizen(MEMBER).person.id, text="x", now=LATER)


def test_objection_is_heard_to_the_end_of_the_last_day_told(file: File, citizen: Cite) -> None:
    filed = file(STRANGER)
    who = citizen(STRANGER).person.id
    last = case_of_person(filed.number, who).object_until
    assert last is not None

    state = object_to_decision(number=filed.number, applicant_id=who, text="Tôi đã đóng phí", now=last)

    assert state == "objected"


def test_objection_after_its_time_names_the_last_day(file: File, citizen: Cite) -> None:
    filed = file(STRANGER)

    with pytest.raises(ObjectionTooLate, match="30/11/2026"):
        object_to_decision(
            number=filed.number,
            applicant_id=citizen(STRANGER).person.id,
            text="Tôi đã đóng phí",
            now=(NOW + timedelta(days=10)).replace(hour=17),
        )


def test_revoking_ends_the_credential(file: File) -> None:
    filed = file(MEMBER)

    act(filed.number, "revoke", rights=approver(), seen="granted")

    assert standing_credential(filed.number) is None


def test_people_see_their_own_cases_only(file: File, citizen: Cite) -> None:
    mine = file(MEMBER)
    file(STRANGER)

    assert [case.number for case in cases_of_person(citizen(MEMBER).person.id)] == [mine.number]
    with pytest.raises(CaseNotFound):
        case_of_person(mine.number, citizen(STRANGER).person.id)


def test_citizen_withdraws_what_still_waits(file: File, citizen: Cite) -> None:
    filed = file(UNSURE)

    withdraw_case(number=filed.number, applicant_id=citizen(UNSURE).person.id, now=LATER)

    assert queue(approver(), now=LATER).total.count == 0
    with pytest.raises(ActNotOpen):
        act(filed.number, "grant", rights=approver(), seen="withdrawn")


def test_nobody_withdraws_the_case_of_another(file: File, citizen: Cite) -> None:
    filed = file(UNSURE)

    with pytest.raises(Case.DoesNotExist):
        withdraw_case(number=filed.number, applicant_id=citizen(MEMBER).person.id, now=LATER)

    assert Case.objects.get(number=filed.number).state == "desk"
