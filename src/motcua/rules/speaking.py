"""Values and templates as people write them, in Vietnamese and English."""

from __future__ import annotations

import datetime as plain
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from motcua.rules.values import as_literal, from_plain

_PLACE = re.compile(r"\{([^{}]+)\}")
_OWN_FILE = re.compile(r",? *SOURCES\.md[^;,]*")
WORDS = {
    "vi": {
        "answer": "Kết quả: {}.",
        "none": "không có kết quả",
        "no_rule": "Không có quy định nào trong bảng áp dụng cho trường hợp này.",
        "rule": "Áp dụng quy định số {}.",
        "source": "Căn cứ: {}.",
        "change": "Kết quả sẽ là “{}” nếu {}.",
        "no_change": "Sẽ không có kết quả nếu {}.",
        "otherwise": "Kết quả sẽ khác nếu {}. Khi đó: {}",
        "one": "{} là {} (hiện nay: {})",
        "truth": "điều “{}” là {} (hiện nay: {})",
        "holds": "đúng",
        "fails": "không đúng",
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
        "change": "The result would be “{}” if {}.",
        "no_change": "There would be no result if {}.",
        "otherwise": "The result would be another if {}. Then: {}",
        "one": "{} were {} (now: {})",
        "truth": "it were {1} that “{0}” (now: {2})",
        "holds": "true",
        "fails": "not true",
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
    words = WORDS[language]
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


def filled(template: str, said: Callable[[str], str | None]) -> str:
    """Return the template with its {names} filled; a name that nothing is said for stays as it is."""

    def put(found: re.Match[str]) -> str:
        words = said(" ".join(found[1].split()))
        return found[0] if words is None else words

    return _PLACE.sub(put, template)


def law_alone(source: str) -> str:
    """Return a source without the place in a pack's own SOURCES.md, which is for lawyers to find."""
    return _OWN_FILE.sub("", source).rstrip(". ")
