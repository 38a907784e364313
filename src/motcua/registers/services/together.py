"""Asking registers about many people at once, each with questions of their own, at the price of a few statements."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from time import monotonic
from uuid import uuid4

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg import errors, sql

from motcua.events.copying import (
    array_cell,
    bytes_cell,
    cell,
    copy_rows,
    json_cell,
    rows_of,
    run_together,
)
from motcua.registers.answers import Shape, Wanted
from motcua.registers.declaration import Declaration
from motcua.registers.facts import Because, Fact, Value, value_as_text
from motcua.registers.questions import Asker, Question
from motcua.registers.readings import MOST_RECORDS, Cells, Found, Reading, SourceSilent
from motcua.registers.services.asking import (
    PurposeNotAllowed,
    RegisterNotDeclared,
    check_question,
    obstacle_to,
)
from motcua.registers.sources import SOURCES
from motcua.registers.tables import TYPES, records_of

_Key = tuple[str, tuple[str, ...], tuple[str, ...]]
Outcome = dict[str, Fact] | Exception
SECOND_TRY_SECONDS = 0.2
MOST_KEPT = 256
Values = tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """Questions about one person, for one purpose and one case."""

    questions: Sequence[Question]
    person_key: bytes
    asker: Asker
    purpose: str
    case_number: str
    within_seconds: float


@dataclass(slots=True)
class _Group:
    """Readings of one register by the same columns: one statement reads them all."""

    declaration: Declaration
    exact: tuple[str, ...]
    purpose: str
    columns: dict[str, None] = field(default_factory=dict)
    wanted: dict[Values, int] = field(default_factory=dict)
    found: dict[int, list[Cells]] | None = None
    as_of: datetime | None = None
    unasked: set[int] = field(default_factory=set)

    def place(self, wanted: Wanted, person_key: bytes) -> int:
        """Note what is to be read and return its place."""
        for name in wanted.shape.read:
            self.columns[name] = None
        return self.wanted.setdefault(wanted.exact_values(person_key), len(self.wanted))

    def readings(self) -> list[Reading]:
        """Return what a source over the network is asked, one reading for each place."""
        columns = tuple(self.columns)
        known = ([value for value in values if value is not None] for values in self.wanted)
        return [Reading(tuple(zip(self.exact, values, strict=True)), columns) for values in known]

    def statement(self) -> str:
        """Return the statement that reads every place: its number from 1, then the columns as text."""
        return _statement(self.declaration, self.exact, tuple(self.columns))

    def parameters(self) -> list[str]:
        """Return one array for each column asked by."""
        return [
            array_cell([_written(value) for value in column]) for column in zip(*self.wanted, strict=True)
        ]


def _written(value: Value | None) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return "" if value is None else value_as_text(value)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question on its way: whose it is, and where its records will be, or what keeps it from being read."""

    member: int
    wanted: Wanted
    as_of: datetime | None
    obstacle: Because | None
    group: _Group | None
    place: int


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
    opened = _open({question.register for interview in interviews for question in interview.questions})
    refused: dict[int, Exception] = {}
    asked: list[_Asked] = []
    groups: dict[_Key, _Group] = {}
    for member, interview in enumerate(interviews):
        try:
            asked += _asked(member, interview, opened, groups, now)
        except (RegisterNotDeclared, PurposeNotAllowed, ValueError, LookupError) as refusal:
            refused[member] = refusal
    asked = [each for each in asked if each.member not in refused]
    _log(asked, interviews, now)
    _read(list(groups.values()), deadline)
    facts: list[dict[str, Fact]] = [{} for _ in interviews]
    for each in asked:
        facts[each.member][each.wanted.question.fact] = _fact(each, now)
    return [refused.get(member, found) for member, found in enumerate(facts)]


_known: dict[tuple[str, str], Declaration] = {}


def _open(names: set[str]) -> dict[str, tuple[Declaration, datetime | None]]:
    """Return each register with the moment of its load; a declaration is parsed again only when it has changed."""
    opened = {}
    for name, version, as_of in _versions(names):
        declaration = _known.get((name, version))
        if declaration is None:
            declaration = _parsed(name)
        opened[name] = (declaration, as_of)
    return opened


def _versions(names: set[str]) -> list[tuple[str, str, datetime | None]]:
    found = rows_of(
        "SELECT register.name, md5(register.declaration::text),"
        " to_char(load.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') FROM registers_register register"
        " LEFT JOIN registers_registerload load ON load.id = register.current_load_id"
        " WHERE register.name = ANY($1::text[])",
        array_cell(names),
    )
    return [
        (name or "", version or "", None if as_of is None else _moment(as_of))
        for name, version, as_of in found
    ]


