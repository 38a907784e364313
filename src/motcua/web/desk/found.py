"""What an officer or an asked agency is to find out, as questions on a page, and what they answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from motcua.procedures.content import FindingDeclaration, FormStep
from motcua.procedures.forms import FormRefused
from motcua.procedures.found import as_form, check_findings
from motcua.web.ui.components import FieldError, FieldView
from motcua.web.ui.questions import DATE_PARTS, field_views

# A finding may be called as another field of the page is.
PREFIX = "found_"


@dataclass(frozen=True, slots=True)
class FoundOut:
    """What was sent: values by name of the finding, the texts as typed, and what is wrong, by field of the page."""

    values: Mapping[str, object]
    typed: Mapping[str, str]
    errors: tuple[FieldError, ...]


def read_found(declared: Sequence[FindingDeclaration], sent: Mapping[str, str]) -> FoundOut:
    """Read the findings from a sent page."""
    form, step = as_form(_prefixed(declared)), _step(declared)
    typed: dict[str, str] = {}
    given: dict[str, object] = {}
    for field in step.fields:
        names = [f"{field.name}-{part}" for part in DATE_PARTS] if field.widget == "date" else [field.name]
        typed |= {name: sent.get(name, "")[: field.max_length + 200] for name in names}
        parts = [typed[name].strip() for name in names]
        given[field.name.removeprefix(PREFIX)] = "/".join(parts) if any(parts) else ""
    try:
        return FoundOut(check_findings(declared, given), typed, ())
    except FormRefused as refusal:
        messages = {f"{PREFIX}{name}": message for name, message in refusal.errors.items()}
        errors = tuple(
            FieldError(field.name, messages[field.name]) for field in form.fields if field.name in messages
        )
        return FoundOut({}, typed, errors)


def found_views(
    declared: Sequence[FindingDeclaration],
    typed: Mapping[str, str],
    errors: Iterable[FieldError],
    today: date,
) -> tuple[FieldView, ...]:
    """Return the findings as fields to draw."""
    form, step = as_form(_prefixed(declared)), _step(declared)
    return field_views(form, step, values={}, typed=typed, errors=errors, today=today)


def _prefixed(declared: Sequence[FindingDeclaration]) -> list[FindingDeclaration]:
    return [each.model_copy(update={"name": f"{PREFIX}{each.name}"}) for each in declared]


def _step(declared: Sequence[FindingDeclaration]) -> FormStep:
    return as_form(_prefixed(declared)).steps[0]
