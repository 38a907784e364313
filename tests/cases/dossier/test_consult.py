"""Several agencies are asked at once; each answers once, and the last answer moves the case exactly once."""

import threading
from collections.abc import Callable

import pytest
from consulting import TAX, answer
from django.db import connections
from dossier import OFFICE, ONE_STOP, POLICE, SPECIALIST, Dossier, at, officer, rights

from motcua.agencies.models import Agency
from motcua.agencies.queries import AgencyNotKnown
from motcua.cases.charging import ask_fees
from motcua.cases.models import Case, CaseEntry, Consultation, EntryDetails
from motcua.cases.queries import CaseNotFound, CasePage, case_for_officer, case_of_person
from motcua.cases.queues import queue
from motcua.cases.services import ConsultClosed, withdraw_case
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.open import open_case
from motcua.cases.services.paid import go_on_when_paid
from motcua.events.models import LedgerEntry
from motcua.fees.models import Demand
from motcua.fees.states import Occasion
from motcua.procedures.forms import FormRefused
from motcua.procedures.queries import revision
from motcua.registers.models import RegisterAccess

Answer = Callable[..., str]


@pytest.fixture
def say(asking: Dossier) -> Answer:
    """Answer for one of the agencies: ``say("amount", "16 10:00", tax_vnd=0)``."""

    def said(code: str, moment: str, **given: object) -> str:
        agency = {"amount": TAX, "residence": POLICE}[code]
        account = officer(SPECIALIST, agency, key=False)
        return answer(asking, code, moment, agency=agency, account_id=account.pk, **given)  # type: ignore[arg-type]

    return said


def page_of(case: Dossier) -> CasePage:
    return case_for_officer(case.number, rights(SPECIALIST))


def test_each_is_asked_at_once_with_a_term_of_its_own(asking: Dossier) -> None:
    asked = page_of(asking).consults

    assert [(each.consult.code, each.agency_code, each.open) for each in asked] == [
        ("residence", POLICE, True),
        ("amount", TAX, True),
    ]
    assert {each.asked_at for each in asked} == {at("16 09:00")}
    assert [each.due_at for each in asked] == [at("17 09:00"), at("18 09:00")]
    assert asking.row.agency_path == OFFICE
    assert LedgerEntry.objects.filter(name="AgencyConsulted", subject=asking.number).count() == 2


def test_asked_agency_has_it_in_its_queue_and_reads_it_but_does_nothing_else(asking: Dossier) -> None:
    (waiting,) = queue(rights(SPECIALIST, TAX), now=at("16 10:00")).waiting
    assert waiting.asked is not None
    assert (waiting.case.number, waiting.asked.code) == (asking.number, "amount")

    page = open_case(number=asking.number, rights=rights(SPECIALIST, TAX), now=at("16 10:00"))
    assert [each.consult.code for each in page.consults if each.mine] == ["amount"]
    assert page.acts == {}
    assert RegisterAccess.objects.get(case_number=asking.number).agency_path == TAX
    with pytest.raises(Case.DoesNotExist):
        asking.act("wait_longer", SPECIALIST, "16 10:00", agency=TAX)
    # Who only receives at that agency reads, and is asked nothing.
    assert queue(rights(ONE_STOP, TAX), now=at("16 10:00")).waiting == ()
    assert not any(each.mine for each in case_for_officer(asking.number, rights(ONE_STOP, TAX)).consults)


def test_agency_that_is_not_asked_sees_nothing_and_answers_nothing(asking: Dossier) -> None:
    with pytest.raises(CaseNotFound):
        case_for_officer(asking.number, rights(SPECIALIST, "elsewhere"))
    for role, agency in ((SPECIALIST, "elsewhere"), (SPECIALIST, OFFICE), (SPECIALIST, POLICE)):
        with pytest.raises(Case.DoesNotExist):
            answer(asking, "amount", "16 10:00", agency=agency, account_id=1, tax_vnd=1)
        assert role is SPECIALIST

    assert Consultation.objects.open().count() == 2


