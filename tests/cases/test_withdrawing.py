"""A paper of a case is taken back by its own office only, objected to in time, and answered by somebody else."""

from datetime import datetime, timedelta

import pytest
from dossier import (
    LEADER,
    OFFICE,
    ONE_STOP,
    POLICE,
    SPECIALIST,
    Dossier,
    accepted,
    at,
    dossier,
    office,
    officer,
)

from motcua.cases.holding import held_vnd
from motcua.cases.models import CaseEntry
from motcua.cases.result_papers import PaperNotSeen
from motcua.cases.services import ObjectionTooLate
from motcua.cases.services import results as keeping
from motcua.cases.services.results import keep_results_of_case
from motcua.cases.services.withdrawing import (
    NoSuchResult,
    ResultStanding,
    answer,
    give_up,
    object_to_withdrawal,
    propose,
    propose_another,
    result_standing,
    sign_waiting,
)
from motcua.credentials.models import Credential
from motcua.credentials.queries import standing_credential
from motcua.documents.models import Result, Withdrawal, WithdrawalObjection
from motcua.documents.queries import results_of_case
from motcua.documents.states import Ground, ObjectionAnswer, ResultKind
from motcua.documents.withdrawals import ObjectedAlready
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import Role
from motcua.vault.models import Paper

__all__ = ["accepted", "dossier", "office"]
REASON = "Ghi sai tên đệm."


def of(role: Role, agency: str = OFFICE, place: str = "vn.p99", *more: Role) -> Rights:
    grants = tuple(Grant(each, agency, place) for each in (role, *more))
    return Rights(officer(role, agency, key=agency == OFFICE and role in (SPECIALIST, LEADER)).pk, grants)


@pytest.fixture
def sealed(accepted: Dossier) -> Dossier:
    """With its certificate sealed on Tuesday 17 November 2026."""
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")
    accepted.act("seal", ONE_STOP, "17 16:00")
    return accepted


def standing(case: Dossier, rights: Rights | None = None) -> ResultStanding:
    (paper,) = (each for each in results_of_case(case.number) if each.kind is ResultKind.RESULT)
    return result_standing(number=case.number, result_id=paper.id, rights=rights or of(LEADER))


def proposed(case: Dossier, rights: Rights) -> None:
    propose(
        number=case.number,
        result_id=standing(case).result.id,
        rights=rights,
        ground=Ground.MISTAKE,
        reason=REASON,
        corrected=None,
        now=at("18 09:00"),
    )


def signed(case: Dossier, seen: str = "", *, revoke_pass: bool = False) -> None:
    found = standing(case)
    sign_waiting(
        number=case.number,
        result_id=found.result.id,
        rights=of(LEADER),
        seen=seen or found.digest,
        now=at("18 10:00"),
        revoke_pass=revoke_pass,
    )


def objected(case: Dossier, moment: datetime, applicant_id: int = 0) -> None:
    object_to_withdrawal(
        number=case.number,
        result_id=standing(case).result.id,
        applicant_id=applicant_id or case.person.id,
        text="Tên tôi đúng là Hạnh.",
        now=moment,
    )


def answered(case: Dossier, rights: Rights) -> None:
    answer(
        number=case.number,
        result_id=standing(case).result.id,
        rights=rights,
        given=ObjectionAnswer.STANDS,
        words="Đã đối chiếu sổ gốc.",
        now=at("20 09:00"),
    )


def test_nobody_but_the_office_that_sealed_it_acts_on_a_paper(sealed: Dossier) -> None:
    strangers = (
        of(SPECIALIST, POLICE),
        of(LEADER, POLICE),
        of(LEADER, OFFICE, "vn.p99.w99009"),
        of(Role.LEADER),
        of(Role.ARCHIVIST),
        of(Role.AUDITOR),
    )
    mine = standing(sealed)
    for rights in (*strangers, of(ONE_STOP), of(LEADER)):
        with pytest.raises(NoSuchResult):
            proposed(sealed, rights)
    proposed(sealed, of(SPECIALIST))
    waits = standing(sealed)

    for rights in (*strangers, of(ONE_STOP), of(SPECIALIST)):
        with pytest.raises(NoSuchResult):
            sign_waiting(
                number=sealed.number,
                result_id=mine.result.id,
                rights=rights,
                seen=waits.digest,
                now=at("18 10:00"),
            )
    for rights in (*strangers, of(ONE_STOP)):
        with pytest.raises(NoSuchResult):
            give_up(number=sealed.number, result_id=mine.result.id, rights=rights, now=at("18 10:00"))

    assert Withdrawal.objects.get().withdrawn_at is None
    assert standing(sealed).digest == waits.digest


