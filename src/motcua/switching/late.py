"""Looks again at what was decided by the old law between the final run and the moment at which every process knew.

Requests keep coming while passes are revoked and the list is published: who was granted in that minute has a pass by
a law that no longer holds.
"""

from datetime import timedelta
from time import sleep

from django.db import connection, transaction

from motcua.directives.law import STALE_SECONDS
from motcua.switching.dryrun import run as work_out
from motcua.switching.models import DryRun
from motcua.switching.parts import Clock, Late, allow_long, make_parts, prepare_cases
from motcua.switching.states import RunState
from motcua.switching.steps import Stage
from motcua.switching.switch_models import Switch

# Before this, every process has looked at the law anew, and what it had in hand is stored.
SETTLED_AFTER = timedelta(seconds=2 * STALE_SECONDS)
# A case carries the moment at which its transaction began, and may have been stored after the run read the table.
LATE_COMMIT = timedelta(minutes=1)


class LateRunFailed(RuntimeError):
    """What was decided meanwhile could not be worked out; the step is tried again."""


def look_again(switch: Switch, clock: Clock) -> bool:
    """Write down what is to happen to cases decided meanwhile, in parts of their own; False if there were none.

    Waits until the law is known everywhere. Costs one query over the cases, and a second run if there were any.
    """
    assert switch.begun_at is not None
    assert switch.final_run is not None
    until = switch.begun_at + SETTLED_AFTER
    sleep(max(0.0, (until - clock.now()).total_seconds()))
    late = Late(switch.final_run.moment - LATE_COMMIT, until)
    if not _decided_meanwhile(switch, late):
        Switch.objects.filter(pk=switch.pk).update(looked_again_at=clock.now())
        return False
    run = _late_run(switch, clock)
    with transaction.atomic():
        switch.parts = max(switch.parts, prepare_cases(switch, run.pk, late=late))
        _forget_the_rest(switch, run)
        make_parts(switch, Stage.REVOKE)
        make_parts(switch, Stage.APPLY)
        Switch.objects.filter(pk=switch.pk).update(parts=switch.parts, looked_again_at=clock.now())
    return True


_MEANWHILE = """
SELECT EXISTS (
    SELECT FROM cases_case AS mine WHERE mine.changed_at BETWEEN %(since)s AND %(until)s
        AND NOT EXISTS (
            SELECT FROM switching_switchedcase AS known
            WHERE known.switch_id = %(switch)s AND known.case_number = mine.number
        )
)
"""


def _decided_meanwhile(switch: Switch, late: Late) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        allow_long()
        cursor.execute(_MEANWHILE, {"switch": switch.pk, "since": late.since, "until": late.until})
        return bool(cursor.fetchone()[0])


def _late_run(switch: Switch, clock: Clock) -> DryRun:
    """Return the run that compares the law just before the switch with the one since; raises ``LateRunFailed``."""
    assert switch.begun_at is not None
    now, run = clock.now(), switch.late_run
    if run is None:
        with transaction.atomic():
            run = DryRun.objects.create(
                directive=switch.directive,
                asked_at=now,
                moment=switch.begun_at - timedelta(microseconds=1),
                content_sha256=switch.directive.sha256,
            )
            Switch.objects.filter(pk=switch.pk).update(late_run=run)
    if run.state != RunState.DONE and work_out(run_id=run.pk, now=now) != RunState.DONE:
        Switch.objects.filter(pk=switch.pk).update(late_run=None)
        raise LateRunFailed(f"run {run.pk} of {switch} was not finished; its row says why")
    return run


def _forget_the_rest(switch: Switch, run: DryRun) -> None:
    """Drop the effects of the late run on cases that the switch has carried out already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM switching_effect AS effect WHERE run_id = %(run)s AND NOT EXISTS ("
            " SELECT FROM switching_switchedcase AS mine"
            " WHERE mine.switch_id = %(switch)s AND mine.late AND mine.line = effect.line)",
            {"run": run.pk, "switch": switch.pk},
        )
