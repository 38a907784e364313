"""The ways in which a table is decided in SQL, and how a plan tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# DuckDB answers a longer IN by a join with the list, which pays only for long lists.
MOST_EQUALS = 24


@dataclass(frozen=True, slots=True)
class Way:
    """How one table is decided: `name` is "case", "lookup" or "join".

    `size` counts what the way works with: arms of a CASE, items of a lookup, rows of a joined relation.
    """

    name: str
    rules: int
    size: int

    def __str__(self) -> str:
        works_with = {"case": "arms", "lookup": "items", "join": "rows of rules"}[self.name]
        return f"{self.name} of {self.size:,} {works_with}"


@dataclass(frozen=True, slots=True)
class Numbered:
    """SQL of the number that a table comes to; `join` is the relation that it is read from, if any.

    `total` says that the number is never null. `before` are columns, by name, that it is made of, and
    `join_before` what these are read from.
    """

    text: str
    way: Way
    join: str = ""
    total: bool = False
    before: tuple[tuple[str, str], ...] = ()
    join_before: str = ""


def among(number: str, numbers: Sequence[int]) -> list[str]:
    """Return tests of which one is true when a column of small whole numbers is one of some."""
    ordered = sorted(numbers)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return [f"{number} BETWEEN {ordered[0]} AND {ordered[-1]}"]
    if len(ordered) > MOST_EQUALS:
        return [f"{number} IN ({', '.join(map(str, ordered))})"]
    return [f"{number} = {one}" for one in ordered]


def either(tests: Sequence[str]) -> str:
    """Return the tests joined by OR."""
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"
