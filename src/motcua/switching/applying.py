"""Carries a directive out on one part of the cases: old passes revoked, then cases moved and new passes signed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from motcua.agencies.queries import place_names_and_paths
from motcua.calendars import vietnam
from motcua.cases.allotments import allotted_number
from motcua.cases.credential import layout_scope, place_codes
from motcua.cases.plans import plan_of
from motcua.cases.services import Turn, turn_together
from motcua.credentials.services import (
    PassDraft,
    SealedPass,
    restore_together,
    revoke_together,
    seal_together,
    store_together,
)
from motcua.identity.people import person
from motcua.procedures.content import Act
from motcua.procedures.queries import revision
from motcua.switching.acts import RENEWED, act_of
from motcua.switching.parts import PartDone
from motcua.switching.redeciding import Anew, decide_anew
from motcua.switching.rows import Row, rows_of_part
from motcua.switching.states import Category
from motcua.switching.steps import Left
from motcua.switching.switch_models import Switch, SwitchedCase

FACTS_CHANGED = (
    "Dữ liệu vừa thay đổi trong lúc áp dụng chỉ thị, nên một cán bộ sẽ xem lại. Bạn không phải làm gì."
)
NOT_SIGNED = "Giấy mới chưa ký được, nên một cán bộ sẽ xem lại. Bạn không phải làm gì."


def actor_of(switch: Switch) -> str:
    """Return who acts, as the history of a case names it."""
    return f"directive:{switch.directive.number}"


def revoke_part(switch: Switch, part: int, now: datetime) -> PartDone:
    """Revoke the passes of the part that fall or are renewed; one query and one statement."""
    ending = SwitchedCase.objects.filter(switch=switch, part=part, old_credential__isnull=False).exclude(
        category=Category.TO_PERSON
    )
    wanted = [each for each in ending.values_list("old_credential", flat=True) if each is not None]
    revoked = revoke_together(wanted, reason=switch.reason, now=now)
    return PartDone(len(revoked), (str(each) for each in sorted(revoked)))


def take_back_part(switch: Switch, part: int, now: datetime) -> PartDone:
    """Let the passes of the part stand again, because the directive did not become law after all."""
    ended = SwitchedCase.objects.filter(switch=switch, part=part, old_credential__isnull=False)
    wanted = [each for each in ended.values_list("old_credential", flat=True) if each is not None]
    restored = restore_together(wanted, reason=switch.reason, now=now)
    return PartDone(len(restored), (str(each) for each in sorted(restored)))


@dataclass(slots=True)
class Planned:
    """What becomes of one case: its turn, the pass that it gets, the pass that it keeps after all, why it is left."""

    row: Row
    turn: Turn | None
    draft: PassDraft | None = None
    keeps_pass: UUID | None = None
    left: Left | None = None
    sealed: SealedPass | None = None


def apply_part(switch: Switch, part: int, now: datetime) -> PartDone:
    """Move the cases of a part and sign their new passes, in the caller's transaction.

    A case that somebody moved or gave another pass meanwhile is left as it is; one whose facts changed, or whose pass
    cannot be signed, goes to a person. Costs some twelve statements.
    """
    given = _given_another(switch, part)
    all_rows = rows_of_part(switch, part)
    rows = [row for row in all_rows if row.case_number not in given]
    anew = decide_anew([row for row in rows if _needs_decision(row)], now=now)
    planning = _Planning(switch, now)
    planned = [planning.of(row, anew.get(row.case_number)) for row in rows]
    planned += [Planned(row, None, left=Left.MOVED_ON) for row in all_rows if row.case_number in given]
    _seal(planned, planning, now)
    moved = turn_together(
        [each.turn for each in planned if each.turn is not None], actor=actor_of(switch), now=now
    )
    for each in planned:
        if each.turn is not None and each.row.case_number not in moved:
            each.left, each.sealed, each.keeps_pass = Left.MOVED_ON, None, None
    restore_together(
        [each.keeps_pass for each in planned if each.keeps_pass is not None], reason=switch.reason, now=now
    )
    store_together([each.sealed for each in planned if each.sealed is not None], now=now)
    _keep_left(switch, planned)
    return PartDone(len(moved), (_line(each) for each in planned))


_LOCK = """
SELECT filed.number FROM switching_switchedcase AS mine
JOIN cases_case AS filed ON filed.filed_on = mine.filed_on AND filed.number = mine.case_number
WHERE mine.switch_id = %(switch)s AND mine.part = %(part)s
ORDER BY filed.number FOR NO KEY UPDATE OF filed
"""
_GIVEN = """
SELECT mine.case_number FROM switching_switchedcase AS mine
JOIN credentials_credential AS pass ON pass.case_number = mine.case_number AND pass.revoked_at IS NULL
WHERE mine.switch_id = %(switch)s AND mine.part = %(part)s AND pass.id IS DISTINCT FROM mine.old_credential
"""


def _given_another(switch: Switch, part: int) -> set[str]:
    """Lock the cases of the part, and return those that have got another pass since the switch read them.

    A person may have renewed one, or it followed its facts at the turn of the day: with one pass standing, no second
    can be stored, and the part would fail as often as it is tried.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"switch": switch.pk, "part": part})
        cursor.execute(_GIVEN, {"switch": switch.pk, "part": part})
        return {number for (number,) in cursor.fetchall()}


