"""Explanations as plain sentences in Vietnamese and English, from the model's annotations."""

from __future__ import annotations

from typing import Any

from motcua.rules.changes import Change, InputChange, Wanted
from motcua.rules.explanation import Explanation
from motcua.rules.speaking import WORDS, law_alone, spoken


def rendered(why: Explanation, language: str, wanted: Wanted = None) -> str:
    """Return the answer, the rules behind it with their sources, and the nearest change to what is wanted."""
    words = WORDS.get(language)
    if words is None:
        raise ValueError(f'there is no text in "{language}": use {" or ".join(WORDS)}')
    answer = why.wording.in_words(why.unit.element, why.value, language)
    lines = [words["answer"].format(answer)] if answer else []
    lines.extend(_reasons(why, language, answered=bool(answer)))
    if not lines:
        said = words["none"] if why.value is None else spoken(why.value, language)
        lines = [words["answer"].format(said)]
    lines.extend(_change_line(why, change, language) for change in _nearest(why, language, wanted))
    return "\n".join(lines)


def _reasons(why: Explanation, language: str, *, answered: bool) -> list[str]:
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
                lines.append(why.sentence(template, language))
            elif table.decision == own:
                if not answered:
                    lines.append(words["answer"].format(spoken(why.value, language)))
                lines.append(words["rule"].format(hit.number))
            else:
                continue
            source = law_alone(hit.annotations.get("source", ""))
            if source:
                lines.append(words["source"].format(source))
        if not table.hits and table.decision == own:
            lines.append(words["no_rule"])
    return [line for line in dict.fromkeys(lines) if line]


def _nearest(why: Explanation, language: str, wanted: Wanted) -> tuple[Change, ...]:
    """Return the nearest change to what is wanted, else to the answer that its table ranks first, else to another.

    Another reason for the same answer is no other answer to a citizen.
    """
    if wanted is not None:
        return why.changes_of(wanted=wanted, most=1)
    best = why.best_answer
    if best is not None and _first(why.value) != best:
        found = why.changes_of(wanted=lambda value: _first(value) == best, most=1)
        if found:
            return found
    element = why.unit.element
    now = why.wording.in_words(element, why.value, language)
    if not now:
        return why.changes_of(most=1)
    return why.changes_of(wanted=lambda value: why.wording.in_words(element, value, language) != now, most=1)


def _first(value: Any) -> Any:
    """Return the first output of an answer."""
    return next(iter(value.values()), None) if isinstance(value, dict) else value


def _change_line(why: Explanation, change: Change, language: str) -> str:
    words = WORDS[language]
    said = [_part(why, one, language) for one in change.inputs]
    # Values have commas of their own.
    parts = words["and"].join(["; ".join(said[:-1]), said[-1]] if said[1:] else said)
    answer = why.wording.in_words(why.unit.element, change.answer, language)
    if answer:
        return words["change"].format(answer, parts)
    if change.answer is None:
        return words["no_change"].format(parts)
    # Codes mean nothing to people; the sentence of the rule that would fire says it.
    sentence = why.after(change).reason(language)
    if sentence:
        return words["otherwise"].format(parts, sentence)
    return words["change"].format(spoken(change.answer, language), parts)


def _part(why: Explanation, change: InputChange, language: str) -> str:
    words = WORDS[language]
    element = why.element(change.input)
    label = why.wording.label(element, language)
    if isinstance(change.after, bool):
        truths = {True: words["holds"], False: words["fails"], None: words["null"]}
        return words["truth"].format(label, truths[change.after], truths[change.before])
    said = [why.wording.said(element, value, language) for value in (change.after, change.before)]
    return words["one"].format(_inside(label), *said).replace(" là là ", " là ")


def _inside(label: str) -> str:
    """Return a label as it stands inside a sentence: small at the start, unless it is an abbreviation."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"
