"""Makes the credential of a granted case from the pack's layout."""

from collections.abc import Mapping
from datetime import datetime

from motcua.agencies.queries import place_at
from motcua.cases.allotments import allotted_number
from motcua.cases.facts import scope_of
from motcua.cases.found import findings_in_scope
from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.cases.plans import Plan, plan_of
from motcua.credentials.services import IssuedCredential, issue
from motcua.decisions.models import DecisionRecord
from motcua.identity.people import PersonView, person
from motcua.procedures.content import ALLOTTED_NUMBER, feel_name
from motcua.procedures.queries import revision
from motcua.registers.facts import Fact


def issue_for(case: Case, *, now: datetime) -> IssuedCredential:
    """Sign and store the credential of the case; raises ``LayoutNotUsable``.

    Validity that an expression gives as a day lasts to the end of that day.
    """
    plan = plan_of(revision(case.revision_id))
    carried = plan.carried(whole_scope(case, plan, now), case.number)
    return issue(
        case_number=case.number,
        agency_path=case.agency_path,
        kind=carried.kind,
        claims=carried.claims,
        valid_from=carried.valid_from,
        valid_to=carried.valid_to,
        now=now,
    )


def whole_scope(
    case: Case, plan: Plan, now: datetime, *, found: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return what a layout's expressions see: form, facts as last read, findings, outputs, and the holder.

    ``found`` is what is about to be written down as found out, by name.
    """
    read = DecisionRecord.objects.filter(case_number=case.number, model_sha256__gt="").order_by("decided_at")
    record = read.last()
    # Where people decide, no register was asked.
    facts = [Fact.from_json(stored) for stored in record.facts] if record else []
    today = now.astimezone(LOCAL).date()
    scope = scope_of(plan.content.form, case.values, facts, today)
    scope = {**scope, **findings_in_scope(case.number, plan.content, found=found)}
    names = {code: place_at(code, today).name for code in place_codes(plan, case.values)}
    allotted = allotted_number(case.number) if plan.content.manifest.allotment is not None else None
    return layout_scope(
        plan,
        scope,
        values=case.values,
        holder=person(case.applicant_id),
        number=case.number,
        place_names=names,
        allotted=allotted,
    )


def place_codes(plan: Plan, values: Mapping[str, object]) -> list[str]:
    """Return the codes of the places that the form names."""
    codes = [values.get(field.name) for field in plan.place_fields]
    return [str(code) for code in codes if code]


def layout_scope(
    plan: Plan,
    scope: Mapping[str, object],
    *,
    values: Mapping[str, object],
    holder: PersonView,
    number: str,
    place_names: Mapping[str, str],
    allotted: int | None,
) -> dict[str, object]:
    """Add to form and facts what else a layout's expressions see."""
    whole = {**scope, **plan.outputs(scope)}
    for field in plan.place_fields:
        code = values.get(field.name)
        whole[f"{feel_name(field.name)} name"] = place_names[str(code)] if code else None
    whole["holder name"] = holder.name
    whole["birth year"] = holder.birth_year
    whole["case number"] = number
    if plan.content.manifest.allotment is not None:
        whole[ALLOTTED_NUMBER] = allotted
    return whole