def _line(each: Planned) -> str:
    """What the ledger's digest covers of a case; the text of a QR names its signature."""
    sealed = each.sealed.text if each.sealed is not None else ""
    act = each.turn.act if each.turn is not None else ""
    return "|".join((each.row.case_number, str(each.row.category), act, str(each.left or ""), sealed))


def _needs_decision(row: Row) -> bool:
    return row.decided_otherwise or row.category not in RENEWED


class _Planning:
    """Plans for the cases of one part; deadlines and acts are worked out once each."""

    def __init__(self, switch: Switch, now: datetime) -> None:
        self._number, self._now = switch.directive.number, now
        self._acts: dict[tuple[int, str, Category, str], tuple[str, Act] | None] = {}
        self._ends: dict[int, datetime] = {}

    def of(self, row: Row, anew: Anew | None) -> Planned:
        """Plan one case; ``anew`` is its decision of this moment, where one is to be written down."""
        if _needs_decision(row) and (anew is None or not anew.agrees(row)):
            return self.to_person(row, FACTS_CHANGED, Left.FACTS_CHANGED, anew)
        found = self._act(row, row.category)
        if found is None:
            # Nobody foresaw this state: the pass that stood stands.
            return Planned(row, None, keeps_pass=row.old_credential, left=Left.MOVED_ON)
        name, act = found
        planned = Planned(row, self._turn(row, name, act, self._words(row, anew), anew))
        if row.new_credential is not None:
            planned.draft = _renewed(row) if row.category in RENEWED else self._first(row, anew)
        return planned

    def to_person(self, row: Row, words: str, left: Left, anew: Anew | None = None) -> Planned:
        """Have a person look: until then the old pass stands; a case that is with a person stays there."""
        found = self._act(row, Category.TO_PERSON) if row.old_credential is not None else None
        turn = self._turn(row, *found, words, anew) if found is not None else None
        kept = row.old_credential if turn is not None and row.category != Category.TO_PERSON else None
        return Planned(row, turn, keeps_pass=kept, left=left)

    def _act(self, row: Row, category: Category) -> tuple[str, Act] | None:
        key = (row.revision_id, row.before_state, category, row.after_answer)
        if key not in self._acts:
            workflow = revision(row.revision_id).content.workflow
            self._acts[key] = act_of(workflow, row.before_state, category, row.after_answer)
        return self._acts[key]

    def _turn(self, row: Row, name: str, act: Act, words: str, anew: Anew | None) -> Turn:
        target = revision(row.revision_id).content.workflow.states[act.target]
        due_at, hours = row.before_due_at, target.within_working_hours
        if hours is not None:
            if hours not in self._ends:
                self._ends[hours] = vietnam().after(self._now, working_hours=hours)
            due_at = self._ends[hours]
        to = replace(
            row.before,
            state=act.target,
            phase=target.phase,
            due_at=due_at,
            changed_at=self._now,
            revision_id=row.revision_id,
        )
        if anew is not None:
            judged = anew.judged
            to = replace(to, answer=judged.answer, reason_code=judged.reason, decided_by="machine")
        return Turn(
            number=row.case_number,
            filed_on=row.filed_on,
            agency_path=row.agency_path,
            seen_state=row.before_state,
            act=name,
            to=to,
            reason=words,
            decided=anew.record() if anew is not None else None,
        )

    def _words(self, row: Row, anew: Anew | None) -> str:
        """Return what the person reads in the history of the case."""
        told = f"Theo Chỉ thị {self._number}."
        if row.category in RENEWED and row.after_until is not None:
            until = timezone.localtime(row.after_until)
            return f"{told} Giấy được đổi, có giá trị đến {until:%H:%M} ngày {until:%d/%m/%Y}."
        return f"{told} {anew.judged.text_vi}".strip() if anew is not None else told

    def _first(self, row: Row, anew: Anew | None) -> PassDraft | None:
        """Return the first pass of a case; what its layout cannot carry is found when it is to be signed."""
        assert anew is not None
        plan = plan_of(revision(row.revision_id))
        names = {
            code: name
            for code, (name, _) in place_names_and_paths(row.filed_on, place_codes(plan, row.values)).items()
        }
        try:
            scope = layout_scope(
                plan,
                anew.gathered.scope,
                values=row.values,
                holder=person(row.person_id),
                number=row.case_number,
                place_names=names,
                allotted=allotted_number(row.case_number) if plan.content.manifest.allotment else None,
            )
            # The rules keep the day of the request; the pass is worked out on the day it is given.
            day = {"today": timezone.localtime(self._now).date()}
            carried = plan.carried({**scope, **day}, row.case_number)
        # Whatever a pack's layout raises, a person looks at it.
        except Exception:  # noqa: BLE001
            return None
        return PassDraft(
            row.case_number,
            row.agency_path,
            carried.kind,
            carried.claims,
            carried.valid_from,
            carried.valid_to,
            row.new_credential,
        )


