"""Trying a draft out on everything outstanding: asked for, worked out by set in a job, and stopped on request."""

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from motcua.agencies.queries import agency
from motcua.directives.content import read_directive
from motcua.directives.law import Law, law_at, law_with
from motcua.directives.models import Directive
from motcua.events.outbox import queue_job
from motcua.procedures.queries import search_services
from motcua.registers.sets import quoted
from motcua.switching.asking import Asking, declarations_by_name
from motcua.switching.deciding import decide
from motcua.switching.effects import Work, age_band_sql, keep
from motcua.switching.faults import kept
from motcua.switching.layouts import lines_of, say
from motcua.switching.models import DryRun, Effect
from motcua.switching.results import Tally, count, count_reasons, digits_of
from motcua.switching.sides import Side, sides_of
from motcua.switching.states import RunState
from motcua.switching.subjects import (
    People,
    cases_in_sql,
    people_in_sql,
    register_of_everyone,
    revisions_with_cases,
    typed_in_sql,
)
from motcua.switching.working import Tables, working

log = logging.getLogger(__name__)

JOB = "motcua.switching.dry_run"
QUEUE = "switching"
# What each step says while it runs, and its share of the way of one revision.
STEPS = (("asking", 45), ("deciding", 25), ("writing", 10), ("comparing", 15), ("keeping", 5))
Tell = Callable[[str, int], None]


class RunStopped(Exception):
    """Somebody asked for the run to stop."""


class NotADraft(ValueError):
    """The directive has begun or was dropped, so there is nothing to try out."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a run found: counts as they are stored, the digest of everything, and how many effects were kept."""

    result: dict[str, Any]  # as it is stored
    digest: str
    effects: int


@transaction.atomic
def start(*, directive_id: int, account_id: int | None, everyone: bool = False, now: datetime) -> uuid.UUID:
    """Ask for a dry run of the draft at the moment at which it is to begin, and return its id; queues a job.

    Raises ``Directive.DoesNotExist`` and ``NotADraft``.
    """
    directive = Directive.objects.get(pk=directive_id)
    if directive.begun_at is not None or directive.discarded_at is not None:
        raise NotADraft(f"directive {directive.number} is no draft; prepare a new one")
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
    with working() as tables:
        listed = [_Cases(sides_of(one, before, after, revisions)) for one in revisions_with_cases()]
        everyone = _everyone(before, after, revisions) if row.everyone else []
        for place, batch in enumerate([*listed, *everyone]):
            width = 100 / (len(listed) + len(everyone))
            _compare(tables, tally, batch, row=row, step=_Steps(tell, int(place * width), width), now=now)
    result = tally.as_json({"before": before.sha256, "draft": row.directive.sha256})
    return Computed(result, digits_of(run_id, result), tally.kept_rows)


@dataclass(frozen=True, slots=True)
class _Cases:
    """The passes and open cases of one revision; or, with ``people``, everyone whom it could decide."""

    pair: tuple[Side, Side]
    people: People | None = None

    def population(self, asking: Asking, moment: datetime) -> str:
        """Return who is re-decided, as a query."""
        fields, day = list(asking.fields.values()), timezone.localtime(moment).date()
        before = self.pair[0]
        if self.people is None:
            return cases_in_sql(before.procedure.revision_id, fields, asking.kept.items(), moment, day)
        office = agency(before.content.manifest.agency)
        return people_in_sql(
            self.people,
            fields,
            asking.kept.items(),
            code=before.procedure.code,
            agency_path=office.path,
            moment=moment,
            day=day,
        )


def _everyone(before: Law, after: Law, revisions: Mapping[str, int]) -> list[_Cases]:
    """Return the services in force that decide by the person alone, each with the register that names everyone."""
    found = []
    for procedure in search_services():
        pair = sides_of(procedure.revision_id, before, after, revisions)
        people = register_of_everyone(procedure.content, declarations_by_name(*pair))
        if people is not None:
            found.append(_Cases(pair, people))
    return found


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


def _compare(
    tables: Tables, tally: Tally, batch: _Cases, *, row: DryRun, step: _Steps, now: datetime
) -> None:
    pair = before, after = batch.pair
    step("asking")
    asking = _ask(tables, batch, row, now)
    tally.taken_from_decisions.update(asking.taken_from_decisions)
    step("deciding")
    where = _where_laws_differ(asking, pair)
    outputs = {
        side.name: decide(tables, side, scope=asking.scope[side.name], asked="asked", where=where)
        for side in pair
    }
    step("writing")
    for side, other in ((before, after), (after, before)):
        lines = lines_of(
            side,
            other,
            scope=asking.scope[side.name],
            outputs=outputs[side.name],
            by_law=asking.law_names[side.name],
        )
        say(tables, side, lines, asked="asked")
    step("comparing")
    first = tally.kept_rows + 1
    work = Work(outputs[after.name], _told_by(asking))
    tally.kept_rows += keep(row.pk, pair, work, first_line=first)
    step("keeping")
    count(tally, after, run_id=row.pk, first_line=first)
    count_reasons(tally, after, asking.scope[after.name], run_id=row.pk, first_line=first)
    tables.drop()


def _ask(tables: Tables, batch: _Cases, row: DryRun, now: datetime) -> Asking:
    """Make the table ``asked``: one row for each that is re-decided, with everything that either side's rules read."""
    pair = before, after = batch.pair
    asking = Asking()
    declarations = declarations_by_name(*pair)
    for side in pair:
        asking.add(side, declarations)
    day = timezone.localtime(row.moment).date()
    population = f"({batch.population(asking, row.moment)})"
    revision_id, fields = before.procedure.revision_id, list(asking.fields.values())
    code = after.procedure.code
    typed = typed_in_sql(revision_id, fields)
    relation, given = asking.shared_sql(population, typed, code, now)
    for side in pair:
        relation, given = asking.by_law_sql(relation, given, side, typed=typed, now=now)
    sector = asking.sectors[after.name]
    named = f"coalesce({quoted(sector)}::text, '')" if sector else "''"
    age = age_band_sql("t.born_on", day)
    tables.make("asked", f"SELECT t.*, {named} AS sector, {age} AS age_band FROM {relation} AS t")
    return asking


def _where_laws_differ(asking: Asking, pair: Sequence[Side]) -> str:
    """Return the condition of rows that the two sides may decide differently: the others need no deciding."""
    before, after = pair
    if before.procedure.revision_id != after.procedure.revision_id:
        return "TRUE"
    theirs = asking.facts[after.name]
    differ = [
        f"a.{quoted(column)} IS DISTINCT FROM a.{quoted(theirs[name])}"
        for name, column in asking.facts[before.name].items()
        if column != theirs[name]
    ]
    return " OR ".join(differ) or "FALSE"


def _told_by(asking: Asking) -> list[str]:
    """Return the columns by which the facts of a row are told, apart from law."""
    shared = [question.fact for question in asking.shared.values()]
    kept = [f"kept {name}" for name in asking.kept]
    return ["today", "layout_day", *sorted(asking.fields), *shared, *kept]
