"""The one place where a case changes state: compare-and-set, history, event, effect."""

from collections.abc import Mapping
from datetime import datetime

from motcua.agencies.queries import agency
from motcua.calendars import vietnam
from motcua.cases.charging import ask_fees_on_arrival
from motcua.cases.clocks import Happening, case_clock
from motcua.cases.consults.asking import ask_agencies, let_read, take_back
from motcua.cases.credential import issue_for
from motcua.cases.events import CaseActed
from motcua.cases.history import history_of
from motcua.cases.models import Case, CaseEntry, CaseQuerySet, EntryDetails
from motcua.cases.result_papers import carry_result
from motcua.credentials.queries import standing_credential
from motcua.credentials.services import revoke
from motcua.events.services import publish
from motcua.identity.models import Account
from motcua.procedures.content import Act, Content, State


class CaseMovedOn(RuntimeError):
    """The case changed state after it was read; read it again before acting."""


def move(
    case: Case,
    *,
    content: Content,
    act_name: str,
    act: Act,
    actor: str,
    reason: str,
    now: datetime,
    until: datetime | None = None,
    corrected: Mapping[str, object] | None = None,
    findings: Mapping[str, object] | None = None,
    account: Account | None = None,
    **changes: object,
) -> None:
    """Carry the act out in the caller's transaction and bring ``case`` up to date.

    ``until`` is the date that an extension sets, ``corrected`` what the applicant answers otherwise than before,
    ``findings`` what was found out, ``account`` the officer in whose hand a paper is signed; ``changes`` are further
    columns set in the same statement. Raises ``CaseMovedOn``, what the clock refuses, as ``ExtendedTwice``,
    ``AgencyNotKnown`` for a state that is worked on by nobody, and what :func:`carry_result` raises.
    """
    source, target = (content.workflow.states[name] for name in (case.state, act.target))
    if source.consults:
        now = after_answers(case, now)
    # PostgreSQL keeps no NUL; nobody types one, so nothing of what a person meant is lost.
    reason = reason.replace("\0", "")
    columns: dict[str, object] = {
        "state": act.target,
        "phase": target.phase,
        "changed_at": now,
        "due_at": _due(case, content, Happening(now, act_name, case.state, act.target, reason, until)),
        **_handed_over(case, content, target),
        **changes,
    }
    if _standing(case).update(**columns) != 1:
        raise CaseMovedOn(f"{case.number} is no longer in state {case.state}")
    if "agency_path" in columns:
        # Who hands a case on may go on reading it.
        let_read(case, {case.agency_path}, now=now)
    entry = CaseEntry.objects.create(
        case_number=case.number,
        happened_at=now,
        act=act_name,
        from_state=case.state,
        to_state=act.target,
        actor=actor,
        reason=reason,
    )
    _add_details(entry, until, corrected or {}, findings or {})
    _tell(case, entry)
    stays = act.target == case.state
    for column, value in columns.items():
        setattr(case, column, value)
    ended = target.phase in _WITHOUT_PASS
    carry_result(case, content=content, act=act, ended=ended, account=account, now=now)
    _bring_about(case, act_name, act, ended=ended, now=now)
    if not stays:
        _consult(case, source, target, now)
    ask_fees_on_arrival(case, content=content, state=target, now=now)


def _add_details(
    entry: CaseEntry,
    until: datetime | None,
    corrected: Mapping[str, object],
    findings: Mapping[str, object],
) -> None:
    if until is not None or corrected or findings:
        EntryDetails.objects.create(
            entry=entry, until=until, corrected=dict(corrected), findings=dict(findings)
        )


def _tell(case: Case, entry: CaseEntry) -> None:
    publish(
        CaseActed(
            happened_at=entry.happened_at,
            agency_path=case.agency_path,
            subject=case.number,
            actor=entry.actor,
            act=entry.act,
            from_state=entry.from_state,
            to_state=entry.to_state,
        )
    )


def _consult(case: Case, source: State, target: State, now: datetime) -> None:
    """Take back what the state that is left asked and nobody answered, and ask what the next one asks."""
    if source.consults:
        take_back(case, now=now)
    ask_agencies(case, target, now=now)


def after_answers(case: Case, now: datetime) -> datetime:
    """Return the moment at which a case that consults goes on: not before what its history has already.

    An answer is written without moving the case, so that who acts may have read the clock before it. Its row is
    locked first, as by every answer: from here on nothing comes between.
    """
    Case.objects.select_for_update().filter(filed_on=case.filed_on, number=case.number).first()
    last = CaseEntry.objects.filter(case_number=case.number).order_by("-happened_at", "-pk").first()
    return max(now, last.happened_at) if last is not None else now


def _standing(case: Case) -> CaseQuerySet:
    """Find the case as it was read: compare-and-set, so that no lock is held while an act is prepared.

    The tries and the moment of the last change as well, because a case that waits again or whose date is set anew
    is in the same state as before.
    """
    return Case.objects.filter(
        filed_on=case.filed_on,
        number=case.number,
        state=case.state,
        tries=case.tries,
        changed_at=case.changed_at,
    )


def _due(case: Case, content: Content, happens: Happening) -> datetime:
    """Return the date of the answer after what happens; while the clock stands the last one is kept."""
    if content.workflow.has_legal_clock:
        return case_clock(content, history_of(case.number), happens=happens).clock.due_at or case.due_at
    hours = content.workflow.states[happens.to_state].within_working_hours
    return case.due_at if hours is None else vietnam().after(happens.at, working_hours=hours)


def _handed_over(case: Case, content: Content, target: State) -> dict[str, object]:
    """Return the agency that has the case next, where a service goes through several."""
    if all(state.worked_on_by is None for state in content.workflow.states.values()):
        return {}
    path = agency(target.worked_on_by or content.manifest.agency).path
    return {} if path == case.agency_path else {"agency_path": path}


_WITHOUT_PASS = ("refused", "closed")


def _bring_about(case: Case, act_name: str, act: Act, *, ended: bool, now: datetime) -> None:
    """Have the case hold the pass that its new state stands for.

    A case that a directive put before a person keeps its pass until the person decides: granted again it gets a
    new one in its place; refused or withdrawn it has none.
    """
    issues = "issue_credential" in act.effect
    if issues or ended or "revoke_credential" in act.effect:
        standing = standing_credential(case.number)
        if standing is not None:
            revoke(credential_id=standing.id, reason=act_name, now=now)
    if issues:
        issue_for(case, now=now)
