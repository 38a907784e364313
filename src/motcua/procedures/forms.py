"""Reads a form from its JSON Schema, and checks what a citizen sent against it."""

import math
import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from pydantic import ValidationError

from motcua import rules
from motcua.procedures.content import Bilingual, Form, FormField, PaperWish, feel_name

LONGEST_VALUE = 10_000
# Stands in a field that asks for a paper where data of a register replace it.
REPLACED_BY_DATA = "data"
MOST_STRANGE_FIELDS = 20
# Controls and marks that reorder text hide what a name holds; half characters fit in no file.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_OWN_KEYS = {
    "x-label": "label",
    "x-help": "help",
    "x-widget": "widget",
    "x-options": "options",
    "x-pattern-hint": "pattern_hint",
    "x-autocomplete": "autocomplete",
    "x-show-if": "show_if",
    "x-paper": "paper",
    "type": "type",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minimum": "minimum",
    "maximum": "maximum",
    "pattern": "pattern",
}
_PASSED_OVER = {"enum", "const", "format", "description", "title", "examples"}


class FormNotReadable(ValueError):
    """The JSON Schema of a form cannot be used; the message says where and how to mend it."""


class FormRefused(ValueError):
    """What was sent does not fit the form: one bilingual message a field, nothing was changed."""

    def __init__(self, errors: Mapping[str, Bilingual]) -> None:
        self.errors = dict(errors)
        super().__init__(", ".join(self.errors))


def read_form(schema: dict[str, object]) -> Form:
    """Read a form from JSON Schema 2020-12 with our ``x-`` keys; raises ``FormNotReadable``."""
    # Loaded here alone: models and commands import this module, and most of them read no form.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise FormNotReadable(f"/{'/'.join(map(str, error.absolute_path))}: {error.message}") from None
    if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
        raise FormNotReadable('/: the form is {"type": "object", "additionalProperties": false, ...}')
    properties = schema.get("properties")
    steps = schema.get("x-steps")
    if not isinstance(properties, dict) or not isinstance(steps, list):
        raise FormNotReadable("/: 'properties' and 'x-steps' are needed")
    required = schema.get("required", [])
    fields = {
        name: _read_field(name, body, required=name in required if isinstance(required, list) else False)
        for name, body in properties.items()
    }
    placed = [name for step in steps for name in step.get("fields", [])]
    if set(placed) != set(fields):
        astray = ", ".join(sorted(set(placed) ^ set(fields)))
        raise FormNotReadable(f"/x-steps: every property stands in one step; look at {astray}")
    try:
        laid = [{**step, "fields": [fields[name] for name in step["fields"]]} for step in steps]
        return Form.model_validate({"steps": laid, "json_schema": schema})
    except ValidationError as error:
        raise FormNotReadable(_first_message(error, "/x-steps")) from None


def _read_field(name: str, body: object, *, required: bool) -> FormField:
    if not isinstance(body, dict):
        raise FormNotReadable(f"/properties/{name}: a property is an object")
    unknown = set(body) - set(_OWN_KEYS) - _PASSED_OVER
    if unknown:
        known = ", ".join(sorted({*_OWN_KEYS, *_PASSED_OVER}))
        raise FormNotReadable(
            f"/properties/{name}: unknown key {', '.join(sorted(unknown))} (known: {known})"
        )
    own = {ours: body[theirs] for theirs, ours in _OWN_KEYS.items() if theirs in body}
    try:
        return FormField.model_validate({"name": name, "required": required, **own})
    except ValidationError as error:
        raise FormNotReadable(_first_message(error, f"/properties/{name}")) from None


def _first_message(error: ValidationError, place: str) -> str:
    first = error.errors()[0]
    return f"{place}/{'/'.join(map(str, first['loc']))}: {first['msg']}"


def check_values(form: Form, values: Mapping[str, object]) -> dict[str, object]:
    """Return the cleaned values of the fields that are shown; raises ``FormRefused``.

    Text is put in NFC and trimmed. A field that its condition hides is dropped, so that an answer given
    before the citizen changed their mind does not linger.
    """
    errors: dict[str, Bilingual] = {}
    fields = {field.name: field for field in form.fields}
    strange = [name for name in values if name not in fields]
    # A few names tell the sender what is wrong; naming all would let a small request ask for a large answer.
    for name in strange[:MOST_STRANGE_FIELDS]:
        shown = UNSEEN.sub("�", name[:40])
        errors[shown] = Bilingual(
            vi=f"Mẫu đơn không có mục “{shown}”. Bỏ mục này rồi gửi lại.",
            en=f"The form has no field “{shown}”. Leave it out and send again.",
        )
    cleaned: dict[str, object] = {}
    for field in form.fields:
        if not is_shown(field, cleaned, form):
            continue
        try:
            value = clean_value(field, values.get(field.name))
        except FormRefused as refusal:
            errors.update(refusal.errors)
            continue
        if value is not None:
            cleaned[field.name] = value
    if errors:
        raise FormRefused(errors)
    return cleaned


@lru_cache(maxsize=1024)
def _condition(text: str, names: tuple[str, ...]) -> Callable[[Mapping[str, object]], object]:
    return rules.compile_feel(text, names)


