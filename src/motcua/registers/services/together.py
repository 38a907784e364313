"""Asking registers about many people at once, each with values of their own, at the price of a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from time import monotonic

from django.db import transaction
from django.utils import timezone

from motcua.events.copying import array_cell, bytes_cell, cell, copy_rows, fresh_ids, rows_of
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
        self._facts: list[dict[object, Fact]] = [{} for _ in sheet.lines]
        self._asked = [False] * len(sheet.lines)

    def ask(self, interview: Interview) -> tuple[list[object], list[sheets.Line]]:
        """Note what is to be read for the interview.

        Returns for each line where its records will be, or what keeps it from being read; and what is logged.
        """
        values, logged, asked = interview.wanted, list[sheets.Line](), list[object]()
        exact = [reading.wanted(values, interview.person_key) for reading in self.sheet.readings]
        for number, line in enumerate(self.sheet.lines):
            by, loose = exact[line.reading], None
            if by is None or (line.loose and (loose := line.loosely_wanted(values)) is None):
                asked.append(Because.NOTHING_TO_ASK_WITH)
            elif (barred := self._barred[number]) is not None:
                asked.append(barred)
            else:
                place = self.groups[line.reading].place(by)
                asked.append(place if loose is None else (place, loose))
                self._asked[number] = True
                if line.about_person:
                    logged.append(line)
        return asked, logged

    def name_columns(self) -> None:
        """Name what the lines read that somebody asked, in the order of the sheet."""
        for line, asked in zip(self.sheet.lines, self._asked, strict=True):
            if asked:
                self.groups[line.reading].columns |= dict.fromkeys(line.shape.read)

    def facts(self, asked: Sequence[object], on: date) -> dict[str, Fact]:
        """Return the facts by name, in the order of the lines."""
        found = []
        for number, at in enumerate(asked):
            facts = self._facts[number]
            key = (at, on)
            fact = facts.get(key)
            if fact is None:
                fact = facts[key] = self._fact(self.sheet.lines[number], at, on)
            found.append(fact)
        return dict(zip(self.sheet.names, found, strict=True))

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
        answer, because, value = judged
        title = line.declaration.title
        return Fact(
            line.fact, value, answer, line.declaration.name, title.vi, title.en, as_of, because, self._now
        )


def _barred(declaration: Declaration, as_of: datetime | None, now: datetime) -> Because | None:
    """Return why a register cannot answer whatever its records say, if so."""
    if as_of is None:
        return Because.NOT_LOADED if declaration.source == "table" else None
    days = declaration.stale_after_days
    return Because.STALE if days is not None and now - as_of > timedelta(days=days) else None


def ask_together(interviews: Sequence[Interview], *, now: datetime) -> list[Outcome]:
    """Answer each interview as ``ask`` would: facts by name in the order of its questions, or the refusal.

    Costs one query for the declarations, one insert for the log and one statement for each register and set of
    columns asked by, all read within the shortest of the times given; registers over the network are asked
    beside each other.
    """
    # Log and reading stand or fall together, with the caller's own writing if there is any.
    with transaction.atomic(savepoint=False):
        return _ask_together(interviews, now)


def _ask_together(interviews: Sequence[Interview], now: datetime) -> list[Outcome]:
    deadline = monotonic() + min((interview.within_seconds for interview in interviews), default=0.0)
    opened = _open(frozenset().union(*(interview.questionnaire.registers for interview in interviews)))
    today = timezone.localtime(now).date()
    groups: dict[object, Group] = {}
    askings: dict[object, _Asking | Exception] = {}
    asked: list[tuple[_Asking, list[object], date] | Exception] = []
    log: list[tuple[str, str]] = []
    moment = now.isoformat()
    for interview in interviews:
        asking = _asking(interview, opened, groups, askings, now)
        if isinstance(asking, Exception):
            asked.append(asking)
            continue
        places, logged = asking.ask(interview)
        asked.append((asking, places, interview.on or today))
        if logged:
            beginning, middle = _beginning_and_middle(interview, moment)
            log += [(beginning, middle + line.tail) for line in logged]
    _write_log(log)
    for asking in askings.values():
        if not isinstance(asking, Exception):
            asking.name_columns()
    read_together([group for group in groups.values() if group.wanted], deadline, now)
    return [each if isinstance(each, Exception) else each[0].facts(each[1], each[2]) for each in asked]


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


def _open(names: frozenset[str]) -> dict[str, _Opened]:
    """Return each register with the moment of its load; a declaration is parsed again only when it has changed."""
    opened = {}
    for name, version, as_of in rows_of(_VERSIONS, array_cell(sorted(names))):
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
    "agency_path, asked_at, id, person_key, asker_kind, asker_reference, asker_label, purpose, case_number,"
    " register, fact, columns"
)


def _write_log(log: Sequence[tuple[str, str]]) -> None:
    """Write one row for each question about each person, before anything is read, in one statement."""
    ids = fresh_ids(len(log))
    lines = [beginning + identity + rest for identity, (beginning, rest) in zip(ids, log, strict=True)]
    copy_rows("registers_access", _ACCESS, lines)


def _beginning_and_middle(interview: Interview, moment: str) -> tuple[str, str]:
    asker = interview.asker
    middle = (bytes_cell(interview.person_key), asker.kind, cell(asker.reference), cell(asker.label[:200]))
    return (
        f"{cell(asker.agency_path)}\t{moment}\t",
        "\t" + "\t".join((*middle, cell(interview.purpose), cell(interview.case_number))),
    )
