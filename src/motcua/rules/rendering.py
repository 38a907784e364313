"""Explanations as plain sentences in Vietnamese and English, from the model's annotations."""

from __future__ import annotations

import datetime as plain
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from motcua.rules.values import as_literal, from_plain

if TYPE_CHECKING:
    from motcua.rules.changes import Change
    from motcua.rules.explanation import Decision

_PLACE = re.compile(r"\{([^{}]+)\}")
_WORDS = {
    "vi": {
        "answer": "Kết quả: {}.",
        "none": "không có kết quả",
        "no_rule": "Không có quy định nào trong bảng áp dụng cho trường hợp này.",
        "rule": "Áp dụng quy định số {}.",
        "source": "Căn cứ: {}.",
        "change": "Kết quả sẽ là {} nếu {}.",
        "one": "{} là {} (hiện nay: {})",
        "and": " và ",
        "true": "có",
        "false": "không",
        "null": "chưa rõ",
    },
    "en": {
        "answer": "Result: {}.",
        "none": "no result",
        "no_rule": "No rule of the table applies to this case.",
        "rule": "Rule {} applies.",
        "source": "Source: {}.",
        "change": "The result would be {} if {}.",
        "one": "{} were {} (now: {})",
        "and": " and ",
        "true": "yes",
        "false": "no",
        "null": "not known",
    },
}


def plain_answer(value: Any) -> Any:
    """Return a value as JSON can hold it; what is not text, truth or a list becomes FEEL text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, list):
        return [plain_answer(item) for item in value]
    if isinstance(value, dict):
        return {key: plain_answer(item) for key, item in value.items()}
    return as_literal(from_plain(value))


def spoken(value: Any, language: str) -> str:
    """Return a value as people write it: dates day first in Vietnamese, decimals with a comma."""
    words = _WORDS[language]
    if value is None:
        return words["null"]
    if isinstance(value, bool):
        return words["true" if value else "false"]
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        text = as_literal(value)
        return text.replace(".", ",") if language == "vi" else text
    if isinstance(value, plain.datetime):
        shape = "%H:%M ngày %d/%m/%Y" if language == "vi" else "%d %B %Y, %H:%M"
        return value.strftime(shape)
    if isinstance(value, plain.date):
        return value.strftime("%d/%m/%Y" if language == "vi" else "%d %B %Y")
    if isinstance(value, plain.timedelta) and value == plain.timedelta(days=value.days):
        return f"{value.days} ngày" if language == "vi" else f"{value.days} days"
    if isinstance(value, list):
        return ", ".join(spoken(item, language) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {spoken(item, language)}" for name, item in value.items())
    return as_literal(from_plain(value))


def filled(template: str, values: Mapping[str, Any], language: str) -> str:
    """Return the template with its {names} filled; a name nothing knows stays as it is."""

    def put(found: re.Match[str]) -> str:
        name = " ".join(found[1].split())
        return spoken(values[name], language) if name in values else found[0]

    return _PLACE.sub(put, template)


def rendered(decision: Decision, language: str) -> str:
    """Return the answer, the rules behind it with their sources, and what would change it."""
    words = _WORDS.get(language)
    if words is None:
        raise ValueError(f'there is no text in "{language}": use {" or ".join(_WORDS)}')
    why = decision.why
    values = {**why.inputs, **{one.name: one.value for one in why.decisions}}
    lines = _reasons(decision, language, values)
    if not any(lines):
        answer = words["none"] if decision.value is None else spoken(decision.value, language)
        lines = [words["answer"].format(answer)]
    lines.extend(_change_line(change, language) for change in why.changes[:1])
    return "\n".join(line for line in lines if line)


def _reasons(decision: Decision, language: str, values: Mapping[str, Any]) -> list[str]:
    words = _WORDS[language]
    own = decision.unit.element.name
    lines: list[str] = []
    # The asked decision speaks first, then the decisions it rests on, nearest first.
    tables = list(reversed(decision.why.tables))
    tables.sort(key=lambda table: table.decision != own)
    for table in tables:
        for hit in table.hits:
            template = hit.annotations.get(language)
            if template:
                lines.append(filled(template, values, language))
            elif table.decision == own:
                lines.append(words["answer"].format(spoken(decision.value, language)))
                lines.append(words["rule"].format(hit.number))
            else:
                continue
            source = hit.annotations.get("source")
            if source:
                lines.append(words["source"].format(source.rstrip(".")))
        if not table.hits and table.decision == own:
            lines.append(words["no_rule"])
    return list(dict.fromkeys(lines))


def _change_line(change: Change, language: str) -> str:
    words = _WORDS[language]
    parts = [
        words["one"].format(one.label, spoken(one.after, language), spoken(one.before, language))
        for one in change.inputs
    ]
    answer = words["none"] if change.answer is None else spoken(change.answer, language)
    return words["change"].format(answer, words["and"].join(parts))
