"""A pack's form as fields on a page: what to draw, and how to read what came back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from motcua.agencies.queries import places_now
from motcua.procedures.content import Bilingual, Form, FormField, FormStep
from motcua.procedures.forms import FormRefused, clean_value, is_shown
from motcua.web.ui.asked_papers import Offer
from motcua.web.ui.components import Choice, FieldError, FieldView, Row, Text
from motcua.web.ui.paper_words import source_of_paper, title_of_paper
from motcua.web.ui.words import Bilingual as Words
from motcua.web.ui.words import date_in_words, number_in_words

NOTHING_OFFERED: Mapping[str, Offer] = {}
YES = Words("Có", "Yes")
NO = Words("Không", "No")
DATE_PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was sent for one step: the values that fit, the texts as typed, and what is wrong."""

    cleaned: dict[str, object]
    typed: dict[str, str]
    errors: tuple[FieldError, ...]

    def with_errors(self, others: tuple[FieldError, ...]) -> "Answers":
        """Return the same with mistakes that were found elsewhere, in place of any of the same field."""
        names = {error.name for error in others}
        return replace(self, errors=(*others, *(error for error in self.errors if error.name not in names)))


def read_step(form: Form, step: FormStep, sent: Mapping[str, str], earlier: Mapping[str, object]) -> Answers:
    """Read the fields of one step from a sent form; ``earlier`` are the answers of the other steps.

    A field whose condition does not hold for the answers so far is left out, whatever was sent for it.
    """
    here = {field.name for field in step.fields}
    values: dict[str, object] = {name: value for name, value in earlier.items() if name not in here}
    typed: dict[str, str] = {}
    errors: list[FieldError] = []
    for field in step.fields:
        typed |= _typed(field, sent)
        if not is_shown(field, values, form):
            continue
        try:
            value = clean_value(field, _joined(field, typed))
        except FormRefused as refusal:
            errors += [FieldError(name, message) for name, message in refusal.errors.items()]
            continue
        if value is not None:
            values[field.name] = value
    return Answers(values, typed, tuple(errors))


def _typed(field: FormField, sent: Mapping[str, str]) -> dict[str, str]:
    names = [f"{field.name}-{part}" for part in DATE_PARTS] if field.widget == "date" else [field.name]
    # A page shows back at most what a field may hold and a little more; the rest is noise.
    return {name: sent.get(name, "")[: field.max_length + 200] for name in names}


def _joined(field: FormField, typed: Mapping[str, str]) -> str:
    if field.widget != "date":
        return typed[field.name]
    parts = [typed[f"{field.name}-{part}"].strip() for part in DATE_PARTS]
    return "/".join(parts) if any(parts) else ""


def field_views(
    form: Form,
    step: FormStep,
    *,
    values: Mapping[str, object],
    typed: Mapping[str, str] | None,
    errors: Iterable[FieldError],
    today: date,
    offered: Mapping[str, Offer] = NOTHING_OFFERED,
) -> tuple[FieldView, ...]:
    """Return the fields of the step to draw, with what was typed or, before anything was, the kept values.

    Every field that a later answer on the same page may call for is drawn, since no script shows or hides it.
    """
    here = {field.name for field in step.fields}
    others = {name: value for name, value in values.items() if name not in here}
    messages = {error.name: error.message for error in errors}
    return tuple(
        _paper_view(field, values.get(field.name), messages.get(field.name, ""), offered[field.name])
        if field.name in offered
        else _view(field, values.get(field.name), typed, messages.get(field.name, ""), today)
        for field in step.fields
        if _may_be_shown(field, others, form, here)
    )


def _paper_view(field: FormField, value: object, error: Text, offer: Offer) -> FieldView:
    return FieldView(
        name=field.name,
        label=field.label,
        widget="paper",
        value=offer.first_choice if value is None else str(value),
        hint=field.help or "",
        error=error,
        choices=offer.choices,
        required=field.required,
        note=offer.note or "",
    )


def _may_be_shown(field: FormField, others: Mapping[str, object], form: Form, here: set[str]) -> bool:
    if field.show_if is None or is_shown(field, others, form):
        return True
    return any(name.replace("_", " ") in field.show_if for name in here - {field.name})


