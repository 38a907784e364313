"""Drops the effects of dry runs that nothing can rest on any longer; totals, digits and the ledger stay."""

from datetime import datetime, timedelta

from django.db import transaction

from motcua.directives.models import Directive
from motcua.switching.models import DryRun, Effect
from motcua.switching.parts import allow_long
from motcua.switching.states import RunState
from motcua.switching.steps import SwitchState
from motcua.switching.switch_models import Switch

# While a switch is at one of these, what it does to whom is still needed.
_OVER = (SwitchState.DONE, SwitchState.STOPPED, SwitchState.UNDONE)


def forget_effects(*, now: datetime, keep_days: int) -> int:
    """Drop the effects of the runs of directives that can no longer be undone, or were given up; return how many.

    They are kept ``keep_days`` beyond that. The runs of a draft stay. One statement for each run, a transaction each.
    """
    dropped = 0
    for run in _runs_to_forget(now - timedelta(days=keep_days)):
        with transaction.atomic():
            allow_long()
            # Compare-and-set: a second worker finds the run marked.
            if DryRun.objects.filter(pk=run.pk, effects_dropped_at__isnull=True).update(
                effects_dropped_at=now
            ):
                dropped += Effect.objects.filter(run_id=run.pk).delete()[0]
    return dropped


def _runs_to_forget(before: datetime) -> list[DryRun]:
    over = [
        directive.pk
        for directive in Directive.objects.exclude(begun_at__isnull=True, discarded_at__isnull=True)
        if _ended_mattering(directive) < before
    ]
    going = Switch.objects.filter(directive__in=over).exclude(state__in=_OVER).values("directive")
    runs = DryRun.objects.filter(directive__in=over, effects_dropped_at__isnull=True)
    ended = runs.exclude(state__in=(RunState.QUEUED, RunState.RUNNING))
    return list(ended.exclude(directive__in=going).order_by("asked_at"))


def _ended_mattering(directive: Directive) -> datetime:
    """Return when the time for undoing was over, or when the directive was given up."""
    if directive.begun_at is None:
        assert directive.discarded_at is not None
        return directive.discarded_at
    return directive.begun_at + timedelta(hours=directive.undo_within_hours)
