"""What may be asked of a register, and by whom; the asking itself is ``registers.services.ask``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal

from motcua.registers.facts import Value


class Asked(Enum):
    """Stands in ``Question.match`` for the person the question is about, so that one question serves many."""

    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Question:
    """One fact wanted of one register.

    ``match`` maps columns to wanted values; ``Asked.PERSON`` (or a person key) goes with a column of
    type ``person``. A wanted value of ``None`` means that it is itself unknown: nothing is read and the
    fact is unknown. ``returns`` names the column whose value is wanted; ``None`` asks whether there is
    such a record at all. ``on`` is the day for which the answer is wanted, the day of asking if not
    given; it matters where the declaration says how long a record is in force.
    """

    fact: str
    register: str
    match: Mapping[str, Value | Asked | None]
    returns: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of a questionnaire: the same question put to everyone, with values of their own to match.

    ``match`` names columns and, for each, the place of its value among the values of a person.
    """

    fact: str
    register: str
    match: tuple[tuple[str, int], ...]
    returns: str | None = None


class Questionnaire:
    """Questions put to many people: what differs from one to the next is a few values to match.

    ``prepared`` keeps what was worked out of the lines for the declarations of a moment.
    """

    __slots__ = ("lines", "prepared", "registers")

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)
        self.registers = frozenset(line.register for line in lines)
        self.prepared: dict[object, object] = {}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as the person asked about will read it.

    ``reference`` identifies the account, machine or link ("account:12", "travel_pass"), ``label`` names it in
    plain words, ``agency_path`` is the office on whose behalf it asks.
    """

    kind: Literal["machine", "account", "link"]
    reference: str
    label: str
    agency_path: str