def _view(
    field: FormField, value: object, typed: Mapping[str, str] | None, error: object, today: date
) -> FieldView:
    kept = _as_typed(field, value) if typed is None else typed
    parts = tuple(kept.get(f"{field.name}-{part}", "") for part in DATE_PARTS)
    needs_text = field.type == "string" and field.widget in ("text", "textarea")
    return FieldView(
        name=field.name,
        label=field.label,
        widget="radios" if field.type == "boolean" and field.widget == "radios" else field.widget,
        value=_checked(kept.get(field.name, "")) if field.type == "boolean" else kept.get(field.name, ""),
        hint=field.help or "",
        error=error if isinstance(error, str | Bilingual) else "",
        choices=choices_of(field, today),
        parts=(parts[0], parts[1], parts[2]),
        required=field.required or field.type == "boolean",
        max_length=field.max_length if needs_text and field.widget == "textarea" else None,
        autocomplete=field.autocomplete or "",
        inputmode="numeric" if field.widget == "number" else "",
    )


def _checked(text: str) -> str:
    return {"true": "yes", "on": "yes", "1": "yes", "yes": "yes", "false": "no", "no": "no"}.get(text, text)


def _as_typed(field: FormField, value: object) -> dict[str, str]:
    if value is None:
        return {}
    if field.widget == "date":
        day = date.fromisoformat(str(value))
        return dict(
            zip(
                (f"{field.name}-{part}" for part in DATE_PARTS),
                map(str, (day.day, day.month, day.year)),
                strict=True,
            )
        )
    if isinstance(value, bool):
        return {field.name: "yes" if value else "no"}
    return {field.name: str(value)}


def choices_of(field: FormField, today: date) -> tuple[Choice, ...]:
    """Return the answers to choose from; a place is chosen among the communes of the day."""
    if field.widget == "place":
        return tuple(Choice(place.code, place.name) for place in places_now(today))
    if field.type == "boolean":
        return (Choice("yes", YES), Choice("no", NO))
    return tuple(Choice(option.value, option.label) for option in field.options)


def answer_rows(
    form: Form, values: Mapping[str, object], *, today: date, address_of_step: Mapping[str, str] | None = None
) -> tuple[tuple[FormStep, tuple[Row, ...]], ...]:
    """Return every given answer in words, step by step; with addresses each row leads back to its question."""
    groups = []
    for step in form.steps:
        change = (address_of_step or {}).get(step.name, "")
        rows = tuple(
            Row(
                key=field.label,
                value=in_words(field, values.get(field.name), today),
                source=source_of_paper(values.get(field.name)) if field.paper else "",
                change_url=f"{change}#field-{field.name}" if change else "",
            )
            for field in step.fields
            if is_shown(field, values, form) and (field.name in values or not field.required)
        )
        if rows:
            groups.append((step, rows))
    return tuple(groups)


def in_words(field: FormField, value: object, today: date) -> str | Bilingual | Words:
    """Return one answer as a person would read it."""
    if value is None or value == "":
        return Words("Không khai", "Not given")
    if field.paper is not None:
        return title_of_paper(value)
    if isinstance(value, bool):
        return YES if value else NO
    if field.widget == "date":
        return date_in_words(date.fromisoformat(str(value)))
    if isinstance(value, int | float):
        return number_in_words(value)
    labels = {choice.value: choice.label for choice in choices_of(field, today)}
    label = labels.get(str(value), str(value))
    return label if isinstance(label, str | Bilingual | Words) else str(label)


def next_step(form: Form, name: str) -> FormStep | None:
    """Return the step after the named one, or None after the last."""
    names = [step.name for step in form.steps]
    place = names.index(name) + 1
    return form.steps[place] if place < len(names) else None


def first_incomplete(form: Form, values: Mapping[str, object]) -> FormStep | None:
    """Return the first step with a required question that is shown and not answered, if there is one."""
    for step in form.steps:
        for field in step.fields:
            if field.required and field.name not in values and is_shown(field, values, form):
                return step
    return None
