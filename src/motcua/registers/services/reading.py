"""Reading records by set: for each register and set of columns one statement reads what everyone wants."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from django.db import OperationalError
from psycopg import errors, sql

from motcua.events.copying import array_cell
from motcua.events.trips import Rows, fetch, run_together
from motcua.registers.declaration import Declaration
from motcua.registers.facts import Value, value_as_text
from motcua.registers.readings import MOST_RECORDS, Cells, Found, Reading, SourceSilent
from motcua.registers.sources import SOURCES
from motcua.registers.tables import TYPES, records_of

SECOND_TRY_SECONDS = 0.2


@dataclass(slots=True)
class Group:
    """Readings of one register by the same columns: one statement reads them all."""

    declaration: Declaration
    exact: tuple[str, ...]
    purpose: str
    columns: dict[str, None] = field(default_factory=dict)
    wanted: dict[tuple[Value, ...], int] = field(default_factory=dict)
    found: dict[int, tuple[Cells, ...]] | None = None
    as_of: datetime | None = None
    since: dict[int, datetime] = field(default_factory=dict)
    unasked: set[int] = field(default_factory=set)

    def place(self, values: tuple[Value, ...]) -> int:
        """Note what is to be read and return its place."""
        return self.wanted.setdefault(values, len(self.wanted))

    def told_at(self, place: int) -> object:
        """Return all that a fact of this place follows from: equal for two places of which the same is told."""
        if self.found is None:
            return None
        return self.found.get(place), self.since.get(place), place in self.unasked

    def readings(self) -> list[Reading]:
        """Return what a source over the network is asked, one reading for each place."""
        columns = tuple(self.columns)
        return [Reading(tuple(zip(self.exact, values, strict=True)), columns) for values in self.wanted]

    def statement(self) -> str:
        """Return the statement that reads every place: its number from 1, then the columns as text."""
        return _statement(self.declaration, self.exact, tuple(self.columns))

    def parameters(self) -> list[str]:
        """Return one array for each column asked by."""
        return [
            array_cell([_written(value) for value in column]) for column in zip(*self.wanted, strict=True)
        ]


def _written(value: Value) -> str:
    if type(value) is str:
        return value
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value_as_text(value)


def read_together(groups: Sequence[Group], deadline: float, now: datetime) -> None:
    """Fill every group that answers in time; the others stay without records."""
    far: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        if group.declaration.source != "table":
            far.setdefault((group.declaration.name, group.purpose), []).append(group)
    begun = [(several, _begin_far(several, deadline, now)) for several in far.values()]
    near = [group for group in groups if group.declaration.source == "table"]
    if near and not _read_tables(near, deadline):
        # Together they took too long. Asked one by one, only those that are slow themselves stay silent.
        for group in near:
            _read_tables([group], max(deadline, monotonic() + SECOND_TRY_SECONDS))
    # Those that answer over the network have all begun, and now wait for each other.
    for several, finish in begun:
        _take_far(several, finish)


def _begin_far(groups: Sequence[Group], deadline: float, now: datetime) -> Callable[[], Found]:
    readings = [reading for group in groups for reading in group.readings()]
    return SOURCES[groups[0].declaration.source](
        declaration=groups[0].declaration,
        readings=readings,
        person_keys=(),
        purpose=groups[0].purpose,
        within_seconds=max(0.001, deadline - monotonic()),
        now=now,
    )


def _take_far(groups: Sequence[Group], finish: Callable[[], Found]) -> None:
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
                group.found[place] = tuple(found.records.get((number, b""), ()))
                if (since := found.since.get((number, b""))) is not None:
                    group.since[place] = since
            number += 1


def _read_tables(groups: Sequence[Group], deadline: float) -> bool:
    """Read the groups in one round trip; False, with nothing read, when the time is up."""
    milliseconds = str(max(1, math.ceil((deadline - monotonic()) * 1000)))
    read = [Rows(group.statement(), tuple(group.parameters())) for group in groups]
    # A savepoint, so that a statement that ran out of time leaves the caller's transaction whole.
    hurry = (Rows("SAVEPOINT reading"), Rows(_HURRY, (milliseconds,)))
    at_leisure = (Rows(_AT_LEISURE), Rows("RELEASE SAVEPOINT reading"))
    try:
        fetch(*hurry, *read, *at_leisure)
    except OperationalError as error:
        if not isinstance(error.__cause__, errors.QueryCanceled):
            raise
        run_together("ROLLBACK TO SAVEPOINT reading")
        return False
    for group, rows in zip(groups, read, strict=True):
        records: dict[int, list[Cells]] = {}
        for row in rows.found:
            records.setdefault(int(row[0] or 0) - 1, []).append(row[1:])
        group.found = {place: tuple(several) for place, several in records.items()}
    return True


_HURRY = (
    "SELECT set_config('motcua.before', current_setting('statement_timeout'), true),"
    " set_config('statement_timeout', $1::text, true)"
)
_AT_LEISURE = "SELECT set_config('statement_timeout', current_setting('motcua.before'), true)"


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
