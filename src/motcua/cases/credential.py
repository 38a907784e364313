"""Makes the credential of a granted case from the pack's layout."""

from datetime import date, datetime, time

from motcua import rules
from motcua.agencies.queries import place_at
from motcua.cases.allotments import allotted_number
from motcua.cases.facts import scope_of
from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.cases.verdicts import known_to
from motcua.credentials.services import IssuedCredential, issue
from motcua.decisions.models import DecisionRecord
from motcua.identity.people import person
from motcua.procedures.content import ALLOTTED_NUMBER, Content, feel_name
from motcua.procedures.queries import revision
from motcua.registers.facts import Fact


class LayoutNotUsable(ValueError):
    """An expression of ``credential.yaml`` gave something that a credential cannot carry."""


def issue_for(case: Case, *, content: Content, now: datetime) -> IssuedCredential:
    """Sign and store the credential of the case; raises ``LayoutNotUsable``.

    Validity that an expression gives as a day lasts to the end of that day.
    """
    layout = content.credential
    if layout is None:
        raise LayoutNotUsable(f"{case.procedure_code} issues a credential but has no credential.yaml")
    scope = _scope(case, content, now)

    def value_of(expression: str, what: str) -> object:
        value = rules.evaluate_feel(expression, scope)
        if value is None:
            raise LayoutNotUsable(f"credential.yaml, {what}: {expression} is null for {case.number}")
        return value

    claims = {claim.key: value_of(claim.value, claim.name) for claim in layout.claims}
    return issue(
        case_number=case.number,
        agency_path=case.agency_path,
        kind=layout.kind,
        claims={key: _plain(value) for key, value in claims.items()},
        valid_from=_moment(value_of(layout.valid_from, "valid_from"), time.min),
        valid_to=_moment(value_of(layout.valid_until, "valid_until"), time(23, 59, 59)),
        now=now,
    )


def _scope(case: Case, content: Content, now: datetime) -> dict[str, object]:
    """Return what the layout's expressions see: form, facts as last read, outputs, and the holder."""
    record = DecisionRecord.objects.filter(case_number=case.number, model_sha256__gt="").latest("decided_at")
    facts = [Fact.from_json(stored) for stored in record.facts]
    holder = person(case.applicant_id)
    today = now.astimezone(LOCAL).date()
    scope = scope_of(content.form, case.values, facts, today)
    procedure = revision(case.revision_id)
    known = known_to(procedure, scope)
    for name in content.manifest.decision.outputs:
        value = procedure.model(known, decision=name).value
        scope[name] = value
        if isinstance(value, dict):
            scope |= {feel_name(key): inner for key, inner in value.items()}
    for field in content.form.fields:
        code = case.values.get(field.name)
        if field.widget == "place" and code:
            scope[f"{feel_name(field.name)} name"] = place_at(str(code), today).name
    scope["holder name"] = holder.name
    scope["birth year"] = holder.birth_year
    scope["case number"] = case.number
    if content.manifest.allotment is not None:
        scope[ALLOTTED_NUMBER] = allotted_number(case.number)
    return scope


def _moment(value: object, at: time) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)
    if isinstance(value, date):
        return datetime.combine(value, at, LOCAL)
    raise LayoutNotUsable(f"validity is a date or a date and time, not {value!r}")


def _plain(value: object) -> object:
    """Return the value in a form that CBOR and JSON both keep."""
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    number = str(value)
    return int(number) if number.lstrip("-").isdigit() else number
