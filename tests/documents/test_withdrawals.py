"""A paper in force is taken back by a notice of the same office, and replaced; the paper itself stays as it is."""

import contextlib
import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from sealing import NOW, TEXT, Office, office, own_keys, sealed, secrets

from motcua.documents.models import NumberRegister, Result, Withdrawal
from motcua.documents.queries import (
    WithdrawalOfCase,
    check_paper,
    missing_numbers,
    paper_of_digest,
    result_bytes,
    results_of_case,
    sealed_paper,
)
from motcua.documents.results import NoKeyToSignWith, ResultMovedOn, seal_result, sign_result
from motcua.documents.signing.report import Answer
from motcua.documents.states import Ground, ObjectionAnswer, ResultKind, ResultState, Signatory
from motcua.documents.values import ResultText
from motcua.documents.withdrawals import (
    NotInForce,
    ObjectedAlready,
    WithdrawalMovedOn,
    answer_objection,
    carry_out_withdrawal,
    give_up_withdrawal,
    note_objection,
    propose_replacement,
    propose_withdrawal,
    seal_replacement,
)
from motcua.events.models import LedgerEntry

from .samples import text_of
from .signed_papers import pdfsig

LATER = NOW + timedelta(days=2)
REASON = "Ghi sai tên đệm của bà Nguyễn Thị Hồng Hạnh."
CORRECTED = TEXT.model_copy(
    update={"rows": (TEXT.rows[0].model_copy(update={"value": "Nguyễn Thị Hồng Hạn"}),)}
)


__all__ = ["office", "own_keys", "secrets"]
pytestmark = pytest.mark.usefixtures("own_keys")


def proposed(office: Office, result_id: UUID, corrected: ResultText | None = None) -> UUID:
    return propose_withdrawal(
        result_id=result_id,
        ground=Ground.MISTAKE,
        reason=REASON,
        corrected=corrected,
        account=office.specialist,
        now=LATER,
    )


def withdrawn(office: Office, result_id: UUID, corrected: ResultText | None = None) -> UUID:
    withdrawal_id = proposed(office, result_id, corrected)
    carry_out_withdrawal(withdrawal_id=withdrawal_id, account=office.leader, now=LATER)
    return withdrawal_id


def standing() -> WithdrawalOfCase:
    (found,) = (each.withdrawal for each in results_of_case("H17-1") if each.withdrawal)
    return found


def test_proposal_changes_nothing_until_a_second_person_seals_the_notice(office: Office) -> None:
    result_id = sealed(office)
    withdrawal_id = proposed(office, result_id)
    registers = NumberRegister.objects.count()

    for other in (office.specialist, office.clerk, office.stranger):
        with pytest.raises(NoKeyToSignWith):
            carry_out_withdrawal(withdrawal_id=withdrawal_id, account=other, now=LATER)
    with pytest.raises(WithdrawalMovedOn):
        proposed(office, result_id)
    with pytest.raises(NotInForce):
        propose_replacement(result_id=result_id, text=TEXT, account=office.specialist, now=LATER)

    paper = sealed_paper(Result.objects.get(pk=result_id).code)
    assert paper is not None
    assert paper.withdrawn is None
    assert standing().withdrawn_at is None
    assert NumberRegister.objects.count() == registers
    assert Result.objects.filter(kind=ResultKind.NOTICE).count() == 1


def test_no_second_paper_is_sealed_while_the_first_stands_and_giving_up_ends_what_waits(
    office: Office,
) -> None:
    result_id = sealed(office)
    withdrawal_id = proposed(office, result_id, CORRECTED)
    drafted = Result.objects.get(replaces=result_id)
    sign_result(result_id=drafted.pk, signatory=Signatory.LEADER, account=office.leader, now=LATER)

    with pytest.raises(ResultMovedOn, match="not withdrawn"):
        seal_result(result_id=drafted.pk, account=office.clerk, now=LATER)
    give_up_withdrawal(withdrawal_id=withdrawal_id, account=office.leader, now=LATER)

    states = [each.state for each in results_of_case("H17-1")]
    assert sorted(states) == [ResultState.ABANDONED, ResultState.ABANDONED, ResultState.SEALED]
    # What was given up stands in nobody's way.
    proposed(office, result_id)
    with pytest.raises(WithdrawalMovedOn):
        carry_out_withdrawal(withdrawal_id=withdrawal_id, account=office.leader, now=LATER)


