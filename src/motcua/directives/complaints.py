"""What is wrong with a directive: line, column, what happened, what to do; all of it at once, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice


@dataclass(frozen=True, slots=True, order=True)
class Words:
    """One text in both languages."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English text for ``en``, otherwise the Vietnamese one."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One fault. Line and column count from 1, in the text that was handed in."""

    line: int
    column: int
    what: Words
    remedy: Words

    def in_language(self, language: str) -> str:
        """Return fault and remedy as two sentences."""
        return f"{self.what.in_language(language)}. {self.remedy.in_language(language)}"


# Nobody mends more at once, and a text can be made that has a hundred thousand.
MOST_TOLD = 100


def first_of(found: Iterable[Complaint], last_line: int) -> list[Complaint]:
    """Return the first hundred complaints and, on the last line of the text, that there are more."""
    told = list(islice(found, MOST_TOLD + 1))
    if len(told) <= MOST_TOLD:
        return told
    more = Complaint(
        last_line,
        1,
        Words(f"còn nhiều hơn {MOST_TOLD} lỗi", f"there are more than {MOST_TOLD} faults"),
        Words("Sửa những lỗi đã nêu rồi kiểm tra lại.", "Mend those that are named and check again."),
    )
    return [*told[:MOST_TOLD], more]


class DirectiveRefused(ValueError):
    """The directive cannot be used; ``complaints`` lists the faults found, in the order of lines."""

    def __init__(self, name: str, complaints: Iterable[Complaint]) -> None:
        self.name = name
        self.complaints = tuple(sorted(set(complaints)))
        super().__init__("\n".join(self.lines("en")))

    def lines(self, language: str) -> list[str]:
        """Return one line a fault, with the place where it stands."""
        line, column = ("line", "column") if language == "en" else ("dòng", "cột")
        return [
            f"{self.name}, {line} {each.line}, {column} {each.column}: {each.in_language(language)}"
            for each in self.complaints
        ]


def did_you_mean(word: str, known: Iterable[str]) -> Words:
    """Return a remedy that names the nearest known word, or else the known words."""
    choices = sorted(set(known))
    nearest = get_close_matches(word, choices, n=1, cutoff=0.6)
    if nearest:
        return Words(f"Có phải ý bạn là {nearest[0]}?", f"Did you mean {nearest[0]}?")
    listed = ", ".join(choices[:12])
    return Words(f"Đã có: {listed or 'chưa có gì'}.", f"Known: {listed or 'none'}.")
