"""A dossier is neither put away nor let go while somebody may object, or a paper, an answer or money is owed."""

from datetime import timedelta

import pytest
from dossier import LEADER, OFFICE, ONE_STOP, SPECIALIST, Dossier, at, officer

from motcua.agencies.models import Agency
from motcua.archives.services import ArchivedToday, archive_ended
from motcua.archives.waiting import Waits, waiting
from motcua.documents.models import Result
from motcua.documents.states import Ground, ObjectionAnswer
from motcua.documents.withdrawals import (
    answer_objection,
    carry_out_withdrawal,
    give_up_withdrawal,
    note_objection,
    propose_withdrawal,
)
from motcua.fees.models import BankAccount, Demand, Payment, Refund
from motcua.identity.models import Account

LATER = at("17 16:00") + timedelta(days=400)


@pytest.fixture
def sealed(accepted: Dossier) -> Dossier:
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")
    accepted.act("seal", ONE_STOP, "17 16:00")
    return accepted


def left(case: Dossier, days: int = 0) -> Waits | None:
    return waiting([case.number, "H17-20200101-0000009"], now=LATER + timedelta(days=days)).get(case.number)


def test_paper_and_objection_are_waited_for_to_their_end(sealed: Dossier) -> None:
    specialist, leader = officer(SPECIALIST), officer(LEADER)
    result_id = Result.objects.get().pk
    asked = {
        "result_id": result_id,
        "ground": Ground.MISTAKE,
        "reason": "Ghi sai.",
        "corrected": None,
        "account": specialist,
        "now": LATER,
    }
    assert left(sealed) is None
    given_up = propose_withdrawal(**asked)  # type: ignore[arg-type]  # by name, as above
    assert left(sealed) is Waits.PAPER
    assert archive_ended(now=LATER, after_days=180) == ArchivedToday((), (), 1)
    give_up_withdrawal(withdrawal_id=given_up, account=leader, now=LATER)
    assert left(sealed) is None
    withdrawal = propose_withdrawal(**asked)  # type: ignore[arg-type]  # as above

    carry_out_withdrawal(withdrawal_id=withdrawal, account=leader, now=LATER)

    assert (left(sealed), left(sealed, 90), left(sealed, 91)) == (Waits.OBJECTION, Waits.OBJECTION, None)
    note_objection(withdrawal_id=withdrawal, text="Sai rồi.", now=LATER)
    assert left(sealed, 500) is Waits.PAPER
    answer_objection(
        withdrawal_id=withdrawal, answer=ObjectionAnswer.STANDS, words="Giữ.", account=leader, now=LATER
    )
    assert left(sealed, 91) is None


def paid(case: Dossier, amount_vnd: int, **demanded: object) -> Payment:
    office = Agency.objects.get(code=OFFICE)
    account = BankAccount.objects.create(
        code="dn", agency_path=office.path, place_path="vn.p99", bank_bin="970436", bank_name="Ngân hàng",
        number="0011", holder="TTPVHCC",
    )  # fmt: skip
    demand = Demand.objects.create(
        case_number=case.number, key="20261116-000001", agency_path=office.path, place_path="vn.p99",
        occasion="at_filing", lines=[], total_vnd=8_000, asked_at=at("16 09:00"), **demanded,
    )  # fmt: skip
    return Payment.objects.create(
        bank_account=account, reference="FT1", amount_vnd=amount_vnd, paid_at=at("16 09:00"), purpose="",
        channel="notice", received_at=at("16 09:00"), demand=demand, match="code", matched_at=at("16 09:00"),
    )  # fmt: skip


def refunded(payment: Payment, amount_vnd: int, by: Account | None = None) -> Refund:
    return Refund.objects.create(
        payment=payment, amount_vnd=amount_vnd, reason="Nộp thừa.", asked_by=officer(SPECIALIST),
        asked_at=LATER, confirmed_by=by, confirmed_at=LATER if by else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("paid_vnd", "asked_vnd", "confirmed_vnd", "waits"),
    [
        (5_000, 0, 0, None),
        (8_000, 0, 0, None),
        (9_000, 0, 0, Waits.MONEY),
        (9_000, 0, 1_000, None),
        (8_000, 8_000, 0, Waits.MONEY),
        (8_000, 0, 8_000, None),
    ],
    ids=["owed-to-the-office", "paid", "too-much", "given-back", "asked-back", "all-given-back"],
)
def test_money_that_goes_back_is_waited_for(
    sealed: Dossier, paid_vnd: int, asked_vnd: int, confirmed_vnd: int, waits: Waits | None
) -> None:
    payment = paid(sealed, paid_vnd)
    for amount, by in ((asked_vnd, None), (confirmed_vnd, officer(LEADER))):
        if amount:
            refunded(payment, amount, by)

    assert left(sealed) is waits
