"""Fits a read file to its strict model, and turns each misfit into a finding with line and remedy."""

import types
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .findings import Finding, did_you_mean
from .texts import Place, Sheet

Shape = TypeVar("Shape")
LANGUAGES = {"vi": "Vietnamese", "en": "English"}


def fit(shape: type[Shape], sheet: Sheet, findings: list[Finding], place: Place = ()) -> Shape | None:
    """Return the part of the file at ``place`` as ``shape``; None after adding what does not fit to ``findings``."""
    value = sheet.value
    for part in place:
        value = value[part]  # type: ignore[index]  # the place was found in this very value
    try:
        return TypeAdapter(shape).validate_python(value)
    except ValidationError as error:
        findings.extend(_finding(shape, sheet, place, each) for each in error.errors(include_url=False))
        return None


def _finding(shape: object, sheet: Sheet, start: Place, error: ErrorDetails) -> Finding:
    place = tuple(part for part in error["loc"] if part != "[key]")
    line = sheet.line_of((*start, *place))
    named = ".".join(str(part) for part in place)
    problem, remedy = _in_words(shape, place, error)
    return Finding(sheet.file, line, f"{named}: {problem}" if named else problem, remedy)


def _in_words(shape: object, place: Place, error: ErrorDetails) -> tuple[str, str]:
    last = str(place[-1]) if place else ""
    given, context = error["input"], error.get("ctx", {})
    problem = error["msg"][:1].lower() + error["msg"][1:]
    remedy = "Compare with docs/reference/packs.md."
    match error["type"]:
        case "extra_forbidden":
            problem = f"the key {last} is not known here"
            remedy = did_you_mean(last, keys_at(shape, place[:-1]))
        case "missing" if last in LANGUAGES:
            problem = f"the {LANGUAGES[last]} text is missing"
            remedy = f"Add {last}: both languages are needed."
        case "missing":
            problem, remedy = f"{last} is missing", f"Add {last}."
        case "literal_error":
            allowed = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            problem = f'"{given}" is not an allowed value ({allowed})'
            remedy = did_you_mean(str(given), allowed.split(", "))
        case "string_type":
            problem, remedy = f"{given!r} is not text", f'Put it in quotes: "{given}".'
        case "string_pattern_mismatch":
            problem = f'"{given}" does not have the form {context.get("pattern", "")}'
            remedy = "Use lower-case letters, digits and _ for names."
        case "value_error":
            problem, _, rest = error["msg"].removeprefix("Value error, ").partition("; ")
            remedy = f"{rest[:1].upper()}{rest[1:]}." if rest else "Correct it."
    return problem, remedy


def keys_at(shape: object, place: Sequence[str | int]) -> list[str]:
    """Return the keys that the model takes at the place, under the names that a file uses."""
    for part in place:
        shape = _inner(shape, part)
    model = _model(shape)
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _inner(shape: object, part: str | int) -> object:
    model = _model(shape)
    if model is not None:
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                return field.annotation
        return None
    origin, arguments = get_origin(shape), [each for each in get_args(shape) if each is not Ellipsis]
    if origin is Annotated:
        return _inner(arguments[0], part)
    if origin in (Union, types.UnionType):
        inner = (each for each in arguments if each is not type(None))
        return _inner(next(inner, None), part)
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(arguments) == 2:
        return arguments[1]
    return arguments[0] if arguments else None


def _model(shape: object) -> type[BaseModel] | None:
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Annotated:
        return _model(arguments[0])
    if origin in (Union, types.UnionType):
        return next((found for each in arguments if (found := _model(each)) is not None), None)
    return shape if isinstance(shape, type) and issubclass(shape, BaseModel) else None
