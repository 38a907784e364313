"""What is wrong with a pack: file, line, what happened, and what to do; all of it at once, not the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal


class Said(str):
    """A text in English that can also say itself in Vietnamese."""

    __slots__ = ("vi",)
    vi: str

    def __new__(cls, en: str, vi: str) -> "Said":
        """Return the English text with its Vietnamese beside it."""
        said = super().__new__(cls, en)
        said.vi = vi
        return said

    def in_language(self, language: str) -> str:
        """Return the English text for ``en``, otherwise the Vietnamese one."""
        return str(self) if language == "en" else self.vi


def in_vietnamese(text: str) -> str:
    """Return the text in Vietnamese if it knows itself in Vietnamese, otherwise as it is."""
    return text.vi if isinstance(text, Said) else text


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of a pack. ``line`` is 0 when the fault is of the whole file or folder."""

    file: str
    line: int
    problem: str
    remedy: str
    weight: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        label = "" if self.weight == "error" else "warning: "
        return f"{place}: {label}{self.problem}. {self.remedy}"


class PackRefused(ValueError):
    """The pack cannot be used; ``findings`` lists every fault found, in the order of files and lines."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(map(str, self.findings)))


def did_you_mean(word: str, known: Iterable[str]) -> Said:
    """Return a remedy that names the nearest known word, or else the known words."""
    choices = sorted(set(known))
    nearest = get_close_matches(word, choices, n=1, cutoff=0.6)
    if nearest:
        return Said(f"Did you mean {nearest[0]}?", f"Có phải ý bạn là {nearest[0]}?")
    return Said(f"Known: {listed(choices)}.", f"Đã có: {listed(choices)}.")


def listed(words: Sequence[str], limit: int = 12) -> str:
    """Return the words as a list that stays readable, or ``none``."""
    if not words:
        return "none"
    shown = ", ".join(words[:limit])
    return shown if len(words) <= limit else f"{shown} and {len(words) - limit} more"
