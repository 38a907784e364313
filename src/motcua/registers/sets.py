"""The facts of a whole population as one relation of PostgreSQL, with exactly the meaning that ``answers`` gives them.

Nothing is read here about anybody: what comes back is SQL, and the caller says what becomes of its rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection

from motcua.registers.answers import COMPARED_AS_TEXT, shape_of
from motcua.registers.declaration import ColumnType, Declaration
from motcua.registers.facts import Because, value_as_text
from motcua.registers.models import Register
from motcua.registers.questions import Asked
from motcua.registers.readings import MOST_RECORDS
from motcua.registers.services.asking import PurposeNotAllowed, RegisterNotDeclared
from motcua.registers.tables import LINE, TYPES


class NotBySet(ValueError):
    """A question compares what has no comparison in SQL that is the same as one by one; ask it case by case."""


@dataclass(frozen=True, slots=True)
class Given:
    """A column of the population that questions may match on; ``typed`` if a person wrote the text."""

    column: str
    type: ColumnType
    typed: bool = False


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """A question put to everyone: ``match`` maps columns of the register to names of what is given or of facts."""

    fact: str
    register: str
    match: Mapping[str, str]
    returns: str | None = None


@dataclass(frozen=True, slots=True)
class FactRelation:
    """A query in parentheses: every column of the population, then one for each fact, null when it is unknown.

    ``given`` is what was given and the facts. With reasons, ``<fact> because`` says why, as ``Because`` does.
    """

    sql: str
    given: Mapping[str, Given]


class Typed:
    """A relation with, in columns of the same names, every text that was typed: quicker to read than the population.

    Each text is read from it once, however many questions match on it.
    """

    def __init__(self, relation: str) -> None:
        self.relation = relation
        self._read: dict[str, list[str]] = {}

    def texts(self, column: str, odd: str) -> list[str]:
        """Return the distinct texts of a column under a condition; one query, the first time."""
        query = f"SELECT text FROM (SELECT DISTINCT {column} AS text FROM {self.relation} AS l) AS t{odd}"
        if query not in self._read:
            with connection.cursor() as cursor:
                cursor.execute(query)
                self._read[query] = [text for (text,) in cursor.fetchall() if text is not None]
        return self._read[query]


class Elsewhere(Protocol):
    """Gives a register that is no table of ours as a relation with its columns and ``_line``, or None."""

    def __call__(self, declaration: Declaration) -> str | None:
        """Return the relation of all its records."""


@dataclass(slots=True)
class _Opened:
    declaration: Declaration
    obstacle: Because | None


@dataclass(slots=True)
class _Joined:
    """One relation joined to the population: at most one row for each row there, or rows counted in ``_n``."""

    alias: str
    source: str
    on: str
    single: bool
    columns: dict[str, None] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    only: str = ""

    def sql(self) -> str:
        """Return the join."""
        if self.single:
            return f" LEFT JOIN {self.source} AS {self.alias} ON {self.on}"
        others = "".join(
            f", any_value({quoted(name)}) AS {quoted(name)}" for name in self.columns if name not in self.keys
        )
        keys = ", ".join(map(quoted, self.keys))
        return (
            f" LEFT JOIN (SELECT {keys}, count(*) AS _n{others} FROM {self.source}{self.only} GROUP BY {keys})"
            f" AS {self.alias} ON {self.on}"
        )


def quoted(name: str) -> str:
    """Return a name as an identifier of PostgreSQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a constant of PostgreSQL."""
    escaped = text.replace("'", "''")
    if "\\" not in escaped:
        return f"'{escaped}'"
    return " E'" + escaped.replace("\\", "\\\\") + "'"


def facts_in_sql(
    questions: Sequence[SetQuestion],
    *,
    population: str,
    given: Mapping[str, Given],
    on: str,
    purpose: str,
    now: datetime,
    elsewhere: Elsewhere | None = None,
    typed_in: Typed | None = None,
    few: bool = False,
    reasons: bool = False,
) -> FactRelation:
    """Return the relation of the facts, each after those that it matches on.

    ``population`` is a table or a query in parentheses; ``on`` is the SQL of the day for which a row is asked.
    ``elsewhere`` gives registers that are not tables of ours; ``typed_in`` holds what was typed, if it is at hand. Say
    ``few`` of a population that is quick to read and asks about a small share of a register's records.
    Costs one query for the declarations, and one over the distinct values of each text that a person typed.
    Raises ``NotBySet``, ``RegisterNotDeclared``, ``PurposeNotAllowed``, and ``ValueError`` for facts that wait
    for each other.
    """
    opened = _open({question.register for question in questions}, purpose, now)
    known, relation, waiting = dict(given), population, list(questions)
    while waiting:
        ready = [one for one in waiting if set(one.match.values()) <= set(known)]
        if not ready:
            names = ", ".join(one.fact for one in waiting)
            raise ValueError(f"the facts {names} wait for each other or for what is not given")
        round_ = _Round(relation, known, on, elsewhere, typed_in, few=few and relation == population)
        added = [round_.column(one, opened[one.register], reasons=reasons) for one in ready]
        relation = round_.sql()
        known |= dict(added)
        waiting = [one for one in waiting if one not in ready]
    return FactRelation(relation, known)


def _open(names: set[str], purpose: str, now: datetime) -> dict[str, _Opened]:
    rows = {row.name: row for row in Register.objects.filter(name__in=names).select_related("current_load")}
    opened = {}
    for name in sorted(names):
        if name not in rows:
            raise RegisterNotDeclared(name)
        declaration = Declaration.model_validate(rows[name].declaration)
        if purpose not in declaration.purposes:
            raise PurposeNotAllowed(name, purpose, declaration.purposes)
        load = rows[name].current_load
        obstacle = None
        if declaration.source == "table":
            if load is None:
                obstacle = Because.NOT_LOADED
            elif _is_stale(declaration, load.as_of, now):
                obstacle = Because.STALE
        opened[name] = _Opened(declaration, obstacle)
    return opened


def _is_stale(declaration: Declaration, as_of: datetime, now: datetime) -> bool:
    days = declaration.stale_after_days
    return days is not None and now - as_of > timedelta(days=days)


class _Round:
    """Questions that need nothing of each other: joins to one relation, and a column each."""

    def __init__(
        self,
        relation: str,
        known: Mapping[str, Given],
        on: str,
        elsewhere: Elsewhere | None,
        typed_in: Typed | None,
        *,
        few: bool,
    ) -> None:
        self.relation = relation
        self.known = known
        self.on = on
        self.elsewhere = elsewhere
        self.typed_in = typed_in
        self.few = few
        self.joins: dict[object, _Joined] = {}
        self.readings: dict[tuple[str, str, str], str] = {}
        self.extra: list[str] = []
        self.columns: list[str] = []

    def sql(self) -> str:
        """Return the whole as a query in parentheses."""
        joins = "".join([*self.extra, *(join.sql() for join in self.joins.values())])
        return f"(SELECT l.*, {', '.join(self.columns)} FROM {self.relation} AS l{joins})"

    def column(self, question: SetQuestion, opened: _Opened, *, reasons: bool) -> tuple[str, Given]:
        """Add the question's column and return what it gives to those that match on it."""
        declaration = opened.declaration
        kind: ColumnType = "boolean"
        if question.returns is not None:
            kind = declaration.column(question.returns).type
        wanted = {name: self._wanted(declaration, name, source) for name, source in question.match.items()}
        nothing = " OR ".join(f"{sql} IS NULL" for sql in wanted.values()) or "FALSE"
        if opened.obstacle is not None:
            value, why = f"NULL::{TYPES[kind]}", literal(opened.obstacle.value)
        else:
            value, why = self._answered(question, declaration, wanted)
        self.columns.append(f"CASE WHEN {nothing} THEN NULL ELSE {value} END AS {quoted(question.fact)}")
        if reasons:
            unasked = literal(Because.NOTHING_TO_ASK_WITH.value)
            self.columns.append(
                f"CASE WHEN {nothing} THEN {unasked} ELSE {why} END AS {quoted(f'{question.fact} because')}"
            )
        return question.fact, Given(question.fact, kind)

    def _answered(
        self, question: SetQuestion, declaration: Declaration, wanted: Mapping[str, str]
    ) -> tuple[str, str]:
        shape = shape_of(declaration, tuple(question.match), question.returns)
        whole = set(declaration.key) <= set(shape.exact)
        by = declaration.key if whole else shape.exact
        join = self._join(declaration, by, wanted, single=whole)
        for name in (*shape.exact, *shape.columns):
            join.columns[name] = None
        others = [name for name in shape.exact if name not in by]
        kept = _kept(declaration, join.alias, self.on, {name: wanted[name] for name in shape.loose})
        also = [f"{join.alias}.{quoted(name)} = {wanted[name]}" for name in others]
        present = f"{join.alias}.{quoted(LINE)}" if whole else f"{join.alias}._n"
        gone = " OR ".join(
            [f"{present} IS NULL", *(f"({one}) IS NOT TRUE" for one in also), f"({kept}) IS FALSE"]
        )
        value = "TRUE" if question.returns is None else f"{join.alias}.{quoted(question.returns)}"
        one = _one(declaration, question, gone, f"({kept}) IS NULL", value)
        if whole:
            return one
        if declaration.source != "table":
            raise NotBySet(f"the register {declaration.name} is asked by less than its key")
        several = self._several(question, declaration, shape.exact, wanted)
        return (
            f"CASE WHEN {join.alias}._n > 1 THEN {several[0]} ELSE {one[0]} END",
            f"CASE WHEN {join.alias}._n > 1 THEN {several[1]} ELSE {one[1]} END",
        )

    def _join(
        self, declaration: Declaration, by: tuple[str, ...], wanted: Mapping[str, str], *, single: bool
    ) -> _Joined:
        asked = tuple((name, wanted[name]) for name in by)
        join = self.joins.get((declaration.name, asked))
        if join is None:
            alias = f"r{len(self.joins)}"
            equal = " AND ".join(f"{alias}.{quoted(name)} = {sql}" for name, sql in asked) or "TRUE"
            source = self._source(declaration)
            join = _Joined(alias, source, equal, single, keys=by, only=self._only(asked))
            self.joins[declaration.name, asked] = join
        return join

    def _only(self, asked: Sequence[tuple[str, str]]) -> str:
        """Return the condition of the records that anybody asks about, before they are grouped."""
        plain = {f"l.{quoted(given.column)}" for given in self.known.values()}
        told = [(name, sql) for name, sql in asked if sql in plain]
        if not self.few or not told:
            return ""
        names, wanted = ", ".join(quoted(name) for name, _ in told), ", ".join(sql for _, sql in told)
        return f" WHERE ({names}) IN (SELECT {wanted} FROM {self.relation} AS l)"

    def _source(self, declaration: Declaration) -> str:
        if declaration.source == "table":
            return f"{quoted(declaration.schema_name)}.records"
        found = self.elsewhere(declaration) if self.elsewhere is not None else None
        if found is None:
            raise NotBySet(f"the register {declaration.name} is asked over the network, person by person")
        return found

    def _several(
        self,
        question: SetQuestion,
        declaration: Declaration,
        exact: Sequence[str],
        wanted: Mapping[str, str],
    ) -> tuple[str, str]:
        """Weigh several records of one row, as ``answers`` does; only run for rows that have several."""
        source = f"{quoted(declaration.schema_name)}.records"
        where = " AND ".join(f"m.{quoted(name)} = {wanted[name]}" for name in exact)
        loose = {name: sql for name, sql in wanted.items() if name not in exact}
        kept = _kept(declaration, "m", self.on, loose)
        value = "TRUE" if question.returns is None else f"m.{quoted(question.returns)}"
        records = f"(SELECT {value} AS value, ({kept}) AS sure FROM {source} AS m WHERE {where}) AS read"
        left = "FILTER (WHERE sure IS NOT FALSE)"
        different = f"count(DISTINCT value) {left} + (count(*) {left} > count(value) {left})::int"
        absent_value, absent_why = _absent(declaration, question)
        weigh = (
            f"WHEN count(*) > {MOST_RECORDS} THEN {{conflict}} WHEN count(*) {left} = 0 THEN {{absent}}"
            f" WHEN {different} > 1 THEN {{conflict}} WHEN count(value) FILTER (WHERE sure) = 0 THEN {{empty}}"
        )
        values = weigh.format(conflict="NULL", absent=absent_value, empty="NULL")
        whys = weigh.format(
            conflict=literal(Because.CONFLICTING.value),
            absent=absent_why,
            empty=literal(Because.EMPTY.value),
        )
        return (
            f"(SELECT CASE {values} ELSE any_value(value) FILTER (WHERE sure) END FROM {records})",
            f"(SELECT CASE {whys} ELSE {literal(Because.RECORD.value)} END FROM {records})",
        )

    def _wanted(self, declaration: Declaration, name: str, source: str) -> str:
        """Return the wanted value in the type of the column, null where it is none of that type."""
        given, kind = self.known[source], declaration.column(name).type
        sql = f"l.{quoted(given.column)}"
        if given.type in COMPARED_AS_TEXT and (given.typed or kind not in COMPARED_AS_TEXT):
            at_hand = given.typed and self.typed_in is not None
            return self._read(declaration, name, sql, self.typed_in if at_hand else None)
        if TYPES[given.type] == TYPES[kind] or (given.type, kind) == ("integer", "decimal"):
            return sql
        raise NotBySet(
            f"the register {declaration.name} cannot be asked by set whether {name} ({kind}) equals"
            f" {source} ({given.type})"
        )

    def _read(self, declaration: Declaration, name: str, sql: str, typed: Typed | None) -> str:
        """Return the text as the column reads it: the distinct texts are read as one by one, and joined."""
        kind = declaration.column(name).type
        key = (declaration.name, name, sql)
        if key in self.readings:
            return self.readings[key]
        as_text = kind in COMPARED_AS_TEXT
        odd = f" WHERE text !~ {literal(PLAIN)}" if as_text else ""
        texts = (typed or Typed(self.relation)).texts(sql, odd)
        shape = shape_of(declaration, (name,), None)
        read = {text: shape.comparable(name, text) for text in texts}
        if as_text and all(text == value for text, value in read.items()):
            return self.readings.setdefault(key, sql)
        alias = f"t{len(self.extra)}"
        written = {
            text: None if value is None or isinstance(value, Asked) else value_as_text(value)
            for text, value in read.items()
        }
        pairs = _pairs(written, TYPES[kind])
        self.extra.append(f" LEFT JOIN {pairs} AS {alias} (text, value) ON {alias}.text = {sql}")
        value = f"{alias}.value"
        if as_text:
            value = f"(CASE WHEN {alias}.text IS NULL THEN {sql} ELSE {alias}.value END)"
        return self.readings.setdefault(key, value)


