"""Explanations as plain sentences in Vietnamese and English, from the model's annotations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.rules.changes import Change
from motcua.rules.explanation import Explanation
from motcua.rules.speaking import WORDS, filled, spoken


def rendered(why: Explanation, language: str) -> str:
    """Return the answer, the rules behind it with their sources, and what would change it."""
    words = WORDS.get(language)
    if words is None:
        raise ValueError(f'there is no text in "{language}": use {" or ".join(WORDS)}')
    values = {**why.inputs, **{one.name: one.value for one in why.decisions}}
    lines = _reasons(why, language, values)
    if not any(lines):
        answer = words["none"] if why.value is None else spoken(why.value, language)
        lines = [words["answer"].format(answer)]
    lines.extend(_change_line(change, language) for change in why.changes[:1])
    return "\n".join(line for line in lines if line)


def _reasons(why: Explanation, language: str, values: Mapping[str, Any]) -> list[str]:
    words = WORDS[language]
    own = why.unit.element.name
    lines: list[str] = []
    # The asked decision speaks first, then the decisions it rests on, nearest first.
    tables = list(reversed(why.tables))
    tables.sort(key=lambda table: table.decision != own)
    for table in tables:
        for hit in table.hits:
            template = hit.annotations.get(language)
            if template:
                lines.append(filled(template, values, language))
            elif table.decision == own:
                lines.append(words["answer"].format(spoken(why.value, language)))
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
    words = WORDS[language]
    parts = [
        words["one"].format(one.label, spoken(one.after, language), spoken(one.before, language))
        for one in change.inputs
    ]
    answer = words["none"] if change.answer is None else spoken(change.answer, language)
    return words["change"].format(answer, words["and"].join(parts))
