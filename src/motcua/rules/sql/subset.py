"""What the set-based engine takes, and how it says what it does not."""

from __future__ import annotations

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
class Sql:
    """An SQL expression of a FEEL type. Both kinds of duration are whole numbers, of days and of months."""

    text: str
    kind: FeelType
    constant: bool = False
