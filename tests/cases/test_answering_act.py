"""An act of an officer that ends a case with an answer leaves a decision, whatever the act is called."""

from datetime import timedelta

import pytest
from garden import NOW, STRANGER, UNSURE, WORKFLOW, Cite, act, approver, content, words
from garden import File as FileCase

from motcua.cases.models import Case
from motcua.cases.queries import case_of_person, decisions_of
from motcua.cases.services import act_on_case, object_to_decision
from motcua.procedures.content import Workflow
from motcua.procedures.services import install_revision

LATER = NOW + timedelta(hours=1)
STATES, ACTS = WORKFLOW["states"], WORKFLOW["acts"]
assert isinstance(STATES, dict)
assert isinstance(ACTS, dict)
# Besides those of the answers: one that grants, one that lets a refusal stand, one that hands over.
OTHER_ACTS = {
    **ACTS,
    "grant_as_found": act(["desk"], "granted", ["approver"], effect="issue_credential", needs_reason=True),
    "let_stand": {
        **act(["objected"], "refused", ["approver"], needs_reason=True),
        "label": words("Giữ nguyên"),
    },
    "hand_over": act(["granted"], "granted", ["approver"]),
}
OTHER = {**WORKFLOW, "acts": OTHER_ACTS}


@pytest.fixture
def filing(file: FileCase) -> FileCase:
    install_revision(content=content(workflow=OTHER), sha256="b" * 64, now=NOW)
    return file


def acting(number: str, name: str, seen: str, reason: str = "Đã đến xem tận nơi") -> str:
    return act_on_case(number=number, act=name, rights=approver(), reason=reason, seen_state=seen, now=LATER)


def test_act_that_no_answer_names_leaves_who_why_and_the_facts_as_known(
    filing: FileCase, citizen: Cite
) -> None:
    filed = filing(UNSURE)

    acting(filed.number, "grant_as_found", "desk")

    by_rule, by_person = decisions_of(filed.number)
    assert (by_person.answer, by_person.decided_by, by_person.text.vi) == (
        "yes",
        "account:7",
        "Đã đến xem tận nơi",
    )
    assert by_person.facts == by_rule.facts != ()
    assert case_of_person(filed.number, citizen(UNSURE).person.id).decision == by_person
    case = Case.objects.get(number=filed.number)
    assert (case.answer, case.reason_code, case.decided_by) == ("yes", "person", "account:7")


def test_what_is_kept_after_an_objection_has_reasons_and_goes_on_following_the_facts(
    filing: FileCase, citizen: Cite
) -> None:
    filed = filing(STRANGER)
    object_to_decision(
        number=filed.number, applicant_id=citizen(STRANGER).person.id, text="Tôi đã đóng phí", now=LATER
    )

    acting(filed.number, "let_stand", "objected", "Sổ ghi chưa đóng phí")

    kept = decisions_of(filed.number)[-1]
    assert (kept.answer, kept.text.vi) == ("no", "Sổ ghi chưa đóng phí")
    case = Case.objects.get(number=filed.number)
    assert (case.answer, case.decided_by) == ("no", "machine")


def test_act_after_the_answer_decides_nothing_anew(filing: FileCase) -> None:
    filed = filing(UNSURE)
    acting(filed.number, "grant_as_found", "desk")

    acting(filed.number, "hand_over", "granted", "")

    assert len(decisions_of(filed.number)) == 2


SHADES = Workflow.model_validate(
    {
        "start": "desk",
        "states": {**STATES, "given": STATES["granted"], "denied": STATES["refused"]},
        "acts": {
            **{name: act(["desk"], "granted", ["approver"]) for name in ("green", "yellow", "keep")},
            "give": act(["desk"], "given", ["approver"]),
            "deny": act(["desk"], "denied", ["approver"]),
            "revoke": act(["granted"], "revoked", ["approver"]),
        },
        "answers": {"green": "green", "yellow": "yellow"},
    }
)


@pytest.mark.parametrize(
    ("name", "source", "standing", "answer"),
    [
        ("yellow", "desk", "", "yellow"),
        ("keep", "desk", "yellow", "yellow"),
        ("keep", "desk", "", "green"),
        ("give", "desk", "yellow", "green"),
        ("deny", "desk", "", "deny"),
        ("revoke", "granted", "green", None),
        ("keep", "given", "green", None),
    ],
    ids=["named", "kept", "first to the same state", "first of the phase", "its own name", "ends", "stays"],
)
def test_answer_of_an_act(name: str, source: str, standing: str, answer: str | None) -> None:
    assert SHADES.answer_of(name, source, standing=standing) == answer
