"""The cases of one part with all that is needed to turn them: effect, old pass, form and person; read by one query."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from motcua.cases.services import Place
from motcua.switching.states import Category
from motcua.switching.switch_models import Switch


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a switch; what belongs to the old pass is null where there is none."""

    case_number: str
    category: Category
    filed_on: date
    person_id: int
    person_key: bytes
    before_state: str
    before_phase: str
    before_due_at: datetime
    before_changed_at: datetime
    before_revision_id: int
    before_answer: str
    before_reason: str
    before_decided_by: str
    old_credential: UUID | None
    new_credential: UUID | None
    revision_id: int
    agency_path: str
    law_answer: str
    law_reason: str
    law_rule: str
    after_answer: str
    after_reason: str
    after_rule: str
    after_from: datetime | None
    after_until: datetime | None
    claims: Mapping[str, object]
    old_kind: str | None
    old_claims: Mapping[str, object] | None
    values: Mapping[str, object]

    @property
    def before(self) -> Place:
        """Where the case stood when the switch read it."""
        return Place(
            state=self.before_state,
            phase=self.before_phase,
            due_at=self.before_due_at,
            changed_at=self.before_changed_at,
            revision_id=self.before_revision_id,
            answer=self.before_answer,
            reason_code=self.before_reason,
            decided_by=self.before_decided_by,
        )

    @property
    def after(self) -> tuple[str, str, str]:
        """Answer, reason and rule with the directive."""
        return self.after_answer, self.after_reason, self.after_rule

    @property
    def decided_otherwise(self) -> bool:
        """Whether the rules say something else than under the law before, and a decision is to be written down."""
        return self.after != (self.law_answer, self.law_reason, self.law_rule)


_ROWS = """
SELECT mine.case_number, mine.category, mine.filed_on, mine.person_id, effect.person_key, mine.before_state,
    mine.before_phase, mine.before_due_at, mine.before_changed_at, mine.before_revision_id, mine.before_answer,
    mine.before_reason, mine.before_decided_by, mine.old_credential, mine.new_credential, effect.revision_id,
    effect.agency_path::text, effect.before_answer, effect.before_reason, effect.before_rule, effect.after_answer,
    effect.after_reason, effect.after_rule, effect.after_from, effect.after_until, effect.claims, pass.kind,
    pass.claims, filed."values"
FROM switching_switchedcase AS mine
JOIN switching_effect AS effect
    ON effect.run_id = CASE WHEN mine.late THEN %(late)s ELSE %(run)s END::uuid AND effect.line = mine.line
JOIN cases_case AS filed ON filed.filed_on = mine.filed_on AND filed.number = mine.case_number
LEFT JOIN credentials_credential AS pass ON pass.id = mine.old_credential
WHERE mine.switch_id = %(switch)s AND mine.part = %(part)s
ORDER BY mine.line
"""
_NAMES = [field.name for field in fields(Row)]
_JSON = ("claims", "old_claims", "values")


def rows_of_part(switch: Switch, part: int) -> list[Row]:
    """Return the cases of a part in the order of their effects; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS, {"switch": switch.pk, "run": switch.final_run_id, "late": switch.late_run_id, "part": part}
        )
        return [_row(values) for values in cursor.fetchall()]


def _row(values: tuple[object, ...]) -> Row:
    named = dict(zip(_NAMES, values, strict=True))
    named["category"] = Category(str(named["category"]))
    for name in _JSON:
        # Django has its connections hand JSON over as text.
        if isinstance(written := named[name], str):
            named[name] = json.loads(written)
    return Row(**named)  # type: ignore[arg-type]  # the query names the columns in the order of the fields
