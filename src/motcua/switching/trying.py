"""One revision of a service under both laws: everyone outstanding is asked about, decided, compared and counted.

What no rule can tell apart is decided once: half a million passes say a few thousand different things.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from motcua.agencies.queries import agency
from motcua.directives.law import Law
from motcua.procedures.queries import search_services
from motcua.registers.models import Register
from motcua.registers.sets import Typed, quoted
from motcua.switching.asking import Asking, declarations_by_name
from motcua.switching.deciding import Decider, decide, decider_of
from motcua.switching.effects import age_band_sql, find, keep, make_outcomes
from motcua.switching.layouts import Line, columns_read, lines_of, say
from motcua.switching.models import DryRun
from motcua.switching.results import Tally, count, count_reasons
from motcua.switching.shares import Share, each
from motcua.switching.sides import Side, sides_of
from motcua.switching.states import Subject
from motcua.switching.subjects import (
    Part,
    People,
    cases_in_sql,
    parts_of_cases,
    parts_of_people,
    people_in_sql,
    register_of_everyone,
    revisions_with_cases,
)

# What each step says while it runs, and its share of the way of one revision.
STEPS = (("asking", 55), ("deciding", 10), ("writing", 5), ("comparing", 20), ("keeping", 10))
# A register that is loaded while it is read is read again; nobody loads one three times in a row.
TIMES_ASKED = 3


class LoadedMeanwhile(RuntimeError):
    """A register was loaded whenever it was read, so that one part of the city would be held to other records."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The passes and open cases of one revision; or, with ``people``, everyone whom it could decide."""

    pair: tuple[Side, Side]
    parts: Sequence[Part]
    people: People | None = None

    def population(self, asking: Asking, moment: datetime, part: Part) -> str:
        """Return who is re-decided, as a query; of one part of them."""
        fields, day = list(asking.fields.values()), timezone.localtime(moment).date()
        before = self.pair[0]
        if self.people is None:
            revision_id, kept = before.procedure.revision_id, asking.kept.items()
            return cases_in_sql(revision_id, fields, kept, moment=moment, day=day, part=part)
        office = agency(before.content.manifest.agency)
        return people_in_sql(
            self.people,
            fields,
            asking.kept.items(),
            code=before.procedure.code,
            agency_path=office.path,
            moment=moment,
            day=day,
            part=part,
        )


def batches_of(
    row: DryRun, before: Law, after: Law, revisions: Mapping[str, int], *, most: int
) -> list[Batch]:
    """Return what a run tries out, in parts that at most so many sessions work on at once.

    Everyone, where asked: under the services in force that decide by the person alone, each by the register that
    names everyone.
    """
    found = [
        Batch(sides_of(one, before, after, revisions), parts_of_cases(one, cases, row.moment, most))
        for one, cases in revisions_with_cases().items()
    ]
    for procedure in search_services() if row.everyone else ():
        pair = sides_of(procedure.revision_id, before, after, revisions)
        people = register_of_everyone(procedure.content, declarations_by_name(*pair))
        if people is not None:
            found.append(Batch(pair, parts_of_people(most), people))
    return found


