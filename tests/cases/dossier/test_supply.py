"""The applicant supplies what was asked: in words or by correcting an answer; the clock then runs on."""

import pytest
from dossier import SPECIALIST, Dossier

from motcua.cases.models import Case, CaseEntry, EntryDetails
from motcua.cases.queries import case_of_person
from motcua.cases.services import NothingAsked, supply_additions
from motcua.cases.services.act import ReasonMissing
from motcua.procedures.forms import FormRefused


@pytest.fixture
def asked(accepted: Dossier) -> Dossier:
    accepted.act("ask_for_additions", SPECIALIST, "17 08:30", reason="Bản án ly hôn")
    return accepted


def test_clock_goes_on_with_what_was_left(asked: Dossier) -> None:
    assert asked.supply("20 08:30") == "with_specialist"

    # One day was used before; two are left from Friday, and the Tuesday after is a holiday.
    assert asked.due == "25 08:30"


def test_supplying_at_once_brings_the_date_no_nearer(accepted: Dossier) -> None:
    before = accepted.due
    accepted.act("ask_for_additions", SPECIALIST, "16 18:00")

    accepted.supply("16 18:05")

    assert accepted.due == before


def test_corrected_answers_take_the_place_of_the_old_ones_which_are_kept(asked: Dossier) -> None:
    asked.supply("20 08:30", "", {"status_paper": "Quyết định 15/2024", "use": "property"})

    assert asked.row.values["status_paper"] == "Quyết định 15/2024"
    last = case_of_person(asked.number, asked.person.id).entries[-1]
    assert last.corrected == {"status_paper": (None, "Quyết định 15/2024"), "use": ("marriage", "property")}
    assert (last.actor, last.reason) == ("citizen", "")


def test_answers_that_are_the_same_correct_nothing(asked: Dossier) -> None:
    asked.supply("20 08:30", "Tôi gửi kèm bản án.", {"use": "marriage"})

    assert not EntryDetails.objects.exists()


def test_supplying_nothing_is_refused(asked: Dossier) -> None:
    with pytest.raises(ReasonMissing):
        asked.supply("20 08:30", "  ", {"use": "marriage"})

    assert asked.row.state == "awaiting_additions"


def test_wrong_answer_is_named_and_changes_nothing(asked: Dossier) -> None:
    with pytest.raises(FormRefused) as refused:
        asked.supply("20 08:30", "Xin sửa", {"marital_status": "engaged"})

    assert set(refused.value.errors) == {"marital_status"}
    assert asked.row.state == "awaiting_additions"
    assert asked.row.values["marital_status"] == "divorced"


def test_promise_cannot_be_taken_back(asked: Dossier) -> None:
    with pytest.raises(FormRefused):
        asked.supply("20 08:30", "Xin sửa", {"truthful": None})

    assert asked.row.values["truthful"] is True


def test_place_of_the_case_stays(asked: Dossier) -> None:
    asked.supply("20 08:30", "Tôi chuyển nhà.", {"residence": "20194"})

    assert asked.row.values["residence"] == "99001"


def test_second_click_supplies_nothing_more(asked: Dossier) -> None:
    asked.supply("20 08:30")

    with pytest.raises(NothingAsked):
        asked.supply("20 08:31")

    assert CaseEntry.objects.filter(case_number=asked.number, act="supply").count() == 1


def test_somebody_else_supplies_nothing(asked: Dossier) -> None:
    with pytest.raises(Case.DoesNotExist):
        supply_additions(
            number=asked.number, applicant_id=0, text="Tôi", corrected={}, now=asked.row.changed_at
        )
