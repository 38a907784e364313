"""Questions about dry runs: how far one has come, its counts as far as the reader may see them, who changes.

Whoever may not read every case of the city sees no count below ten, nor one from which such a count follows.
"""

import csv
import io
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from motcua.agencies.models import Agency
from motcua.cases.models import Case
from motcua.directives.complaints import Words
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import PURPOSES, Purpose
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_accesses_of
from motcua.switching.faults import told as fault_words
from motcua.switching.hiding import Counts, veiled_counts, veiled_groups, veiled_parts
from motcua.switching.models import DryRun, Effect, EffectQuerySet
from motcua.switching.states import Category, RunState

__all__ = [
    "NoSuchRun",
    "ReasonLine",
    "RunView",
    "agency_names",
    "changed_rows",
    "dry_run",
    "may_download",
    "readable_cases",
    "runs_of",
    "sees_all_of",
    "shown_totals",
]

ROWS_AT_ONCE = 2000
HEADINGS = (
    "case_number", "procedure", "category", "before_answer", "before_reason", "after_answer", "after_reason",
    "stood_until", "holds_until", "place", "age",
)  # fmt: skip
SHOWN = ("case number", "answer")


class NoSuchRun(LookupError):
    """There is no such dry run."""


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One of the most common reasons of what changes, in the words of the rules."""

    category: str
    reason: str
    vi: str
    en: str
    count: int | None


@dataclass(frozen=True, slots=True)
class RunView:
    """A dry run as its reader may see it; counts are by category, and ``moment`` is when the directive would begin."""

    id: uuid.UUID
    directive_id: int
    state: RunState
    step: str
    progress: int
    asked_at: datetime
    moment: datetime
    everyone: bool
    content_sha256: str
    digest: str
    fault: Words
    totals: Counts
    by_place: Mapping[str, Counts]
    by_sector: Mapping[str, Counts]
    by_age: Mapping[str, Counts]
    reasons: tuple[ReasonLine, ...]
    desk_load: tuple[tuple[str, int | None], ...]
    taken_from_decisions: tuple[str, ...]
    effects_dropped_at: datetime | None


def dry_run(run_id: uuid.UUID, rights: Rights) -> RunView:
    """Return a dry run; raises ``NoSuchRun``. One query."""
    row = DryRun.objects.filter(pk=run_id).first()
    if row is None:
        raise NoSuchRun(str(run_id))
    return _view(row, all_shown=sees_all_of(row, rights))


def runs_of(directive_id: int, rights: Rights, *, most: int = 20) -> tuple[RunView, ...]:
    """Return the dry runs of a directive that somebody asked for, the last first; one query."""
    rows = DryRun.objects.filter(directive=directive_id, asked_by__isnull=False).order_by("-asked_at")[:most]
    return tuple(_view(row, all_shown=sees_all_of(row, rights)) for row in rows)


def sees_all_of(row: DryRun, rights: Rights) -> bool:
    """Tell whether the reader may read every case that the run speaks of: in all its offices, all over the city."""
    wide = [grant for grant in _reading(rights) if grant.place_path.count(".") <= 1]
    offices = row.result.get("agencies", ())
    return bool(wide) and all(
        any(grant.covers(agency_path=office, place_path=grant.place_path) for grant in wide)
        for office in offices
    )


def shown_totals(row: DryRun, *, all_shown: bool) -> Counts:
    """Return the totals of a run by category, as far as they may be shown."""
    counted: Mapping[str, int] = row.result.get("totals", {})
    return counted if all_shown else veiled_counts(counted)


def may_download(rights: Rights) -> bool:
    """Tell whether the reader may read any case at all."""
    return bool(_reading(rights))


def agency_names(paths: Iterable[str]) -> dict[str, Words]:
    """Return what the agencies at these paths are called; one query."""
    rows = Agency.objects.filter(path__in=list(paths)).values_list("path", "name", "name_en")
    return {str(path): Words(name, name_en or name) for path, name, name_en in rows}


def changed_rows(*, run_id: uuid.UUID, rights: Rights, now: datetime) -> Iterator[str]:
    """Yield a CSV of who changes, within the reader's offices and places, and note the reading for each person.

    Everything is noted before the first line is given out: one statement for each appointment by which the reader may
    read, and a query for every two thousand rows.
    """
    _note(run_id, rights, now)
    yield _csv([HEADINGS])
    after = 0
    while rows := list(_visible(run_id, _reading(rights)).filter(line__gt=after)[:ROWS_AT_ONCE]):
        yield _csv(_cells(row) for row in rows)
        after = rows[-1].line


def readable_cases(numbers: Collection[str], rights: Rights) -> frozenset[str]:
    """Return those of the numbers whose case the reader may read; one query."""
    found = Case.objects.filter(number__in=list(numbers)).filter(_of_reader(_reading(rights)))
    return frozenset(found.values_list("number", flat=True))


def _visible(run_id: uuid.UUID, grants: Iterable[Grant]) -> EffectQuerySet:
    return Effect.objects.of_run(run_id).exclude(case_number="").filter(_of_reader(grants))


def _of_reader(grants: Iterable[Grant]) -> Q:
    within = Q(agency_path__isnull=True)
    for grant in grants:
        within |= Q(agency_path__within=grant.agency_path, place_path__within=grant.place_path)
    return within


@transaction.atomic
def _note(run_id: uuid.UUID, rights: Rights, now: datetime) -> None:
    """Note each row once, under the first appointment by which it may be read."""
    earlier: list[Grant] = []
    for grant in _reading(rights):
        rows = _visible(run_id, [grant]).order_by()
        for other in earlier:
            rows = rows.exclude(agency_path__within=other.agency_path, place_path__within=other.place_path)
        earlier.append(grant)
        note_accesses_of(
            rows.values_list("person_key", "case_number"),
            asker=Asker(
                kind="account",
                reference=f"account:{rights.account_id}",
                label=str(grant.role.label),
                agency_path=grant.agency_path,
            ),
            purpose=Purpose.READ_CASES.value,
            source="cases",
            what=SHOWN,
            now=now,
        )


def _cells(row: Effect) -> tuple[object, ...]:
    return (
        row.case_number, row.procedure_code, row.category, row.before_answer, row.before_reason, row.after_answer,
        row.after_reason, row.stood_until.isoformat() if row.stood_until else "",
        row.after_until.isoformat() if row.after_until else "", row.place_code, row.age_band,
    )  # fmt: skip


def _csv(rows: Iterable[Iterable[object]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _reading(rights: Rights) -> tuple[Grant, ...]:
    return tuple(grant for grant in rights.grants if Purpose.READ_CASES in PURPOSES[grant.role])


def _view(row: DryRun, *, all_shown: bool) -> RunView:
    result = row.result
    load: dict[str, int] = {}
    for each in result.get("desk_load", ()):
        load[each["agency_path"]] = load.get(each["agency_path"], 0) + each["count"]
    reasons = result.get("reasons", ())

    totals = shown_totals(row, all_shown=all_shown)

    def groups(name: str) -> Mapping[str, Counts]:
        found: dict[str, dict[str, int]] = result.get(name, {})
        return found if all_shown else veiled_groups(found, totals)

    def parts(found: Sequence[tuple[str, int]]) -> Sequence[int | None]:
        return [count for _, count in found] if all_shown else veiled_parts(found, totals)

    told = parts([(each["category"], each["count"]) for each in reasons])
    loads = parts([(Category.TO_PERSON.value, count) for _, count in sorted(load.items())])
    return RunView(
        id=row.pk,
        directive_id=row.directive_id,
        state=RunState(row.state),
        step=row.step,
        progress=row.progress,
        asked_at=row.asked_at,
        moment=row.moment,
        everyone=row.everyone,
        content_sha256=row.content_sha256,
        digest=row.digest,
        fault=fault_words(row.fault),
        totals=totals,
        by_place=groups("by_place"),
        by_sector=groups("by_sector"),
        by_age=groups("by_age"),
        reasons=tuple(
            ReasonLine(each["category"], each["reason"], each["vi"], each["en"], count)
            for each, count in zip(reasons, told, strict=True)
        ),
        desk_load=tuple(zip(sorted(load), loads, strict=True)),
        taken_from_decisions=tuple(result.get("taken_from_decisions", ())),
        effects_dropped_at=row.effects_dropped_at,
    )
