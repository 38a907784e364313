"""Who would get another answer: counts over the cases decided last, and no small group."""

from datetime import timedelta

import pytest
from garden import MEMBER, NOW, STRANGER, UNSURE, File, citizen, content, file, members, procedure

from motcua.cases.decided import decided_cases
from motcua.packs.what_if import FEWEST_SHOWN, Flow, OtherOutput, who_would_change
from motcua.procedures.queries import procedure_in_force

__all__ = ["citizen", "file", "members", "procedure"]
pytestmark = pytest.mark.django_db


def with_model(old: str, new: str) -> object:
    model = content().decision_model
    assert old in model
    return content(decision_model=model.replace(old, new))


def filed(file: File, number: str, times: int) -> None:
    for _ in range(times):
        file(number)


def test_cases_are_taken_as_they_were_decided(file: File) -> None:
    filed(file, MEMBER, 2)
    file(UNSURE, now=NOW + timedelta(minutes=1))

    cases = decided_cases("garden_key", most=2)

    assert len(cases) == 2
    standings = [case.scope(content().form)["member"] for case in cases]
    assert sorted(standings, key=str) == [None, "paid"]


def test_same_rules_change_nobody(file: File) -> None:
    filed(file, MEMBER, FEWEST_SHOWN)

    found = who_would_change(procedure_in_force("garden_key"), content())

    assert (found.cases, found.nothing) == (FEWEST_SHOWN, True)


def test_cases_go_from_answer_to_answer_with_reasons(file: File) -> None:
    filed(file, MEMBER, FEWEST_SHOWN)
    filed(file, STRANGER, FEWEST_SHOWN + 1)

    # Who paid and who lapsed change places.
    swapped = (
        content()
        .decision_model.replace('"paid"', '"x"')
        .replace('"lapsed"', '"paid"')
        .replace('"x"', '"lapsed"')
    )
    found = who_would_change(procedure_in_force("garden_key"), content(decision_model=swapped))

    assert {(flow.before[0], flow.after[0], flow.cases) for flow in found.flows} == {
        ("yes", "no", FEWEST_SHOWN),
        ("no", "yes", FEWEST_SHOWN + 1),
    }
    assert all(flow.before[1] and flow.after[1] for flow in found.flows)
    assert not found.left_out


def test_small_group_is_left_out_and_told_of(file: File) -> None:
    filed(file, MEMBER, FEWEST_SHOWN - 1)

    found = who_would_change(procedure_in_force("garden_key"), with_model('"paid"', '"gold"'))  # type: ignore[arg-type]

    assert (found.flows, found.left_out, found.nothing) == ((), True, False)


def test_grant_that_stays_with_another_output_is_counted(file: File) -> None:
    filed(file, MEMBER, FEWEST_SHOWN)

    found = who_would_change(procedure_in_force("garden_key"), with_model("then 7 else", "then 3 else"))  # type: ignore[arg-type]

    assert found.flows == ()
    assert found.outputs == (OtherOutput("days", FEWEST_SHOWN),)


def test_rules_that_no_longer_answer_are_counted_as_no_answer(file: File) -> None:
    filed(file, MEMBER, FEWEST_SHOWN)
    renamed = content().decision_model.replace('name="answer"', 'name="ruling"')

    found = who_would_change(procedure_in_force("garden_key"), content(decision_model=renamed))

    assert [flow.after[0] for flow in found.flows] == [""]
    assert isinstance(found.flows[0], Flow)