@lru_cache(maxsize=256)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _parsed(name: str) -> Declaration:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(declaration::text), declaration::text FROM registers_register WHERE name = %s", [name]
        )
        version, text = cursor.fetchone()
    declaration = Declaration.model_validate_json(text)
    if len(_known) >= MOST_KEPT:
        _known.clear()
    _known[name, version] = declaration
    return declaration


def _asked(
    member: int,
    interview: Interview,
    opened: Mapping[str, tuple[Declaration, datetime | None]],
    groups: dict[_Key, _Group],
    now: datetime,
) -> list[_Asked]:
    today = timezone.localtime(now).date()
    made: list[_Asked] = []
    for question in interview.questions:
        if question.register not in opened:
            raise RegisterNotDeclared(question.register)
        declaration, as_of = opened[question.register]
        _refuse(question, declaration, interview.purpose)
        wanted = Wanted(question, declaration, today)
        obstacle = obstacle_to(wanted, declaration, as_of, now)
        if obstacle is not None:
            made.append(_Asked(member, wanted, as_of, obstacle, None, 0))
            continue
        # Our own table is read once for all; another agency is told no more columns than each question needs.
        far = () if declaration.source == "table" else (interview.purpose, *wanted.shape.read)
        key = (declaration.name, wanted.shape.exact, far)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _Group(declaration, wanted.shape.exact, interview.purpose)
        made.append(_Asked(member, wanted, as_of, None, group, group.place(wanted, interview.person_key)))
    return made


def _statement(declaration: Declaration, exact: tuple[str, ...], columns: tuple[str, ...]) -> str:
    statements: dict[object, str] = declaration.__dict__.setdefault("_statements", {})
    found = statements.get((exact, columns))
    if found is None:
        arrays = [
            sql.SQL(f"${place}::{TYPES[declaration.column(name).type]}[]")
            for place, name in enumerate(exact, 1)
        ]
        names = [sql.Identifier(f"wanted_{place}") for place in range(len(exact))]
        equal = [
            sql.SQL("{} = asked.{}").format(sql.Identifier(name), wanted)
            for name, wanted in zip(exact, names, strict=True)
        ]
        composed = sql.SQL(
            "SELECT asked.place, read.* FROM unnest({arrays}) WITH ORDINALITY AS asked ({names}, place)"
            " CROSS JOIN LATERAL (SELECT {cells} FROM {records} WHERE {where} LIMIT {most}) AS read"
        ).format(
            arrays=sql.SQL(", ").join(arrays),
            names=sql.SQL(", ").join(names),
            cells=sql.SQL(", ").join(_as_text(declaration, name) for name in columns),
            records=records_of(declaration),
            where=sql.SQL(" AND ").join(equal),
            most=sql.Literal(MOST_RECORDS + 1),
        )
        found = statements[exact, columns] = composed.as_string(None)
    return found


def _as_text(declaration: Declaration, name: str) -> sql.Composed:
    person = declaration.column(name).type == "person"
    return sql.SQL("encode({}, 'hex')" if person else "{}::text").format(sql.Identifier(name))


def _refuse(question: Question, declaration: Declaration, purpose: str) -> None:
    """Raise what ``ask`` raises; a question of the same columns is looked at once for each declaration."""
    passed: set[object] = declaration.__dict__.setdefault("_passed", set())
    shape = (purpose, tuple(question.match), question.returns)
    if shape not in passed:
        if purpose not in declaration.purposes:
            raise PurposeNotAllowed(question.register, purpose, declaration.purposes)
        check_question(question, declaration)
        passed.add(shape)


_ACCESS = (
    "agency_path, asked_at, id, person_key, asker_kind, asker_reference, asker_label, purpose, case_number,"
    " register, fact, columns"
)


def _log(asked: Sequence[_Asked], interviews: Sequence[Interview], now: datetime) -> None:
    """Write one row for each question about each person, before anything is read, in one statement."""
    moment = now.isoformat()
    lines: list[str] = []
    starts: dict[int, tuple[str, str]] = {}
    for each in asked:
        if each.obstacle is not None or not each.wanted.about_person:
            continue
        if each.member not in starts:
            starts[each.member] = _beginning_and_middle(interviews[each.member], moment)
        beginning, middle = starts[each.member]
        question = each.wanted.question
        columns = _columns_cell(each.wanted.shape)
        lines.append(
            f"{beginning}\t{uuid4()}\t{middle}\t{question.register}\t{cell(question.fact)}\t{columns}"
        )
    copy_rows("registers_access", _ACCESS, lines)


