"""The full explanation of a decision by rule, worked out when it is read.

What is stored with the decision (facts, form, revision, model hash) determines it; docs/adr/0017.
"""

import logging

from motcua.cases.facts import scope_of
from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.cases.states import PACK_FAULT
from motcua.cases.verdicts import decide
from motcua.decisions.models import DecisionRecord
from motcua.procedures.queries import revision
from motcua.registers.facts import Fact

log = logging.getLogger(__name__)


def explanation_of(record: DecisionRecord, case: Case) -> dict[str, object]:
    """Return the explanation of the record; empty for a decision of a person or a pack that failed.

    A later engine that would decide otherwise explains nothing: the reason and rule stored stand alone then.
    """
    if record.explanation or record.decided_by != "machine" or record.reason_code == PACK_FAULT:
        return dict(record.explanation)
    procedure = revision(case.revision_id)
    facts = [Fact.from_json(stored) for stored in record.facts]
    if procedure.model.sha256 != record.model_sha256:
        return {}
    # What a change of the law decides anew keeps the day of the request.
    for today in dict.fromkeys((record.decided_at.astimezone(LOCAL).date(), case.filed_on)):
        verdict = decide(procedure, scope_of(procedure.content.form, case.values, facts, today))
        if (verdict.answer, verdict.reason, verdict.rule) == (record.answer, record.reason_code, record.rule):
            return verdict.explanation
    log.error("the decision on %s cannot be explained: the engine now decides otherwise", case.number)
    return {}
