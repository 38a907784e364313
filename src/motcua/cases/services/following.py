"""Keeps current what was given under packs that follow their facts: decides anew, and changes what comes out otherwise.

Nothing changes because a register is silent or says nothing clear: what was given then stands until its end. What a
person decided stays as that person left it.
"""

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from motcua.agencies.queries import place_names_and_paths
from motcua.calendars import vietnam
from motcua.cases.credential import layout_scope, place_codes
from motcua.cases.events import CaseActed, CaseRedecided
from motcua.cases.facts import About, Gathered, asker_of, gather_together
from motcua.cases.numbers import LOCAL
from motcua.cases.plans import Carried, Judged, Plan, plan_of
from motcua.cases.services.turning import Place, Redecided, Turn, turn_together
from motcua.cases.states import Phase
from motcua.credentials.events import CredentialRevoked
from motcua.credentials.services import (
    PassDraft,
    SealedPass,
    revoke_together,
    seal_together,
    store_together,
)
from motcua.events.copying import written_json
from motcua.events.services import publish_together
from motcua.events.values import Event
from motcua.identity.people import PersonView, people_by_id
from motcua.procedures.content import Act, Workflow
from motcua.procedures.queries import revision

log = logging.getLogger(__name__)
CASES_A_PART = 500
_BEHIND = {
    Phase.GRANTED.value: (Phase.GRANTED.value,),
    Phase.REFUSED.value: (Phase.REFUSED.value, Phase.CLOSED.value),
}


@dataclass(frozen=True, slots=True)
class Followed:
    """What a part did: cases looked at, cases changed, and the last number, empty when none is left."""

    seen: int
    changed: int
    last: str


@dataclass(frozen=True, slots=True)
class _Standing:
    """A case that may change by itself, with the pass that it has, if any."""

    number: str
    filed_on: date
    agency_path: str
    applicant_id: int
    revision_id: int
    values: Mapping[str, object]
    place: Place
    pass_id: uuid.UUID | None
    claims: Mapping[str, object] | None
    valid_to: datetime | None


@dataclass(slots=True)
class _Change:
    """What becomes of one case."""

    was: _Standing
    turn: Turn
    judged: Judged
    draft: PassDraft | None
    sealed: SealedPass | None = None


class PassMovedOn(RuntimeError):
    """A pass of the part was ended by others meanwhile; nothing was changed, and the part is tried again."""


@transaction.atomic
def follow_part(*, procedure_code: str, after: str, now: datetime) -> Followed:
    """Decide anew the next cases of the service whose number is greater than ``after``, as of today.

    A case that comes out as it stands is left alone, so that a part run twice changes nothing more. Each question is
    noted for the person to see. Costs some twenty statements for 500 cases, and one more for each that changes.
    """
    cases = _standing(procedure_code, after, now)
    if not cases:
        return Followed(0, 0, "")
    changes = _changes(cases, now)
    _seal(changes, now)
    moved = turn_together([each.turn for each in changes], actor="machine", now=now)
    done = [each for each in changes if each.was.number in moved]
    for act in sorted({each.turn.act for each in done}):
        ending = [each.was.pass_id for each in done if each.turn.act == act and each.was.pass_id is not None]
        if len(revoke_together(ending, reason=act, now=now)) < len(ending):
            # A directive or a person ended one while it was decided: nothing of this part counts, and it is tried anew.
            raise PassMovedOn(procedure_code)
    store_together([each.sealed for each in done if each.sealed is not None], now=now)
    publish_together([event for each in done for event in _events(each, now)])
    last = cases[-1].number if len(cases) == CASES_A_PART else ""
    return Followed(len(cases), len(done), last)


_STANDING = """
SELECT filed.number, filed.filed_on, filed.agency_path::text, filed.applicant_id, filed.revision_id, filed."values",
    filed.state, filed.phase, filed.due_at, filed.changed_at, filed.answer, filed.reason_code, filed.decided_by,
    pass.id, pass.claims, pass.valid_to
FROM cases_case AS filed
LEFT JOIN credentials_credential AS pass ON pass.case_number = filed.number AND pass.revoked_at IS NULL
WHERE filed.procedure_code = %(code)s AND filed.number > %(after)s AND filed.decided_by = 'machine'
    AND NOT filed.objected AND (
        filed.phase = 'granted' AND pass.valid_to > %(now)s OR filed.phase = 'person'
    )
ORDER BY filed.number LIMIT %(most)s
"""


def _standing(procedure_code: str, after: str, now: datetime) -> list[_Standing]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"code": procedure_code, "after": after, "now": now, "most": CASES_A_PART})
        return [
            _Standing(
                number,
                filed_on,
                agency_path,
                applicant_id,
                revision_id,
                json.loads(values),
                Place(state, phase, due_at, changed_at, revision_id, answer, reason, decided_by),
                pass_id,
                json.loads(claims) if claims else None,
                valid_to,
            )
            for (
                number, filed_on, agency_path, applicant_id, revision_id, values,
                state, phase, due_at, changed_at, answer, reason, decided_by,
                pass_id, claims, valid_to,
            ) in cursor.fetchall()
        ]  # fmt: skip


