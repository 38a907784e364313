"""A questionnaire made ready for the declarations of a moment: what is the same for everyone is worked out once."""

from collections.abc import Callable, Mapping
from datetime import date

from motcua.registers.answers import Shape, shape_of
from motcua.registers.declaration import Declaration
from motcua.registers.facts import Answer, Because, Value
from motcua.registers.questions import Asked, Question, Questionnaire
from motcua.registers.questions import Line as AskedLine
from motcua.registers.readings import Cells
from motcua.registers.services.asking import PurposeNotAllowed, RegisterNotDeclared, check_question

Judged = tuple[Answer, Because, Value | None]
Values = tuple[Value | Asked | None, ...]
Source = tuple[int, Callable[[str], Value | None]]
# What is kept of a register's answers at most: the same few codes come again and again.
MOST_JUDGED = 2048
MOST_SHEETS = 8


class Reading:
    """Records to be read by the same columns, which several lines may look at."""

    __slots__ = ("declaration", "exact", "key", "sources")

    def __init__(
        self, declaration: Declaration, exact: tuple[str, ...], key: object, sources: tuple[Source, ...]
    ) -> None:
        self.declaration = declaration
        self.exact = exact
        self.key = key
        self.sources = sources

    def wanted(self, values: Values, person_key: bytes) -> tuple[Value, ...] | None:
        """Return the values to read by, in the order of the columns; None if one of them is itself unknown."""
        found: list[Value] = []
        for place, read in self.sources:
            value = values[place]
            if type(value) is str:
                value = read(value)
            elif value is Asked.PERSON:
                value = person_key
            if value is None or isinstance(value, Asked):
                return None
            found.append(value)
        return tuple(found)


class Line:
    """One question of the sheet, with what the log says of it and what records have been found to mean."""

    __slots__ = (
        "about_person",
        "columns",
        "declaration",
        "fact",
        "judged",
        "loose",
        "reading",
        "shape",
        "told",
    )

    def __init__(self, asked: AskedLine, declaration: Declaration, reading: int) -> None:
        names = tuple(name for name, _ in asked.match)
        self.fact = asked.fact
        self.declaration = declaration
        self.reading = reading
        self.shape: Shape = shape_of(declaration, names, asked.returns)
        places = dict(asked.match)
        self.loose: tuple[tuple[str, Source], ...] = tuple(
            (name, (places[name], self.shape.reader_of(name))) for name in self.shape.loose
        )
        self.about_person = self.shape.about_person
        # Of our own table only that there is a record, if nothing in it matters: what it was asked by is known.
        self.columns = self.shape.columns if declaration.source == "table" else self.shape.read
        # What the log says of it.
        self.told = [asked.register, asked.fact, list(self.shape.touched)]
        self.judged: dict[object, Judged] = {}

    def loosely_wanted(self, values: Values) -> Values | None:
        """Return the values wanted of columns that are compared after reading; None if one is itself unknown."""
        found: list[Value | Asked] = []
        for _, (place, read) in self.loose:
            value = values[place]
            if isinstance(value, str):
                value = read(value)
            if value is None:
                return None
            found.append(value)
        return tuple(found)

    def judge(self, records: tuple[Cells, ...], columns: tuple[str, ...], loose: Values, on: date) -> Judged:
        """Return what the records say; the same records are judged once."""
        # The kinds too: 1 and true are equal, and do not mean the same.
        key = (records, columns, loose, tuple(map(type, loose)), on)
        found = self.judged.get(key)
        if found is None:
            wanted = {name: value for (name, _), value in zip(self.loose, loose, strict=True)}
            found = self.shape.judge(records, columns, wanted, on)
            if len(self.judged) >= MOST_JUDGED:
                self.judged.clear()
            self.judged[key] = found
        return found


class Sheet:
    """A questionnaire against declarations, for one purpose."""

    __slots__ = ("compares", "lines", "lines_of", "names", "order", "readings")

    def __init__(
        self, questionnaire: Questionnaire, declarations: Mapping[str, Declaration], purpose: str
    ) -> None:
        self.readings: list[Reading] = []
        self.lines: list[Line] = []
        numbers: dict[object, int] = {}
        for asked in questionnaire.lines:
            if asked.register not in declarations:
                raise RegisterNotDeclared(asked.register)
            declaration = declarations[asked.register]
            if purpose not in declaration.purposes:
                raise PurposeNotAllowed(asked.register, purpose, declaration.purposes)
            match = {name: None for name, _ in asked.match}
            check_question(Question(asked.fact, asked.register, match, asked.returns), declaration)
            reading = _reading(asked, declaration, purpose)
            at = numbers.setdefault((reading.key, tuple(place for place, _ in reading.sources)), len(numbers))
            if at == len(self.readings):
                self.readings.append(reading)
            self.lines.append(Line(asked, declaration, at))
        self.names = tuple(line.fact for line in self.lines)
        self.compares = any(line.loose for line in self.lines)
        self.lines_of: list[list[Line]] = [[] for _ in self.readings]
        # Name of the fact, its reading, and its place among the lines of the reading.
        self.order: list[tuple[str, int, int]] = []
        for line in self.lines:
            together = self.lines_of[line.reading]
            self.order.append((line.fact, line.reading, len(together)))
            together.append(line)


def _reading(asked: AskedLine, declaration: Declaration, purpose: str) -> Reading:
    shape = shape_of(declaration, tuple(name for name, _ in asked.match), asked.returns)
    # Our own table is read once for all; another agency is told no more columns than each question needs.
    far = () if declaration.source != "http" else (purpose, *shape.read)
    places = dict(asked.match)
    sources = tuple((places[name], shape.reader_of(name)) for name in shape.exact)
    return Reading(declaration, shape.exact, (declaration.name, shape.exact, far), sources)


def sheet_of(
    questionnaire: Questionnaire, opened: Mapping[str, tuple[str, Declaration]], purpose: str
) -> Sheet:
    """Return the sheet for these declarations (by register, with their versions), made once for each set of them.

    Raises what asking alone raises: ``RegisterNotDeclared``, ``PurposeNotAllowed``, ``QuestionNotPossible``.
    """
    known = {name: opened[name] for name in questionnaire.registers if name in opened}
    key = (purpose, *(version for _, (version, _) in sorted(known.items())))
    sheet = questionnaire.prepared.get(key)
    if not isinstance(sheet, Sheet):
        sheet = Sheet(questionnaire, {name: found for name, (_, found) in known.items()}, purpose)
        if len(questionnaire.prepared) >= MOST_SHEETS:
            questionnaire.prepared.clear()
        questionnaire.prepared[key] = sheet
    return sheet