def is_shown(field: FormField, values: Mapping[str, object], form: Form) -> bool:
    """Tell whether the field's FEEL condition holds for the values so far; no condition is always."""
    if field.show_if is None:
        return True
    names = tuple(feel_name(each.name) for each in form.fields)
    scope = {feel_name(each.name): _exact(values.get(each.name)) for each in form.fields}
    return _condition(field.show_if, names)(scope) is True


def _exact(value: object) -> object:
    """Return a number with decimals as FEEL takes it."""
    return Decimal(str(value)) if isinstance(value, float) else value


def clean_value(field: FormField, value: object) -> object:
    """Return the value in its type, or None for an empty answer; raises ``FormRefused`` with one error."""
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value[: LONGEST_VALUE + 1]).strip()
    if value is None or value == "":
        if field.required and field.type != "boolean":
            raise _refusal(field, "Trả lời mục “{label}”.", "Answer “{label}”.")
        return None if field.type != "boolean" else _checkbox(field, value)
    match field.type:
        case "boolean":
            return _checkbox(field, value)
        case "integer" | "number":
            return _number(field, value)
        case _:
            return _text(field, value)


def _refusal(field: FormField, vi: str, en: str) -> FormRefused:
    message = Bilingual(vi=vi.format(label=field.label.vi), en=en.format(label=field.label.en))
    return FormRefused({field.name: message})


def _checkbox(field: FormField, value: object) -> bool:
    if value in (True, "true", "on", "1", "yes"):
        return True
    if value not in (None, "", False, "false", "off", "0", "no"):
        raise _refusal(field, "Mục “{label}” chỉ nhận có hoặc không.", "“{label}” takes yes or no only.")
    if field.required and field.widget == "checkbox":
        raise _refusal(field, "Đánh dấu vào mục “{label}” để tiếp tục.", "Tick “{label}” to go on.")
    return False


def _number(field: FormField, value: object) -> int | float:
    text = str(value).replace(" ", "")
    whole = field.type == "integer"
    if isinstance(value, bool) or not re.fullmatch(
        r"-?\d{1,15}" if whole else r"-?\d{1,15}([.,]\d{1,6})?", text
    ):
        raise _refusal(
            field, "Mục “{label}” cần một con số, ví dụ 12.", "“{label}” needs a number, such as 12."
        )
    number = int(text) if whole else float(text.replace(",", "."))
    # A whole number is written as one, so that 90 square meters do not become 90.0 on a paper.
    number = int(number) if number == int(number) else number
    low = -math.inf if field.minimum is None else field.minimum
    high = math.inf if field.maximum is None else field.maximum
    if not low <= number <= high:
        bounds = (f"{low:g}" if low > -math.inf else "…", f"{high:g}" if high < math.inf else "…")
        raise _refusal(
            field,
            f"Mục “{{label}}” nhận số từ {bounds[0]} đến {bounds[1]}.",
            f"“{{label}}” takes a number from {bounds[0]} to {bounds[1]}.",
        )
    return number


def _text(field: FormField, value: object) -> str:
    if not isinstance(value, str):
        raise _refusal(field, "Mục “{label}” cần chữ.", "“{label}” needs text.")
    if UNSEEN.search(value):
        raise _refusal(
            field,
            "Mục “{label}” có ký tự không nhìn thấy. Xoá rồi gõ lại bằng tay.",
            "“{label}” holds characters that cannot be seen. Delete it and type it again.",
        )
    if len(value) > field.max_length:
        raise _refusal(
            field,
            f"Mục “{{label}}” dài quá {field.max_length} ký tự. Viết ngắn lại.",
            f"“{{label}}” is longer than {field.max_length} characters. Make it shorter.",
        )
    if field.min_length is not None and len(value) < field.min_length:
        raise _refusal(
            field,
            f"Mục “{{label}}” cần ít nhất {field.min_length} ký tự.",
            f"“{{label}}” needs at least {field.min_length} characters.",
        )
    if field.options and value not in {option.value for option in field.options}:
        raise _refusal(
            field,
            "Chọn một câu trả lời trong danh sách cho mục “{label}”.",
            "Choose one of the answers listed for “{label}”.",
        )
    if field.widget == "date":
        return _date(field, value)
    if field.paper is not None:
        return _paper(field, field.paper, value)
    # The pattern is the pack's, checked on load; fullmatch on at most 200 characters stays cheap.
    if field.pattern is not None and re.fullmatch(field.pattern, value) is None:
        hint = field.pattern_hint
        raise _refusal(
            field,
            f"Mục “{{label}}” chưa đúng dạng. {hint.vi if hint else ''}".strip(),
            f"“{{label}}” is not in the right form. {hint.en if hint else ''}".strip(),
        )
    return value


def _paper(field: FormField, wish: PaperWish, value: str) -> str:
    """Take the id of a paper, or the word for data where the pack lets data replace it."""
    if value == REPLACED_BY_DATA and wish.replaced_by is not None:
        return value
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise _refusal(
            field,
            "Chọn hoặc tải lên giấy tờ cho mục “{label}”.",
            "Choose or upload a paper for “{label}”.",
        ) from None


def _date(field: FormField, value: str) -> str:
    """Take 2026-09-03 or 3/9/2026 and return the former."""
    slashed = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", value)
    try:
        if slashed:
            return date(int(slashed[3]), int(slashed[2]), int(slashed[1])).isoformat()
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise _refusal(
            field,
            "Mục “{label}” cần một ngày có thật, ví dụ 3/9/2026.",
            "“{label}” needs a real date, such as 3/9/2026.",
        ) from None
