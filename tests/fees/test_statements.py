"""A statement is imported whole or not at all, and the same lines never twice."""

from typing import Any  # Any: the fixture's type lives in conftest, which is not importable

import pytest

from motcua.fees.models import BankAccount, Payment, StatementImport
from motcua.fees.services import import_statement
from motcua.fees.statements import StatementRefused, amount_vnd, layout_named, layouts
from motcua.fees.states import DemandState
from motcua.identity.states import Role

HEADING = ("Ngày", "Số tham chiếu", "Số tiền", "Nội dung", "Người chuyển", "Tài khoản chuyển")
CASE, OTHER_CASE = "H17-20261120-0000123", "H17-20261120-0000124"


def rows(*lines: tuple[str, ...], heading: tuple[str, ...] = HEADING) -> list[tuple[int, tuple[str, ...]]]:
    return [(at, cells) for at, cells in enumerate((heading, *lines), 1)]


def credit(
    reference: str, amount: str = "150.000", purpose: str = "H17202611200000123", day: str = "20/11/2026"
) -> tuple[str, ...]:
    return (day, reference, amount, purpose, "NGUYEN VAN A", "0123")


@pytest.fixture
def bring(town: Any, officer: Any) -> Any:
    from datetime import UTC, datetime

    def act(lines: list[tuple[int, tuple[str, ...]]], sha256: str = "a" * 64, **rights: Any) -> Any:
        return import_statement(
            account_id=town.account_id,
            rows=lines,
            sha256=sha256,
            rights=officer(**rights),
            now=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        )

    return act


def test_credits_pay_what_they_name(town: Any, bring: Any) -> None:
    town.ask()
    town.ask(OTHER_CASE)

    brought = bring(
        rows(credit("A1"), credit("A2", "100,000.00", "H17-20261120-0000124"), credit("A3", purpose="quà"))
    )

    assert (brought.lines, brought.fresh, brought.unmatched) == (3, 3, 1)
    assert town.of().state is DemandState.PAID
    assert town.of(OTHER_CASE).state is DemandState.PART_PAID


def test_same_file_twice_changes_nothing(town: Any, bring: Any) -> None:
    town.ask()
    bring(rows(credit("A1")))

    again = bring(rows(credit("A1")))

    assert (again.again, again.fresh) == (True, 0)
    assert Payment.objects.count() == town.told("StatementImported") == StatementImport.objects.count() == 1


def test_another_file_with_known_lines_brings_only_the_new(town: Any, bring: Any) -> None:
    town.ask()
    town.pay(reference="A1")
    bring(rows(credit("A1")), sha256="b" * 64)

    brought = bring(rows(credit("A1"), credit("A2", purpose="x")), sha256="c" * 64)

    assert (brought.lines, brought.fresh) == (2, 1)
    assert town.told("FeesPaid") == 1


def test_bad_lines_are_named_and_nothing_is_imported(town: Any, bring: Any) -> None:
    town.ask()
    bad = rows(
        credit("A1"),
        credit("A2", "12,5"),
        credit("", "150000"),
        credit("A4", day="31/02/2026"),
        credit("A5", day="01/12/2026"),
        credit("A1"),
        credit("A7", "một trăm"),
    )

    with pytest.raises(StatementRefused) as refused:
        bring(bad)

    assert [fault.line for fault in refused.value.faults] == [3, 4, 5, 6, 7, 8]
    assert "150.000" in refused.value.faults[0].vi
    assert not Payment.objects.exists()
    assert town.told("StatementImported") == 0


def test_reference_known_with_another_amount_refuses_the_file(town: Any, bring: Any) -> None:
    town.pay(reference="A2", amount=1)

    with pytest.raises(StatementRefused) as refused:
        bring(rows(credit("A1"), credit("A2")))

    assert [fault.line for fault in refused.value.faults] == [3]
    assert Payment.objects.count() == 1


def test_debits_totals_and_what_stands_above_the_table_are_left_out(town: Any, bring: Any) -> None:
    BankAccount.objects.update(layout="debit_credit")
    heading = ("STT", "Ngày giao dịch", "Số CT", "Ghi nợ", "Ghi có", "Diễn giải")
    lines = [
        (1, ("NGÂN HÀNG MẪU",)),
        (3, ("Từ ngày 01/11/2026", "đến 20/11/2026")),
        (5, heading),
        (6, ("1", "20/11/2026", "X1", "", "150,000", "H17202611200000123")),
        (7, ("2", "20/11/2026", "X2", "50,000", "0.00", "phí dịch vụ")),
        (8, ("", "", "", "50,000", "150,000", "Tổng cộng")),
    ]
    town.ask()

    assert bring(lines).lines == 1
    assert town.of().state is DemandState.PAID


def test_other_columns_are_refused_with_those_that_are_wanted(bring: Any) -> None:
    with pytest.raises(StatementRefused, match="Số tham chiếu"):
        bring(rows(("1",), heading=("a",)))


def test_officer_of_another_agency_finds_no_account(bring: Any) -> None:
    with pytest.raises(BankAccount.DoesNotExist):
        bring(rows(credit("A1")), agency="qn")


def test_who_only_approves_does_not_import(bring: Any) -> None:
    with pytest.raises(BankAccount.DoesNotExist):
        bring(rows(credit("A1")), role=Role.APPROVER)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("150000", 150_000),
        ("150.000", 150_000),
        ("150,000", 150_000),
        ("1.500.000", 1_500_000),
        ("1,500,000.00", 1_500_000),
        ("1.500.000,00", 1_500_000),
        ("150000.00", 150_000),
        ("150000.0", 150_000),
        ("+150.000", 150_000),
        ("150.000 VND", 150_000),
        ("150.000 đồng", 150_000),
        ("150.000đ", 150_000),
        ("12,5", None),
        ("150.000.5", None),
        ("1.5e5", None),
        ("-150.000", None),
        ("15.00.000", None),
        ("", None),
        ("١٥٠", None),
    ],
)
def test_amounts_are_read_as_banks_write_them(written: str, amount: int | None) -> None:
    assert amount_vnd(written) == amount


def test_shipped_layouts_are_in_order() -> None:
    assert {"standard", "debit_credit"} <= set(layouts())
    assert layout_named("standard").reference[0] == "Số tham chiếu"
