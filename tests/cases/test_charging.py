"""A case is asked to pay where its workflow waits for it, and goes on once it has paid, exactly once."""

from datetime import timedelta

import pytest
from garden import MEMBER, NOW, UNSURE, File, citizen, file, members, procedure
from garden_fees import paid_service, pay

from motcua.cases.charging import ask_fees_of_new_case
from motcua.cases.models import Case, CaseEntry
from motcua.cases.services.paid import go_on_when_paid
from motcua.events.models import LedgerEntry
from motcua.events.services import deliver_once, handlers_of
from motcua.fees.models import Demand
from motcua.fees.queries import demands_of_case
from motcua.fees.states import DemandState, Occasion
from motcua.procedures.queries import ProcedureView

__all__ = ["citizen", "file", "members", "paid_service", "procedure"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def number(paid_service: ProcedureView, file: File) -> str:
    number = file(UNSURE).number
    ask_fees_of_new_case(number=number, now=NOW)
    return number


def jobs(task: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [task])
        return int(cursor.fetchone()[0])


def deliver(number: str) -> list[bool]:
    told = LedgerEntry.objects.filter(name="FeesPaid", subject=number)
    return [
        deliver_once(lane=each.lane, sequence=each.sequence, handler=handler, now=NOW)
        for each in told
        for handler in handlers_of("FeesPaid")
    ]


def test_filing_queues_the_question_only_for_services_with_fees(
    paid_service: ProcedureView, file: File
) -> None:
    before = jobs("motcua.cases.ask_fees")

    file(UNSURE)

    assert jobs("motcua.cases.ask_fees") == before + 1


def test_filing_of_a_service_without_fees_queues_nothing(file: File) -> None:
    before = jobs("motcua.cases.ask_fees")

    file(UNSURE)

    assert jobs("motcua.cases.ask_fees") == before


def test_case_that_waits_for_payment_is_asked_by_the_schedule(number: str) -> None:
    (asked,) = demands_of_case(number)

    assert Case.objects.get(number=number).state == "payment"
    assert (asked.occasion, asked.total_vnd, asked.state) == (
        Occasion.BEFORE_DECISION,
        100_000,
        DemandState.OPEN,
    )
    assert asked.due_at is not None
    assert asked.due_at > NOW + timedelta(days=6)


def test_asking_twice_asks_once(number: str) -> None:
    ask_fees_of_new_case(number=number, now=NOW)

    assert Demand.objects.count() == 1


def test_paid_case_goes_on_once_however_often_it_is_told(number: str) -> None:
    pay(number, 100_000, now=NOW)

    assert deliver(number) == [True]
    assert deliver(number) == [False]
    assert Case.objects.get(number=number).state == "desk"
    assert go_on_when_paid(number=number, now=NOW) is False
    assert CaseEntry.objects.filter(case_number=number, act="paid", actor="machine").count() == 1


def test_part_paid_case_does_not_go_on(number: str) -> None:
    pay(number, 60_000, now=NOW)

    assert deliver(number) == []
    assert go_on_when_paid(number=number, now=NOW) is False
    assert Case.objects.get(number=number).state == "payment"


def test_exempt_case_goes_on_without_paying(paid_service: ProcedureView, file: File) -> None:
    number = file(UNSURE, values={"ward": "99001", "note": "hộ nghèo"}).number

    ask_fees_of_new_case(number=number, now=NOW)

    (asked,) = demands_of_case(number)
    assert (asked.total_vnd, asked.lines[0].full_vnd, asked.lines[0].exempt_vi) == (
        0,
        100_000,
        "Miễn cho hộ nghèo",
    )
    assert deliver(number) == [True]
    assert Case.objects.get(number=number).state == "desk"


def test_granted_case_is_asked_with_the_result_and_nothing_else_happens(
    paid_service: ProcedureView, file: File
) -> None:
    number = file(MEMBER).number
    ask_fees_of_new_case(number=number, now=NOW)
    (asked,) = demands_of_case(number)
    assert (asked.occasion, asked.total_vnd % 1000) == (Occasion.WITH_RESULT, 0)

    pay(number, asked.total_vnd, now=NOW)

    assert deliver(number) == [True]
    assert Case.objects.get(number=number).state == "granted"