def test_answer_stands_in_the_history_and_is_given_once(asking: Dossier, say: Answer) -> None:
    assert say("amount", "16 10:00", words="Theo thông báo.", tax_vnd="1.500.000") == "consulting"

    (given,) = (each for each in page_of(asking).consults if each.consult.code == "amount")
    assert (given.words, dict(given.findings)) == ("Theo thông báo.", {"tax_vnd": 1_500_000, "notice": None})
    assert (
        case_of_person(asking.number, asking.person.id).entries[-1].label.vi == "Đã trả lời: Số tiền phải nộp"
    )
    assert queue(rights(SPECIALIST, TAX), now=at("16 11:00")).waiting == ()
    assert case_for_officer(asking.number, rights(SPECIALIST, TAX)).case.number == asking.number
    with pytest.raises(ConsultClosed):
        say("amount", "16 11:00", tax_vnd=0)
    assert CaseEntry.objects.filter(act="consult:amount").count() == 1


def test_answer_that_lacks_something_changes_nothing(asking: Dossier, say: Answer) -> None:
    lacking: list[tuple[dict[str, object], type[Exception]]] = [
        ({"words": "  ", "tax_vnd": 1}, ReasonMissing),
        ({}, FormRefused),
        ({"tax_vnd": -1}, FormRefused),
        ({"tax_vnd": "nhiều"}, FormRefused),
    ]
    for given, refusal in lacking:
        with pytest.raises(refusal):
            say("amount", "16 10:00", **given)

    assert Consultation.objects.open().count() == 2
    assert not CaseEntry.objects.filter(act="consult:amount").exists()


def test_last_answer_asks_for_the_amount_and_the_clock_stands(asking: Dossier, say: Answer) -> None:
    say("amount", "16 10:00", tax_vnd=50_000)

    assert say("residence", "17 08:30", residence_confirmed="yes") == "awaiting_payment"

    assert Demand.objects.get(occasion="before_decision").total_vnd == 50_000
    page = page_of(asking)
    assert page.clock is not None
    assert page.clock.clock.state == "paused"
    assert not go_on_when_paid(number=asking.number, now=at("17 09:00"))


def test_nothing_to_pay_goes_on_by_itself(asking: Dossier, say: Answer) -> None:
    say("residence", "16 10:00", residence_confirmed=True)
    assert say("amount", "16 11:00", tax_vnd=0) == "awaiting_payment"

    assert not Demand.objects.filter(occasion="before_decision").exists()
    assert go_on_when_paid(number=asking.number, now=at("16 11:00"))
    assert asking.row.state == "with_specialist"


def test_condition_over_a_finding_chooses_the_way(asking: Dossier, say: Answer) -> None:
    say("amount", "16 10:00", tax_vnd=1)

    assert say("residence", "16 11:00", residence_confirmed="no") == "with_specialist"


def test_what_nobody_answered_is_taken_back_with_the_withdrawal(asking: Dossier, say: Answer) -> None:
    say("amount", "16 10:00", tax_vnd=1)

    withdraw_case(number=asking.number, applicant_id=asking.person.id, now=at("16 11:00"))

    assert [each.open for each in page_of(asking).consults] == [False, False]
    assert queue(rights(SPECIALIST, POLICE), now=at("16 11:00")).waiting == ()
    with pytest.raises(ConsultClosed):
        say("residence", "16 12:00", residence_confirmed=True)
    assert asking.row.state == "withdrawn"


def test_coming_again_asks_all_anew_and_staying_asks_nobody(asking: Dossier, say: Answer) -> None:
    say("amount", "16 10:00", tax_vnd=1)
    asking.act("wait_longer", SPECIALIST, "16 11:00", until=at("27 17:00"))
    assert Consultation.objects.count() == 2

    asking.act("ask_meanwhile", SPECIALIST, "16 14:00")
    asking.supply("17 08:30")
    asking.act("consult", SPECIALIST, "17 09:00", looked_at_on="17/11/2026")

    assert Consultation.objects.open().count() == 2
    assert Consultation.objects.filter(taken_back_at__isnull=False).count() == 1
    say("residence", "17 10:00", residence_confirmed=True)
    assert say("amount", "17 11:00", tax_vnd=2) == "awaiting_payment"
    assert Demand.objects.get(occasion="before_decision").total_vnd == 2


