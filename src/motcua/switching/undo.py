"""Undoes a switch within its time: the law as before, the old passes by the same QR, the cases where they were.

What people decided meanwhile is theirs: such a case is left as it is, and listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.cases.services import Place, Redecided, Turn, turn_together
from motcua.cases.services.turning import UNDO
from motcua.credentials.services import restore_together, revoke_together
from motcua.decisions.models import DecisionRecord
from motcua.directives.services import undo as end_directive
from motcua.events.copying import written_json
from motcua.events.outbox import queue_job
from motcua.events.services import publish
from motcua.switching.applying import actor_of
from motcua.switching.carrying import complete, move_on, publish_now
from motcua.switching.notices import tell_everyone
from motcua.switching.parts import Clock, PartDone, make_parts
from motcua.switching.revisions import retract_revisions
from motcua.switching.states import Category
from motcua.switching.steps import Kind, Left, Stage, SwitchState
from motcua.switching.switch_events import DirectiveSwitchUndone
from motcua.switching.switch_models import Switch, SwitchedCase

SWITCH = "motcua.switching.switch"
QUEUE = "switching"


class SwitchNotDone(ValueError):
    """Only a switch that has come to its end can be undone; one that is on its way ends first. Nothing was changed."""


@transaction.atomic
def undo(*, switch_id: UUID, account_id: int, now: datetime) -> None:
    """End the directive as law at once, and queue the job that puts passes and cases back.

    Raises ``SwitchNotDone``, and what ``directives.services.undo`` raises: who may, until when, what replaced it.
    """
    switch = Switch.objects.get(pk=switch_id)
    undone = Switch.objects.filter(pk=switch_id, state=SwitchState.DONE)
    if undone.update(state=SwitchState.UNDOING, undo_by=account_id, undo_asked_at=now) != 1:
        raise SwitchNotDone(f"{switch} is {switch.state}")
    end_directive(directive_id=switch.directive_id, account_id=account_id, now=now)
    retract_revisions(switch.directive, now)
    make_parts(switch, Stage.UNDO_PASSES)
    make_parts(switch, Stage.UNDO_CASES)
    queue_job(SWITCH, queue=QUEUE, switch_id=str(switch_id))


def carry_back(switch: Switch, clock: Clock) -> None:
    """Carry the undoing to its end: passes, status list, cases, one message each; may be taken up again anywhere."""
    complete(switch, Stage.UNDO_PASSES, undo_passes_part, clock)
    publish_now(clock.now())
    complete(switch, Stage.UNDO_CASES, undo_cases_part, clock)
    now = clock.now()
    with transaction.atomic():
        told = tell_everyone(switch, Kind.UNDONE, now)
        mine = SwitchedCase.objects.filter(switch=switch).exclude(left_because=Left.MOVED_ON)
        undone, left = mine.filter(not_undone_because="").count(), mine.exclude(not_undone_because="").count()
        move_on(
            switch,
            SwitchState.UNDOING,
            SwitchState.UNDONE,
            undone_at=now,
            undo_counts={"undone": undone, "left": left, "told": told},
        )
        assert switch.undo_asked_at is not None
        publish(
            DirectiveSwitchUndone(
                happened_at=now,
                agency_path="",
                subject=switch.directive.number,
                actor=f"account:{switch.undo_by_id}",
                switch=str(switch.pk),
                asked_at=switch.undo_asked_at,
                undone=undone,
                left=left,
                told=told,
            )
        )


@dataclass(frozen=True, slots=True)
class Back:
    """One case on its way back; ``untouched`` if nobody acted on it since the switch did."""

    case_number: str
    category: str
    filed_on: date
    agency_path: str
    old_credential: UUID | None
    new_credential: UUID | None
    before: Place
    state: str
    untouched: bool


_BACK = """
SELECT mine.case_number, mine.category, mine.filed_on, filed.agency_path::text, mine.old_credential,
    mine.new_credential, mine.before_state, mine.before_phase, mine.before_due_at, mine.before_changed_at,
    mine.before_revision_id, mine.before_answer, mine.before_reason, mine.before_decided_by, last.to_state,
    last.actor = %(actor)s AND last.happened_at >= %(begun_at)s AND last.to_state = filed.state
