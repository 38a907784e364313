"""The date of the answer is set anew once, with a reason, before the term has ended."""

import pytest
from django.db import transaction
from dossier import SPECIALIST, Dossier, at, rights

from motcua.calendars.clock import EventRefused, ExtendedTooLate, ExtendedTwice
from motcua.cases.models import CaseEntry
from motcua.cases.queries import case_for_officer
from motcua.cases.services import CaseMovedOn
from motcua.cases.services.act import NewDateMissing, ReasonMissing
from motcua.cases.services.move import move
from motcua.procedures.queries import revision


def test_new_date_takes_the_place_of_the_old(accepted: Dossier) -> None:
    accepted.act("extend", SPECIALIST, "18 09:00", until=at("27 17:00"))

    assert accepted.due == "27 17:00"
    page = case_for_officer(accepted.number, rights(SPECIALIST))
    assert page.entries[-1].until == at("27 17:00")
    assert page.clock is not None
    assert [each.from_due_at for each in page.clock.clock.extensions] == [at("19 08:30")]


def test_second_extension_is_refused_in_both_languages(accepted: Dossier) -> None:
    accepted.act("extend", SPECIALIST, "18 09:00", until=at("27 17:00"))

    with pytest.raises(ExtendedTwice) as refused:
        accepted.act("extend", SPECIALIST, "25 09:00", until=at("30 17:00"))

    assert "chỉ được gia hạn một lần" in refused.value.vi
    assert "once only" in str(refused.value)
    assert accepted.due == "27 17:00"
    assert CaseEntry.objects.filter(case_number=accepted.number, act="extend").count() == 1


def test_term_that_has_ended_is_not_extended(accepted: Dossier) -> None:
    with pytest.raises(ExtendedTooLate):
        accepted.act("extend", SPECIALIST, "19 09:00", until=at("27 17:00"))

    assert accepted.due == "19 08:30"


@pytest.mark.parametrize("until", ["18 17:00", "19 08:30"])
def test_new_date_lies_after_the_old(accepted: Dossier, until: str) -> None:
    with pytest.raises(EventRefused):
        accepted.act("extend", SPECIALIST, "18 09:00", until=at(until))

    assert accepted.due == "19 08:30"


def test_extension_needs_its_date(accepted: Dossier) -> None:
    with pytest.raises(NewDateMissing):
        accepted.act("extend", SPECIALIST, "18 09:00")

    assert accepted.row.changed_at == at("16 08:30")


def test_extension_needs_its_reason(accepted: Dossier) -> None:
    with pytest.raises(ReasonMissing):
        accepted.act("extend", SPECIALIST, "18 09:00", reason="", until=at("27 17:00"))

    assert accepted.due == "19 08:30"


def test_date_of_another_act_is_not_looked_at(accepted: Dossier) -> None:
    accepted.act("submit", SPECIALIST, "18 09:00", until=at("27 17:00"))

    assert accepted.due == "19 08:30"


def test_pause_after_an_extension_keeps_the_time_that_was_left(accepted: Dossier) -> None:
    accepted.act("extend", SPECIALIST, "18 08:30", until=at("20 08:30"))
    accepted.act("ask_for_additions", SPECIALIST, "18 08:30")

    accepted.supply("25 08:30")

    assert accepted.due == "27 08:30"


def test_second_hand_that_extends_at_the_same_moment_is_told(accepted: Dossier) -> None:
    read_before = accepted.row
    accepted.act("extend", SPECIALIST, "18 09:00", until=at("27 17:00"))
    content = revision(read_before.revision_id).content

    with pytest.raises(CaseMovedOn), transaction.atomic():
        move(
            read_before,
            content=content,
            act_name="send_on",
            act=content.workflow.acts["submit"],
            actor="account:7",
            reason="",
            now=at("18 09:01"),
        )

    assert accepted.row.state == "with_specialist"
