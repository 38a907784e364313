"""Questions about switches: how far one has come, what it did beside what was tried, and why it stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.directives.complaints import Words
from motcua.identity.rights import Rights
from motcua.switching.acts import CARRIED_OUT
from motcua.switching.carrying import counts_of
from motcua.switching.comparing import why_stopped
from motcua.switching.hiding import Counts, rounded, rounded_beside
from motcua.switching.run_queries import readable_cases, sees_all_of, shown_totals
from motcua.switching.steps import Left, Stage, SwitchState
from motcua.switching.switch_models import Switch, SwitchedCase, SwitchPart
from motcua.switching.turns import ahead_of

# What each state is of the whole way, in percent; parts tell how far it is within.
_WAY: Mapping[SwitchState, tuple[int, int, tuple[Stage, ...]]] = {
    SwitchState.COMPARING: (2, 20, ()),
    SwitchState.PUBLISHING: (20, 45, (Stage.REVOKE,)),
    SwitchState.APPLYING: (45, 95, (Stage.APPLY,)),
    SwitchState.TELLING: (95, 99, ()),
    SwitchState.UNDOING: (2, 99, (Stage.UNDO_PASSES, Stage.UNDO_CASES)),
}


@dataclass(frozen=True, slots=True)
class SwitchView:
    """A switch as its reader may see it: ``planned`` counts by category as confirmed, ``done`` as carried out so far.

    ``left`` are cases that were left as they were; ``progress`` in percent while it runs, else null. What was done is
    ``is_rounded`` to tens for who may not see persons, and a count below ten is null.
    """

    id: UUID
    directive_id: int
    dry_run_id: UUID
    state: SwitchState
    due_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    undone_at: datetime | None
    why_stopped: tuple[Words, ...]
    planned: Counts
    done: Counts
    left: int | None
    told: int | None
    has_told: bool
    progress: int | None
    is_rounded: bool


def switch_of(directive_id: int, rights: Rights) -> SwitchView | None:
    """Return the last switch of a directive, or None if there was none; a handful of queries."""
    row = (
        Switch.objects.filter(directive=directive_id)
        .select_related("dry_run", "final_run", "late_run")
        .order_by("-due_at", "-pk")
        .first()
    )
    if row is None:
        return None
    state = SwitchState(row.state)
    runs = (row.dry_run, row.final_run, row.late_run)
    all_shown = all(sees_all_of(run, rights) for run in runs if run is not None)
    counts = row.counts or counts_of(row)
    totals = shown_totals(row.dry_run, all_shown=all_shown)
    planned = {str(category): totals.get(category, 0) for category in CARRIED_OUT}
    done = {str(category): int(counts.get(category, 0)) for category in CARRIED_OUT}
    return SwitchView(
        id=row.pk,
        directive_id=row.directive_id,
        dry_run_id=row.dry_run_id,
        state=state,
        due_at=row.due_at,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
        undone_at=row.undone_at,
        why_stopped=why_stopped(row.why_stopped, all_shown=all_shown),
        planned=planned,
        done=rounded_beside(done, planned, all_shown=all_shown),
        left=rounded(int(counts.get("left", 0)), all_shown=all_shown),
        told=rounded(int(counts.get("told", 0)), all_shown=all_shown),
        has_told="told" in counts,
        progress=_progress(row, state),
        is_rounded=not all_shown,
    )


def waits_for(switch_id: UUID, now: datetime) -> str | None:
    """Return the number of the directive whose switch has to end before this one begins, or None. Two queries."""
    switch = Switch.objects.select_related("directive").get(pk=switch_id)
    ahead = ahead_of(switch, now) if switch.due_at <= now else None
    return ahead.directive.number if ahead is not None else None


def switched_runs(directive_id: int) -> frozenset[UUID]:
    """Return the dry runs that a switch was made of, whatever became of it: each serves once. One query."""
    return frozenset(Switch.objects.filter(directive=directive_id).values_list("dry_run_id", flat=True))


@dataclass(frozen=True, slots=True)
class RunUse:
    """What became of a dry run that a switch was made of."""

    due_at: datetime
    state: SwitchState


def use_of_run(run_id: UUID) -> RunUse | None:
    """Return the switch that the dry run served, or None if it can still serve one. One query."""
    found = Switch.objects.filter(dry_run=run_id).values_list("due_at", "state").first()
    return RunUse(found[0], SwitchState(found[1])) if found else None


def left_by_switch(switch_id: UUID, rights: Rights, *, most: int = 200) -> list[tuple[str, Left]]:
    """Return the cases that the switch or its undoing left as they were, each with why; two queries.

    Only those of the reader's offices and places.
    """
    rows = SwitchedCase.objects.filter(switch=switch_id).exclude(left_because="", not_undone_because="")
    found = list(rows.order_by("line").values_list("case_number", "left_because", "not_undone_because"))
    readable = readable_cases([number for number, _, _ in found], rights)
    return [(number, Left(not_undone or left)) for number, left, not_undone in found if number in readable][
        :most
    ]


def _progress(row: Switch, state: SwitchState) -> int | None:
    if state not in _WAY:
        return None
    beginning, end, stages = _WAY[state]
    parts = SwitchPart.objects.filter(switch=row, stage__in=stages)
    whole, done = parts.count(), parts.filter(done_at__isnull=False).count()
    return beginning + (end - beginning) * done // whole if whole else beginning