class Trial:
    """A batch on its way through the tables of its shares."""

    def __init__(self, batch: Batch, row: DryRun, several: Sequence[Share], now: datetime) -> None:
        self.batch, self.row, self.now = batch, row, now
        self.several = several[: len(batch.parts)]
        self.asking = Asking()
        self.before, self.after = batch.pair
        declarations = declarations_by_name(*batch.pair)
        for side in batch.pair:
            self.asking.add(side, declarations)
        self.deciders: dict[str, Decider] = {}
        self.lines: dict[str, list[Line]] = {}

    def ask(self) -> None:
        """Make ``asked`` in each share: a row for each that is re-decided; and ``alike``, what rules can tell apart."""
        for _ in range(TIMES_ASKED):
            loads = self._loads()
            self._ask_once()
            if self._loads() == loads:
                self._gather()
                return
        raise LoadedMeanwhile(", ".join(sorted(self.asking.registers)))

    def _ask_once(self) -> None:
        relations = each(self.several, self._relation)
        read = self._read(relations[0])
        each(self.several, lambda share: self._put_down(share, relations[share.place], read))

    def _loads(self) -> dict[str, int | None]:
        rows = Register.objects.filter(name__in=self.asking.registers)
        return dict(rows.values_list("name", "current_load_id"))

    def _relation(self, share: Share) -> str:
        """Make ``outstanding``, and return it with everything that either side's rules read, as a query."""
        asking, moment = self.asking, self.row.moment
        table = Typed(quoted("outstanding"))
        share.tables.make("outstanding", self.batch.population(asking, moment, self.batch.parts[share.place]))
        few = self.batch.people is None
        relation, given = asking.shared_sql(table, self.after.procedure.code, self.now, few=few)
        for side in self.batch.pair:
            relation, given = asking.by_law_sql(relation, given, side, typed=table, now=self.now)
        return relation

    def _read(self, relation: str) -> list[str]:
        """Return the columns that decide and that passes are written by, under either law."""
        tables, asking = self.several[0].tables, self.asking
        tables.outline("alike", f"SELECT NULL::bytea AS line, t.* FROM {relation} AS t")
        read = {"layout_day"}
        for side in self.batch.pair:
            scope = asking.scope[side.name]
            self.deciders[side.name] = decider_of(side, scope=scope, table="alike")
            read |= {scope[name] for name in side.model.inputs if name in scope}
        for side, other in ((self.before, self.after), (self.after, self.before)):
            scope = asking.scope[side.name]
            self.lines[side.name] = lines_of(
                side,
                other,
                scope=scope,
                outputs=self.deciders[side.name].outputs,
                by_law=asking.law_names[side.name],
            )
            read |= columns_read(self.lines[side.name], scope.values())
        return sorted(read)

    def _put_down(self, share: Share, relation: str, read: Sequence[str]) -> None:
        """Make ``asked`` and what of it is alike; a row that both laws leave as it is has no such line."""
        sector = self.asking.sectors[self.after.name]
        named = f"coalesce({quoted(sector)}::text, '')" if sector else "''"
        age = age_band_sql("t.born_on", timezone.localtime(self.row.moment).date())
        kept = ", ".join(f"t.{quoted(column)}" for column in dict.fromkeys([*_KEPT, *self._told_by(), *read]))
        line = f"sha256(convert_to(ROW({', '.join(f't.{quoted(column)}' for column in read)})::text, 'UTF8'))"
        # Behind a fence each fact is worked out once, and not again wherever it is named.
        share.tables.make(
            "asked",
            f"SELECT {kept}, {named} AS sector, {age} AS age_band,"
            f" CASE WHEN {self._where_laws_differ(read)} THEN {line} END AS alike"
            f" FROM (SELECT * FROM {relation} AS t OFFSET 0) AS t",
        )
        cells = ", ".join(map(quoted, read))
        share.tables.make(
            "alike" if len(self.several) == 1 else "alike here",
            f"SELECT alike AS line, {cells} FROM asked WHERE ctid = ANY (ARRAY("
            " SELECT any_value(ctid) FROM asked WHERE alike IS NOT NULL GROUP BY alike))",
        )
        share.tables.drop("outstanding")

    def _told_by(self) -> list[str]:
        """Return the columns by which the facts of a row are told, apart from law."""
        shared = [question.fact for question in self.asking.shared.values()]
        kept = [f"kept {name}" for name in self.asking.kept]
        return ["today", "layout_day", *sorted(self.asking.fields), *shared, *kept]

    def _where_laws_differ(self, read: Sequence[str]) -> str:
        """Return the condition of rows that the two sides may decide differently: the others need no deciding."""
        if self.before.procedure.revision_id != self.after.procedure.revision_id:
            return "TRUE"
        theirs = self.asking.facts[self.after.name]
        differ = [
            f"t.{quoted(column)} IS DISTINCT FROM t.{quoted(theirs[name])}"
            for name, column in self.asking.facts[self.before.name].items()
            if column != theirs[name] and {column, theirs[name]} & set(read)
        ]
        return " OR ".join(differ) or "FALSE"

    def _gather(self) -> None:
        """Bring together in the first share what is alike in any."""
        own, others = self.several[0].tables, [share.tables for share in self.several[1:]]
        if others:
            own.take("alike there", "alike here", others)
            own.make(
                "alike",
                'SELECT DISTINCT ON (line) * FROM (TABLE "alike here" UNION ALL TABLE "alike there") AS t',
            )

    def decide(self) -> None:
        """Decide what is alike, once for each side."""
        for side in self.batch.pair:
            decide(self.several[0].tables, self.deciders[side.name])

    def write(self) -> None:
        """Work out what the passes say, once for each side."""
        for side in self.batch.pair:
            say(self.several[0].tables, side, self.lines[side.name], asked="alike")

    def compare(self, first_line: int) -> int:
        """Keep every row that something becomes of, from this line of the run on, and return how many."""
        own = self.several[0].tables
        make_outcomes(own, self.batch.pair, self.deciders[self.after.name].outputs)
        for share in self.several[1:]:
            share.tables.take("outcome", "outcome", [own])
        told_by = self._told_by()
        found = each(self.several, lambda share: find(share.tables, told_by))
        line, begins = first_line, [dict[str, int]() for _ in found]
        for subject in sorted(Subject.values):
            for place, counted in enumerate(found):
                if counted.get(subject):
                    begins[place][subject] = line
                    line += counted[subject]
        each(self.several, lambda share: keep(self.row.pk, self.after, begins[share.place]))
        return line - first_line

    def count(self, tally: Tally, first_line: int) -> None:
        """Add everything to the tally, and drop the tables."""
        count(tally, self.after, self.several)
        scope = self.asking.scope[self.after.name]
        count_reasons(tally, self.after, scope, self.several, run_id=self.row.pk, first_line=first_line)
        each(self.several, lambda share: share.tables.drop())


_KEPT = (
    "number", "filed_on", "state", "agency_path", "place_path", "place_code", "applicant_id", "key", "credential_id",
    "stood_until", "subject",
)  # fmt: skip

Step = Callable[[str], None]


def try_out(
    batch: Batch, several: Sequence[Share], tally: Tally, *, row: DryRun, step: Step, now: datetime
) -> None:
    """Re-decide everyone of the batch under both laws, keep what becomes of them, and add it to the tally.

    ``step`` is called before each of the steps with its name; it may raise to stop.
    """
    step("asking")
    trial = Trial(batch, row, several, now)
    tally.taken_from_decisions.update(trial.asking.taken_from_decisions)
    trial.ask()
    step("deciding")
    trial.decide()
    step("writing")
    trial.write()
    step("comparing")
    first = tally.kept_rows + 1
    tally.kept_rows += trial.compare(first)
    step("keeping")
    trial.count(tally, first)