def test_second_tab_signs_nothing_and_papers_that_were_not_read_are_not_signed(sealed: Dossier) -> None:
    proposed(sealed, of(SPECIALIST))
    seen = standing(sealed).digest
    with pytest.raises(PaperNotSeen):
        signed(sealed, "0" * 64)
    signed(sealed, seen)

    with pytest.raises(PaperNotSeen):
        signed(sealed, seen)

    assert Result.objects.filter(kind=ResultKind.NOTICE).count() == 1
    assert [each.act for each in CaseEntry.objects.filter(case_number=sealed.number)].count(
        "withdraw_result"
    ) == 1


def test_paper_in_its_place_is_not_signed_unread_after_it_was_drawn_up_anew(sealed: Dossier) -> None:
    proposed(sealed, of(SPECIALIST))
    signed(sealed)
    found = standing(sealed).result
    assert found.text is not None
    for words in ("Một", "Hai"):
        text = found.text.model_copy(update={"closing": (words,)})
        if words == "Hai":
            seen = standing_of_both(sealed, found.id).digest
            give_up(number=sealed.number, result_id=found.id, rights=of(LEADER), now=at("18 11:00"))
        propose_another(
            number=sealed.number, result_id=found.id, rights=of(SPECIALIST), text=text, now=at("18 11:00")
        )

    with pytest.raises(PaperNotSeen):
        sign_waiting(
            number=sealed.number, result_id=found.id, rights=of(LEADER), seen=seen, now=at("18 12:00")
        )

    assert standing_of_both(sealed, found.id).replaced_by is None


def standing_of_both(case: Dossier, result_id: object) -> ResultStanding:
    return result_standing(number=case.number, result_id=result_id, rights=of(LEADER))  # type: ignore[arg-type]


def test_objection_counts_to_the_end_of_the_last_day_and_not_a_second_longer(sealed: Dossier) -> None:
    proposed(sealed, of(SPECIALIST))
    with pytest.raises(NoSuchResult):
        objected(sealed, at("18 09:30"))
    signed(sealed)
    # Ninety days from 18 November: to the end of 16 February.
    last = at("18 23:59") + timedelta(days=90, seconds=59)
    with pytest.raises(ObjectionTooLate, match="16/02/2027"):
        objected(sealed, last + timedelta(seconds=1))
    with pytest.raises(NoSuchResult):
        objected(sealed, last, applicant_id=sealed.person.id + 1)
    assert not WithdrawalObjection.objects.exists()

    objected(sealed, last)

    with pytest.raises(ObjectedAlready):
        objected(sealed, last)
    assert WithdrawalObjection.objects.get().objected_at == last


def test_who_drew_the_withdrawal_up_does_not_answer_the_objection(sealed: Dossier) -> None:
    both = of(SPECIALIST, OFFICE, "vn.p99", LEADER)
    proposed(sealed, both)
    signed(sealed)
    objected(sealed, at("19 09:00"))

    for rights in (both, of(SPECIALIST), of(LEADER, POLICE), of(ONE_STOP), of(Role.LEADER)):
        with pytest.raises(NoSuchResult):
            answered(sealed, rights)
    assert WithdrawalObjection.objects.get().answer == ""

    answered(sealed, of(LEADER))

    said = WithdrawalObjection.objects.get()
    assert (said.answer, said.answered_by_id) == ("stands", of(LEADER).account_id)


@pytest.mark.parametrize("revoked", [True, False])
def test_qr_of_the_case_ends_with_the_paper_or_goes_on_as_the_leader_chose(
    sealed: Dossier, revoked: bool
) -> None:
    assert standing_credential(sealed.number) is not None
    proposed(sealed, of(SPECIALIST))

    signed(sealed, revoke_pass=revoked)

    assert (standing_credential(sealed.number) is None) is revoked
    (pass_,) = Credential.objects.all()
    assert ("bị thu hồi theo Quyết định số" in pass_.revoke_reason) is revoked
    told = CaseEntry.objects.get(case_number=sealed.number, act="withdraw_result").reason
    assert ("mã QR" in told) is revoked


def test_paper_kept_before_is_marked_although_a_fee_holds_what_comes_after(
    sealed: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_results_of_case(number=sealed.number, now=at("17 17:00"))
    proposed(sealed, of(SPECIALIST))
    signed(sealed)
    monkeypatch.setattr(keeping, held_vnd.__name__, lambda case, content: 50_000)

    assert keep_results_of_case(number=sealed.number, now=at("18 11:00")) == 0

    (paper,) = Paper.objects.all()
    assert (paper.withdrawn_at, paper.withdrawn_for) == (at("18 10:00"), "mistake")
