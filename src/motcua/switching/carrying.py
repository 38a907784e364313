"""What every step of a switch does: take its parts, publish, move on, stop, count."""

from datetime import datetime
from time import sleep

from django.db import transaction
from django.db.models import Count

from motcua.credentials.services import publish_status_list, write_published
from motcua.events.services import publish
from motcua.switching.acts import CARRIED_OUT
from motcua.switching.comparing import Why
from motcua.switching.hands import helped
from motcua.switching.parts import Clock, Do, allow_long, do_parts, left_to_do
from motcua.switching.steps import Stage, SwitchState
from motcua.switching.switch_events import DirectiveSwitchStopped
from motcua.switching.switch_models import Switch, SwitchedCase

WAIT_SECONDS = 0.2


class SwitchMovedOn(RuntimeError):
    """Another worker has moved the switch on meanwhile; what it did stands."""


def complete(switch: Switch, stage: Stage, do: Do, clock: Clock) -> None:
    """Do all parts of a stage, with more hands where that pays, and wait for those that others have in hand."""
    with helped(switch, stage, clock.now()):
        while True:
            do_parts(switch, stage, do, clock=clock)
            if not left_to_do(switch, stage):
                return
            sleep(WAIT_SECONDS)


def publish_now(now: datetime) -> None:
    """Sign the status list and bring the published files up to date, before anything else happens."""
    with transaction.atomic():
        allow_long()
        publish_status_list(now=now)
    write_published(now=now)


def move_on(switch: Switch, seen: SwitchState, state: SwitchState, **changes: object) -> None:
    """Move the switch from the state that was seen; raises ``SwitchMovedOn``."""
    if Switch.objects.filter(pk=switch.pk, state=seen).update(state=state, **changes) != 1:
        raise SwitchMovedOn(f"{switch} is no longer {seen}")


def stop(switch: Switch, seen: SwitchState, why: list[Why], now: datetime, **changes: object) -> None:
    """Stop before the law changes, and say why."""
    with transaction.atomic():
        move_on(
            switch,
            seen,
            SwitchState.STOPPED,
            why_stopped=[each.to_json() for each in why],
            finished_at=now,
            **changes,
        )
        publish(
            DirectiveSwitchStopped(
                happened_at=now,
                agency_path="",
                subject=switch.directive.number,
                actor="machine",
                switch=str(switch.pk),
                dry_run=str(switch.dry_run_id),
                why=" ".join(each.en for each in why),
            )
        )


def counts_of(switch: Switch) -> dict[str, int]:
    """Return how many cases were carried out by category, and how many were left; one query."""
    mine = SwitchedCase.objects.filter(switch=switch)
    done = dict(mine.filter(left_because="").values_list("category").annotate(cases=Count("case_number")))
    return {
        **{str(category): done.get(str(category), 0) for category in CARRIED_OUT},
        "left": mine.exclude(left_because="").count(),
    }
