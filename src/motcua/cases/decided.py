"""Cases that the rules have decided, as they were known at that moment: to decide them again, never to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from motcua.cases.facts import scope_of
from motcua.cases.models import Case
from motcua.decisions.models import DecisionRecord
from motcua.procedures.content import Form
from motcua.registers.facts import Fact


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """What was answered in the form and by the registers, and the day; without number and person."""

    values: Mapping[str, object]
    facts: tuple[Fact, ...]
    today: date

    def scope(self, form: Form) -> dict[str, object]:
        """Return what rules see of the case under this form."""
        return scope_of(form, self.values, self.facts, self.today)


def decided_cases(procedure_code: str, *, most: int) -> list[DecidedCase]:
    """Return the cases filed last that the rules have decided, newest first; two queries.

    A case decided several times is taken as at the last time.
    """
    rows = (
        Case.objects.filter(procedure_code=procedure_code).exclude(answer="").order_by("-filed_at", "-number")
    )
    values = dict(rows.values_list("number", "values")[:most])
    records = DecisionRecord.objects.filter(case_number__in=list(values), decided_by="machine")
    last = {
        number: (facts, decided_at)
        for number, facts, decided_at in records.order_by("decided_at").values_list(
            "case_number", "facts", "decided_at"
        )
    }
    return [
        DecidedCase(
            given,
            tuple(Fact.from_json(fact) for fact in last[number][0]),
            timezone.localdate(last[number][1]),
        )
        for number, given in values.items()
        if number in last
    ]
