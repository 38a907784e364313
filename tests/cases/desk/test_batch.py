"""One act on many: each case by itself, what cannot be done is said and changes nothing, and nothing is done twice."""

import uuid

import pytest
from dossier import OFFICE, ONE_STOP, SPECIALIST, Dossier, at, rights

from motcua.cases.desk.batches import Chosen, TooMany, carry_out, plan, shared_acts, shared_templates
from motcua.cases.desk.reasons import write_template
from motcua.cases.models import ActBatch, Case, CaseEntry
from motcua.documents.queries import results_of_case
from motcua.identity.rights import Rights
from motcua.identity.states import Role
from motcua.procedures.content import Content
from motcua.procedures.queries import procedure_in_force
from motcua.procedures.services import install_revision

from .conftest import Hire

pytestmark = pytest.mark.django_db


def filed(dossier: Dossier, count: int) -> list[str]:
    numbers = []
    for _ in range(count):
        dossier.file()
        numbers.append(dossier.number)
    return numbers


def accepting(numbers: list[str], who: Rights, batch_id: uuid.UUID) -> list[str]:
    found = carry_out(
        batch_id=batch_id,
        chosen=[Chosen(number, "received") for number in numbers],
        act="accept",
        reason="",
        rights=who,
        now=at("16 09:00"),
    )
    return [each.outcome for each in found.items]


def test_acts_are_offered_by_how_many_cases_they_are_open_for(dossier: Dossier, hire: Hire) -> None:
    numbers = filed(dossier, 2)
    chosen = [Chosen(number, "received") for number in numbers]

    offered = shared_acts(chosen, rights(ONE_STOP))

    assert [(each.name, each.count, each.needs_reason) for each in offered] == [
        ("accept", 2, False),
        ("decline", 2, True),
    ]


def test_preview_says_which_are_left_out_and_why(dossier: Dossier) -> None:
    moved, waiting = filed(dossier, 2)
    dossier.number = moved
    dossier.act("accept", ONE_STOP, "16 08:30")
    chosen = [
        Chosen(moved, "received"),
        Chosen(waiting, "received"),
        Chosen("H17-20261116-9999999", "received"),
    ]

    left_out = [
        each.left_out for each in plan(chosen, act="accept", rights=rights(ONE_STOP), now=at("16 09:00"))
    ]
    for_another = [
        each.left_out
        for each in plan(chosen[1:2], act="accept", rights=rights(SPECIALIST), now=at("16 09:00"))
    ]

    assert left_out == ["moved_on", None, "gone"]
    assert for_another == ["not_open"]


def test_new_date_of_one_case_is_no_act_for_many(accepted: Dossier) -> None:
    chosen = [Chosen(accepted.number, "with_specialist")]

    assert "extend" not in {each.name for each in shared_acts(chosen, rights(SPECIALIST))}
    assert (
        plan(chosen, act="extend", rights=rights(SPECIALIST), now=at("16 10:00"))[0].left_out == "one_by_one"
    )


def test_paper_that_an_act_drafts_is_shown_for_each_case_before(dossier: Dossier) -> None:
    whole = procedure_in_force("marital_status").content.model_dump(mode="json", by_alias=True)
    whole["workflow"]["acts"]["submit"]["effect"] = ["draft_result"]
    install_revision(content=Content.model_validate(whole), sha256="d" * 64, now=at("16 07:00"))
    dossier.file()
    dossier.act("accept", ONE_STOP, "16 08:30")
    chosen = [Chosen(dossier.number, "with_specialist")]

    offered = {each.name for each in shared_acts(chosen, rights(SPECIALIST))}
    (planned,) = plan(chosen, act="submit", rights=rights(SPECIALIST), now=at("16 10:00"))

    assert "submit" in offered
    assert planned.paper is not None
    assert any(dossier.person.name in line for line in str(planned.paper).split("\n"))
    assert results_of_case(dossier.number) == []


def test_reasons_kept_ready_are_offered_where_they_fit_every_case(dossier: Dossier, hire: Hire) -> None:
    chosen = [Chosen(number, "received") for number in filed(dossier, 2)]
    leader = hire("lanh dao", Role.APPROVER)
    for title, act in (("Sai nơi nộp", "decline"), ("Gia hạn", "extend")):
        write_template(
            rights=leader,
            agency_path=OFFICE,
            procedure_code="",
            act=act,
            title=title,
            text="Nộp tại [nơi].",
            now=at("16 08:30"),
        )

    offered = shared_templates(chosen, shared_acts(chosen, rights(ONE_STOP)), rights(ONE_STOP))

    assert [each.title for each in offered] == ["Sai nơi nộp"]


def test_each_case_stands_for_itself_and_a_second_submit_does_nothing(dossier: Dossier, hire: Hire) -> None:
    numbers = filed(dossier, 3)
    officer, batch_id = hire("an", ONE_STOP), uuid.uuid4()
    dossier.number = numbers[1]
    dossier.act("decline", ONE_STOP, "16 08:30")

    first = accepting(numbers, officer, batch_id)
    entries = CaseEntry.objects.count()
    second = accepting(numbers, officer, batch_id)

    assert first == second == ["done", "moved_on", "done"]
    assert CaseEntry.objects.count() == entries
    states = Case.objects.order_by("number").values_list("state", flat=True)
    assert sorted(states) == ["not_accepted", "with_specialist", "with_specialist"]


def test_batch_of_another_officer_or_with_another_act_is_not_there(dossier: Dossier, hire: Hire) -> None:
    (number,) = filed(dossier, 1)
    first, second, batch_id = hire("an", ONE_STOP), hire("binh", ONE_STOP), uuid.uuid4()
    accepting([number], first, batch_id)

    with pytest.raises(ActBatch.DoesNotExist):
        accepting([number], second, batch_id)
    with pytest.raises(TooMany):
        accepting(["H17-20261116-9999999"] * 201, first, uuid.uuid4())