def _changes(cases: Sequence[_Standing], now: datetime) -> list[_Change]:
    today = now.astimezone(LOCAL).date()
    plans = {case.revision_id: plan_of(revision(case.revision_id)) for case in cases}
    people = people_by_id({case.applicant_id for case in cases})
    about = [
        About(
            content=plans[case.revision_id].content,
            rounds=plans[case.revision_id].rounds,
            values=case.values,
            person_key=people[case.applicant_id].key,
            case_number=case.number,
            asker=asker_of(plans[case.revision_id].content, case.agency_path),
        )
        for case in cases
    ]
    found: list[_Change] = []
    for case, gathered in zip(cases, gather_together(about, now=now, today=today), strict=True):
        plan = plans[case.revision_id]
        if isinstance(gathered, Exception) or gathered.silent:
            continue
        try:
            change = _change(case, plan, gathered, people[case.applicant_id], now)
        # Whatever a pack raises, what was given stands and the operator reads which pack is at fault.
        except Exception as fault:  # noqa: BLE001
            log.error("%s cannot follow its facts: %s", plan.content.manifest.code, type(fault).__name__)
            continue
        if change is not None:
            found.append(change)
    return found


@dataclass(frozen=True, slots=True)
class _Anew:
    """A case decided once more."""

    plan: Plan
    gathered: Gathered
    judged: Judged


def _change(
    case: _Standing, plan: Plan, gathered: Gathered, holder: PersonView, now: datetime
) -> _Change | None:
    """Return what has to be done so that the case is as its facts say, or None if it is already."""
    anew = _Anew(plan, gathered, plan.judge(gathered.scope))
    judged = anew.judged
    if (judged.answer, judged.reason) == (case.place.answer, case.place.reason_code):
        return None
    found = act_by_machine(plan.content.workflow, case.place.state, judged.answer)
    if found is None:
        return None
    name, act = found
    draft: PassDraft | None = None
    if "issue_credential" in act.effect:
        carried = _carried(case, anew, holder, now)
        if not _matters(case, judged, carried):
            return None
        draft = PassDraft(
            case.number, case.agency_path, carried.kind, carried.claims, carried.valid_from, carried.valid_to
        )
    return _Change(case, _turn(case, anew, name, act, now), judged, draft)


def _matters(case: _Standing, judged: Judged, carried: Carried) -> bool:
    """Whether the person would notice: another answer, other lines on the pass, or a later end."""
    if case.valid_to is None or judged.answer != case.place.answer:
        return True
    return dict(carried.claims) != dict(case.claims or {}) or carried.valid_to > case.valid_to


def act_by_machine(workflow: Workflow, state: str, answer: str) -> tuple[str, Act] | None:
    """Return the act by which the machine brings a case from the state to what the answer says, or None.

    The act of the answer counts first; then any other by the machine to a state of that kind. An answer that puts a
    case before a person changes nothing here.
    """
    phases = _BEHIND.get(workflow.states[workflow.acts[workflow.answers[answer]].target].phase, ())
    named = [workflow.answers[answer], *workflow.acts]
    for name in named:
        act = workflow.acts[name]
        if "machine" in act.by and state in act.source and workflow.states[act.target].phase in phases:
            return name, act
    return None


def _carried(case: _Standing, anew: _Anew, holder: PersonView, now: datetime) -> Carried:
    codes = place_codes(anew.plan, case.values)
    names = place_names_and_paths(now.astimezone(LOCAL).date(), codes) if codes else {}
    scope = layout_scope(
        anew.plan,
        anew.gathered.scope,
        values=case.values,
        holder=holder,
        number=case.number,
        place_names={code: name for code, (name, _) in names.items()},
        allotted=None,
    )
    return anew.plan.carried(scope, case.number)


def _turn(case: _Standing, anew: _Anew, name: str, act: Act, now: datetime) -> Turn:
    judged = anew.judged
    target = anew.plan.content.workflow.states[act.target]
    hours = target.within_working_hours
    due_at = case.place.due_at if hours is None else vietnam().after(now, working_hours=hours)
    return Turn(
        number=case.number,
        filed_on=case.filed_on,
        agency_path=case.agency_path,
        seen_state=case.place.state,
        act=name,
        to=Place(
            act.target, target.phase, due_at, now, case.revision_id, judged.answer, judged.reason, "machine"
        ),
        reason=judged.text_vi.split("\n")[0],
        decided=Redecided(
            model_sha256=anew.plan.model.sha256,
            answer=judged.answer,
            reason_code=judged.reason,
            rule=judged.rule,
            facts_json=written_json([fact.to_json() for fact in anew.gathered.facts]),
            text_vi=judged.text_vi,
            text_en=judged.text_en,
        ),
    )


def _seal(changes: list[_Change], now: datetime) -> None:
    """Sign the passes; a case whose pass cannot be signed stays as it is."""
    wanted = [each for each in changes if each.draft is not None]
    drafts = [each.draft for each in wanted if each.draft is not None]
    for change, made in zip(wanted, seal_together(drafts, now=now), strict=True):
        if isinstance(made, SealedPass):
            change.sealed = made
        else:
            log.error("the new pass of %s cannot be signed: %s", change.was.number, type(made).__name__)
    changes[:] = [each for each in changes if each.draft is None or each.sealed is not None]


def _events(change: _Change, now: datetime) -> list[Event]:
    case, turn = change.was, change.turn
    told: list[Event] = [
        CaseRedecided(
            happened_at=now,
            agency_path=case.agency_path,
            subject=case.number,
            actor="machine",
            answer=change.judged.answer,
            reason=change.judged.reason,
            model_sha256=turn.decided.model_sha256 if turn.decided else "",
        ),
        CaseActed(
            happened_at=now,
            agency_path=case.agency_path,
            subject=case.number,
            actor="machine",
            act=turn.act,
            from_state=turn.seen_state,
            to_state=turn.to.state,
        ),
    ]
    if case.pass_id is not None:
        told.append(
            CredentialRevoked(
                happened_at=now,
                agency_path=case.agency_path,
                subject=case.number,
                actor="machine",
                credential=str(case.pass_id),
                reason=turn.act,
            )
        )
    if change.sealed is not None:
        told.append(change.sealed.event(now))
    return told
