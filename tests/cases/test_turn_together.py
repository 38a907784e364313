"""Many cases moved at once by a change of the law; and what a person then does with a pass that still stands."""

import json
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from garden import MEMBER, NOW, STRANGER, UNSURE, Cite, File, approver

from motcua.cases.models import Case, CaseEntry
from motcua.cases.queries import case_for_officer, case_of_person
from motcua.cases.services import Place, Redecided, Turn, act_on_case, turn_together, withdraw_case
from motcua.credentials.models import Credential
from motcua.credentials.queries import standing_credential
from motcua.decisions.models import DecisionRecord

LATER = NOW + timedelta(hours=1)
ACTOR = "directive:08/CT-UBND"


def place_of(case: Case) -> Place:
    return Place(
        state=case.state,
        phase=case.phase,
        due_at=case.due_at,
        changed_at=case.changed_at,
        revision_id=case.revision_id,
        answer=case.answer,
        reason_code=case.reason_code,
        decided_by=case.decided_by,
    )


def turn(number: str, act: str, state: str, phase: str, **changes: object) -> Turn:
    case = Case.objects.get(number=number)
    to = replace(place_of(case), state=state, phase=phase, changed_at=LATER, **changes)  # type: ignore[arg-type]
    return Turn(number, case.filed_on, case.agency_path, case.state, act, to, "Vùng nay đã đỏ")


def reviewed(number: str) -> None:
    with transaction.atomic():
        assert turn_together([turn(number, "review", "desk", "person")], actor=ACTOR, now=LATER) == {number}


def test_cases_move_with_their_history(file: File) -> None:
    granted, other = file(MEMBER), file(MEMBER)

    with transaction.atomic():
        moved = turn_together(
            [turn(each.number, "revoke", "revoked", "closed") for each in (granted, other)],
            actor=ACTOR,
            now=LATER,
        )

    assert moved == {granted.number, other.number}
    case = Case.objects.get(number=granted.number)
    assert (case.state, case.phase, case.changed_at) == ("revoked", "closed", LATER)
    entry = CaseEntry.objects.filter(case_number=granted.number).last()
    assert entry is not None
    assert (entry.act, entry.from_state, entry.to_state) == ("revoke", "granted", "revoked")
    assert (entry.actor, entry.reason) == (ACTOR, "Vùng nay đã đỏ")


def test_a_case_that_somebody_moved_meanwhile_is_left(file: File, citizen: Cite) -> None:
    waiting, still = file(UNSURE), file(UNSURE, key="2")
    turns = [turn(each.number, "grant", "granted", "granted") for each in (waiting, still)]
    withdraw_case(number=waiting.number, applicant_id=citizen(UNSURE).person.id, now=LATER)

    with transaction.atomic():
        moved = turn_together(turns, actor=ACTOR, now=LATER)

    assert moved == {still.number}
    assert Case.objects.get(number=waiting.number).state == "withdrawn"
    assert not CaseEntry.objects.filter(case_number=waiting.number, actor=ACTOR).exists()


def test_a_pass_that_is_only_renewed_leaves_the_row_of_its_case(file: File) -> None:
    granted = file(MEMBER)

    with transaction.atomic():
        turn_together([turn(granted.number, "renew", "granted", "granted")], actor=ACTOR, now=LATER)

    assert Case.objects.get(number=granted.number).changed_at == NOW
    assert CaseEntry.objects.filter(case_number=granted.number, act="renew").count() == 1


def test_a_decision_is_kept_and_explained_as_on_the_day_of_the_request(file: File, citizen: Cite) -> None:
    granted, stranger = file(MEMBER), file(STRANGER)
    refusal = DecisionRecord.objects.get(case_number=stranger.number)
    decided = Redecided(
        model_sha256=refusal.model_sha256,
        answer=refusal.answer,
        reason_code=refusal.reason_code,
        rule=refusal.rule,
        facts_json=json.dumps(refusal.facts, ensure_ascii=False),
        text_vi="Hội phí “quá hạn”\tđã lâu\\",
        text_en="overdue",
    )
    to_refused = turn(granted.number, "refuse", "refused", "refused", answer=refusal.answer)

    with transaction.atomic():
        turn_together([replace(to_refused, decided=decided)], actor=ACTOR, now=LATER + timedelta(days=3))

    page = case_of_person(granted.number, citizen(MEMBER).person.id)
    assert page.decision is not None
    assert page.decision.by_machine
    assert page.decision.text.vi == "Hội phí “quá hạn”\tđã lâu\\"
    assert page.decision.explanation != {}


def test_until_a_person_decides_the_pass_stands(file: File) -> None:
    granted = file(MEMBER)
    reviewed(granted.number)

    standing = standing_credential(granted.number)
    assert standing is not None
    assert case_for_officer(granted.number, approver()).case.state.phase == "person"


def test_a_person_who_grants_again_puts_a_new_pass_in_the_place_of_the_old(file: File) -> None:
    granted = file(MEMBER)
    before = standing_credential(granted.number)
    reviewed(granted.number)

    act_on_case(
        number=granted.number, act="grant", rights=approver(), reason="Đã xem", seen_state="desk", now=LATER
    )

    after = standing_credential(granted.number)
    assert before is not None
    assert after is not None
    assert after.id != before.id
    old = Credential.objects.get(pk=before.id)
    assert (old.revoked_at, old.revoke_reason) == (LATER, "grant")


def test_a_person_who_refuses_ends_the_pass(file: File) -> None:
    granted = file(MEMBER)
    reviewed(granted.number)

    act_on_case(
        number=granted.number, act="refuse", rights=approver(), reason="Đã xem", seen_state="desk", now=LATER
    )

    assert standing_credential(granted.number) is None
    assert Credential.objects.get(case_number=granted.number).revoke_reason == "refuse"


def test_who_withdraws_a_request_under_review_has_no_pass(file: File, citizen: Cite) -> None:
    granted = file(MEMBER)
    reviewed(granted.number)

    withdraw_case(number=granted.number, applicant_id=citizen(MEMBER).person.id, now=LATER)

    assert standing_credential(granted.number) is None
