"""What people do with payments: assign with a reason, give back with two persons, take a demand back."""

from datetime import UTC, datetime
from typing import Any  # Any: the fixtures' types live in conftest, which is not importable

import pytest
from django.db import IntegrityError

from motcua.fees.models import Demand, Payment, Refund
from motcua.fees.queries import demands_due_back, refunds_waiting, unmatched_payments
from motcua.fees.services import (
    AlreadyAssigned,
    DemandSettled,
    MoreThanPaid,
    RefundClosed,
    SecondPersonNeeded,
    ask_refund,
    assign_payment,
    cancel_demand,
    confirm_refund,
    decline_refund,
)
from motcua.fees.states import DemandState
from motcua.identity.states import Role

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def refund(town: Any, rights: Any, payment: int, amount: int = 150_000) -> int:
    return ask_refund(payment_id=payment, amount_vnd=amount, reason="nộp nhầm", rights=rights, now=NOW)


def test_officer_assigns_a_payment_with_a_reason(town: Any, officer: Any) -> None:
    wanted = town.ask()
    payment = town.pay(purpose="le phi").payment_id
    (waiting,) = unmatched_payments(officer())
    assert waiting.suggested == ((wanted, "H17-20261120-0000123"),)

    assign_payment(payment_id=payment, demand_id=wanted, reason="đúng người nộp", rights=officer(), now=NOW)

    assert town.of().state is DemandState.PAID
    assert town.of().payments[0].match_reason == "đúng người nộp"
    assert unmatched_payments(officer()) == ()
    assert town.told("PaymentMatched") == town.told("FeesPaid") == 1


def test_payment_is_not_assigned_without_reason_twice_or_by_others(town: Any, officer: Any) -> None:
    wanted, payment = town.ask(), town.pay(purpose="le phi").payment_id
    asked = {"payment_id": payment, "demand_id": wanted, "now": NOW}

    with pytest.raises(ValueError, match="reason"):
        assign_payment(reason=" ", rights=officer(), **asked)
    with pytest.raises(Payment.DoesNotExist):
        assign_payment(reason="x", rights=officer("khac", agency="qn"), **asked)
    assign_payment(reason="x", rights=officer(), **asked)
    with pytest.raises(AlreadyAssigned):
        assign_payment(reason="x", rights=officer(), **asked)

    assert town.told("PaymentMatched") == 1


def test_refund_takes_two_persons(town: Any, officer: Any) -> None:
    town.ask()
    town.pay()
    second = town.pay(reference="FT2").payment_id
    assert [view.due_back_vnd for view in demands_due_back(officer())] == [150_000]

    asked = refund(town, officer("an"), second)
    assert demands_due_back(officer()) == ()
    assert [view.id for view in refunds_waiting(officer("binh"))] == [asked]
    with pytest.raises(SecondPersonNeeded):
        confirm_refund(refund_id=asked, rights=officer("an"), now=NOW)
    assert town.of().state is DemandState.OVERPAID
    confirm_refund(refund_id=asked, rights=officer("binh", Role.APPROVER), now=NOW)

    assert town.of().state is DemandState.PAID
    assert town.told("RefundAsked") == town.told("RefundConfirmed") == 1
    with pytest.raises(RefundClosed):
        confirm_refund(refund_id=asked, rights=officer("binh"), now=NOW)


def test_database_itself_wants_a_second_person(town: Any, officer: Any) -> None:
    town.ask()
    asked = refund(town, officer("an"), town.pay().payment_id)
    row = Refund.objects.get(pk=asked)

    with pytest.raises(IntegrityError, match="refund_two_persons"):
        Refund.objects.filter(pk=asked).update(confirmed_by=row.asked_by_id, confirmed_at=NOW)


def test_all_given_back_is_refunded_and_asked_for_no_more(town: Any, officer: Any) -> None:
    town.ask()
    asked = refund(town, officer("an"), town.pay().payment_id)

    confirm_refund(refund_id=asked, rights=officer("binh"), now=NOW)

    assert (town.of().state, town.of().left_vnd, town.of().qr_text) == (DemandState.REFUNDED, 0, "")


def test_no_more_is_given_back_than_was_paid(town: Any, officer: Any) -> None:
    town.ask()
    payment = town.pay().payment_id
    refund(town, officer("an"), payment, 100_000)

    for amount in (50_001, 0, -1):
        with pytest.raises(MoreThanPaid):
            refund(town, officer("an"), payment, amount)

    refund(town, officer("an"), payment, 50_000)


def test_declined_refund_can_be_asked_for_again(town: Any, officer: Any) -> None:
    town.ask()
    payment = town.pay().payment_id
    decline_refund(refund_id=refund(town, officer("an"), payment), rights=officer("an"), now=NOW)

    assert refund(town, officer("an"), payment)
    assert town.told("RefundDeclined") == 1


def test_payment_of_no_case_is_given_back_and_leaves_the_list(town: Any, officer: Any) -> None:
    payment = town.pay(purpose="nhầm").payment_id
    asked = refund(town, officer("an"), payment)

    assert unmatched_payments(officer()) == ()
    wanted = town.ask()
    with pytest.raises(AlreadyAssigned):
        assign_payment(payment_id=payment, demand_id=wanted, reason="x", rights=officer(), now=NOW)
    confirm_refund(refund_id=asked, rights=officer("binh"), now=NOW)


def test_refund_of_another_agency_is_not_there(town: Any, officer: Any) -> None:
    payment = town.pay(purpose="nhầm").payment_id

    with pytest.raises(Payment.DoesNotExist):
        refund(town, officer("khac", agency="qn"), payment)
    asked = refund(town, officer("an"), payment)
    with pytest.raises(Refund.DoesNotExist):
        confirm_refund(refund_id=asked, rights=officer("khac", agency="qn"), now=NOW)
    with pytest.raises(Refund.DoesNotExist):
        confirm_refund(refund_id=asked, rights=officer("quay", Role.ONE_STOP_OFFICER), now=NOW)


def test_cancelled_demand_gives_back_what_was_paid(town: Any, officer: Any) -> None:
    wanted = town.ask()
    town.pay(amount=100_000)

    cancel_demand(demand_id=wanted, reason="tính sai", rights=officer(), now=NOW)

    assert (town.of().state, town.of().due_back_vnd) == (DemandState.CANCELLED, 100_000)
    assert len(demands_due_back(officer())) == 1
    assert town.told("FeesCancelled") == 1
    assert town.ask() != wanted


def test_settled_demand_is_not_cancelled(town: Any, officer: Any) -> None:
    wanted = town.ask()
    town.pay()

    with pytest.raises(DemandSettled):
        cancel_demand(demand_id=wanted, reason="x", rights=officer(), now=NOW)
    with pytest.raises(Demand.DoesNotExist):
        cancel_demand(demand_id=wanted, reason="x", rights=officer("khac", agency="qn"), now=NOW)
