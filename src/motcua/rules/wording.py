"""What a model calls its inputs and codes in Vietnamese and English, from its labels and descriptions.

A line of a description, or a part of it before a semicolon, may name the element, `vùng nơi ở / home
zone`, or one of its values, `red: vùng đỏ / red zone`. Descriptions of item definitions count for
all that is of their type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from motcua.rules import model as m
from motcua.rules.speaking import spoken

LANGUAGES = ("vi", "en")
_PARTS = re.compile(r"[\n;]")
_NAMED = re.compile(r'(?:"?(?P<code>[^":/]+)"?:\s+)?(?P<vi>[^/]+?)\s+/\s+(?P<en>[^/]+)')

InTwoLanguages = tuple[str, str]


class Wording:
    """The words of one file; names are looked up by element, values by element or type."""

    def __init__(self, definitions: m.Definitions) -> None:
        self._items = {item.name: item for item in definitions.items}
        self._read: dict[str, Mapping[str, InTwoLanguages]] = {}

    def label(self, element: m.Element, language: str) -> str:
        """Return what people call an element; without words of its own, its label or else its name."""
        named = self._words(element.description).get("")
        if named is not None:
            return named[LANGUAGES.index(language)]
        # Labels are in the language of the administration, names of elements in English.
        return element.label or element.name if language == "vi" else element.name

    def said(self, element: m.Element, value: Any, language: str) -> str:
        """Return a plain value of an element in words, or as it is written where the model has none."""
        return self.in_words(element, value, language) or spoken(value, language)

    def in_words(self, element: m.Element, value: Any, language: str) -> str:
        """Return a plain value of an element in the model's own words, or empty text."""
        item = self._items.get(element.variable.type_ref or "")
        if isinstance(value, dict):
            parts = {part.name: part for part in item.components} if item is not None else {}
            found = [self._of_item(parts.get(name), one, language) for name, one in value.items()]
            return ", ".join(one for one in found if one)
        if not isinstance(value, str):
            return ""
        own = self._words(element.description).get(value)
        return own[LANGUAGES.index(language)] if own else self._of_item(item, value, language)

    def _of_item(self, item: m.Item | None, value: Any, language: str) -> str:
        while item is not None and isinstance(value, str):
            found = self._words(item.description).get(value)
            if found is not None:
                return found[LANGUAGES.index(language)]
            item = self._items.get(item.type_ref or "")
        return ""

    def _words(self, description: str) -> Mapping[str, InTwoLanguages]:
        if description not in self._read:
            found = (_NAMED.fullmatch(part.strip()) for part in _PARTS.split(description))
            self._read[description] = {
                (one["code"] or "").strip(): (one["vi"].strip(), one["en"].strip()) for one in found if one
            }
        return self._read[description]
