"""What was found out about a case: taken as questions of a form are, kept as JSON, and read by expressions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from motcua.procedures.asking import Form, FormField, FormStep
from motcua.procedures.findings import FindingDeclaration
from motcua.procedures.forms import FormRefused, clean_value
from motcua.procedures.parts import Bilingual, feel_name

LONGEST = 2000
_STEP = Bilingual(vi="Kết quả kiểm tra", en="What was found out")
# An amount as people write it, with points or spaces between thousands.
_GROUPED = re.compile(r"-?\d{1,3}([.,\s]\d{3})+")


def as_field(declared: FindingDeclaration) -> FormField:
    """Return the finding as a question of a form; a yes-or-no is asked with both answers, neither taken for granted."""
    asked: dict[str, object] = {
        "name": declared.name,
        "label": declared.label,
        "type": "string" if declared.type == "date" else declared.type,
        "required": declared.required,
        "minimum": declared.minimum,
        "maximum": declared.maximum,
        "options": declared.options,
        "max_length": LONGEST,
        "widget": "radios"
        if declared.options or declared.type == "boolean"
        else {"date": "date", "string": "textarea"}.get(declared.type, "number"),
    }
    return FormField.model_validate(asked)


def as_form(declared: Sequence[FindingDeclaration]) -> Form:
    """Return the findings as a form of one step."""
    fields = tuple(as_field(each) for each in declared)
    return Form(steps=(FormStep(name="findings", label=_STEP, fields=fields),), json_schema={})


def check_findings(declared: Sequence[FindingDeclaration], given: Mapping[str, object]) -> dict[str, object]:
    """Return a value for every declared finding, None for one that may be left out and was.

    Raises ``FormRefused`` with a message a finding. What was not asked is not taken.
    """
    errors: dict[str, Bilingual] = {}
    found: dict[str, object] = {}
    for each in declared:
        value = given.get(each.name)
        if isinstance(value, str) and each.type == "integer" and _GROUPED.fullmatch(value.strip()):
            value = re.sub(r"[.,\s]", "", value)
        try:
            found[each.name] = _checked(each, value)
        except FormRefused as refusal:
            errors |= refusal.errors
    if errors:
        raise FormRefused(errors)
    return found


def _checked(declared: FindingDeclaration, value: object) -> object:
    if declared.type == "boolean" and (value is None or value == ""):
        if not declared.required:
            return None
        label = declared.label
        raise FormRefused(
            {declared.name: Bilingual(vi=f"Trả lời mục “{label.vi}”.", en=f"Answer “{label.en}”.")}
        )
    return clean_value(as_field(declared), value)


def found_scope(declared: Iterable[FindingDeclaration], found: Mapping[str, object]) -> dict[str, object]:
    """Return every declared finding by its FEEL name and in FEEL's types; null where nothing was found out yet."""
    return {feel_name(each.name): _in_feel(each, found.get(each.name)) for each in declared}


def _in_feel(declared: FindingDeclaration, value: object) -> object:
    if declared.type == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(str(value))
    return value
