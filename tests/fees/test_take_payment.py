"""A payment finds its case as people mistype it, once, and the demand stands by what was really paid."""

import threading
from typing import Any  # Any: the fixture's type lives in conftest, which is not importable

import pytest
from django.db import connection

from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.fees.models import FeeReceipt, Payment
from motcua.fees.queries import demands_of_case
from motcua.fees.services import ReferenceReused
from motcua.fees.states import DemandState, Match, Occasion

CASE, OTHER_CASE = "H17-20261120-0000123", "H17-20261120-0000124"


@pytest.mark.parametrize(
    "purpose",
    [
        "H17202611200000123",
        "H17-20261120-0000123",
        "h17 20261120 0000123",
        "h17.20261120.0000123 nop le phi",
        "Nộp lệ phí hồ sơ H17-20261120-0000123 cho bà Đỗ Thị Én",
        "MBVCB.7712345678.H17202611200000123.CT tu 0123456789 NGUYEN THI AN toi 0011001234567",
        "0905123456H17202611200000123",
        "H172O261120OOOO123",
        "HI7-20261120-0000123",
        "20261120-0000123",
        "H17_20261120_0000123-201126-14:05:09 998877",
        "H17202611200000123 H17-20261120-0000123",
    ],
)
def test_purpose_as_people_write_it_finds_the_case(town: Any, purpose: str) -> None:
    town.ask()
    town.ask(OTHER_CASE)

    taken = town.pay(purpose=purpose)

    assert taken.case_number == CASE
    assert town.of().state is DemandState.PAID
    assert town.of(OTHER_CASE).state is DemandState.OPEN


@pytest.mark.parametrize("purpose", ["nop phi H17202611200000", "1200000123 le phi", "H1720261120000"])
def test_cut_number_counts_with_the_right_amount_and_one_case_only(town: Any, purpose: str) -> None:
    town.ask()

    assert town.pay(purpose=purpose, amount=90_000, reference="other amount").case_number == ""
    assert town.pay(purpose=purpose).case_number == CASE
    assert town.of().payments[0].match is Match.CUT


def test_cut_number_that_fits_two_cases_is_left_to_an_officer(town: Any) -> None:
    town.ask()
    town.ask(OTHER_CASE)

    assert town.pay(purpose="le phi H1720261120000012").case_number == ""


@pytest.mark.parametrize(
    "purpose",
    [
        "",
        "le phi",
        "H17-20261120-0009999",
        "H17-20261199-0000123",
        "H17202611200000123 va H17202611200000124",
        "0905123456",
        "9" * 400,
    ],
)
def test_purpose_that_names_no_or_several_cases_is_left_to_an_officer(town: Any, purpose: str) -> None:
    town.ask()
    town.ask(OTHER_CASE)

    taken = town.pay(purpose=purpose)

    assert (taken.fresh, taken.case_number) == (True, "")
    assert town.told("PaymentReceived") == 1
    assert town.told("PaymentMatched") == town.told("FeesPaid") == 0


def test_same_notice_again_changes_nothing(town: Any) -> None:
    town.ask()
    first = town.pay()
    entries = LedgerEntry.objects.count()

    again = town.pay()

    assert (again.payment_id, again.fresh, again.case_number) == (first.payment_id, False, CASE)
    assert LedgerEntry.objects.count() == entries
    assert Payment.objects.count() == FeeReceipt.objects.count() == 1


def test_same_reference_with_another_amount_is_refused(town: Any) -> None:
    town.ask()
    town.pay()

    with pytest.raises(ReferenceReused):
        town.pay(amount=1)

    assert town.of().kept_vnd == 150_000


def test_too_little_is_part_paid_and_the_rest_is_asked_for(town: Any) -> None:
    town.ask()

    town.pay(amount=100_000)

    standing = town.of()
    assert (standing.state, standing.left_vnd, standing.receipt) == (DemandState.PART_PAID, 50_000, "")
    assert "540550000" in standing.qr_text
    town.pay(amount=50_000, reference="FT2")
    assert town.of().state is DemandState.PAID
    assert town.told("FeesPaid") == 1


def test_too_much_is_settled_and_the_rest_due_back(town: Any) -> None:
    town.ask()

    town.pay(amount=200_000)

    standing = town.of()
    assert (standing.state, standing.due_back_vnd, standing.left_vnd) == (DemandState.OVERPAID, 50_000, 0)
    assert standing.receipt == "dn_2026/0000001"


def test_second_payment_of_one_demand_is_due_back(town: Any) -> None:
    town.ask()
    town.pay()

    town.pay(reference="FT2")

    assert (town.of().state, town.of().due_back_vnd) == (DemandState.OVERPAID, 150_000)
    assert town.told("FeesPaid") == FeeReceipt.objects.count() == 1


def test_payment_goes_to_the_demand_of_the_case_that_it_fits(town: Any) -> None:
    town.ask(amount=20_000, occasion=Occasion.AT_FILING)
    town.ask(amount=150_000)

    town.pay()

    filing, decision = demands_of_case(CASE)
    assert (filing.state, decision.state) == (DemandState.OPEN, DemandState.PAID)


def test_asking_twice_on_one_occasion_is_one_demand(town: Any) -> None:
    assert town.ask() == town.ask()
    assert town.told("FeesDemanded") == 1


def test_nothing_to_pay_is_settled_at_once_without_receipt(town: Any) -> None:
    town.ask(amount=0)

    assert (town.of().state, town.of().receipt, town.of().qr_text) == (DemandState.PAID, "", "")
    assert town.told("FeesPaid") == 1


def test_ledger_holds_amounts_but_not_who_paid(town: Any) -> None:
    town.ask()
    town.pay()

    entries = LedgerEntry.objects.filter(subject=CASE).values_list("name", flat=True)
    assert sorted(entries) == ["FeesDemanded", "FeesPaid", "PaymentMatched", "PaymentReceived"]
    assert verify_ledger() is None
    assert "NGUYEN" not in str(list(LedgerEntry.objects.values_list("body", flat=True)))


@pytest.mark.django_db(transaction=True)
def test_receipts_have_no_gap_when_many_pay_at_once(town: Any) -> None:
    cases = [f"H17-20261120-00002{number:02d}" for number in range(12)]
    for case in cases:
        town.ask(case)

    def pay(case: str, times: int) -> None:
        for at in range(times):
            town.pay(purpose=case, reference=f"{case}")
            assert at < times
        connection.close()

    threads = [threading.Thread(target=pay, args=(case, 2)) for case in cases for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = sorted(FeeReceipt.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 13))
    assert town.told("FeesPaid") == Payment.objects.count() == 12


def test_crash_before_the_end_leaves_nothing_and_the_repeat_does_all(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.ask()

    def killed(_: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as crash:
        crash.setattr("motcua.fees.services.paying.tell", killed)
        with pytest.raises(SystemExit):
            town.pay()
    assert Payment.objects.count() == FeeReceipt.objects.count() == 0
    assert town.of().state is DemandState.OPEN

    town.pay()

    assert town.of().receipt == "dn_2026/0000001"
    assert town.told("FeesPaid") == town.told("PaymentReceived") == 1
