"""How the facts of a decision are kept: their heading once for all decisions that share it, their cells in the row.

What a fact is called, which register told it and that register's titles repeat from case to case, and are nine tenths
of a fact's letters. A row holds ``[heading, asked at, [as of, ...], [cell, ...]]``, moments in microseconds since 1970;
a heading holds for each cell its name, register, two titles, and the place of its moment among ``as of``. A row that
was written as a list of whole facts is read as well. docs/adr/0030.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import models

from motcua.events.copying import written_json
from motcua.events.once import kept_once, number_of
from motcua.events.trips import Rows
from motcua.events.values import microseconds
from motcua.registers.facts import Answer, Because, Fact, Json, written_value

# Any: what JSON holds.
Stored = list[Any]
_TABLE = "decisions_factheading"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN = frozenset({str, int, bool})
MOST_KEPT = 4096


class HeadingMissing(LookupError):
    """A row names a heading that is not stored: its facts cannot be read."""


class FactsKept:
    """Writes the facts of many decisions; a fact that several of them share is written once."""

    def __init__(self) -> None:
        self._headings: dict[int, str] = {}
        # The fact is kept beside its cell, so that no other gets its id meanwhile.
        self._cells: dict[int, tuple[Fact, str, int]] = {}
        # Of facts of one mark only the cells differ.
        self._marks: dict[object, int] = {}
        self._beginnings: dict[tuple[int, ...], str | None] = {}

    def __call__(self, facts: Sequence[Fact]) -> str:
        """Return the facts as JSON for the column; :meth:`headings` is stored in the same transaction."""
        cells, marks = [], []
        for fact in facts:
            known = self._cells.get(id(fact)) or self._written(fact)
            cells.append(known[1])
            marks.append(known[2])
        like = tuple(marks)
        if like not in self._beginnings:
            self._beginnings[like] = self._beginning(facts)
        beginning = self._beginnings[like]
        if beginning is None:
            return written_json([fact.to_json() for fact in facts])
        return f"{beginning}{', '.join(cells)}]]"

    def headings(self) -> Sequence[Rows]:
        """Return the statement that keeps the headings of all that was written; none if nothing was."""
        return [kept_once(_TABLE, self._headings)] if self._headings else []

    def _written(self, fact: Fact) -> tuple[Fact, str, int]:
        origin = (
            fact.name,
            fact.register,
            fact.source_title,
            fact.source_title_en,
            fact.as_of,
            fact.asked_at,
        )
        mark = self._marks.setdefault(origin, len(self._marks))
        known = self._cells[id(fact)] = fact, written_json(_cell(fact)), mark
        return known

    def _beginning(self, facts: Sequence[Fact]) -> str | None:
        """Return what stands before the cells; None for facts that were not asked at one moment."""
        if len({fact.asked_at for fact in facts}) != 1:
            return None
        moments = dict.fromkeys(fact.as_of for fact in facts if fact.as_of is not None)
        places: dict[datetime | None, int | None] = {
            **{moment: place for place, moment in enumerate(moments)},
            None: None,
        }
        heading = written_json(
            [
                [fact.name, fact.register, fact.source_title, fact.source_title_en, places[fact.as_of]]
                for fact in facts
            ]
        )
        number = number_of(heading)
        self._headings[number] = heading
        as_of = ", ".join([str(microseconds(moment)) for moment in moments])
        return f"[{number}, {microseconds(facts[0].asked_at)}, [{as_of}], ["


def _cell(fact: Fact) -> object:
    """Return a value that a record says plainly as itself, all else as a list that says why."""
    value = fact.value
    if fact.because is Because.RECORD and type(value) in _PLAIN and fact.answer == _plain_answer(value):
        return value
    if value is None and fact.answer == "unknown":
        return [fact.because.value]
    kind, text = written_value(value)
    return [kind, text, fact.answer, fact.because.value]


def _plain_answer(value: object) -> Answer:
    return "known" if not isinstance(value, bool) else "yes" if value else "no"


class FactsField(models.JSONField):
    """A column of facts: whole facts, as ``Fact.to_json`` writes them, however the row was written.

    To read a heading that was not met before costs a query.
    """

    # Any: the connection and the expression are Django's own.
    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> list[Json] | None:
        """Return whole facts; raises ``HeadingMissing``."""
        stored = super().from_db_value(value, expression, connection)
        return whole_facts(stored, connection) if _is_short(stored) else stored


def _is_short(stored: object) -> bool:
    return isinstance(stored, list) and bool(stored) and isinstance(stored[0], int)


# Any: the connection is Django's own.
def whole_facts(stored: Stored, connection: Any) -> list[Json]:
    """Return the facts of a row as ``Fact.to_json`` writes them. Raises ``HeadingMissing``."""
    number, asked_at, as_of, cells = stored
    asked, moments = _moment(asked_at), [_moment(each) for each in as_of]
    return [
        {
            "name": name,
            "value": text,
            "value_type": kind,
            "answer": answer,
            "register": register,
            "source_title": title,
            "source_title_en": title_en,
            "as_of": None if place is None else moments[place],
            "because": because,
            "asked_at": asked,
        }
        for (name, register, title, title_en, place), (kind, text, answer, because) in zip(
            _heading(number, connection), map(_told, cells), strict=True
        )
    ]


_Line = tuple[str, str, str, str, int | None]
_met: dict[int, list[_Line]] = {}


# Any: the connection is Django's own.
def _heading(number: int, connection: Any) -> list[_Line]:
    found = _met.get(number)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT content::text FROM {_TABLE} WHERE id = %s", [number])  # noqa: S608
            row = cursor.fetchone()
        if row is None:
            raise HeadingMissing(f"{_TABLE} has no row {number}")
        if len(_met) >= MOST_KEPT:
            _met.clear()
        # A number is a hash of its content: it never comes to mean anything else.
        found = _met[number] = json.loads(row[0])
    return found


def _told(cell: object) -> tuple[str | None, str | None, str, str]:
    """Return kind, text, answer and reason of a cell."""
    if isinstance(cell, list):
        if len(cell) == 1:
            return None, None, "unknown", cell[0]
        kind, text, answer, because = cell
        return kind, text, answer, because
    if type(cell) not in _PLAIN:
        raise ValueError(f"a stored fact has the value {cell!r}")
    assert isinstance(cell, str | int)
    return *written_value(cell), _plain_answer(cell), Because.RECORD.value


@lru_cache(maxsize=256)
def _moment(since: int) -> str:
    return (_EPOCH + timedelta(microseconds=since)).isoformat()
