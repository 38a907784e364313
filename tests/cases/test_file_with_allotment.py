"""Filing where a pack gives out numbers: who is not refused gets the next, and when none is left nothing is filed."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from garden import MEMBER, NOW, OTHER_WARD, STRANGER, UNSURE, WARD, Cite, File, content

from motcua.cases.allotments import allotted_number
from motcua.cases.models import AllottedNumber, Case, Submission
from motcua.cases.plans import Plan
from motcua.cases.services import Filed, NothingLeft, Requested, file_case, file_together
from motcua.cases.services.filing import settling
from motcua.cases.services.filing.members import Member
from motcua.cases.services.filing.settling import PackNotUsable
from motcua.cases.states import Channel
from motcua.credentials.queries import standing_credential
from motcua.credentials.services import PassDraft
from motcua.events.models import LedgerEntry
from motcua.procedures.content import AllotmentRule, Content
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision


def with_allotment(ceiling: int) -> Content:
    whole = content()
    rule = AllotmentRule.model_validate(
        {
            "label": {"vi": "chỗ trồng rau", "en": "vegetable beds"},
            "ceiling": ceiling,
            "per": ["form.ward"],
            "every": "day",
        }
    )
    layout = whole.credential
    assert layout is not None
    claim = layout.claims[2].model_copy(update={"value": "allotted number"})
    return whole.model_copy(
        update={
            "manifest": whole.manifest.model_copy(update={"allotment": rule}),
            "credential": layout.model_copy(update={"claims": (*layout.claims[:2], claim)}),
        }
    )


def open_with(ceiling: int) -> ProcedureView:
    install_revision(content=with_allotment(ceiling), sha256="d" * 64, now=NOW)
    return procedure_in_force("garden_key")


def stored() -> tuple[int, int, int, int]:
    return (
        Case.objects.count(),
        Submission.objects.count(),
        LedgerEntry.objects.count(),
        AllottedNumber.objects.count(),
    )


@pytest.mark.usefixtures("procedure")
@pytest.mark.django_db(transaction=True)
def test_thirty_two_clients_racing_for_twenty_numbers(citizen: Cite) -> None:
    procedure, who = open_with(20), citizen(MEMBER)
    ready = threading.Barrier(32)

    def client(index: int) -> Filed | NothingLeft:
        try:
            connection.ensure_connection()
            ready.wait(60)
            return file_case(
                procedure=procedure,
                values={"ward": WARD},
                applicant=who.person,
                account_id=who.account_id,
                channel=Channel.ONLINE,
                key=f"k{index}",
                now=NOW,
            )
        except NothingLeft as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as clients:
        got = list(clients.map(client, range(32)))

    filed = [each for each in got if isinstance(each, Filed)]
    assert sum(isinstance(each, NothingLeft) for each in got) == 12
    assert sorted(filter(None, (allotted_number(each.number) for each in filed))) == list(range(1, 21))
    assert (Case.objects.count(), Submission.objects.count(), AllottedNumber.objects.count()) == (20, 20, 20)


def test_number_stands_on_the_credential(file: File) -> None:
    open_with(20)
    file(MEMBER)

    second = standing_credential(file(MEMBER).number)

    assert second is not None
    assert second.claims["w"] == 2


def test_refused_request_takes_no_number(file: File) -> None:
    open_with(1)

    assert file(STRANGER).answer == "no"

    assert allotted_number(file(MEMBER).number) == 1


def test_request_that_waits_for_a_person_holds_its_number(file: File) -> None:
    open_with(1)
    waiting = file(UNSURE)
    before = stored()

    with pytest.raises(NothingLeft) as refused:
        file(MEMBER)

    assert allotted_number(waiting.number) == 1
    assert "00:00 ngày 21/11/2026" in refused.value.told.vi
    assert stored() == before


def test_same_key_again_keeps_its_number_when_none_is_left(file: File) -> None:
    open_with(1)
    first = file(MEMBER, key="k1")

    again = file(MEMBER, key="k1")

    assert (again.number, again.repeated) == (first.number, True)
    assert AllottedNumber.objects.count() == 1


def test_key_that_got_nothing_may_be_used_again_elsewhere(file: File) -> None:
    open_with(1)
    file(MEMBER)
    with pytest.raises(NothingLeft):
        file(MEMBER, key="k2")

    other = file(MEMBER, key="k2", values={"ward": OTHER_WARD})

    assert allotted_number(other.number) == 1


def test_number_is_not_lost_when_the_pass_cannot_be_made_and_nobody_can_look(
    citizen: Cite, procedure: ProcedureView, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = settling._draft

    def draft(member: Member) -> PassDraft:
        if member.values["ward"] == OTHER_WARD:
            raise ValueError("the layout asks for what is not there")
        return usual(member)

    monkeypatch.setattr(Plan, "act_to_a_person", lambda _: None)
    in_force, who = open_with(20), citizen(MEMBER)
    wards = (WARD, OTHER_WARD, WARD, OTHER_WARD)
    wanted = [
        Requested(in_force, {"ward": ward}, who.person, who.account_id, Channel.ONLINE, f"k{at}")
        for at, ward in enumerate(wards)
    ]
    with monkeypatch.context() as failing:
        failing.setattr(settling, "_draft", draft)
        outcomes = file_together(wanted, now=NOW)

    assert [isinstance(each, PackNotUsable) for each in outcomes] == [False, True, False, True]
    good = [each for each in outcomes if isinstance(each, Filed)]
    assert [allotted_number(each.number) for each in good] == [1, 2]
    assert (Case.objects.count(), AllottedNumber.objects.count()) == (2, 2)
    # The first that can be made gets the first number: none was lost to those that failed.
    (mended,) = file_together([wanted[1]], now=NOW)
    assert isinstance(mended, Filed)
    assert allotted_number(mended.number) == 1
