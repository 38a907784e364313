"""Acts on a paper that a case ended with: the office takes it back or replaces it, the applicant objects.

They stand beside the workflow, open in any service: no pack has to foresee that its office makes a mistake. The case
stays in its state; its history, its applicant and the ledger are told.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from motcua.cases.events import CaseActed
from motcua.cases.models import Case, CaseEntry
from motcua.cases.result_papers import PaperNotSeen
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.object import ObjectionTooLate, last_moment_to_object
from motcua.cases.sight import may_read
from motcua.credentials.queries import standing_credential
from motcua.credentials.services import revoke
from motcua.documents.matters import OpenMatter, hold_waiting_papers, open_matters
from motcua.documents.queries import ResultOfCase, WithdrawalOfCase, results_of_case
from motcua.documents.replacing import GROUNDS
from motcua.documents.results import abandon_result
from motcua.documents.states import OPEN, Ground, ObjectionAnswer, ResultKind
from motcua.documents.values import ResultText
from motcua.documents.withdrawals import (
    WithdrawalMovedOn,
    answer_objection,
    carry_out_withdrawal,
    give_up_withdrawal,
    note_objection,
    propose_replacement,
    propose_withdrawal,
    seal_replacement,
)
from motcua.events.services import publish
from motcua.identity.models import Account
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose, Role
from motcua.procedures.queries import revision

GIVEN_UP = "given up before the leader signed"
WITHDRAW, REPLACE = "withdraw_result", "replace_result"
OBJECT, ANSWER = "object_to_withdrawal", "answer_withdrawal"


class NoSuchResult(LookupError):
    """The case has no such result, or it is not this reader's to act on: the two look the same."""


@dataclass(frozen=True, slots=True)
class ResultStanding:
    """A sealed result of a case with what is done about it: papers that wait for the leader, and who may act.

    ``digest`` names exactly the papers that wait. ``draws_up`` and ``decides`` are the officer's roles where the
    paper was sealed; a signature also wants a key.
    """

    result: ResultOfCase
    waiting: tuple[ResultOfCase, ...]
    replaced_by: ResultOfCase | None
    digest: str
    draws_up: bool
    decides: bool

    @property
    def withdrawal(self) -> WithdrawalOfCase | None:
        """The withdrawal that waits or was carried out."""
        return self.result.withdrawal


def result_standing(*, number: str, result_id: uuid.UUID, rights: Rights) -> ResultStanding:
    """Return how a sealed result stands, for an officer who may read its case; raises ``NoSuchResult``."""
    case = Case.objects.filter(may_read(rights), number=number).first()
    found = _standing_of(number, result_id) if case is not None else None
    if case is None or found is None:
        raise NoSuchResult(number)
    result, waiting, replaced_by = found
    roles = rights.roles_at(agency_path=result.agency_path, place_path=case.place_path)
    return ResultStanding(
        result=result,
        waiting=waiting,
        replaced_by=replaced_by,
        digest=hashlib.sha256("".join(each.sha256 for each in waiting).encode()).hexdigest(),
        draws_up=Role.SPECIALIST in roles,
        decides=Role.APPROVER in roles,
    )


def matters_for(rights: Rights) -> list[OpenMatter]:
    """Return what this officer's office has to sign or to answer about sealed papers, oldest first; four queries."""
    matters = open_matters()
    numbers = {each.case_number for each in matters}
    places = dict(
        Case.objects.filter(may_read(rights), number__in=numbers).values_list("number", "place_path")
        if numbers
        else ()
    )
    return [
        each
        for each in matters
        if each.case_number in places
        and {Role.SPECIALIST, Role.APPROVER}
        & rights.roles_at(agency_path=each.agency_path, place_path=places[each.case_number])
    ]


def propose(
    *,
    number: str,
    result_id: uuid.UUID,
    rights: Rights,
    ground: Ground,
    reason: str,
    corrected: ResultText | None,
    now: datetime,
) -> None:
    """Draw up and sign the notice, and the corrected paper if there is to be one, for the leader.

    Raises ``NoSuchResult`` for who does not draw papers up there, ``ReasonMissing``, and what
    :func:`motcua.documents.withdrawals.propose_withdrawal` raises.
    """
    standing = result_standing(number=number, result_id=result_id, rights=rights)
    if not standing.draws_up:
        raise NoSuchResult(number)
    propose_withdrawal(
        result_id=result_id,
        ground=ground,
        reason=_said(reason, WITHDRAW),
        corrected=corrected,
        account=_officer(rights),
        now=now,
    )


