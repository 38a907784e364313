"""The form: options that agree with the schema, patterns that stay cheap, a promise of nothing unseen."""

import re
from collections.abc import Iterator

from motcua.procedures.content import FormField

from ..findings import Finding, did_you_mean
from ..reading import FORM, Pack

MOST_FIELDS = 60
# A repeated group that itself repeats is what makes a pattern slow on a hostile text.
REPEATED_REPEAT = re.compile(r"\([^()]*[+*}][^()]*\)[+*{]")


def check_form(pack: Pack) -> Iterator[Finding]:
    """Yield what the schema alone does not show."""
    schema = pack.content.form.json_schema
    names = [field.name for field in pack.content.form.fields]
    required = schema.get("required", [])
    for name in required if isinstance(required, list) else []:
        if name not in names:
            yield _at(
                pack, ("required",), f"required names {name}, which is no property", did_you_mean(name, names)
            )
    if len(names) > MOST_FIELDS:
        yield _at(
            pack,
            ("properties",),
            f"the form asks {len(names)} questions",
            f"Keep to {MOST_FIELDS}; nobody finishes more.",
        )
    for field in pack.content.form.fields:
        yield from _field(pack, field)


def _field(pack: Pack, field: FormField) -> Iterator[Finding]:
    place = ("properties", field.name)
    properties = pack.content.form.json_schema["properties"]
    body = properties[field.name] if isinstance(properties, dict) else {}
    options = [option.value for option in field.options]
    if field.widget in {"select", "radios"} and not options:
        yield _at(pack, place, f"{field.name} has the widget {field.widget} and no options", "Add x-options.")
    if options and body.get("enum") != options:
        yield _at(
            pack,
            (*place, "enum"),
            f"{field.name}: enum and x-options differ",
            f"Use the same values in both: {', '.join(options)}.",
        )
    if field.pattern is not None:
        yield from _pattern(pack, field, field.pattern)
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield _at(pack, (*place, "minimum"), f"{field.name}: minimum is above maximum", "Swap them.")


def _pattern(pack: Pack, field: FormField, pattern: str) -> Iterator[Finding]:
    place = ("properties", field.name, "pattern")
    if REPEATED_REPEAT.search(pattern):
        yield _at(
            pack,
            place,
            f"{field.name}: the pattern repeats a repeated group",
            "Write it without + or * around a group that has one inside.",
        )
    if field.pattern_hint is None:
        yield _at(
            pack,
            place,
            f"{field.name}: nobody is told what the pattern wants",
            "Add x-pattern-hint with an example in both languages.",
        )


def _at(pack: Pack, place: tuple[str, ...], problem: str, remedy: str) -> Finding:
    return Finding(FORM, pack.line_of(FORM, *place), problem, remedy)
