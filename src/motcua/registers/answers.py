"""From records to a fact: three-valued, by the declaration; the same for every source."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from motcua.registers.cells import CellRefused, clean, reader_of
from motcua.registers.declaration import Column, Declaration
from motcua.registers.facts import Answer, Because, Fact, Value
from motcua.registers.questions import Asked, Question
from motcua.registers.readings import MOST_RECORDS, Cells, Reading

_VALUES: dict[str, Callable[[str], Value]] = {
    "text": str,
    "integer": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "boolean": lambda text: text == "true",
    "person": bytes.fromhex,
    "place": str,
    "tax_code": str,
}

# A tax code with a wrong digit is still a text, and no record holds it: that is a no, not an unknown.
COMPARED_AS_TEXT = frozenset({"text", "place", "tax_code"})


class Wanted:
    """One question against one declaration: what must be read for it, and what the records then say."""

    def __init__(self, question: Question, declaration: Declaration, on: date) -> None:
        self.question = question
        self._declaration = declaration
        self._on = question.on or on
        match = {name: _comparable(value, declaration.column(name)) for name, value in question.match.items()}
        self._exact = {name: value for name, value in match.items() if name in declaration.exact}
        self._loose = {name: value for name, value in match.items() if name not in declaration.exact}
        in_force = (declaration.in_force.since, declaration.in_force.until)
        needed = [question.returns, *self._loose, *in_force]
        self._columns = tuple(dict.fromkeys(name for name in needed if name))

    @property
    def askable(self) -> bool:
        """Whether every wanted value of the match is itself known."""
        return None not in self._exact.values() and None not in self._loose.values()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the question touches, for the log."""
        return tuple(dict.fromkeys([*self._exact, *self._columns]))

    @property
    def about_person(self) -> bool:
        """Whether the question reads or returns something about a person."""
        return any(self._declaration.column(name).type == "person" for name in self.columns)

    def reading(self) -> Reading:
        """Return what must be read. Only for askable questions."""
        exact = tuple((name, value) for name, value in self._exact.items() if value is not None)
        return Reading(exact, self._columns or (next(iter(self._exact)),))

    def fact(
        self,
        answer: Answer,
        because: Because,
        value: Value | None,
        as_of: datetime | None,
        asked_at: datetime,
    ) -> Fact:
        """Return the fact with its source."""
        return Fact(
            name=self.question.fact,
            value=value,
            answer=answer,
            register=self._declaration.name,
            source_title=self._declaration.title.vi,
            source_title_en=self._declaration.title.en,
            as_of=as_of,
            because=because,
            asked_at=asked_at,
        )

    def judge(
        self, records: Sequence[Cells], columns: tuple[str, ...]
    ) -> tuple[Answer, Because, Value | None]:
        """Return answer, reason and value that the records give; ``columns`` names their cells.

        A record whose compared column is empty counts as perhaps: it can turn a no into an unknown and
        contradict a value, but it never makes a yes.
        """
        if len(records) > MOST_RECORDS:
            return "unknown", Because.CONFLICTING, None
        sure: set[Value | None] = set()
        perhaps: set[Value | None] = set()
        for cells in records:
            record = self._values(cells, columns)
            if not self._in_force(record):
                continue
            equal = {None if record[name] is None else record[name] == v for name, v in self._loose.items()}
            if False in equal:
                continue
            value = record[self.question.returns] if self.question.returns else True
            (perhaps if None in equal else sure).add(value)
        if not sure and not perhaps:
            if self._declaration.absence_means == "no":
                boolean = self.question.returns is None
                return "no", Because.NO_RECORD, False if boolean else None
            return "unknown", Because.ABSENT, None
        return _weigh(sure, perhaps)

    def _values(self, cells: Cells, columns: tuple[str, ...]) -> dict[str, Value | None]:
        record: dict[str, Value | None] = {}
        for name, cell in zip(columns, cells, strict=True):
            convert = _VALUES[self._declaration.column(name).type]
            record[name] = None if cell is None else convert(cell)
        return record

    def _in_force(self, record: dict[str, Value | None]) -> bool:
        since = record.get(self._declaration.in_force.since or "")
        until = record.get(self._declaration.in_force.until or "")
        begun = not isinstance(since, date) or since <= self._on
        return begun and (not isinstance(until, date) or self._on <= until)


def _weigh(sure: set[Value | None], perhaps: set[Value | None]) -> tuple[Answer, Because, Value | None]:
    if len(sure | perhaps) > 1:
        return "unknown", Because.CONFLICTING, None
    if not sure or sure == {None}:
        return "unknown", Because.EMPTY, None
    value = next(iter(sure))
    if isinstance(value, bool):
        return ("yes" if value else "no"), Because.RECORD, value
    return "known", Because.RECORD, value


def _comparable(value: Value | Asked | None, column: Column) -> Value | Asked | None:
    """Return the wanted value in the type of the column; None if it is none of that type, so unknown.

    What a citizen typed reaches this as text, and a text that is no date cannot equal one.
    """
    if not isinstance(value, str):
        return value
    try:
        return reader_of(column.model_copy(update={"required": False, "allowed": ()}), None)(value)
    except CellRefused:
        return clean(value) if column.type in COMPARED_AS_TEXT and value.isprintable() else None
