"""A result is handed over when its fees are paid, and by itself, unless the pack hands it over at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from garden import MEMBER, NOW, STRANGER, WORKFLOW, Cite, File, act, approver, content, state
from garden_fees import FEES, paid_service, pay

from motcua.cases.charging import ask_fees_of_new_case
from motcua.cases.desk.batches import Chosen, plan
from motcua.cases.models import Case
from motcua.cases.queries import case_of_person
from motcua.cases.services import act_on_case
from motcua.cases.services.act import FeeNotPaid
from motcua.events.models import LedgerEntry
from motcua.events.services import deliver_once, handlers_of
from motcua.fees.models import Demand
from motcua.fees.services import cancel_demand
from motcua.identity.backends import PATH
from motcua.identity.models import Account
from motcua.procedures.queries import ProcedureView
from motcua.procedures.services import install_revision

__all__ = ["paid_service"]
LATER = NOW + timedelta(hours=1)
FLOW: Any = WORKFLOW
HANDING = {
    **FLOW,
    "states": {**FLOW["states"], "returned": state("granted", 10)},
    "acts": {**FLOW["acts"], "hand_over": act(["granted"], "returned", ["approver"])},
}
DUE_AT_FILING = {"lines": [{**FEES["lines"][0], "amount": 50_000, "when": "at_filing"}]}  # type: ignore[index,dict-item]


def filed(file: File, who: str = MEMBER, **schedule: object) -> str:
    install_revision(
        content=content(workflow=HANDING, fees={**DUE_AT_FILING, **schedule}), sha256="c" * 64, now=NOW
    )
    number = file(who).number
    ask_fees_of_new_case(number=number, now=NOW)
    return number


def hand_over(number: str) -> str:
    return act_on_case(
        number=number, act="hand_over", rights=approver(), reason="", seen_state="granted", now=LATER
    )


def held(number: str, citizen: Cite, who: str = MEMBER) -> int:
    return case_of_person(number, citizen(who).person.id).held_vnd


def test_result_is_not_handed_over_before_all_is_paid(
    paid_service: ProcedureView, file: File, citizen: Cite
) -> None:
    number = filed(file)
    pay(number, 20_000, now=LATER)

    assert held(number, citizen) == 30_000
    (planned,) = plan([Chosen(number, "granted")], act="hand_over", rights=approver(), now=LATER)
    assert planned.left_out == "not_paid"
    with pytest.raises(FeeNotPaid, match="owes 30000 đồng"):
        hand_over(number)
    assert Case.objects.get(number=number).state == "granted"

    pay(number, 30_000, now=LATER, reference="FT2")

    assert held(number, citizen) == 0
    assert hand_over(number) == "returned"


def test_pack_may_hand_over_at_once(paid_service: ProcedureView, file: File, citizen: Cite) -> None:
    number = filed(file, holds_result=False)

    assert held(number, citizen) == 0
    assert hand_over(number) == "returned"


def test_refusal_and_what_was_handed_over_are_held_back_by_no_fee(
    paid_service: ProcedureView, file: File, citizen: Cite
) -> None:
    refused, given = filed(file, STRANGER), filed(file)
    Case.objects.filter(number=given).update(state="returned")

    assert held(refused, citizen, STRANGER) == 0
    assert held(given, citizen) == 0


def test_applicant_reads_what_is_to_be_paid_and_gets_the_pass_with_the_payment(
    paid_service: ProcedureView, file: File, citizen: Cite
) -> None:
    number, client = filed(file), Client()
    client.force_login(Account.objects.get(pk=citizen(MEMBER).account_id), backend=PATH)

    page = client.get(f"/my/{number}/").content.decode()
    assert "được trao khi bạn nộp đủ 50.000\u00a0đồng" in page
    assert ("mc-pass__qr" in page, "mc-fee__qr" in page) == (False, True)
    assert client.get(f"/my/{number}/pass.pdf").status_code == 404

    pay(number, 50_000, now=LATER)

    page = client.get(f"/my/{number}/").content.decode()
    assert ("mc-pass__qr" in page, "được trao khi" in page) == (True, False)


def test_demand_taken_back_sets_the_result_free(paid_service: ProcedureView, file: File) -> None:
    number = filed(file)
    demand = Demand.objects.get(case_number=number)
    officer = Account.objects.create(
        pk=7, login="pheduyet", kind="officer", name="Lê Thị Duyệt", created_at=NOW
    )

    assert approver().account_id == officer.pk
    cancel_demand(demand_id=demand.pk, reason="Được miễn", rights=approver(), now=LATER)

    told = LedgerEntry.objects.get(name="FeesCancelled", subject=number)
    for handler in handlers_of("FeesCancelled"):
        assert deliver_once(lane=told.lane, sequence=told.sequence, handler=handler, now=LATER)
    assert hand_over(number) == "returned"
