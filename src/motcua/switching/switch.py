"""Puts a confirmed directive into effect on everything outstanding; each step can be taken up again by any worker.

Compare, revoke, publish the status list, make the directive law, move cases and sign passes, tell each person once.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from motcua.directives.law import forget
from motcua.directives.models import Directive
from motcua.directives.services import DirectiveMovedOn, begin
from motcua.events.outbox import queue_job
from motcua.events.services import publish
from motcua.switching.applying import apply_part, revoke_part, take_back_part
from motcua.switching.carrying import complete, counts_of, move_on, publish_now, stop
from motcua.switching.comparing import Why, drift_between, reasons_before, reasons_to_stop
from motcua.switching.dryrun import run as work_out
from motcua.switching.late import look_again
from motcua.switching.models import DryRun
from motcua.switching.notices import tell_everyone
from motcua.switching.parts import Clock, held, left_to_do, make_parts, prepare_cases
from motcua.switching.revisions import enact_revisions
from motcua.switching.states import RunState
from motcua.switching.steps import Kind, Stage, SwitchState
from motcua.switching.switch_events import DirectiveSwitched
from motcua.switching.switch_models import Switch, SwitchPart
from motcua.switching.turns import ahead_of, alone
from motcua.switching.undo import QUEUE, SWITCH, carry_back

log = logging.getLogger("motcua.switching")
# A directive that is due within this time gets a job for the very second.
AHEAD = timedelta(seconds=70)


@transaction.atomic
def start_due(*, now: datetime) -> int:
    """Queue what is due within a minute, and what a worker left half done; return how many. A few queries.

    A job more than needed does no harm: one worker holds a switch, the others find it held.
    """
    confirmed = Directive.objects.filter(
        confirmed_at__isnull=False,
        begun_at__isnull=True,
        discarded_at__isnull=True,
        switch_at__lte=now + AHEAD,
    )
    for directive in confirmed:
        assert directive.dry_run_id is not None
        assert directive.switch_at is not None
        if not DryRun.objects.filter(pk=directive.dry_run_id).exists():
            log.error(
                "directive %s names a dry run that is not there: %s", directive.number, directive.dry_run_id
            )
            continue
        Switch.objects.get_or_create(
            directive=directive, dry_run_id=directive.dry_run_id, defaults={"due_at": directive.switch_at}
        )
    return _queue(Switch.objects.filter(due_at__lte=now + AHEAD), now)


@transaction.atomic
def call_waiting(*, now: datetime, but: UUID) -> int:
    """Queue the switches that are due and may have waited for another one to end; return how many. One query."""
    return _queue(Switch.objects.filter(due_at__lte=now, state=SwitchState.SCHEDULED).exclude(pk=but), now)


def _queue(switches: QuerySet[Switch], now: datetime) -> int:
    queued = 0
    for switch in switches.filter(state__in=STEPS):
        seconds = max(0, int((switch.due_at - now).total_seconds()))
        queue_job(SWITCH, queue=QUEUE, in_seconds=seconds, switch_id=str(switch.pk))
        queued += 1
    return queued


def execute(switch_id: UUID, now: datetime) -> SwitchState:
    """Carry the switch as far as it goes, and return the state that it came to.

    Raises what a step raises; the step is then taken up again by the next who calls. Returns at once if another
    worker holds this switch or any other, if one that is due earlier has not ended, or if its moment has not come.
    """
    clock = Clock(now)
    # What another worker made law a moment ago is law here as well.
    forget()
    with alone() as my_turn, held(switch_id) as mine:
        while True:
            switch = Switch.objects.select_related("directive", "dry_run", "final_run").get(pk=switch_id)
            state = SwitchState(switch.state)
            for moment in (switch.undo_asked_at, *_last_written(switch)):
                clock.not_before(moment)
            step = STEPS.get(state)
            if not (my_turn and mine) or step is None or clock.now() < switch.due_at:
                return state
            if ahead_of(switch, clock.now()) is not None:
                return state
            step(switch, clock)


def _last_written(switch: Switch) -> tuple[datetime | None, datetime | None]:
    """Return when any switch made its directive law last, and when the last part of this one was done.

    The clock of who takes the work up may lag behind that of who died: a list published for an earlier moment would
    not name the passes that were revoked after it, and a law would begin before the one that it follows.
    """
    parts = SwitchPart.objects.filter(switch=switch)
    return (
        Switch.objects.aggregate(begun=Max("begun_at"))["begun"],
        parts.aggregate(done=Max("done_at"))["done"],
    )


def _schedule(switch: Switch, clock: Clock) -> None:
    """Begin, unless the directive was taken back meanwhile."""
    why = _taken_back(switch) or reasons_before(switch)
    if why:
        stop(switch, SwitchState.SCHEDULED, why, clock.now())
    else:
        move_on(switch, SwitchState.SCHEDULED, SwitchState.COMPARING)


def _taken_back(switch: Switch) -> list[Why]:
    directive = switch.directive
    if directive.confirmed_at is not None and not directive.discarded_at and _is_of(directive, switch):
        return []
    return [Why("Chỉ thị đã được rút lại trước giờ.", "The directive was taken back before its moment.")]


def _is_of(directive: Directive, switch: Switch) -> bool:
    """Tell whether the directive still waits for this switch: the moment and the dry run that were confirmed."""
    return directive.dry_run_id == switch.dry_run_id and directive.switch_at == switch.due_at


class FinalRunFailed(RuntimeError):
    """What is outstanding could not be worked out at the moment of the switch; nothing was changed."""


def _compare(switch: Switch, clock: Clock) -> None:
    """Make the final run, hold it against the confirmed one, and write down what is to happen to whom."""
    # One that cannot be worked out is tried for hours, and others wait for it: a leader can still take it back.
    if why := _taken_back(switch):
        stop(switch, SwitchState.COMPARING, why, clock.now())
        return
    run = _final_run(switch, clock)
    drift = drift_between(switch.dry_run_id, run.pk)
    why = reasons_to_stop(drift, switch.dry_run, run)
    if why:
        stop(switch, SwitchState.COMPARING, why, clock.now(), drift=drift.to_json())
        return
    with transaction.atomic():
        switch.parts = prepare_cases(switch, run.pk)
        make_parts(switch, Stage.REVOKE)
        make_parts(switch, Stage.APPLY)
        move_on(
            switch,
            SwitchState.COMPARING,
            SwitchState.PUBLISHING,
            parts=switch.parts,
            drift=drift.to_json(),
        )


def _final_run(switch: Switch, clock: Clock) -> DryRun:
    """Return the run made at the moment of the switch, worked out by this worker or by one that died after it.

    Raises ``FinalRunFailed``; the job is then tried again, with a run of its own.
    """
    now = clock.now()
    run = switch.final_run
    if run is None:
        with transaction.atomic():
            run = DryRun.objects.create(
                directive=switch.directive,
                asked_at=now,
                moment=now,
                content_sha256=switch.directive.sha256,
            )
            Switch.objects.filter(pk=switch.pk).update(final_run=run)
    if run.state != RunState.DONE and work_out(run_id=run.pk, now=now) != RunState.DONE:
        Switch.objects.filter(pk=switch.pk).update(final_run=None)
        raise FinalRunFailed(f"run {run.pk} of {switch} was not finished; its row says why")
    run.refresh_from_db()
    return run


def _publish(switch: Switch, clock: Clock) -> None:
    """Revoke what falls or is renewed, publish that, and only then make the directive law."""
    complete(switch, Stage.REVOKE, revoke_part, clock)
    publish_now(clock.now())
    begun_at = clock.now()
    try:
        with transaction.atomic():
            if not _is_of(Directive.objects.get(pk=switch.directive_id), switch):
                raise DirectiveMovedOn(switch.directive.number)
            begin(directive_id=switch.directive_id, now=begun_at)
            enact_revisions(switch.directive, begun_at)
            move_on(
                switch,
                SwitchState.PUBLISHING,
                SwitchState.APPLYING,
                begun_at=begun_at,
                published_at=begun_at,
            )
    except DirectiveMovedOn:
        _take_back(switch, clock)


def _take_back(switch: Switch, clock: Clock) -> None:
    """The directive was taken back at the last moment: what was revoked for it stands again."""
    with transaction.atomic():
        make_parts(switch, Stage.TAKE_BACK)
    complete(switch, Stage.TAKE_BACK, take_back_part, clock)
    publish_now(clock.now())
    why = Why(
        "Chỉ thị đã được rút lại vào phút cuối; các giấy đã được trả lại như cũ.",
        "The directive was taken back at the last minute; every pass stands as it did.",
    )
    stop(switch, SwitchState.PUBLISHING, [why], clock.now())


def _apply(switch: Switch, clock: Clock) -> None:
    """Carry out what was written down, then look again at what was decided while the switch was on its way."""
    _carry_parts(switch, clock)
    if switch.looked_again_at is None and look_again(switch, clock):
        switch.refresh_from_db()
        _carry_parts(switch, clock)
    move_on(switch, SwitchState.APPLYING, SwitchState.TELLING)


def _carry_parts(switch: Switch, clock: Clock) -> None:
    if left_to_do(switch, Stage.REVOKE):
        complete(switch, Stage.REVOKE, revoke_part, clock)
        publish_now(clock.now())
    complete(switch, Stage.APPLY, apply_part, clock)


def _tell(switch: Switch, clock: Clock) -> None:
    """Tell each person once, and the ledger that all of it was done; one transaction."""
    now = clock.now()
    counts = counts_of(switch)
    if counts["left"] or switch.late_run_id is not None:
        # Some of those left have their pass back: the published list must not go on naming it.
        publish_now(now)
    with transaction.atomic():
        told = tell_everyone(switch, Kind.SWITCHED, now)
        move_on(
            switch,
            SwitchState.TELLING,
            SwitchState.DONE,
            counts={**counts, "told": told},
            finished_at=now,
        )
        assert switch.final_run is not None
        publish(
            DirectiveSwitched(
                happened_at=now,
                agency_path="",
                subject=switch.directive.number,
                actor="machine",
                switch=str(switch.pk),
                dry_run=str(switch.dry_run_id),
                dry_run_digest=switch.dry_run.digest,
                final_run=str(switch.final_run_id),
                final_run_digest=switch.final_run.digest,
                told=told,
                **counts,
            )
        )


STEPS: Mapping[SwitchState, Callable[[Switch, Clock], None]] = {
    SwitchState.SCHEDULED: _schedule,
    SwitchState.COMPARING: _compare,
    SwitchState.PUBLISHING: _publish,
    SwitchState.APPLYING: _apply,
    SwitchState.TELLING: _tell,
    SwitchState.UNDOING: carry_back,
}
