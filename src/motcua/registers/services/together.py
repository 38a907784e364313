"""Asking registers about many people at once, each with values of their own, at the price of a few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from time import monotonic

from django.db import transaction
from django.utils import timezone

from motcua.events.appending import HEX, Column, appended
from motcua.events.copying import array_cell, fresh_ids, written_json
from motcua.events.once import kept_once, number_of
from motcua.events.trips import Row, Rows, fetch, rows_of
from motcua.registers.declaration import Declaration
from motcua.registers.facts import Because, Fact
from motcua.registers.questions import Asker, Line, Question, Questionnaire
from motcua.registers.services import sheets
from motcua.registers.services.asking import PurposeNotAllowed, RegisterNotDeclared
from motcua.registers.services.reading import Group, read_together
from motcua.registers.services.sheets import Judged, Sheet, Values, sheet_of

Outcome = dict[str, Fact] | Exception
MOST_KEPT = 256


@dataclass(slots=True)
class Interview:
    """A questionnaire put to one person, for one purpose and one case; ``wanted`` are the values that it matches on.

    ``on`` is the day for which the answers are wanted, the day of asking if not given.
    """

    questionnaire: Questionnaire
    wanted: Values
    person_key: bytes
    asker: Asker
    purpose: str
    case_number: str
    within_seconds: float
    on: date | None = None


def questionnaire_of(questions: Sequence[Question]) -> tuple[Questionnaire, Values]:
    """Return the questions as a questionnaire, and the values that they match on."""
    wanted = [value for question in questions for value in question.match.values()]
    lines, place = [], 0
    for question in questions:
        places = range(place, place := place + len(question.match))
        match = tuple(zip(question.match, places, strict=True))
        lines.append(Line(question.fact, question.register, match, question.returns))
    return Questionnaire(lines), tuple(wanted)


@dataclass(slots=True)
class _Opened:
    """A register at this moment."""

    version: str
    declaration: Declaration
    as_of: datetime | None


class _Asking:
    """One questionnaire for one purpose in this batch: where its records will be, and the facts found so far."""

    def __init__(
        self,
        sheet: Sheet,
        opened: dict[str, _Opened],
        groups: dict[object, Group],
        purpose: str,
        now: datetime,
    ) -> None:
        self.sheet = sheet
        self._now = now
        self._as_of = {name: register.as_of for name, register in opened.items()}
        self.groups = []
        for reading in sheet.readings:
            group = groups.get(reading.key)
            if group is None:
                group = groups[reading.key] = Group(reading.declaration, reading.exact, purpose)
            self.groups.append(group)
        self._barred = [
            _barred(line.declaration, self._as_of[line.declaration.name], now) for line in sheet.lines
        ]
        # By line, then by day and place: records of one place mean one fact.
        self._facts: dict[date, list[dict[object, Fact]]] = {}
        # By reading, then by day and what was read: the same records mean the same facts.
        self._read: dict[date, list[dict[object, list[Fact]]]] = {}
        self._made: dict[object, tuple[Judged, Fact]] = {}
        self._asked = [False] * len(sheet.lines)
        self._lists: dict[tuple[int, ...], tuple[int, str]] = {}
        self._steps = list(zip(range(len(sheet.lines)), sheet.lines, self._barred, strict=True))
        # All lines of a reading ask one register.
        barred = {line.reading: why for _, line, why in self._steps}
        self._readings = [
            (reading, group, barred[number])
            for number, (reading, group) in enumerate(zip(sheet.readings, self.groups, strict=True))
        ]
        self._logged: dict[tuple[object, ...], tuple[int, ...]] = {}

    def ask(self, interview: Interview) -> tuple[list[object], tuple[int, ...]]:
        """Note what is to be read for the interview.

        Returns where its records will be, or what keeps them from being read: for each reading, or for each line if
        some compare after reading. And the lines to be logged.
        """
        if self.sheet.compares:
            return self._ask_by_line(interview)
        values, person_key = interview.wanted, interview.person_key
        asked, whys = list[object](), list[object]()
        for reading, group, barred in self._readings:
            by = reading.wanted(values, person_key)
            why = Because.NOTHING_TO_ASK_WITH if by is None else barred
            whys.append(why)
            asked.append(why if by is None or barred is not None else group.place(by))
        like = tuple(whys)
        logged = self._logged.get(like)
        if logged is None:
            logged = self._logged[like] = self._lines_asked(like)
        return asked, logged

    def _lines_asked(self, whys: Sequence[object]) -> tuple[int, ...]:
        """Note which lines are asked where these readings are kept from it; return those to be logged."""
        logged = []
        for number, line, _ in self._steps:
            if whys[line.reading] is None:
                self._asked[number] = True
                if line.about_person:
                    logged.append(number)
        return tuple(logged)

    def _ask_by_line(self, interview: Interview) -> tuple[list[object], tuple[int, ...]]:
        values, logged, asked = interview.wanted, list[int](), list[object]()
        exact = [reading.wanted(values, interview.person_key) for reading in self.sheet.readings]
        places: list[int | None] = [None] * len(exact)
        for number, line, barred in self._steps:
            by, loose = exact[line.reading], None
            if by is None or (line.loose and (loose := line.loosely_wanted(values)) is None):
                asked.append(Because.NOTHING_TO_ASK_WITH)
                continue
            if barred is not None:
                asked.append(barred)
                continue
            place = places[line.reading]
            if place is None:
                # Not before a line is asked: what nobody asks is not read.
                place = places[line.reading] = self.groups[line.reading].place(by)
            asked.append(place if loose is None else (place, loose))
            self._asked[number] = True
            if line.about_person:
                logged.append(number)
        return asked, tuple(logged)

    def list_of(self, logged: tuple[int, ...]) -> tuple[int, str]:
        """Return the number of a list of questions and what it says, as JSON."""
        known = self._lists.get(logged)
        if known is None:
            content = written_json([self.sheet.lines[number].told for number in logged])
            known = self._lists[logged] = number_of(content), content
        return known

    def name_columns(self) -> None:
        """Name what the lines read that somebody asked, in the order of the sheet."""
        for line, asked in zip(self.sheet.lines, self._asked, strict=True):
            if asked:
                self.groups[line.reading].columns |= dict.fromkeys(line.columns)

    def facts(self, asked: Sequence[object], on: date) -> dict[str, Fact]:
        """Return the facts by name, in the order of the lines."""
        if self.sheet.compares:
            return self._facts_by_line(asked, on)
        known = self._read.get(on)
        if known is None:
            known = self._read[on] = [{} for _ in self.sheet.readings]
        told = []
        for group, of_reading, at, lines in zip(self.groups, known, asked, self.sheet.lines_of, strict=True):
            key = group.told_at(at) if type(at) is int else at
            facts = of_reading.get(key)
            if facts is None:
                facts = of_reading[key] = [self._fact(line, at, on) for line in lines]
            told.append(facts)
        return {name: told[reading][place] for name, reading, place in self.sheet.order}

    def _facts_by_line(self, asked: Sequence[object], on: date) -> dict[str, Fact]:
        known = self._facts.get(on)
        if known is None:
            known = self._facts[on] = [{} for _ in self.sheet.lines]
        found = {}
        for name, line, facts, at in zip(self.sheet.names, self.sheet.lines, known, asked, strict=True):
            fact = facts.get(at)
            if fact is None:
                fact = facts[at] = self._fact(line, at, on)
            found[name] = fact
        return found

    def _fact(self, line: sheets.Line, at: object, on: date) -> Fact:
        as_of = self._as_of[line.declaration.name]
        if isinstance(at, Because):
            return self._told(line, ("unknown", at, None), as_of)
        group = self.groups[line.reading]
        if group.found is None:
            return self._told(line, ("unknown", Because.SILENT, None), as_of)
        if group.as_of is not None:
            as_of = group.as_of
            barred = _barred(line.declaration, as_of, self._now)
            if barred is not None:
                return self._told(line, ("unknown", barred, None), as_of)
        place, loose = at if isinstance(at, tuple) else (at, ())
        if place in group.unasked:
            return self._told(line, ("unknown", Because.NOTHING_TO_ASK_WITH, None), as_of)
        records = group.found.get(place, ())
        since = group.since.get(place, as_of) if group.since else as_of
        return self._told(line, line.judge(records, tuple(group.columns), loose, on), since)

    def _told(self, line: sheets.Line, judged: Judged, as_of: datetime | None) -> Fact:
        # What was judged once is one object; it is kept beside the fact, so that no other gets its id meanwhile.
        key = (id(line), id(judged), as_of)
        made = self._made.get(key)
        if made is None:
            answer, because, value = judged
            register, title = line.declaration.name, line.declaration.title
            fact = Fact(line.fact, value, answer, register, title.vi, title.en, as_of, because, self._now)
            made = self._made[key] = judged, fact
        return made[1]


def _barred(declaration: Declaration, as_of: datetime | None, now: datetime) -> Because | None:
    """Return why a register cannot answer whatever its records say, if so."""
    if as_of is None:
        return Because.NOT_LOADED if declaration.source == "table" else None
    days = declaration.stale_after_days
    return Because.STALE if days is not None and now - as_of > timedelta(days=days) else None


class Inquiry:
    """All questions of one transaction, in as many rounds as build on each other.

    ``versions`` may be fetched with other statements before the first round; what is logged is written by the caller,
    in the same transaction: log and reading stand or fall together.
    """

    def __init__(self, registers: Iterable[str]) -> None:
        self.versions = Rows(_VERSIONS, (array_cell(sorted(set(registers))),))
        self._opened: dict[str, _Opened] | None = None
        self._log: list[tuple[str, ...]] = []
        self._lists: dict[int, str] = {}

    def ask(self, interviews: Sequence[Interview], *, now: datetime) -> list[Outcome]:
        """Answer each interview as ``ask`` would: facts by name in the order of its questions, or the refusal.

        Costs one round trip for all our own tables, read within the shortest of the times given; registers over the
        network are asked beside each other.
        """
        deadline = monotonic() + min((interview.within_seconds for interview in interviews), default=0.0)
        if self._opened is None:
            if not self.versions.found:
                fetch(self.versions)
            self._opened = _open(self.versions.found)
        today = timezone.localtime(now).date()
        groups: dict[object, Group] = {}
        askings: dict[object, _Asking | Exception] = {}
        asked: list[tuple[_Asking, list[object], date] | Exception] = []
        moment = now.isoformat()
        for interview in interviews:
            asking = _asking(interview, self._opened, groups, askings, now)
            if isinstance(asking, Exception):
                asked.append(asking)
                continue
            places, logged = asking.ask(interview)
            asked.append((asking, places, interview.on or today))
            if logged:
                number, content = asking.list_of(logged)
                self._lists[number] = content
                self._log.append(_looked(interview, moment, number))
        for asking in askings.values():
            if not isinstance(asking, Exception):
                asking.name_columns()
        read_together([group for group in groups.values() if group.wanted], deadline, now)
        return [each if isinstance(each, Exception) else each[0].facts(each[1], each[2]) for each in asked]

    def questions(self) -> Sequence[Rows]:
        """Return the statement that keeps the lists of questions which the log names; none if it names none."""
        return [kept_once("registers_questionlist", self._lists)] if self._lists else []

    def log(self) -> Sequence[Rows]:
        """Return the statement that logs each person and round of questions so far; none if nobody was asked about.

        The statements of :meth:`questions` are run with it.
        """
        if not self._log:
            return []
        columns = zip(_ACCESS, zip(*self._log, strict=True), strict=True)
        named: list[Column] = [(name, kind, values) for (name, kind), values in columns]
        return [appended("registers_access", [*named, ("id", "uuid", fresh_ids(len(self._log))), *_OF_ALL])]


def ask_together(interviews: Sequence[Interview], *, now: datetime) -> list[Outcome]:
    """Answer each interview as ``ask`` would, and log every question about a person, in one transaction."""
    with transaction.atomic(savepoint=False):
        inquiry = Inquiry(name for interview in interviews for name in interview.questionnaire.registers)
        outcomes = inquiry.ask(interviews, now=now)
        fetch(*inquiry.questions(), *inquiry.log())
    return outcomes


def _asking(
    interview: Interview,
    opened: dict[str, _Opened],
    groups: dict[object, Group],
    askings: dict[object, _Asking | Exception],
    now: datetime,
) -> "_Asking | Exception":
    key = (id(interview.questionnaire), interview.purpose)
    asking = askings.get(key)
    if asking is None:
        try:
            known = {name: (register.version, register.declaration) for name, register in opened.items()}
            sheet = sheet_of(interview.questionnaire, known, interview.purpose)
            asking = _Asking(sheet, opened, groups, interview.purpose, now)
        except (RegisterNotDeclared, PurposeNotAllowed, ValueError, LookupError) as refusal:
            asking = refusal
        askings[key] = asking
    return asking


_known: dict[tuple[str, str], tuple[str, Declaration]] = {}


def _open(versions: Sequence[Row]) -> dict[str, _Opened]:
    """Return each register with the moment of its load; a declaration is parsed again only when it has changed."""
    opened = {}
    for name, version, as_of in versions:
        assert name is not None
        known = _known.get((name, version or "")) or _parsed(name)
        opened[name] = _Opened(*known, None if as_of is None else _moment(as_of))
    return opened


# A version: whatever changes a row gives it another place, written by another transaction.
_VERSIONS = """
SELECT register.name, register.xmin::text || register.ctid::text || register.declared_at::text,
    to_char(load.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
FROM registers_register register LEFT JOIN registers_registerload load ON load.id = register.current_load_id
WHERE register.name = ANY($1::text[])
"""
_DECLARATION = """
SELECT xmin::text || ctid::text || declared_at::text, declaration::text FROM registers_register WHERE name = $1
"""


@lru_cache(maxsize=256)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _parsed(name: str) -> tuple[str, Declaration]:
    # The version is read again: another may have been declared since.
    ((version, text),) = rows_of(_DECLARATION, name)
    known = version or "", Declaration.model_validate_json(text or "")
    if len(_known) >= MOST_KEPT:
        _known.clear()
    _known[name, known[0]] = known
    return known


_ACCESS = (
    ("agency_path", "text"),
    ("asked_at", "timestamptz"),
    ("person_key", HEX),
    ("asker_kind", "text"),
    ("asker_reference", "text"),
    ("asker_label", "text"),
    ("purpose", "text"),
    ("case_number", "text"),
    ("questions_id", "bigint"),
)
# What a row says that names no list of questions.
_OF_ALL: tuple[Column, ...] = (("register", "text", ""), ("fact", "text", ""), ("columns", "jsonb", "[]"))


def _looked(interview: Interview, moment: str, questions: int) -> tuple[str, ...]:
    asker = interview.asker
    return (
        asker.agency_path,
        moment,
        interview.person_key.hex(),
        asker.kind,
        asker.reference,
        asker.label[:200],
        interview.purpose,
        interview.case_number,
        str(questions),
    )
