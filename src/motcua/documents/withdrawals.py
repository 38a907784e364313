"""Acts on papers in force: taken back by a notice of the same office, replaced by a corrected one, objected to.

The sealed paper itself never changes. The notice, and the paper that replaces it, are results like any other: drawn
up and signed by one person, signed by a second one who also has them sealed, each under a number of the register.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from motcua.agencies.models import Agency
from motcua.events.services import publish
from motcua.identity.models import Account

from .events import (
    ResultWithdrawn,
    WithdrawalGivenUp,
    WithdrawalObjected,
    WithdrawalObjectionAnswered,
    WithdrawalProposed,
)
from .models import Result, Withdrawal, WithdrawalObjection
from .replacing import notice_notation, notice_text, number_of
from .results import abandon_result, draft_result, seal_result, sign_result
from .states import OPEN, Ground, ObjectionAnswer, ResultKind, ResultState, Signatory
from .values import ResultText

GIVEN_UP_WITH_IT = "the withdrawal was given up"


class NotInForce(RuntimeError):
    """The paper is not one that can be withdrawn: not sealed, withdrawn already, or a notice itself."""


class WithdrawalMovedOn(RuntimeError):
    """Somebody else carried the withdrawal out or gave it up, or proposed one; read the paper again."""


class ObjectedAlready(RuntimeError):
    """The applicant has objected to this withdrawal; it is answered, or waits for its answer."""


@transaction.atomic
def propose_withdrawal(
    *,
    result_id: UUID,
    ground: Ground,
    reason: str,
    corrected: ResultText | None,
    account: Account,
    now: datetime,
) -> UUID:
    """Draw up the notice, and the corrected paper if there is to be one, sign both, and return the withdrawal.

    The paper stays in force until :func:`carry_out_withdrawal`. Raises ``NotInForce``, ``WithdrawalMovedOn``, and
    what :func:`sign_result` raises; then nothing is written.
    """
    result = _in_force(result_id)
    notice = draft_result(
        case_number=result.case_number,
        agency_path=result.agency_path,
        place_name=result.place_name,
        notation=notice_notation(result, Agency.objects.get(path=result.agency_path).code),
        text=notice_text(result, ground=ground, reason=reason, replaced=corrected is not None),
        account=account,
        now=now,
        kind=ResultKind.NOTICE,
    )
    try:
        with transaction.atomic():
            withdrawal = Withdrawal.objects.create(
                result=result,
                notice_id=notice.id,
                ground=ground,
                reason=reason,
                asked_by=account,
                asked_at=now,
            )
    except IntegrityError as fault:
        raise WithdrawalMovedOn(f"a withdrawal of {result.code} waits already") from fault
    sign_result(result_id=notice.id, signatory=Signatory.SPECIALIST, account=account, now=now)
    if corrected is not None:
        _draw_up(result, corrected, account, now)
    publish(
        WithdrawalProposed(
            happened_at=now,
            agency_path=result.agency_path,
            subject=result.case_number,
            actor=account.reference,
            result=result.code,
            notice=notice.code,
            ground=ground.value,
        )
    )
    return withdrawal.pk


@transaction.atomic
def carry_out_withdrawal(*, withdrawal_id: UUID, account: Account, now: datetime) -> str:
    """Sign as the leader and seal the notice, then the paper that replaces, and return the number of the notice.

    All in one transaction: nobody is left without a paper between the two, and a failure leaves no number taken.
    Raises ``Withdrawal.DoesNotExist``, ``WithdrawalMovedOn``, and what :func:`seal_result` raises.
    """
    withdrawal = Withdrawal.objects.select_related("result").get(pk=withdrawal_id)
    waiting = Withdrawal.objects.filter(pk=withdrawal_id, withdrawn_at__isnull=True, given_up_at__isnull=True)
    if waiting.update(withdrawn_at=now) != 1:
        raise WithdrawalMovedOn(f"the withdrawal of {withdrawal.result.code} is over")
    number = _sign_and_seal(withdrawal.notice_id, account, now)
    replaced_by = ""
    for each in _on_their_way(withdrawal.result):
        _sign_and_seal(each.pk, account, now)
        replaced_by = each.code
    result = withdrawal.result
    publish(
        ResultWithdrawn(
            happened_at=now,
            agency_path=result.agency_path,
            subject=result.case_number,
            actor=account.reference,
            result=result.code,
            notice=withdrawal.notice.code,
            number=number,
            ground=withdrawal.ground,
            replaced_by=replaced_by,
        )
    )
    return number


@transaction.atomic
def give_up_withdrawal(*, withdrawal_id: UUID, account: Account, now: datetime) -> None:
    """Leave the paper in force: notice and corrected paper are given up. Raises ``WithdrawalMovedOn``."""
    withdrawal = Withdrawal.objects.select_related("result").get(pk=withdrawal_id)
    waiting = Withdrawal.objects.filter(pk=withdrawal_id, withdrawn_at__isnull=True, given_up_at__isnull=True)
    if waiting.update(given_up_at=now) != 1:
        raise WithdrawalMovedOn(f"the withdrawal of {withdrawal.result.code} is over")
    for paper_id in (withdrawal.notice_id, *(each.pk for each in _on_their_way(withdrawal.result))):
        abandon_result(result_id=paper_id, reason=GIVEN_UP_WITH_IT, account=account, now=now)
    publish(
        WithdrawalGivenUp(
            happened_at=now,
            agency_path=withdrawal.result.agency_path,
            subject=withdrawal.result.case_number,
            actor=account.reference,
            result=withdrawal.result.code,
        )
    )


@transaction.atomic
def propose_replacement(*, result_id: UUID, text: ResultText, account: Account, now: datetime) -> UUID:
    """Draw up and sign a paper in the place of one that was withdrawn without one, and return it.

    Raises ``NotInForce`` unless it was withdrawn, ``ResultExists`` if another replaces it, and what
    :func:`sign_result` raises.
    """
    result = Result.objects.get(pk=result_id)
    if not result.withdrawals.filter(withdrawn_at__isnull=False).exists():
        raise NotInForce(f"{result.code} was not withdrawn, so nothing replaces it")
    return _draw_up(result, text, account, now)


@transaction.atomic
def seal_replacement(*, result_id: UUID, account: Account, now: datetime) -> str:
    """Sign as the leader and seal the paper that replaces a withdrawn one, and return its number.

    Raises ``WithdrawalMovedOn`` if none waits, and what :func:`seal_result` raises.
    """
    waiting = _on_their_way(Result.objects.get(pk=result_id))
    if not waiting:
        raise WithdrawalMovedOn("no paper waits to replace this one")
    return _sign_and_seal(waiting[0].pk, account, now)


@transaction.atomic
def note_objection(*, withdrawal_id: UUID, text: str, now: datetime) -> None:
    """Keep what the applicant writes against a withdrawal in force; within which term is the case's to know.

    Raises ``Withdrawal.DoesNotExist`` and ``ObjectedAlready``.
    """
    withdrawal = Withdrawal.objects.select_related("result").get(pk=withdrawal_id, withdrawn_at__isnull=False)
    try:
        with transaction.atomic():
            WithdrawalObjection.objects.create(withdrawal=withdrawal, text=text, objected_at=now)
    except IntegrityError as fault:
        raise ObjectedAlready(withdrawal.result.code) from fault
    publish(
        WithdrawalObjected(
            happened_at=now,
            agency_path=withdrawal.result.agency_path,
            subject=withdrawal.result.case_number,
            actor="citizen",
            result=withdrawal.result.code,
        )
    )


@transaction.atomic
def answer_objection(
    *, withdrawal_id: UUID, answer: ObjectionAnswer, words: str, account: Account, now: datetime
) -> None:
    """Answer an objection, once. Raises ``Withdrawal.DoesNotExist`` and ``WithdrawalMovedOn``."""
    withdrawal = Withdrawal.objects.select_related("result").get(pk=withdrawal_id)
    waiting = WithdrawalObjection.objects.filter(withdrawal=withdrawal, answer="")
    if waiting.update(answer=answer, answer_words=words, answered_by=account, answered_at=now) != 1:
        raise WithdrawalMovedOn("no objection waits for an answer")
    publish(
        WithdrawalObjectionAnswered(
            happened_at=now,
            agency_path=withdrawal.result.agency_path,
            subject=withdrawal.result.case_number,
            actor=account.reference,
            result=withdrawal.result.code,
            answer=answer.value,
        )
    )


def _in_force(result_id: UUID) -> Result:
    result = Result.objects.get(pk=result_id)
    if result.state != ResultState.SEALED or result.kind != ResultKind.RESULT:
        raise NotInForce(f"{result.code} is no sealed result")
    if result.withdrawals.filter(withdrawn_at__isnull=False).exists():
        raise NotInForce(f"{result.code} ({number_of(result)}) is withdrawn already")
    return result


def _on_their_way(result: Result) -> Sequence[Result]:
    return list(result.replacements.filter(state__in=OPEN).defer("content"))


def _draw_up(earlier: Result, text: ResultText, account: Account, now: datetime) -> UUID:
    drafted = draft_result(
        case_number=earlier.case_number,
        agency_path=earlier.agency_path,
        place_name=earlier.place_name,
        notation=earlier.notation,
        text=text,
        account=account,
        now=now,
    )
    sign_result(result_id=drafted.id, signatory=Signatory.SPECIALIST, account=account, now=now)
    return drafted.id


def _sign_and_seal(result_id: UUID, account: Account, now: datetime) -> str:
    sign_result(result_id=result_id, signatory=Signatory.LEADER, account=account, now=now)
    return seal_result(result_id=result_id, account=account, now=now)
