"""A form made ready to check many requests: what differs from one request to the next is all that is worked out.

Says the same as ``procedures.forms``, to which every answer goes that is not plainly right.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from motcua import rules
from motcua.procedures.content import Form, FormField, feel_name
from motcua.procedures.forms import UNSEEN, FormRefused, check_values, clean_value

Fast = Callable[[object], bool]


class FormCheck:
    """Checks values against one form."""

    def __init__(self, form: Form) -> None:
        self._form = form
        names = [field.name for field in form.fields]
        self._names = frozenset(names)
        self._steps = [(field, _plainly_right(field), _condition(field, names)) for field in form.fields]

    def __call__(self, values: Mapping[str, object]) -> dict[str, object]:
        """Return the cleaned values as ``check_values`` does; raises ``FormRefused``."""
        if not self._names.issuperset(values):
            return check_values(self._form, values)
        cleaned: dict[str, object] = {}
        try:
            for field, right, shown in self._steps:
                if shown is not None and not shown(cleaned):
                    continue
                value = values.get(field.name)
                if not right(value):
                    value = clean_value(field, value)
                if value is not None:
                    cleaned[field.name] = value
        except FormRefused:
            # Every field at fault is named, not only the first.
            return check_values(self._form, values)
        return cleaned


def _condition(field: FormField, names: list[str]) -> Callable[[Mapping[str, object]], bool] | None:
    if field.show_if is None:
        return None
    # A name that does not stand in the text cannot be read by it.
    used = [name for name in names if feel_name(name) in " ".join(field.show_if.split())]
    holds = rules.compile_feel(field.show_if, tuple(feel_name(name) for name in used))

    def shown(values: Mapping[str, object]) -> bool:
        return holds({feel_name(name): values.get(name) for name in used}) is True

    return shown


def _plainly_right(field: FormField) -> Fast:
    """Return a test of values that need no cleaning and break no rule; others are looked at in full."""
    match field.type:
        case "boolean":
            must_tick = field.required and field.widget == "checkbox"
            return lambda value: value is True or (value is False and not must_tick)
        case "integer":
            low = -(10**15) + 1 if field.minimum is None else field.minimum
            high = 10**15 - 1 if field.maximum is None else field.maximum
            return lambda value: type(value) is int and low <= value <= high and -(10**15) < value < 10**15
        case "number":
            return lambda value: value is None and not field.required
        case _:
            return _text_right(field)


def _text_right(field: FormField) -> Fast:
    options = frozenset(option.value for option in field.options)
    pattern = re.compile(field.pattern) if field.pattern is not None else None
    shortest = max(1, field.min_length or 1)

    def right(value: object) -> bool:
        if value is None:
            return not field.required
        if type(value) is not str or not shortest <= len(value) <= field.max_length or value != value.strip():
            return False
        if UNSEEN.search(value) or not (value.isascii() or unicodedata.is_normalized("NFC", value)):
            return False
        if options and value not in options:
            return False
        if field.widget == "date":
            return _is_iso(value)
        if field.paper is not None:
            return False
        return pattern is None or pattern.fullmatch(value) is not None

    return right


def _is_iso(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
