"""A paper in force is taken back by a notice of the same office, and replaced; the paper itself stays as it is."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import override_settings
from sealing import NOW, TEXT, Office, sealed, staffed

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
from motcua.documents.results import NoKeyToSignWith, ResultMovedOn, draft_result, seal_result, sign_result
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


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture(autouse=True)
def _own_folder(secrets: Path) -> Iterator[None]:
    with override_settings(SECRETS_DIR=secrets, TIME_STAMPS="own", SITE_URL="https://motcua.example"):
        yield


@pytest.fixture
def office(db: None) -> Office:
    return staffed()


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


def test_proposal_leaves_the_paper_in_force(office: Office) -> None:
    result_id = sealed(office)

    proposed(office, result_id)

    paper = sealed_paper(Result.objects.get(pk=result_id).code)
    assert paper is not None
    assert paper.withdrawn is None
    assert standing().withdrawn_at is None
    assert check_paper(result_bytes(result_id), now=LATER).answer is Answer.VALID


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
    pdf = result_bytes(Withdrawal.objects.get(pk=withdrawal_id).notice_id)
    assert check_paper(pdf, now=LATER + timedelta(minutes=5)).answer is Answer.VALID
    assert pdfsig(pdf, tmp_path) == ["Signature is Valid."] * 3
    said = text_of(pdf, tmp_path)
    assert "01/2026/GXN-UBND ngày 20/11/2026" in said
    assert found.sha256 in said.replace(" ", "")
    assert REASON in said


def test_withdrawal_is_told_to_the_ledger_without_a_name(office: Office) -> None:
    withdrawn(office, sealed(office), CORRECTED)

    told = {each["name"]: each for each in LedgerEntry.objects.values()}
    assert {"WithdrawalProposed", "ResultWithdrawn"} <= set(told)
    assert "Hạnh" not in str(told)
    assert REASON not in str(told)


def test_corrected_paper_comes_with_the_withdrawal_and_names_what_it_replaces(
    office: Office, tmp_path: Path
) -> None:
    result_id = sealed(office)

    withdrawn(office, result_id, CORRECTED)

    (first,) = Result.objects.filter(replaces=result_id)
    assert first.number == 2
    said = text_of(bytes(first.content), tmp_path)
    assert "Giấy này thay thế Giấy xác nhận tình trạng hôn nhân số 01/2026/GXN-UBND ngày 20/11/2026" in said
    assert "Nguyễn Thị Hồng Hạn" in said
    old, new = sealed_paper(Result.objects.get(pk=result_id).code), sealed_paper(first.code)
    assert old is not None
    assert new is not None
    assert old.withdrawn is not None
    assert old.withdrawn.replaced_by is not None
    assert old.withdrawn.replaced_by.number == new.number == "02/2026/GXN-UBND"
    assert new.replaces is not None
    assert new.replaces.code == old.code
    assert missing_numbers(agency_path=first.agency_path, notation=first.notation, year=2026) == []


def test_replacement_can_be_withdrawn_in_its_turn(office: Office) -> None:
    result_id = sealed(office)
    withdrawn(office, result_id, CORRECTED)
    second = Result.objects.get(replaces=result_id)

    withdrawn(office, second.pk, TEXT)

    third = Result.objects.get(replaces=second)
    (says,) = ResultText.model_validate(third.text).opening
    assert "02/2026/GXN-UBND" in says
    assert [each.in_force for each in results_of_case("H17-1") if each.kind is ResultKind.RESULT] == [
        True,
        False,
        False,
    ]


def test_who_drew_the_notice_up_does_not_approve_it(office: Office) -> None:
    withdrawal_id = proposed(office, sealed(office))
    registers = NumberRegister.objects.count()

    for other in (office.specialist, office.clerk, office.stranger):
        with pytest.raises(NoKeyToSignWith):
            carry_out_withdrawal(withdrawal_id=withdrawal_id, account=other, now=LATER)

    assert standing().withdrawn_at is None
    assert NumberRegister.objects.count() == registers


def test_only_one_withdrawal_of_a_paper(office: Office) -> None:
    result_id = sealed(office)
    withdrawal_id = proposed(office, result_id)

    with pytest.raises(WithdrawalMovedOn):
        proposed(office, result_id)
    carry_out_withdrawal(withdrawal_id=withdrawal_id, account=office.leader, now=LATER)
    with pytest.raises(NotInForce):
        proposed(office, result_id)
    with pytest.raises(WithdrawalMovedOn):
        carry_out_withdrawal(withdrawal_id=withdrawal_id, account=office.leader, now=LATER)
    with pytest.raises(NotInForce):
        proposed(office, standing().notice_id)

    assert Result.objects.filter(kind=ResultKind.NOTICE).count() == 1


def test_given_up_withdrawal_leaves_no_paper_on_its_way_and_another_may_follow(office: Office) -> None:
    result_id = sealed(office)

    give_up_withdrawal(withdrawal_id=proposed(office, result_id, CORRECTED), account=office.leader, now=LATER)

    assert [each.state for each in results_of_case("H17-1")] == [
        ResultState.ABANDONED,
        ResultState.ABANDONED,
        ResultState.SEALED,
    ]
    withdrawn(office, result_id)


def test_what_was_carried_out_stays(office: Office) -> None:
    withdrawal_id = withdrawn(office, sealed(office))

    for act in (
        lambda: Withdrawal.objects.filter(pk=withdrawal_id).update(withdrawn_at=None),
        lambda: Withdrawal.objects.filter(pk=withdrawal_id).delete(),
    ):
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            act()

    assert standing().withdrawn_at == LATER


def test_no_second_paper_is_sealed_while_the_first_stands(office: Office) -> None:
    proposed(office, sealed(office))
    drafted = draft_result(
        case_number="H17-1",
        agency_path="vn.danang.hai_chau",
        place_name="Hải Châu",
        notation="GXN-UBND",
        text=TEXT,
        account=None,
        now=LATER,
    )
    sign_result(result_id=drafted.id, signatory=Signatory.SPECIALIST, account=office.specialist, now=LATER)
    sign_result(result_id=drafted.id, signatory=Signatory.LEADER, account=office.leader, now=LATER)

    with pytest.raises(ResultMovedOn, match="not withdrawn"):
        seal_result(result_id=drafted.id, account=office.clerk, now=LATER)

    assert Result.objects.filter(state=ResultState.SEALED).count() == 1


def test_objection_is_made_and_answered_once_and_a_paper_given_again(office: Office) -> None:
    result_id = sealed(office)
    withdrawal_id = withdrawn(office, result_id)
    note_objection(withdrawal_id=withdrawal_id, text="Tên tôi đúng là Hạnh.", now=LATER)

    with pytest.raises(ObjectedAlready):
        note_objection(withdrawal_id=withdrawal_id, text="Lần nữa.", now=LATER)
    given = {
        "withdrawal_id": withdrawal_id,
        "answer": ObjectionAnswer.ISSUE_AGAIN,
        "words": "Cơ quan đã đối chiếu và cấp lại.",
        "account": office.leader,
        "now": LATER,
    }
    answer_objection(**given)
    with pytest.raises(WithdrawalMovedOn):
        answer_objection(**given)
    propose_replacement(result_id=result_id, text=TEXT, account=office.specialist, now=LATER)
    number = seal_replacement(result_id=result_id, account=office.leader, now=LATER)

    assert number == "02/2026/GXN-UBND"
    said = standing().objection
    assert said is not None
    assert said.answer is ObjectionAnswer.ISSUE_AGAIN
    with pytest.raises(WithdrawalMovedOn):
        seal_replacement(result_id=result_id, account=office.leader, now=LATER)


def test_paper_in_force_is_not_replaced(office: Office) -> None:
    result_id = sealed(office)

    with pytest.raises(NotInForce):
        propose_replacement(result_id=result_id, text=TEXT, account=office.specialist, now=LATER)

    assert Result.objects.count() == 1