def test_amount_worked_out_anew_replaces_what_nobody_has_paid(asking: Dossier) -> None:
    content = revision(asking.row.revision_id).content
    asked = Demand.objects.filter(occasion="before_decision")

    for amount, left in ((50_000, [50_000]), (30_000, [30_000]), (30_000, [30_000]), (0, [])):
        EntryDetails.objects.filter(entry__act="consult").update(findings={"tax_vnd": amount})
        ask_fees(asking.row, content=content, occasions=(Occasion.BEFORE_DECISION,), now=at("16 10:00"))
        assert [each.total_vnd for each in asked.filter(cancelled_at__isnull=True)] == left

    assert asked.count() == 2


def test_history_stays_in_order_whatever_clock_an_officer_read(asking: Dossier, say: Answer) -> None:
    say("amount", "16 10:00", tax_vnd=1)

    say("residence", "16 09:59", residence_confirmed=True)

    entries = page_of(asking).entries
    assert [each.act for each in entries[-3:]] == ["consult:amount", "consult:residence", "assessed"]
    assert entries[-1].happened_at == at("16 10:00")


def test_agency_that_is_not_registered_leaves_the_case_where_it_is(asking: Dossier) -> None:
    asking.act("ask_meanwhile", SPECIALIST, "16 14:00")
    asking.supply("17 08:30")
    Agency.objects.filter(code=TAX).update(code="renamed")

    with pytest.raises(AgencyNotKnown):
        asking.act("consult", SPECIALIST, "17 09:00", looked_at_on="17/11/2026")

    assert asking.row.state == "with_specialist"
    assert not Consultation.objects.open().exists()


def test_finding_of_an_act_is_asked_and_kept(asking: Dossier) -> None:
    assert EntryDetails.objects.get(entry__act="consult").findings == {"looked_at_on": "2026-11-16"}
    asking.act("ask_meanwhile", SPECIALIST, "16 14:00")
    asking.supply("17 08:30")

    with pytest.raises(FormRefused):
        asking.act("consult", SPECIALIST, "17 09:00", looked_at_on="30/2/2026")

    assert asking.row.state == "with_specialist"


@pytest.mark.django_db(transaction=True)
def test_two_last_answers_at_the_same_moment_move_the_case_once(asking: Dossier, say: Answer) -> None:
    ready, failed = threading.Barrier(2), list[Exception]()

    def one(code: str, **found: object) -> None:
        try:
            ready.wait()
            say(code, "16 10:00", **found)
        except Exception as fault:  # noqa: BLE001 - told by the test
            failed.append(fault)
        finally:
            connections.close_all()

    both = [
        threading.Thread(target=one, args=("amount",), kwargs={"tax_vnd": 7}),
        threading.Thread(target=one, args=("residence",), kwargs={"residence_confirmed": True}),
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert failed == []
    assert asking.row.state == "awaiting_payment"
    assert CaseEntry.objects.filter(case_number=asking.number, act="assessed").count() == 1
    assert Demand.objects.filter(occasion="before_decision").count() == 1


@pytest.mark.django_db(transaction=True)
def test_last_answer_and_withdrawal_at_the_same_moment_leave_one_story(asking: Dossier, say: Answer) -> None:
    say("amount", "16 10:00", tax_vnd=7)
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def one(act: Callable[[], str]) -> None:
        try:
            ready.wait()
            outcomes.append(act())
        except Exception as fault:  # noqa: BLE001 - judged below
            outcomes.append(type(fault).__name__)
        finally:
            connections.close_all()

    both = [
        threading.Thread(target=one, args=(lambda: say("residence", "16 11:00", residence_confirmed=True),)),
        threading.Thread(
            target=one,
            args=(
                lambda: withdraw_case(
                    number=asking.number, applicant_id=asking.person.id, now=at("16 11:00")
                ),
            ),
        ),
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()

    state = asking.row.state
    assert sorted(outcomes) in (
        sorted(["withdrawn", "ConsultClosed"]),
        sorted(["awaiting_payment", "CaseMovedOn"]),
        sorted(["awaiting_payment", "ActNotOpen"]),
    )
    assert state in outcomes
    assert CaseEntry.objects.filter(case_number=asking.number).latest("happened_at", "id").to_state == state
