"""A switch undone within its time: the law, the passes and the cases as before, and each person told once more."""

from datetime import timedelta

import pytest
from directing import OTHER_WARD, WARD
from garden import approver
from town import SWITCH_AT, Town, states

from motcua.cases.models import Case, CaseEntry
from motcua.cases.queries import case_of_person
from motcua.cases.services import act_on_case
from motcua.credentials.models import Credential, StatusList
from motcua.credentials.queries import (
    check_text,
    pass_of_case,
    published_status_list,
    standing_credential,
    trusted_keys,
)
from motcua.credentials.states import Answer
from motcua.directives.law import law_at
from motcua.directives.services import DirectiveNotYours, TooLateToUndo
from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.seals.status import open_status
from motcua.switching.models import Notice, Switch, SwitchedCase
from motcua.switching.notices import notices_of
from motcua.switching.steps import SwitchState
from motcua.switching.switch import execute
from motcua.switching.undo import SwitchNotDone, undo

LATER = SWITCH_AT + timedelta(hours=2)
YELLOW_AND_RED = f'{{zones.color: {{default: yellow, places: {{"{WARD}": red}}}}, limits.days: 14}}'


def undone(town: Town, switch: Switch) -> Switch:
    undo(switch_id=switch.pk, account_id=town.chair, now=LATER)
    assert execute(switch.pk, LATER) == SwitchState.UNDONE
    return Switch.objects.get(pk=switch.pk)


def test_passes_and_cases_are_as_they_were(town: Town) -> None:
    filed = town.file_all()
    before, texts = states(), {each.number: each.qr for each in filed}
    switch = town.switched(parameters=YELLOW_AND_RED)
    assert states() != before

    row = undone(town, switch)

    assert states() == before
    assert {number: text for number, text in texts.items() if text} == dict(
        Credential.objects.standing().values_list("case_number", "text")
    )
    assert (row.undo_counts["undone"], row.undo_counts["left"]) == (
        sum(switch.counts[each] for each in switch.counts if each not in ("left", "told")),
        0,
    )
    assert verify_ledger() is None


def test_the_qr_that_people_have_counts_again_and_the_one_given_since_does_not(town: Town) -> None:
    filed = town.file(0, OTHER_WARD)
    assert filed.qr is not None
    switch = town.switched()
    given = standing_credential(filed.number)
    assert check_text(filed.qr, LATER).answer == Answer.NOT_VALID

    undone(town, switch)

    assert given is not None
    assert check_text(filed.qr, LATER + timedelta(minutes=1)).answer == Answer.VALID
    assert check_text(given.text, LATER + timedelta(minutes=1)).answer == Answer.NOT_VALID
    status = open_status(published_status_list().content, trusted_keys())
    ids = dict(Credential.objects.values_list("text", "revocation_id"))
    assert status.answer(ids[filed.qr]) == "not revoked"
    assert status.answer(ids[given.text]) == "revoked"


def test_the_law_ends_at_once_and_what_it_replaced_holds_again(town: Town) -> None:
    town.file(0)
    switch = town.switched()

    undo(switch_id=switch.pk, account_id=town.deputy, now=LATER)

    color = law_at(LATER).value("zones.color", WARD)
    assert color is not None
    assert (color.value, color.directive) == ("green", "05/CT-UBND")


def test_the_decision_that_stood_stands_and_the_history_tells_all_of_it(town: Town) -> None:
    filed = town.file(0)
    switch = town.switched()

    undone(town, switch)

    case = Case.objects.get(number=filed.number)
    page = case_of_person(filed.number, case.applicant_id)
    assert page.decision is not None
    assert (page.decision.answer, page.decision.rule) == ("yes", "green")
    assert page.decision.explanation != {}
    told = [(each.act, each.label.vi, each.actor) for each in page.entries][-2:]
    assert told == [
        ("revoke", "revoked", "directive:08/CT-UBND"),
        ("undo_directive", "Hoàn lại như trước chỉ thị", "directive:08/CT-UBND"),
    ]
    assert pass_of_case(filed.number) is not None


def test_each_person_is_told_once_more(town: Town) -> None:
    town.file(0, WARD)
    filed = town.file(0, OTHER_WARD)
    person_id = Case.objects.get(number=filed.number).applicant_id
    switch = town.switched()

    undone(town, switch)
    execute(switch.pk, LATER)

    newest, first = notices_of(person_id)
    assert newest.text.vi.startswith("Chỉ thị này đã được hoàn tác")
    assert newest.title.vi == "Hoàn tác Chỉ thị 08/CT-UBND: Chỉ thị thử"
    assert first.created_at < newest.created_at
    assert Notice.objects.count() == 2


def test_what_a_person_decided_meanwhile_is_left_and_listed(town: Town) -> None:
    filed, other = town.file(2), town.file(2, OTHER_WARD)
    switch = town.switched(parameters="{zones.color: yellow, limits.days: 7}")
    act_on_case(
        number=filed.number,
        act="refuse",
        rights=approver("vn.p48"),
        reason="Đã xem",
        seen_state="desk",
        now=LATER - timedelta(minutes=5),
    )

    row = undone(town, switch)

    assert (row.undo_counts["undone"], row.undo_counts["left"]) == (1, 1)
    assert states() == {filed.number: "refused", other.number: "granted"}
    assert standing_credential(filed.number) is None
    assert SwitchedCase.objects.get(case_number=filed.number).not_undone_because == "moved_on"


def test_what_was_filed_since_is_left_as_the_law_of_its_day_gave_it(town: Town) -> None:
    town.file(0)
    switch = town.switched(parameters="{zones.color: yellow, limits.days: 14}")
    since = town.file(3, now=SWITCH_AT + timedelta(minutes=30))

    undone(town, switch)

    standing = standing_credential(since.number)
    assert standing is not None
    assert standing.claims["z"] == "yellow"


def test_only_in_time_and_only_by_a_leader(town: Town) -> None:
    town.file(0)
    switch = town.switched()

    with pytest.raises(TooLateToUndo):
        undo(switch_id=switch.pk, account_id=town.chair, now=SWITCH_AT + timedelta(hours=25))
    with pytest.raises(DirectiveNotYours):
        undo(
            switch_id=switch.pk,
            account_id=Case.objects.values_list("account_id", flat=True)[0],
            now=LATER,
        )

    assert Switch.objects.get().state == SwitchState.DONE
    assert not CaseEntry.objects.filter(act="undo_directive").exists()
    assert StatusList.objects.latest("pk").revoked == 1


def test_what_is_not_done_is_not_undone(town: Town) -> None:
    town.file(0)
    switch_id = town.confirmed()

    with pytest.raises(SwitchNotDone):
        undo(switch_id=switch_id, account_id=town.chair, now=SWITCH_AT)

    execute(switch_id, SWITCH_AT)
    undo(switch_id=switch_id, account_id=town.chair, now=LATER)
    with pytest.raises(SwitchNotDone):
        undo(switch_id=switch_id, account_id=town.chair, now=LATER)


def test_the_ledger_tells_of_it_with_counts(town: Town) -> None:
    town.file_all()
    switch = town.switched()

    undone(town, switch)

    entry = LedgerEntry.objects.get(name="DirectiveSwitchUndone")
    assert entry.actor == f"account:{town.chair}"
    assert (entry.body["undone"], entry.body["left"], entry.body["told"]) == (40, 0, 40)
