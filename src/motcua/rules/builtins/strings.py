"""Built-ins on text; positions count characters from 1, and from the end when negative."""

from __future__ import annotations

from decimal import Decimal

from motcua.rules.builtins.registry import builtin
from motcua.rules.kinds import BOOLEAN, LIST, NUMBER, STRING
from motcua.rules.regex import pattern
from motcua.rules.values import Value
from motcua.rules.work import hold_text


@builtin("substring(string: string, start position: number, length: number?)", STRING)
def substring(text: str, start: Decimal, length: Decimal | None) -> Value:
    at = int(start)
    if at == 0 or (length is not None and length < 1):
        return None
    first = at - 1 if at > 0 else len(text) + at
    if first < 0 or first >= len(text):
        return "" if first >= len(text) else None
    return text[first:] if length is None else text[first : first + int(length)]


@builtin("string length(string: string)", NUMBER)
def string_length(text: str) -> Value:
    return Decimal(len(text))


@builtin("upper case(string: string)", STRING)
def upper_case(text: str) -> Value:
    return text.upper()


@builtin("lower case(string: string)", STRING)
def lower_case(text: str) -> Value:
    return text.lower()


@builtin("substring before(string: string, match: string)", STRING)
def substring_before(text: str, match: str) -> Value:
    return text[: max(text.find(match), 0)]


@builtin("substring after(string: string, match: string)", STRING)
def substring_after(text: str, match: str) -> Value:
    at = text.find(match)
    return "" if at < 0 else text[at + len(match) :]


@builtin("contains(string: string, match: string)", BOOLEAN)
def contains(text: str, match: str) -> Value:
    return match in text


@builtin("starts with(string: string, match: string)", BOOLEAN)
def starts_with(text: str, match: str) -> Value:
    return text.startswith(match)


@builtin("ends with(string: string, match: string)", BOOLEAN)
def ends_with(text: str, match: str) -> Value:
    return text.endswith(match)


@builtin("matches(input: string, pattern: string, flags: string?)", BOOLEAN)
def matches(text: str, expression: str, flags: str | None) -> Value:
    found = pattern(expression, flags or "")
    return None if found is None else found.search(text) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags: string?)", STRING)
def replace(text: str, expression: str, replacement: str, flags: str | None) -> Value:
    found = pattern(expression, flags or "")
    return None if found is None else found.replace(text, replacement)


@builtin("split(string: string, delimiter: string)", LIST)
def split(text: str, delimiter: str) -> Value:
    found = pattern(delimiter, "")
    return None if found is None else found.split(text)


@builtin("string join(list: list, delimiter: string?)", STRING)
def string_join(items: list[Value], delimiter: str | None) -> Value:
    if any(item is not None and type(item) is not str for item in items):
        return None
    texts = [item for item in items if item is not None]
    hold_text(sum(map(len, texts)) + len(delimiter or "") * max(len(texts) - 1, 0))
    return (delimiter or "").join(texts)
