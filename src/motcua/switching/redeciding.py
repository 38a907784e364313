"""Decides once more, one by one, the cases whose answer a directive changes, on the facts that registers give now.

The run found by set what would be decided; what is written under a person's name is decided by itself, with every
question noted for that person to see. Where the two differ, the registers changed in between: then a person decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from motcua.cases.facts import About, Gathered, asker_of, gather_together
from motcua.cases.plans import Judged, Plan, plan_of
from motcua.cases.services import Redecided
from motcua.cases.states import PACK_FAULT
from motcua.events.copying import written_json
from motcua.procedures.queries import revision
from motcua.switching.rows import Row


@dataclass(frozen=True, slots=True)
class Anew:
    """A case decided once more: what the rules say, on which facts."""

    judged: Judged
    gathered: Gathered
    model_sha256: str

    def agrees(self, row: Row) -> bool:
        """Whether the run said the same."""
        return (self.judged.answer, self.judged.reason, self.judged.rule) == row.after

    def record(self) -> Redecided:
        """Return the decision as it is kept."""
        return Redecided(
            model_sha256=self.model_sha256,
            answer=self.judged.answer,
            reason_code=self.judged.reason,
            rule=self.judged.rule,
            facts_json=written_json([fact.to_json() for fact in self.gathered.facts]),
            text_vi=self.judged.text_vi,
            text_en=self.judged.text_en,
        )


def decide_anew(rows: Sequence[Row], *, now: datetime) -> dict[str, Anew]:
    """Decide the cases under the law of this moment, as of the day each was filed, and return them by number.

    A case whose questions the registers refuse is not among them. Costs a few statements for each day of filing.
    """
    found: dict[str, Anew] = {}
    for (day, revision_id), group in groupby(rows, key=lambda row: (row.filed_on, row.revision_id)):
        found |= _of_one_day(list(group), plan_of(revision(revision_id)), day, now)
    return found


def _of_one_day(rows: Sequence[Row], plan: Plan, day: date, now: datetime) -> Iterable[tuple[str, Anew]]:
    about = [
        About(
            content=plan.content,
            rounds=plan.rounds,
            values=row.values,
            person_key=row.person_key,
            case_number=row.case_number,
            asker=asker_of(plan.content, row.agency_path),
        )
        for row in rows
    ]
    gathered = gather_together(about, now=now, today=day)
    return [
        (row.case_number, Anew(_judged(plan, each), each, plan.model.sha256))
        for row, each in zip(rows, gathered, strict=True)
        if not isinstance(each, Exception)
    ]


def _judged(plan: Plan, gathered: Gathered) -> Judged:
    try:
        return plan.judge(gathered.scope)
    # Whatever a pack's rules raise, the case goes to a person.
    except Exception:  # noqa: BLE001
        return Judged("", PACK_FAULT, "", "", "")