def test_withdrawn_paper_keeps_its_bytes_and_is_not_valid(office: Office, tmp_path: Path) -> None:
    result_id = sealed(office)
    before = result_bytes(result_id)

    withdrawal_id = withdrawn(office, result_id)

    assert result_bytes(result_id) == before
    checked = check_paper(before, now=LATER + timedelta(minutes=5))
    assert (checked.answer, checked.report.answer) == (Answer.NOT_VALID, Answer.VALID)
    found = paper_of_digest(hashlib.sha256(before).hexdigest().upper())
    assert found is not None
    assert found.withdrawn is not None
    assert (found.withdrawn.at, found.withdrawn.ground) == (LATER, Ground.MISTAKE)
    assert found.withdrawn.replaced_by is None
    notice = sealed_paper(found.withdrawn.notice.code)
    assert notice is not None
    assert notice.withdraws is not None
    assert notice.withdraws.number == found.number
    assert (notice.number, notice.withdrawn) == ("01/2026/QĐ-VNDANANGHAICHAU", None)
    pdf = result_bytes(standing().notice_id)
    assert check_paper(pdf, now=LATER + timedelta(minutes=5)).answer is Answer.VALID
    assert pdfsig(pdf, tmp_path) == ["Signature is Valid."] * 3
    said = text_of(pdf, tmp_path)
    assert "01/2026/GXN-UBND ngày 20/11/2026" in said
    assert found.sha256 in said.replace(" ", "")
    assert REASON in said
    for act in (
        lambda: Withdrawal.objects.filter(pk=withdrawal_id).update(withdrawn_at=None),
        lambda: Withdrawal.objects.filter(pk=withdrawal_id).delete(),
    ):
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            act()
    for other in (result_id, standing().notice_id):
        with pytest.raises(NotInForce):
            proposed(office, other)


def test_corrected_paper_names_what_it_replaces_and_can_be_withdrawn_in_its_turn(
    office: Office, tmp_path: Path
) -> None:
    result_id = sealed(office)

    withdrawn(office, result_id, CORRECTED)

    second = Result.objects.get(replaces=result_id)
    said = text_of(bytes(second.content), tmp_path)
    assert "Giấy này thay thế Giấy xác nhận tình trạng hôn nhân số 01/2026/GXN-UBND ngày 20/11/2026" in said
    assert "Nguyễn Thị Hồng Hạn" in said
    old, new = sealed_paper(Result.objects.get(pk=result_id).code), sealed_paper(second.code)
    assert old is not None
    assert new is not None
    assert old.withdrawn is not None
    assert old.withdrawn.replaced_by is not None
    assert old.withdrawn.replaced_by.number == new.number == "02/2026/GXN-UBND"
    assert new.replaces is not None
    assert new.replaces.code == old.code
    told = {each["name"]: each for each in LedgerEntry.objects.values()}
    assert {"WithdrawalProposed", "ResultWithdrawn"} <= set(told)
    assert "Hạnh" not in str(told)

    withdrawn(office, second.pk, ResultText.model_validate(second.text))

    third = Result.objects.get(replaces=second)
    (says,) = ResultText.model_validate(third.text).opening
    assert "02/2026/GXN-UBND" in says
    in_force = [each.id for each in results_of_case("H17-1") if each.in_force]
    assert third.pk in in_force
    assert not {result_id, second.pk} & set(in_force)
    assert missing_numbers(agency_path=third.agency_path, notation=third.notation, year=2026) == []


def test_objection_is_made_and_answered_once_and_a_paper_given_again(office: Office) -> None:
    result_id = sealed(office)
    withdrawal_id = withdrawn(office, result_id)
    note_objection(withdrawal_id=withdrawal_id, text="Tên tôi đúng là Hạnh.", now=LATER)

    with pytest.raises(ObjectedAlready):
        note_objection(withdrawal_id=withdrawal_id, text="Lần nữa.", now=LATER)

    for attempt in range(2):
        with contextlib.ExitStack() as refused:
            if attempt:
                refused.enter_context(pytest.raises(WithdrawalMovedOn))
            answer_objection(
                withdrawal_id=withdrawal_id,
                answer=ObjectionAnswer.ISSUE_AGAIN,
                words="Cơ quan đã đối chiếu và cấp lại.",
                account=office.leader,
                now=LATER,
            )
    propose_replacement(result_id=result_id, text=TEXT, account=office.specialist, now=LATER)
    number = seal_replacement(result_id=result_id, account=office.leader, now=LATER)

    assert number == "02/2026/GXN-UBND"
    said = standing().objection
    assert said is not None
    assert said.answer is ObjectionAnswer.ISSUE_AGAIN
    with pytest.raises(WithdrawalMovedOn):
        seal_replacement(result_id=result_id, account=office.leader, now=LATER)