def propose_another(
    *, number: str, result_id: uuid.UUID, rights: Rights, text: ResultText, now: datetime
) -> None:
    """Draw up and sign a paper in the place of a withdrawn one, for the leader.

    Raises ``NoSuchResult``, and what :func:`motcua.documents.withdrawals.propose_replacement` raises.
    """
    standing = result_standing(number=number, result_id=result_id, rights=rights)
    if not standing.draws_up:
        raise NoSuchResult(number)
    propose_replacement(result_id=result_id, text=text, account=_officer(rights), now=now)


@transaction.atomic
def sign_waiting(
    *,
    number: str,
    result_id: uuid.UUID,
    rights: Rights,
    seen: str,
    now: datetime,
    revoke_pass: bool = False,
) -> ResultStanding:
    """Sign and seal what waits: the withdrawal takes effect, the paper in its place is in force.

    ``seen`` is the digest of the papers that the leader read; ``revoke_pass`` lets the QR of the case end with the
    paper. Raises ``NoSuchResult``, ``PaperNotSeen``, and what signing and sealing raise; then nothing is signed.
    """
    # Of two tabs the second waits here, and then finds what it read gone.
    hold_waiting_papers(number)
    standing = result_standing(number=number, result_id=result_id, rights=rights)
    if not standing.decides:
        raise NoSuchResult(number)
    if not standing.waiting or seen != standing.digest:
        raise PaperNotSeen(number)
    account, withdrawal = _officer(rights), standing.withdrawal
    if withdrawal is not None and withdrawal.withdrawn_at is None:
        notice = carry_out_withdrawal(withdrawal_id=withdrawal.id, account=account, now=now)
        said = f"{standing.result.title} số {standing.result.number} bị thu hồi theo Quyết định số {notice}."
        if revoke_pass and _revoke_pass(number, standing, rights, said, now):
            said = f"{said} Giấy có mã QR của hồ sơ bị thu hồi cùng lúc."
        ground = GROUNDS[withdrawal.ground][0]
        _tell(number, WITHDRAW, f"{said}\n{ground}: {withdrawal.reason}", account, now)
    else:
        seal_replacement(result_id=result_id, account=account, now=now)
    after = result_standing(number=number, result_id=result_id, rights=rights)
    if after.replaced_by is not None:
        given, old = after.replaced_by, standing.result
        _tell(
            number, REPLACE, f"{given.title} số {given.number} thay thế giấy số {old.number}.", account, now
        )
    return after


def _revoke_pass(number: str, standing: ResultStanding, rights: Rights, reason: str, now: datetime) -> bool:
    """Revoke the pass of the case, if one stands; raises ``NoSuchResult`` for who may not revoke passes there."""
    place_path = Case.objects.values_list("place_path", flat=True).get(number=number)
    if not rights.may(Purpose.REVOKE_PASSES, agency_path=standing.result.agency_path, place_path=place_path):
        raise NoSuchResult(number)
    credential = standing_credential(number)
    if credential is None:
        return False
    revoke(credential_id=credential.id, reason=reason, now=now)
    return True


@transaction.atomic
def give_up(*, number: str, result_id: uuid.UUID, rights: Rights, now: datetime) -> None:
    """Give up what waits for the leader: the paper stays in force, or stays without another in its place.

    Who draws papers up and who decides both may. Raises ``NoSuchResult``, ``WithdrawalMovedOn`` where nothing waits,
    and ``ResultMovedOn``.
    """
    standing = result_standing(number=number, result_id=result_id, rights=rights)
    withdrawal, account = standing.withdrawal, _officer(rights)
    if withdrawal is None or not (standing.draws_up or standing.decides):
        raise NoSuchResult(number)
    if withdrawal.withdrawn_at is None:
        give_up_withdrawal(withdrawal_id=withdrawal.id, account=account, now=now)
        return
    if not standing.waiting:
        raise WithdrawalMovedOn(number)
    for each in standing.waiting:
        abandon_result(result_id=each.id, reason=GIVEN_UP, account=account, now=now)


