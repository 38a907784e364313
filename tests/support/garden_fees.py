"""The garden key as a service with fees: asked before the decision and with the key; paid by transfer."""

import copy
from datetime import datetime

import pytest
from garden import WORKFLOW, act, content, state

from motcua.fees.queries import account_named
from motcua.fees.services import Taken, set_bank_account, take_payment
from motcua.fees.states import Channel
from motcua.fees.transfers import Transferred
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision

FEES = {
    "within_working_days": 5,
    "lines": [
        {
            "code": "decide",
            "label": {"vi": "Phí thẩm định", "en": "Fee for deciding"},
            "legal_basis": "Nghị quyết 1/2026/NQ-HĐND, điều 2",
            "amount": 'if ward = "99001" then 100000 else 200000',
            "when": "before_decision",
            "exempt": [
                {
                    "when": 'note = "hộ nghèo"',
                    "reason": {"vi": "Miễn cho hộ nghèo", "en": "Waived for poor households"},
                }
            ],
        },
        {
            "code": "key",
            "label": {"vi": "Lệ phí cấp khoá", "en": "Fee for the key"},
            "legal_basis": "Nghị quyết 1/2026/NQ-HĐND, điều 3",
            "amount": "days * 1000",
            "when": "with_result",
        },
    ],
}


def workflow_with_payment() -> dict[str, object]:
    """Return the workflow in which a case that a person has to look at pays first."""
    whole = copy.deepcopy(WORKFLOW)
    whole["states"]["payment"] = {**state("citizen", 6), "clock": "payment"}  # type: ignore[index]  # a plain dict
    whole["acts"]["refer"] = act(["received", "waiting"], "payment", ["machine"])  # type: ignore[index]  # as above
    whole["acts"]["paid"] = act(["payment"], "desk", ["machine"])  # type: ignore[index]  # as above
    return whole


@pytest.fixture
def paid_service(procedure: ProcedureView) -> ProcedureView:
    """Put the service with fees in force, and open the account of its office."""
    now = datetime.fromisoformat("2026-11-20T08:00:00+07:00")
    install_revision(content=content(workflow=workflow_with_payment(), fees=FEES), sha256="f" * 64, now=now)
    set_bank_account(
        code="garden",
        agency_code="garden",
        bank_bin="970436",
        bank_name="Ngân hàng Mẫu",
        number="0011001234567",
        holder="BAN QUAN LY VUON",
        layout="standard",
        now=now,
    )
    return procedure_in_force("garden_key")


def pay(number: str, amount_vnd: int, *, now: datetime, reference: str = "FT1", purpose: str = "") -> Taken:
    """Pay for the case as its bank would tell it."""
    account = account_named("garden")
    assert account is not None
    transferred = Transferred(reference, amount_vnd, now, purpose or number, "TRAN THI THU", "0123")
    return take_payment(account_id=account.id, transferred=transferred, channel=Channel.NOTICE, now=now)
