"""From records to a fact: three-valued, by the declaration; the same for every source."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

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


KEPT_VALUES = 2048


class Shape:
    """What is the same for every question that matches these columns and returns that one, worked out once."""

    def __init__(self, declaration: Declaration, match: tuple[str, ...], returns: str | None) -> None:
        self.declaration = declaration
        self.returns = returns
        self.exact = tuple(name for name in match if name in declaration.exact)
        self.loose = tuple(name for name in match if name not in declaration.exact)
        in_force = (declaration.in_force.since, declaration.in_force.until)
        needed = [returns, *self.loose, *in_force]
        self.columns = tuple(dict.fromkeys(name for name in needed if name))
        self.touched = tuple(dict.fromkeys([*self.exact, *self.columns]))
        self.about_person = any(declaration.column(name).type == "person" for name in self.touched)
        self.read = self.columns or self.exact[:1]
        self._converters: dict[tuple[str, ...], tuple[Callable[[str], Value], ...]] = {}
        self._readers = {name: _reader(declaration.column(name)) for name in match}

    def converters_of(self, columns: tuple[str, ...]) -> tuple[Callable[[str], Value], ...]:
        """Return what turns the cells of these columns into values."""
        found = self._converters.get(columns)
        if found is None:
            found = tuple(_VALUES[self.declaration.column(name).type] for name in columns)
            self._converters[columns] = found
        return found

    def comparable(self, name: str, value: Value | Asked | None) -> Value | Asked | None:
        """Return the wanted value in the type of the column; None if it is none of that type, so unknown.

        What a citizen typed reaches this as text, and a text that is no date cannot equal one.
        """
        return self._readers[name](value) if isinstance(value, str) else value

    def reader_of(self, name: str) -> Callable[[str], Value | None]:
        """Return what :meth:`comparable` does to a text wanted of this column."""
        return self._readers[name]

    def judge(
        self,
        records: Sequence[Cells],
        columns: tuple[str, ...],
        loose: Mapping[str, Value | Asked | None],
        on: date,
    ) -> tuple[Answer, Because, Value | None]:
        """Return answer, reason and value that the records give; ``columns`` names their cells.

        ``loose`` holds the wanted values of columns that are not compared by index. A record whose compared column
        is empty counts as perhaps: it can turn a no into an unknown and contradict a value, but it never makes a yes.
        """
        if len(records) > MOST_RECORDS:
            return "unknown", Because.CONFLICTING, None
        sure: set[Value | None] = set()
        perhaps: set[Value | None] = set()
        for cells in records:
            record = self._values(cells, columns)
            if not self._in_force(record, on):
                continue
            equal = {None if record[name] is None else record[name] == v for name, v in loose.items()}
            if False in equal:
                continue
            value = record[self.returns] if self.returns else True
            (perhaps if None in equal else sure).add(value)
        if not sure and not perhaps:
            if self.declaration.absence_means == "no":
                return "no", Because.NO_RECORD, False if self.returns is None else None
            return "unknown", Because.ABSENT, None
        return _weigh(sure, perhaps)

    def _values(self, cells: Cells, columns: tuple[str, ...]) -> dict[str, Value | None]:
        converters = self.converters_of(columns)
        return {
            name: None if cell is None else convert(cell)
            for name, convert, cell in zip(columns, converters, cells, strict=True)
        }

    def _in_force(self, record: dict[str, Value | None], on: date) -> bool:
        since = record.get(self.declaration.in_force.since or "")
        until = record.get(self.declaration.in_force.until or "")
        begun = not isinstance(since, date) or since <= on
        return begun and (not isinstance(until, date) or on <= until)


def shape_of(declaration: Declaration, match: tuple[str, ...], returns: str | None) -> Shape:
    """Return the shape of such questions to the register, kept as long as the declaration is."""
    shapes: dict[object, Shape] = declaration.__dict__.setdefault("_shapes", {})
    shape = shapes.get((match, returns))
    if shape is None:
        shape = shapes[match, returns] = Shape(declaration, match, returns)
    return shape


class Wanted:
    """One question against one declaration: what must be read for it, and what the records then say."""

    def __init__(self, question: Question, declaration: Declaration, on: date) -> None:
        shape = shape_of(declaration, tuple(question.match), question.returns)
        self.question = question
        self.shape = shape
        self._declaration = declaration
        self._on = question.on or on
        match, comparable = question.match, shape.comparable
        self._exact = {name: comparable(name, match[name]) for name in shape.exact}
        self._loose = {name: comparable(name, match[name]) for name in shape.loose}
        self._columns = shape.columns

    @property
    def askable(self) -> bool:
        """Whether every wanted value of the match is itself known."""
        return None not in self._exact.values() and None not in self._loose.values()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the question touches, for the log."""
        return self.shape.touched

    @property
    def about_person(self) -> bool:
        """Whether the question reads or returns something about a person."""
        return self.shape.about_person

    def exact_values(self, person_key: bytes) -> tuple[Value | None, ...]:
        """Return the wanted values of the indexed columns, in the order of the shape."""
        return tuple(person_key if value is Asked.PERSON else value for value in self._exact.values())

    def reading(self) -> Reading:
        """Return what must be read. Only for askable questions."""
        exact = tuple((name, value) for name, value in self._exact.items() if value is not None)
        return Reading(exact, self.shape.read)

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
        """Return answer, reason and value that the records give; ``columns`` names their cells."""
        return self.shape.judge(records, columns, self._loose, self._on)


def _weigh(sure: set[Value | None], perhaps: set[Value | None]) -> tuple[Answer, Because, Value | None]:
    if len(sure | perhaps) > 1:
        return "unknown", Because.CONFLICTING, None
    if not sure or sure == {None}:
        return "unknown", Because.EMPTY, None
    value = next(iter(sure))
    if isinstance(value, bool):
        return ("yes" if value else "no"), Because.RECORD, value
    return "known", Because.RECORD, value


def _reader(column: Column) -> Callable[[str], Value | None]:
    read = reader_of(
        column.model_copy(update={"required": False, "allowed": (), "minimum": None, "maximum": None}), None
    )

    # The same code is wanted by several questions and several people in a row.
    @lru_cache(maxsize=KEPT_VALUES)
    def comparable(value: str) -> Value | None:
        try:
            return read(value)
        except CellRefused:
            return clean(value) if column.type in COMPARED_AS_TEXT and value.isprintable() else None

    return comparable
