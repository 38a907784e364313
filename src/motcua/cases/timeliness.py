"""How often a service gives its result by the date it promised; for everyone, so never of a few cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from motcua.cases.numbers import LOCAL
from motcua.procedures.queries import ProcedureView

# Below this a share would tell of single cases.
FEWEST = 10
DAYS = 180


@dataclass(frozen=True, slots=True)
class OnTime:
    """Results given, and those of them on time; ``percent`` is None where there are not enough of them."""

    results: int
    on_time: int

    @property
    def percent(self) -> int | None:
        """Return the share in whole percent, rounded down: nobody is told more than is so."""
        return self.on_time * 100 // self.results if self.results >= FEWEST else None


def on_time_results(procedure: ProcedureView, *, now: datetime) -> OnTime:
    """Count the results of the service's cases filed in the last 180 days; one query over these cases.

    On time is a first result by the date then due, after at most one request for additions (Decision
    766/QĐ-TTg). Cases that were withdrawn, stopped or objected to have no result that could be judged so.
    """
    states = procedure.content.workflow.states
    given = [name for name, state in states.items() if state.phase in ("granted", "refused")]
    asked = [name for name, state in states.items() if state.clock == "additions"]
    first = (now - timedelta(days=DAYS)).astimezone(LOCAL).date()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [given, asked, procedure.code, first])
        results, on_time = cursor.fetchone()
    return OnTime(results, on_time)


_COUNT = """
SELECT count(*), count(*) FILTER (WHERE given_at <= due_at AND additions < 2) FROM (
    SELECT c.due_at,
        min(e.happened_at) FILTER (WHERE e.to_state = ANY(%s)) AS given_at,
        count(*) FILTER (WHERE e.to_state = ANY(%s) AND e.from_state <> e.to_state) AS additions
    FROM cases_case c JOIN cases_caseentry e ON e.case_number = c.number
    WHERE c.procedure_code = %s AND c.filed_on >= %s AND c.phase IN ('granted', 'refused') AND NOT c.objected
    GROUP BY c.number, c.due_at
) AS given
"""
