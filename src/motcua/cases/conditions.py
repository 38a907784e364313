"""The conditions of acts: FEEL over the form, the facts and the findings of one case, and whether agencies answered."""

from functools import cached_property

from motcua import rules
from motcua.cases.consults.models import Consultation
from motcua.cases.facts import scope_of
from motcua.cases.found import findings_in_scope
from motcua.cases.models import Case
from motcua.decisions.models import DecisionRecord
from motcua.procedures.content import Act
from motcua.procedures.queries import revision
from motcua.registers.facts import Fact


class Conditions:
    """Whether acts are open to a case; what they read is fetched when the first condition asks, by one query."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def __call__(self, act: Act) -> bool:
        """Tell whether the condition of the act holds; what is not known is not true."""
        if (
            act.after is not None
            and Consultation.objects.open().filter(case_number=self._case.number).exists()
        ):
            return False
        return act.when is None or rules.evaluate_feel(act.when, self.scope) is True

    @cached_property
    def scope(self) -> dict[str, object]:
        """What the conditions see, and the schedule of fees as well."""
        case = self._case
        content = revision(case.revision_id).content
        known: list[Fact] = []
        if content.facts:
            last = DecisionRecord.objects.filter(case_number=case.number).order_by("-decided_at").first()
            known = [Fact.from_json(stored) for stored in last.facts] if last else []
        scope = scope_of(content.form, case.values, known, case.filed_on)
        return {**scope, **findings_in_scope(case.number, content)}