def objection_until(case_number: str, withdrawal: WithdrawalOfCase) -> datetime | None:
    """Return the last moment to object to a withdrawal, or None for one that is not in force; one query."""
    if withdrawal.withdrawn_at is None:
        return None
    manifest = revision(Case.objects.get(number=case_number).revision_id).content.manifest
    return last_moment_to_object(withdrawal.withdrawn_at, within_days=manifest.objection_within_days)


@transaction.atomic
def object_to_withdrawal(
    *, number: str, result_id: uuid.UUID, applicant_id: int, text: str, now: datetime
) -> None:
    """Put the applicant's objection to a withdrawal before a person.

    Raises ``NoSuchResult`` for anyone else's case and a paper that stands, ``ReasonMissing``, ``ObjectionTooLate``
    and ``ObjectedAlready``.
    """
    case = Case.objects.of_person(applicant_id).filter(number=number).first()
    found = _standing_of(number, result_id) if case is not None else None
    withdrawal = found[0].withdrawn if found else None
    if withdrawal is None:
        raise NoSuchResult(number)
    said = _said(text, OBJECT)
    until = objection_until(number, withdrawal)
    if until is not None and now > until:
        raise ObjectionTooLate(f"{until:%d/%m/%Y}")
    note_objection(withdrawal_id=withdrawal.id, text=said, now=now)
    _tell(number, OBJECT, said, None, now)


@transaction.atomic
def answer(
    *,
    number: str,
    result_id: uuid.UUID,
    rights: Rights,
    given: ObjectionAnswer,
    words: str,
    now: datetime,
) -> None:
    """Answer an objection to a withdrawal; who decides may, but not who drew the withdrawal up.

    Raises ``NoSuchResult``, ``ReasonMissing`` and ``WithdrawalMovedOn``.
    """
    standing = result_standing(number=number, result_id=result_id, rights=rights)
    withdrawal = standing.result.withdrawn
    if withdrawal is None or not standing.decides or withdrawal.asked_by_id == rights.account_id:
        raise NoSuchResult(number)
    said, account = _said(words, ANSWER), _officer(rights)
    answer_objection(withdrawal_id=withdrawal.id, answer=given, words=said, account=account, now=now)
    _tell(number, ANSWER, f"{given.label}. {said}", account, now)


def _standing_of(
    number: str, result_id: uuid.UUID
) -> tuple[ResultOfCase, tuple[ResultOfCase, ...], ResultOfCase | None] | None:
    """Return a sealed result, the papers about it that wait for the leader, notice first, and the one in its place."""
    papers = results_of_case(number)
    result = next((each for each in papers if each.id == result_id and each.sealed_at is not None), None)
    if result is None or result.kind is not ResultKind.RESULT:
        return None
    notice = result.withdrawal.notice_id if result.withdrawal else None
    own = [each for each in papers if each.id == notice or each.replaces == result_id]
    waiting = sorted((each for each in own if each.state in OPEN), key=lambda each: each.kind)
    replaced_by = next((each for each in own if each.replaces == result_id and each.sealed_at), None)
    return result, tuple(waiting), replaced_by


def _said(words: str, act: str) -> str:
    said = words.replace("\0", "").strip()
    if not said:
        raise ReasonMissing(act)
    return said


def _officer(rights: Rights) -> Account:
    if rights.account_id is None:
        raise Account.DoesNotExist
    return Account.objects.get(pk=rights.account_id)


def _tell(number: str, act: str, reason: str, account: Account | None, now: datetime) -> None:
    """Write the act into the history of the case, which stays in its state; after what stands there already."""
    case = Case.objects.get(number=number)
    last = CaseEntry.objects.filter(case_number=number).order_by("-happened_at", "-pk").first()
    after = max(now, last.happened_at + timedelta(microseconds=1)) if last is not None else now
    actor = f"account:{account.pk}" if account else "citizen"
    CaseEntry.objects.create(
        case_number=number,
        happened_at=after,
        act=act,
        from_state=case.state,
        to_state=case.state,
        actor=actor,
        reason=reason,
    )
    publish(
        CaseActed(
            happened_at=now,
            agency_path=case.agency_path,
            subject=number,
            actor=actor,
            act=act,
            from_state=case.state,
            to_state=case.state,
        )
    )
