"""The main things of a draft as a form: number, dates, plain values; what is typed goes into the text at its place."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from motcua.directives.complaints import DirectiveRefused
from motcua.directives.content import DirectiveContent, read_directive
from motcua.directives.parameters import ParameterSpec
from motcua.directives.reading import Place, Sheet, read_sheet
from motcua.web.operations.directives.moments import NO_MOMENT, NotAMoment, read_moment, typed_moment
from motcua.web.ui.components import Choice, FieldError, FieldView, Widget
from motcua.web.ui.law_words import labels_of_values, value_in_words
from motcua.web.ui.words import Bilingual

# What needs no quotes in YAML and is not taken for anything but itself.
_PLAIN = re.compile(r"[A-Za-zÀ-ỹ0-9][A-Za-zÀ-ỹ0-9 ,./_()-]*", re.UNICODE)
MOMENTS = ("in_force.from", "in_force.until")


_TEXTS: tuple[tuple[str, str, Bilingual, Widget], ...] = (
    ("title", "vi", Bilingual("Tên chỉ thị, tiếng Việt", "Title in Vietnamese"), "text"),
    ("title", "en", Bilingual("Tên chỉ thị, tiếng Anh", "Title in English"), "text"),
    (
        "meaning",
        "vi",
        Bilingual("Nói với người dân, tiếng Việt", "What people are told, in Vietnamese"),
        "textarea",
    ),
    (
        "meaning",
        "en",
        Bilingual("Nói với người dân, tiếng Anh", "What people are told, in English"),
        "textarea",
    ),
)
LONGEST = 4000


def fields_of(
    text: str, specs: Mapping[str, ParameterSpec], typed: Mapping[str, str]
) -> tuple[FieldView, ...]:
    """Return the questions of the form with what the text answers; none while the text cannot be read."""
    try:
        sheet = read_sheet(text, "")
        number = sheet.value.get("number") if isinstance(sheet.value, dict) else None
        # A draft that still lacks its number can be asked for it.
        content = read_directive(text if number else _with(text, ("number",), "0"), "")
    except DirectiveRefused:
        return ()
    fields = [
        FieldView(
            "number",
            Bilingual("Số chỉ thị", "Number"),
            value=str(number or ""),
            hint=Bilingual("Ví dụ 08/CT-UBND", "Such as 08/CT-UBND"),
        ),
        FieldView(
            "replaces",
            Bilingual("Thay cho chỉ thị số", "Replaces the directives"),
            value=", ".join(content.replaces),
            required=False,
        ),
        FieldView(
            "in_force.from",
            Bilingual("Áp dụng từ", "In force from"),
            value=typed_moment(content.in_force.since),
            hint=Bilingual("Ngày và giờ, như 28/9/2026 06:00", "Day and time, such as 28/9/2026 06:00"),
        ),
        FieldView(
            "in_force.until",
            Bilingual("Áp dụng đến", "In force until"),
            value=typed_moment(content.in_force.until),
            required=False,
            hint=Bilingual("Để trống nếu chưa định ngày", "Leave empty if none is set"),
        ),
        FieldView(
            "undo_within_hours",
            Bilingual("Hoàn tác được trong (giờ)", "May be undone within (hours)"),
            widget="number",
            value=str(content.undo_within_hours),
            inputmode="numeric",
        ),
    ]
    fields += [
        FieldView(f"{name}.{language}", label, widget=widget, value=getattr(getattr(content, name), language))
        for name, language, label, widget in _TEXTS
    ]
    fields += [
        _of_parameter(specs[address], str(stated.default))
        for address, stated in content.parameters.items()
        if address in specs
        and stated.default is not None
        and not stated.places
        and not _names_places(sheet, address)
    ]
    return tuple(_as_typed(field, typed) for field in fields)


def _names_places(sheet: Sheet, address: str) -> bool:
    return ("parameters", address, "places") in sheet.keys


def _of_parameter(spec: ParameterSpec, value: str) -> FieldView:
    label = Bilingual(spec.label.vi, spec.label.en)
    options = spec.allowed or (("true", "false") if spec.type == "boolean" else ())
    if options:
        labels = labels_of_values()
        choices = tuple(Choice(option, value_in_words(option, spec.address, labels)) for option in options)
        return FieldView(f"parameters.{spec.address}", label, widget="select", value=value, choices=choices)
    bounded = spec.minimum is not None and spec.maximum is not None
    hint = (
        Bilingual(f"Từ {spec.minimum} đến {spec.maximum}", f"From {spec.minimum} to {spec.maximum}")
        if bounded
        else ""
    )
    return FieldView(
        f"parameters.{spec.address}", label, widget="number", value=value, hint=hint, inputmode="decimal"
    )


def _as_typed(field: FieldView, typed: Mapping[str, str]) -> FieldView:
    """Return the field with what was sent for it, and what is wrong with that."""
    if field.name not in typed:
        return field
    sent = " ".join(typed[field.name].split())[:LONGEST]
    wrong = _fault(field.name, sent)
    return FieldView(
        field.name, field.label, field.widget, sent, field.hint, wrong or "", field.choices,
        required=field.required, inputmode=field.inputmode,
    )  # fmt: skip


def _fault(name: str, sent: str) -> Bilingual | None:
    if name not in MOMENTS or (name == "in_force.until" and not sent):
        return None
    try:
        read_moment(sent)
    except NotAMoment:
        return NO_MOMENT
    return None


def errors_in(fields: tuple[FieldView, ...]) -> tuple[FieldError, ...]:
    """Return what is wrong with the fields, in order."""
    return tuple(FieldError(field.name, field.error) for field in fields if str(field.error))


def written_into(text: str, fields: tuple[FieldView, ...]) -> str:
    """Return the text with the value of every field at its place; comments and the rest stay as they are."""
    for field in fields:
        text = _with(text, _place_of(field.name), _as_yaml(field))
    return text


def _place_of(name: str) -> Place:
    if name.startswith("parameters."):
        return ("parameters", name.removeprefix("parameters."))
    return tuple(name.split("."))


def _as_yaml(field: FieldView) -> str:
    if field.name == "replaces":
        numbers = [part.strip() for part in field.value.split(",") if part.strip()]
        return f"[{', '.join(_scalar(number) for number in numbers)}]"
    if field.name in MOMENTS:
        return (
            timezone.localtime(read_moment(field.value)).strftime("%Y-%m-%dT%H:%M:%S") if field.value else "~"
        )
    return _scalar(field.value)


def _scalar(value: str) -> str:
    # A double-quoted scalar of YAML is a string of JSON.
    return value if _PLAIN.fullmatch(value) and "  " not in value else json.dumps(value, ensure_ascii=False)


def _with(text: str, place: Place, value: str) -> str:
    """Return the text with one value replaced, or added after the part beside it."""
    sheet = read_sheet(text, "")
    default = (*place, "default")
    place = default if default in sheet.spans else place
    if place in sheet.spans:
        span = sheet.spans[place]
        standing = text[span.start : span.end]
        tail = standing[len(standing.rstrip()) :]
        # Where nothing is written yet, the value would stick to its colon.
        gap = " " if text[span.start - 1] == ":" else ""
        return f"{text[: span.start]}{gap}{value}{tail}{text[span.end :]}"
    if value in ("~", "[]", ""):
        return text
    return _added(text, sheet, place, value)


def _added(text: str, sheet: Sheet, place: Place, value: str) -> str:
    siblings = [span for at, span in sheet.keys.items() if len(at) == len(place) and at[:-1] == place[:-1]]
    if len(place) == 1:
        return f"{text.rstrip()}\n{place[0]}: {value}\n"
    # Written beside its first sibling, on a line of its own above it.
    start = min(span.start for span in siblings)
    indent = " " * (start - (text.rfind("\n", 0, start) + 1))
    return f"{text[:start]}{place[-1]}: {value}\n{indent}{text[start:]}"


def drafted_from(content: DirectiveContent, now: datetime) -> str:
    """Return the text of a new draft that says what a directive says, replaces it, and begins tomorrow at six."""
    tomorrow = timezone.localtime(now) + timedelta(days=1)
    begins = tomorrow.replace(hour=6, minute=0, second=0, microsecond=0)
    text = content.sheet.text
    for place, value in (
        (("number",), '""'),
        (("replaces",), f"[{_scalar(content.number)}]"),
        (("issued_on",), f"{timezone.localdate(now):%Y-%m-%d}"),
        (("in_force", "from"), f"{begins:%Y-%m-%dT%H:%M}"),
        (("in_force", "until"), "~"),
    ):
        text = _with(text, place, value)
    return text
