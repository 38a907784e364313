"""Who changes by a directive is not kept for ever: only until it can no longer be undone, and some days more."""

from datetime import timedelta

from town import NOW, SWITCH_AT, Town

from motcua.directives.services import discard
from motcua.events.models import LedgerEntry
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import Role
from motcua.switching.forgetting import forget_effects
from motcua.switching.models import DryRun, Effect, Switch
from motcua.switching.run_queries import dry_run
from motcua.switching.switch_models import SwitchedCase
from motcua.switching.switch_queries import left_by_switch
from motcua.switching.undo import undo

# The directives of the town may be undone for a time.
KEEP_DAYS = 30


def test_effects_go_some_days_after_the_time_for_undoing_and_counts_stay(town: Town) -> None:
    town.file_all()
    switch = town.switched()
    SwitchedCase.objects.filter(line=1).update(left_because="moved_on")
    before = dry_run(switch.dry_run_id, Rights(town.chair, ())).totals
    told = LedgerEntry.objects.get(name="DirectiveSwitched").hash
    assert switch.begun_at is not None
    ends = switch.begun_at + timedelta(hours=switch.directive.undo_within_hours, days=KEEP_DAYS)

    assert forget_effects(now=ends - timedelta(seconds=1), keep_days=KEEP_DAYS) == 0
    assert Effect.objects.count() == 80
    assert forget_effects(now=ends + timedelta(seconds=1), keep_days=KEEP_DAYS) == 80

    assert not Effect.objects.exists()
    run = dry_run(switch.dry_run_id, Rights(town.chair, ()))
    assert run.totals == before
    assert run.effects_dropped_at == ends + timedelta(seconds=1)
    assert SwitchedCase.objects.count() == 40
    assert LedgerEntry.objects.get(name="DirectiveSwitched").hash == told
    reader = Rights(town.chair, (Grant(Role.SPECIALIST, "garden", "vn.p48"),))
    assert len(left_by_switch(switch.pk, reader)) == 1
    assert forget_effects(now=ends + timedelta(days=1), keep_days=KEEP_DAYS) == 0


def test_what_a_draft_was_tried_for_stays_until_it_is_given_up(town: Town) -> None:
    town.file_all()
    draft = town.draft("08/CT-UBND", "{zones.color: red, limits.days: 14}", at=SWITCH_AT)
    town.try_out(draft)
    much_later = SWITCH_AT + timedelta(days=400)

    assert forget_effects(now=much_later, keep_days=KEEP_DAYS) == 0
    discard(directive_id=draft, account_id=town.chair, now=NOW)
    assert forget_effects(now=much_later, keep_days=KEEP_DAYS) > 0


def test_what_is_being_undone_keeps_its_effects(town: Town) -> None:
    town.file_all()
    switch = town.switched()
    undo(switch_id=switch.pk, account_id=town.chair, now=SWITCH_AT + timedelta(hours=1))
    assert Switch.objects.get().state == "undoing"

    assert forget_effects(now=SWITCH_AT + timedelta(days=400), keep_days=KEEP_DAYS) == 0
    assert not DryRun.objects.filter(effects_dropped_at__isnull=False).exists()