def _beginning_and_middle(interview: Interview, moment: str) -> tuple[str, str]:
    asker = interview.asker
    middle = (bytes_cell(interview.person_key), asker.kind, cell(asker.reference), cell(asker.label[:200]))
    return (
        f"{cell(asker.agency_path)}\t{moment}",
        "\t".join((*middle, cell(interview.purpose), cell(interview.case_number))),
    )


@lru_cache(maxsize=4096)
def _columns_cell(shape: Shape) -> str:
    return json_cell(json.dumps(shape.touched))


def _read(groups: Sequence[_Group], deadline: float) -> None:
    """Fill every group that answers in time; the others stay without records."""
    far: dict[tuple[str, str], list[_Group]] = {}
    for group in groups:
        if group.declaration.source != "table":
            far.setdefault((group.declaration.name, group.purpose), []).append(group)
    begun = [(several, _begin_far(several, deadline)) for several in far.values()]
    near = [group for group in groups if group.declaration.source == "table"]
    if near and not _read_tables(near, deadline):
        # Together they took too long. Asked one by one, only those that are slow themselves stay silent.
        for group in near:
            _read_tables([group], max(deadline, monotonic() + SECOND_TRY_SECONDS))
    # Those that answer over the network have all begun, and now wait for each other.
    for several, finish in begun:
        _take_far(several, finish)


def _begin_far(groups: Sequence[_Group], deadline: float) -> Callable[[], Found]:
    readings = [reading for group in groups for reading in group.readings()]
    return SOURCES[groups[0].declaration.source](
        declaration=groups[0].declaration,
        readings=readings,
        person_keys=(),
        purpose=groups[0].purpose,
        within_seconds=max(0.001, deadline - monotonic()),
    )


def _take_far(groups: Sequence[_Group], finish: Callable[[], Found]) -> None:
    try:
        found = finish()
    except SourceSilent:
        return
    number = 0
    for group in groups:
        group.as_of, group.found = found.as_of, {}
        for place in group.wanted.values():
            if (number, b"") in found.unasked:
                group.unasked.add(place)
            else:
                group.found[place] = list(found.records.get((number, b""), ()))
            number += 1


def _read_tables(groups: Sequence[_Group], deadline: float) -> bool:
    """Read the groups in one round trip; False, with nothing read, when the time is up."""
    milliseconds = max(1, math.ceil((deadline - monotonic()) * 1000))
    # A savepoint, so that a statement that ran out of time leaves the caller's transaction whole.
    run_together(_HURRY.format(milliseconds))
    found: list[dict[int, list[Cells]]] = []
    try:
        for group in groups:
            records: dict[int, list[Cells]] = {}
            for place, *cells in rows_of(group.statement(), *group.parameters()):
                records.setdefault(int(place or 0) - 1, []).append(tuple(cells))
            found.append(records)
    except OperationalError as error:
        if not isinstance(error.__cause__, errors.QueryCanceled):
            raise
        run_together("ROLLBACK TO SAVEPOINT reading")
        return False
    run_together(_AT_LEISURE)
    for group, read in zip(groups, found, strict=True):
        group.found = read
    return True


_HURRY = (
    "SAVEPOINT reading; SELECT set_config('motcua.before', current_setting('statement_timeout'), true);"
    " SET LOCAL statement_timeout = {}"
)
_AT_LEISURE = (
    "SELECT set_config('statement_timeout', current_setting('motcua.before'), true);"
    " RELEASE SAVEPOINT reading"
)


def _fact(each: _Asked, now: datetime) -> Fact:
    wanted, group = each.wanted, each.group
    if group is None:
        return wanted.fact("unknown", each.obstacle or Because.SILENT, None, each.as_of, now)
    if group.found is None:
        return wanted.fact("unknown", Because.SILENT, None, each.as_of, now)
    as_of = group.as_of or each.as_of
    if group.as_of is not None:
        obstacle = obstacle_to(wanted, group.declaration, as_of, now)
        if obstacle is not None:
            return wanted.fact("unknown", obstacle, None, as_of, now)
    if each.place in group.unasked:
        return wanted.fact("unknown", Because.NOTHING_TO_ASK_WITH, None, as_of, now)
    records = group.found.get(each.place, ())
    return wanted.fact(*wanted.judge(records, tuple(group.columns)), as_of, now)
