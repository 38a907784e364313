"""What the set-based engine takes, and how it says what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.rules.errors import RulesError
from motcua.rules.kinds import (
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAY_DURATION,
    MONTH_DURATION,
    NUMBER,
    STRING,
    FeelType,
)
from motcua.rules.values import Value

# Types with a column of their own; durations exist only inside an expression.
COLUMN_TYPES = (NUMBER, STRING, BOOLEAN, DATE, DATE_TIME)
SCALARS = (*COLUMN_TYPES, DAY_DURATION, MONTH_DURATION)


class NotInSubset(RulesError):
    """A construct that has no SQL of the same meaning; decide such a model per case."""

    def __init__(self, construct: str, *, element: str = "", text: str = "") -> None:
        self.construct = construct
        self.element = element
        where = f' in "{element}"' if element else ""
        shown = f": {text[:80]}" if text else ""
        super().__init__(f"{construct}{where} is outside the set-based subset{shown}. Decide per case.")


@dataclass(frozen=True, slots=True)
class Digits:
    """How many digits a number can have before and after the point."""

    whole: int
    scale: int

    def __str__(self) -> str:
        return f"{self.whole} digits before the point and {self.scale} after"


@dataclass(frozen=True, slots=True)
class Sql:
    """An SQL expression of a FEEL type. Both kinds of duration are whole numbers, of days and of months.

    A text that a table decides has `codes`: each answer it can give with its numbers in the column
    `code_text`, which is never null, so that another table compares small numbers and not texts.
    A number has `digits`; `leaves` are the input columns it is made of, and `integer` says that the
    database may hold it as an integer, of 32 bits where it can.
    """

    text: str
    kind: FeelType
    constant: bool = False
    codes: Mapping[Value, tuple[int, ...]] | None = None
    code_text: str = ""
    digits: Digits | None = None
    integer: bool = False
    leaves: frozenset[str] = frozenset()