# What every column of text takes as it is: no space at the ends, no letter that could be composed in two ways.
PLAIN = "^[!-~]([ -~]*[!-~])?$"


def _pairs(read: Mapping[str, str | None], kind: str) -> str:
    if not read:
        return f"(SELECT NULL::text, NULL::{kind} WHERE FALSE)"
    texts = ", ".join(literal(text) for text in read)
    binary = kind == "bytea"
    values = ", ".join(
        "NULL" if value is None else literal(f"\\x{value}" if binary else value) for value in read.values()
    )
    return f"(SELECT * FROM unnest(ARRAY[{texts}]::text[], ARRAY[{values}]::{kind}[]))"


def _kept(declaration: Declaration, alias: str, on: str, loose: Mapping[str, str]) -> str:
    """Return whether a record counts: true, false, or null where a compared column is empty."""
    since, until = declaration.in_force.since, declaration.in_force.until
    parts = []
    if since is not None:
        column = f"{alias}.{quoted(since)}"
        parts.append(f"({column} IS NULL OR {column} <= {on})")
    if until is not None:
        column = f"{alias}.{quoted(until)}"
        parts.append(f"({column} IS NULL OR {column} >= {on})")
    parts += [f"{alias}.{quoted(name)} = {sql}" for name, sql in loose.items()]
    return " AND ".join(parts) or "TRUE"


def _absent(declaration: Declaration, question: SetQuestion) -> tuple[str, str]:
    if declaration.absence_means == "no":
        return ("FALSE" if question.returns is None else "NULL"), literal(Because.NO_RECORD.value)
    return "NULL", literal(Because.ABSENT.value)


def _one(
    declaration: Declaration, question: SetQuestion, gone: str, perhaps: str, value: str
) -> tuple[str, str]:
    absent_value, absent_why = _absent(declaration, question)
    return (
        f"CASE WHEN {gone} THEN {absent_value} WHEN {perhaps} THEN NULL ELSE {value} END",
        f"CASE WHEN {gone} THEN {absent_why} WHEN {perhaps} OR {value} IS NULL"
        f" THEN {literal(Because.EMPTY.value)} ELSE {literal(Because.RECORD.value)} END",
    )
