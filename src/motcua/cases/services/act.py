"""An officer acts on a case."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from motcua.cases.conditions import Conditions
from motcua.cases.desk.reasons import left_to_fill
from motcua.cases.explaining import explanation_of
from motcua.cases.holding import held_vnd
from motcua.cases.models import Case
from motcua.cases.result_papers import PaperNotSeen, paper_to_sign
from motcua.cases.services.move import CaseMovedOn, move
from motcua.cases.states import ActNotOpen, act_from, open_acts
from motcua.decisions.models import DecisionRecord
from motcua.identity.models import Account
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import OF_RESULT, Act, Actor, Content, Workflow
from motcua.procedures.found import check_findings
from motcua.procedures.queries import revision

__all__ = [
    "CaseMovedOn",
    "FeeNotPaid",
    "NewDateMissing",
    "PlaceNotFilled",
    "ReasonMissing",
    "act_by_machine",
    "act_on_case",
    "acts_for",
]

OFFICERS: tuple[Actor, ...] = ("one_stop_officer", "specialist", "approver")


class ReasonMissing(ValueError):
    """The act needs a reason that the citizen will read."""


class PlaceNotFilled(ReasonMissing):
    """The reason still has a place of its template in square brackets, which nobody has filled in."""


class NewDateMissing(ValueError):
    """The act sets a new date of the answer, and none was given."""


class FeeNotPaid(RuntimeError):
    """The act hands a result over for which the applicant has not paid; ``left_vnd`` is what is left to pay."""

    def __init__(self, number: str, left_vnd: int) -> None:
        self.left_vnd = left_vnd
        super().__init__(f"{number} owes {left_vnd} đồng: the result is handed over when it is paid")


def acts_for(case: Case, rights: Rights, workflow: Workflow) -> dict[str, Act]:
    """Return the acts open to this officer on this case, by the roles held where the case belongs."""
    roles = rights.roles_at(agency_path=case.agency_path, place_path=case.place_path)
    holds = Conditions(case)
    return {
        name: act
        for actor in OFFICERS
        if actor in roles
        for name, act in open_acts(workflow, case.state, actor, holds).items()
    }


@transaction.atomic
def act_on_case(
    *,
    number: str,
    act: str,
    rights: Rights,
    reason: str,
    seen_state: str,
    now: datetime,
    until: datetime | None = None,
    findings: Mapping[str, object] | None = None,
    seen_paper: str = "",
) -> str:
    """Carry out ``act`` on a case within the officer's rights and return its new state.

    ``seen_state`` is the state that the officer saw, ``until`` the new date of an act that extends, ``findings`` what
    they found out, ``seen_paper`` the digest of the paper that they read and that the act signs or seals. Raises
    ``Case.DoesNotExist`` for a case outside the rights, and for an act that is none of the officer's, as for one
    that is not there; ``ActNotOpen``, ``ReasonMissing``, ``NewDateMissing``, ``FormRefused`` with a message a
    finding, ``FeeNotPaid``, ``PaperNotSeen``, ``CaseMovedOn``; where the clock refuses an extension
    ``EventRefused``, such as ``ExtendedTwice``; and what :func:`motcua.cases.result_papers.carry_result` raises.
    """
    case, chosen = _open_to(number, act, rights, seen_state)
    content = revision(case.revision_id).content
    if chosen.needs_reason and not reason.strip():
        raise ReasonMissing(act)
    if left_to_fill(reason):
        raise PlaceNotFilled(act)
    if chosen.extends and until is None:
        raise NewDateMissing(act)
    found = check_findings(chosen.findings, findings or {})
    _refuse_unpaid(case, chosen, content)
    _refuse_unread(case, chosen, found, seen_paper, now)
    actor = f"account:{rights.account_id}"
    changes = _answer(case, content.workflow, act, actor=actor, reason=reason.strip(), now=now)
    move(
        case,
        content=content,
        act_name=act,
        act=chosen,
        actor=actor,
        reason=reason.strip(),
        now=now,
        until=until if chosen.extends else None,
        corrected=None,
        findings=found,
        account=_officer(rights) if OF_RESULT & set(chosen.effect) else None,
        **changes,
    )
    return case.state


def _open_to(number: str, act: str, rights: Rights, seen_state: str) -> tuple[Case, Act]:
    """Return the case and the act, if it is open to this officer in the state that they saw."""
    reachable = Case.objects.filter(
        rights.predicate("agency_path", "place_path", purpose=Purpose.DECIDE_CASES)
        | rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
    )
    case = reachable.get(number=number)
    workflow = revision(case.revision_id).content.workflow
    roles = rights.roles_at(agency_path=case.agency_path, place_path=case.place_path)
    if act in workflow.acts and roles.isdisjoint(workflow.acts[act].by):
        raise Case.DoesNotExist(number)
    if case.state != seen_state:
        raise CaseMovedOn(f"{number} is no longer in state {seen_state}")
    allowed = acts_for(case, rights, workflow)
    if act not in allowed:
        raise ActNotOpen(act, case.state, allowed)
    return case, allowed[act]


def _refuse_unpaid(case: Case, act: Act, content: Content) -> None:
    """Raise ``FeeNotPaid`` if the act hands over what is held back until it is paid."""
    left_vnd = held_vnd(case, content) if content.workflow.hands_over(act, case.state) else 0
    if left_vnd:
        raise FeeNotPaid(case.number, left_vnd)


def _refuse_unread(case: Case, act: Act, found: Mapping[str, object], seen_paper: str, now: datetime) -> None:
    """Raise ``PaperNotSeen`` unless who signs or seals has read the paper as it is now."""
    if not _SIGNING & set(act.effect):
        return
    paper = paper_to_sign(case, act, now=now, found=found)
    if paper is None or paper.digest != seen_paper:
        raise PaperNotSeen(case.number)


_SIGNING = OF_RESULT - {"draft_result"}


def _officer(rights: Rights) -> Account:
    if rights.account_id is None:
        raise Account.DoesNotExist
    return Account.objects.get(pk=rights.account_id)


@transaction.atomic
def act_by_machine(*, number: str, act: str, reason: str, now: datetime) -> str:
    """Carry out an act that the pack leaves to the machine, as once a fee is paid, and return the new state.

    Raises ``Case.DoesNotExist``, ``ActNotOpen`` where the act is not the machine's or not open now, and
    ``CaseMovedOn``.
    """
    case = Case.objects.get(number=number)
    content = revision(case.revision_id).content
    found = act_from(content.workflow, case.state, act, "machine", Conditions(case))
    move(case, content=content, act_name=act, act=found, actor="machine", reason=reason, now=now)
    return case.state


def _answer(
    case: Case, workflow: Workflow, name: str, *, actor: str, reason: str, now: datetime
) -> dict[str, object]:
    """Write down the decision of an act that answers the case, and return the columns that it changes."""
    answer = workflow.answer_of(name, case.state, standing=case.answer)
    if answer is None:
        return {}
    # Who approves without a word is quoted by the name of the act.
    said = workflow.acts[name].label
    _record(case, answer=answer, actor=actor, words=(reason or said.vi, reason or said.en), now=now)
    if answer == case.answer and name not in workflow.answers.values():
        # Kept as it was, as after an objection to what the machine gave: what follows the facts goes on doing so.
        return {}
    return {"answer": answer, "reason_code": "person", "decided_by": actor}


def _record(case: Case, *, answer: str, actor: str, words: tuple[str, str], now: datetime) -> None:
    """Write down a person's decision on the facts that the last one by rule had read."""
    last = DecisionRecord.objects.filter(case_number=case.number).order_by("-decided_at").first()
    DecisionRecord.objects.create(
        id=uuid.uuid4(),
        agency_path=case.agency_path,
        decided_at=now,
        case_number=case.number,
        decided_by=actor,
        model_sha256=last.model_sha256 if last else "",
        answer=answer,
        reason_code="person",
        rule="",
        facts=last.facts if last else [],
        explanation=explanation_of(last, case) if last else {},
        text_vi=words[0],
        text_en=words[1],
    )