def _renewed(row: Row) -> PassDraft | None:
    """Return the pass in the place of the old one: what depends on the law anew, the rest as it was."""
    if row.old_claims is None or row.old_kind is None or row.after_from is None or row.after_until is None:
        return None
    return PassDraft(
        row.case_number,
        row.agency_path,
        row.old_kind,
        {**row.old_claims, **row.claims},
        row.after_from,
        row.after_until,
        row.new_credential,
    )


def _seal(planned: list[Planned], planning: _Planning, now: datetime) -> None:
    """Sign the passes; a case whose pass cannot be signed is planned anew, for a person."""
    drafts = [each.draft for each in planned if each.draft is not None]
    sealed = {
        draft.case_number: made for draft, made in zip(drafts, seal_together(drafts, now=now), strict=True)
    }
    for at, each in enumerate(planned):
        if each.row.new_credential is None or each.left is not None:
            continue
        made = sealed.get(each.row.case_number)
        if isinstance(made, SealedPass):
            each.sealed = made
        else:
            planned[at] = planning.to_person(each.row, NOT_SIGNED, Left.NOT_SIGNED)


_LEFT = """
UPDATE switching_switchedcase AS mine SET left_because = told.why
FROM unnest(%(numbers)s::text[], %(why)s::text[]) AS told (number, why)
WHERE mine.switch_id = %(switch)s AND mine.case_number = told.number
"""


def _keep_left(switch: Switch, planned: Iterable[Planned]) -> None:
    left: Sequence[Planned] = [each for each in planned if each.left is not None]
    if not left:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _LEFT,
            {
                "switch": switch.pk,
                "numbers": [each.row.case_number for each in left],
                "why": [str(each.left) for each in left],
            },
        )
