"""Trying a draft out on everything outstanding: asked for, worked out by set in a job, and stopped on request."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from motcua.directives.content import read_directive
from motcua.directives.law import law_at, law_with
from motcua.directives.models import Directive
from motcua.events.outbox import queue_job
from motcua.identity.models import Account
from motcua.switching.faults import kept
from motcua.switching.models import DryRun, Effect
from motcua.switching.results import Tally, digits_of
from motcua.switching.shares import most_shares, shares
from motcua.switching.states import RunState
from motcua.switching.trying import STEPS, batches_of, try_out

log = logging.getLogger(__name__)

JOB = "motcua.switching.dry_run"
QUEUE = "switching"
# Of one account: one to look at and one to compare it with.
MOST_UNDER_WAY = 2
Tell = Callable[[str, int], None]


class RunStopped(Exception):
    """Somebody asked for the run to stop."""


class NotADraft(ValueError):
    """The directive has begun or was dropped, so there is nothing to try out."""


class RunsUnderWay(RuntimeError):
    """Whoever asks has as many runs under way as one may: each takes every core for as long as it runs."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a run found: counts as they are stored, the digest of everything, and how many effects were kept."""

    result: dict[str, Any]  # as it is stored
    digest: str
    effects: int


@transaction.atomic
def start(*, directive_id: int, account_id: int | None, everyone: bool = False, now: datetime) -> uuid.UUID:
    """Ask for a dry run of the draft at the moment at which it is to begin, and return its id; queues a job.

    Raises ``Directive.DoesNotExist``, ``NotADraft`` and ``RunsUnderWay``.
    """
    directive = Directive.objects.get(pk=directive_id)
    if directive.begun_at is not None or directive.discarded_at is not None:
        raise NotADraft(f"directive {directive.number} is no draft; prepare a new one")
    if account_id is not None and _under_way(account_id) >= MOST_UNDER_WAY:
        raise RunsUnderWay(f"account {account_id} has {MOST_UNDER_WAY} dry runs under way; stop one or wait")
    run = DryRun.objects.create(
        directive=directive,
        asked_by_id=account_id,
        asked_at=now,
        moment=max(directive.switch_at or directive.from_at, now),
        everyone=everyone,
        content_sha256=directive.sha256,
    )
    queue_job(JOB, queue=QUEUE, run_id=str(run.pk))
    return run.pk


def _under_way(account_id: int) -> int:
    """Return how many runs of the account wait or work; the account is held, so that two requests count in turn."""
    Account.objects.select_for_update().get(pk=account_id)
    going = (RunState.QUEUED, RunState.RUNNING)
    return DryRun.objects.filter(asked_by_id=account_id, state__in=going).count()


def cancel(*, run_id: uuid.UUID, now: datetime) -> bool:
    """Stop the run before its next step; False if it has ended already, or is a switch's own."""
    asked_for = DryRun.objects.filter(pk=run_id, asked_by__isnull=False)
    going = asked_for.filter(state__in=(RunState.QUEUED, RunState.RUNNING))
    return going.update(state=RunState.CANCELLED, finished_at=now, step="") == 1


def run(*, run_id: uuid.UUID, now: datetime) -> str:
    """Work the run out and return the state it ends in; a run that has ended is left as it is.

    Taken up again after a crash it begins anew: what it had kept is dropped first.
    """
    going = DryRun.objects.filter(pk=run_id, state__in=(RunState.QUEUED, RunState.RUNNING))
    if not going.update(state=RunState.RUNNING, progress=0, step=STEPS[0][0]):
        return DryRun.objects.values_list("state", flat=True).get(pk=run_id)

    def tell(step: str, percent: int) -> None:
        if not going.filter(state=RunState.RUNNING).update(step=step, progress=percent):
            raise RunStopped(str(run_id))

    try:
        found = compute(run_id=run_id, now=now, tell=tell)
    except RunStopped:
        Effect.objects.filter(run_id=run_id).delete()
        return RunState.CANCELLED
    except Exception as fault:
        log.exception("the dry run %s failed", run_id)
        Effect.objects.filter(run_id=run_id).delete()
        going.update(state=RunState.FAILED, finished_at=Now(), fault=kept(fault), step="")
        return RunState.FAILED
    ended = going.filter(state=RunState.RUNNING).update(
        state=RunState.DONE,
        progress=100,
        step="",
        result=found.result,
        digest=found.digest,
        finished_at=Now(),
    )
    if not ended:
        Effect.objects.filter(run_id=run_id).delete()
    return RunState.DONE if ended else RunState.CANCELLED


def compute(*, run_id: uuid.UUID, now: datetime, tell: Tell = lambda _step, _percent: None) -> Computed:
    """Re-decide everything outstanding under both laws at the run's moment and keep what becomes of each row.

    ``tell`` is called before each step with its name and the percent reached; it may raise to stop. Writes the
    effects of the run and nothing else. Not inside a transaction that others wait for: it takes seconds for a city.
    """
    row = DryRun.objects.select_related("directive").get(pk=run_id)
    Effect.objects.filter(run_id=run_id).delete()
    before, after = law_at(row.moment), law_with(row.directive_id, row.moment)
    revisions = read_directive(row.directive.text, row.directive.number).revisions
    tally = Tally()
    batches = batches_of(row, before, after, revisions, most=most_shares())
    with shares(max((len(batch.parts) for batch in batches), default=1)) as several:
        for place, batch in enumerate(batches):
            width = 100 / len(batches)
            steps = _Steps(tell, int(place * width), width)
            try_out(batch, several, tally, row=row, step=steps, now=now)
        result = tally.as_json({"before": before.sha256, "draft": row.directive.sha256})
        digest = digits_of(run_id, result, tally.kept_rows, several)
    return Computed(result, digest, tally.kept_rows)


class _Steps:
    """Tells the steps of one revision, each at its share of the way."""

    def __init__(self, tell: Tell, beginning: int, width: float) -> None:
        self.tell = tell
        self.beginning = beginning
        self.width = width

    def __call__(self, name: str) -> None:
        reached = 0
        for step, share in STEPS:
            if step == name:
                break
            reached += share
        self.tell(name, min(99, int(self.beginning + self.width * reached / 100)))
