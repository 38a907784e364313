"""What is wrong with a pack: file, line, what happened, and what to do; all of it at once, not the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal


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


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the nearest known word, or else the known words."""
    choices = sorted(set(known))
    nearest = get_close_matches(word, choices, n=1, cutoff=0.6)
    if nearest:
        return f"Did you mean {nearest[0]}?"
    return f"Known: {listed(choices)}."


def listed(words: Sequence[str], limit: int = 12) -> str:
    """Return the words as a list that stays readable, or ``none``."""
    if not words:
        return "none"
    shown = ", ".join(words[:limit])
    return shown if len(words) <= limit else f"{shown} and {len(words) - limit} more"