FROM switching_switchedcase AS mine
JOIN cases_case AS filed ON filed.filed_on = mine.filed_on AND filed.number = mine.case_number
CROSS JOIN LATERAL (
    SELECT actor, to_state, happened_at FROM cases_caseentry AS entry
    WHERE entry.case_number = mine.case_number ORDER BY happened_at DESC, id DESC LIMIT 1
) AS last
WHERE mine.switch_id = %(switch)s AND mine.part = %(part)s AND mine.left_because <> 'moved_on'
    AND mine.not_undone_because = ''
ORDER BY mine.line
"""


def _backs(switch: Switch, part: int) -> list[Back]:
    with connection.cursor() as cursor:
        cursor.execute(
            _BACK,
            {"switch": switch.pk, "part": part, "actor": actor_of(switch), "begun_at": switch.begun_at},
        )
        return [_back(row) for row in cursor.fetchall()]


# Any: a cursor does not say what its columns are.
def _back(row: Sequence[Any]) -> Back:
    number, category, day, agency_path, old, new, *before, state, untouched = row
    return Back(number, category, day, agency_path, old, new, Place(*before), state, bool(untouched))


def undo_passes_part(switch: Switch, part: int, now: datetime) -> PartDone:
    """Revoke the passes that the switch gave and let those stand again that it ended, in the caller's transaction."""
    backs = _backs(switch, part)
    mine = [back for back in backs if back.untouched]
    _leave(switch, [back.case_number for back in backs if not back.untouched])
    given = [back.new_credential for back in mine if back.new_credential is not None]
    revoked = revoke_together(given, reason=f"{switch.reason}:undone", now=now)
    ended = [
        back.old_credential
        for back in mine
        if back.category != Category.TO_PERSON and back.old_credential is not None
    ]
    restored = restore_together(ended, reason=switch.reason, now=now)
    lines = [f"revoked {each}" for each in sorted(revoked)] + [
        f"restored {each}" for each in sorted(restored)
    ]
    return PartDone(len(mine), lines)


def undo_cases_part(switch: Switch, part: int, now: datetime) -> PartDone:
    """Put the cases of a part back to where they stood, with the decision that stood, in the caller's transaction."""
    mine = [back for back in _backs(switch, part) if back.untouched]
    decided = _decisions_before(switch, [back.case_number for back in mine])
    turns = [
        Turn(
            number=back.case_number,
            filed_on=back.filed_on,
            agency_path=back.agency_path,
            seen_state=back.state,
            act=UNDO,
            to=back.before,
            reason=f"Chỉ thị {switch.directive.number} đã được hoàn tác.",
            decided=decided.get(back.case_number),
        )
        for back in mine
    ]
    moved = turn_together(turns, actor=actor_of(switch), now=now)
    _leave(switch, [back.case_number for back in mine if back.case_number not in moved])
    return PartDone(len(moved), sorted(moved))


def _decisions_before(switch: Switch, numbers: Sequence[str]) -> dict[str, Redecided]:
    """Return the decision that stood before the switch, for each case that was decided by it; two queries."""
    assert switch.begun_at is not None
    records = DecisionRecord.objects.filter(case_number__in=numbers)
    since = set(records.filter(decided_at__gte=switch.begun_at).values_list("case_number", flat=True))
    before = records.filter(case_number__in=since, decided_at__lt=switch.begun_at)
    return {
        row.case_number: Redecided(
            model_sha256=row.model_sha256,
            answer=row.answer,
            reason_code=row.reason_code,
            rule=row.rule,
            facts_json=written_json(row.facts),
            text_vi=row.text_vi,
            text_en=row.text_en,
            decided_by=row.decided_by,
        )
        for row in before.order_by("case_number", "-decided_at").distinct("case_number")
    }


_LEAVE = """
UPDATE switching_switchedcase SET not_undone_because = %(why)s
WHERE switch_id = %(switch)s AND case_number = ANY(%(numbers)s)
"""


def _leave(switch: Switch, numbers: Sequence[str]) -> None:
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_LEAVE, {"switch": switch.pk, "numbers": list(numbers), "why": str(Left.MOVED_ON)})
