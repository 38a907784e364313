"""Who is re-decided: standing passes that end after a moment, open cases, and perhaps everyone in a register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db import connection

from motcua.procedures.content import Content, FormField
from motcua.procedures.queries import revision
from motcua.registers.declaration import Declaration
from motcua.registers.sets import Given, literal, quoted

OPEN_PHASES = ("person", "silent_register")


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A field of the form as a column; dates stand there twice, as the day and as the text that was typed."""

    name: str
    kind: str

    @property
    def column(self) -> str:
        """The name of the column."""
        return f"{self.kind} {self.name}"

    @property
    def given(self) -> Given:
        """What questions to registers match on."""
        match self.kind:
            case "integer":
                return Given(self.column, "integer")
            case "number":
                return Given(self.column, "decimal")
            case "boolean":
                return Given(self.column, "boolean")
            case _:
                return Given(self.column, "text", typed=True)

    def sql(self, values: str) -> str:
        """Return the cell, of the JSON of a case."""
        return f"({values} ->> {literal(self.name)}){_CASTS[self.kind]}"


_CASTS = {"text": "", "date": "::date", "integer": "::bigint", "number": "::numeric", "boolean": "::boolean"}
_KINDS = {"string": "text", "integer": "integer", "number": "number", "boolean": "boolean"}


def column_of(field: FormField, *, to_match: bool) -> FieldColumn:
    """Return the column of a field as rules see it, or as registers are asked by it."""
    if field.widget == "date" and not to_match:
        return FieldColumn(field.name, "date")
    return FieldColumn(field.name, _KINDS[field.type])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is outstanding: from one key on and before another, both constants of SQL; empty is no bound."""

    since: str = ""
    before: str = ""

    def holds(self, column: str) -> str:
        """Return the condition of the rows of the part."""
        since = f"{column} >= {self.since}" if self.since else "TRUE"
        return f"{since} AND {column} < {self.before}" if self.before else since


def _between(cuts: Iterable[str]) -> list[Part]:
    bounds = ["", *cuts, ""]
    return [Part(since, before) for since, before in pairwise(bounds)]


def revisions_with_cases() -> dict[int, int]:
    """Return the revisions that decide by rule, by id, and how many cases each has; one query over the cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT revision_id, count(*) FROM cases_case GROUP BY revision_id ORDER BY revision_id"
        )
        filed_under = {int(row[0]): int(row[1]) for row in cursor.fetchall()}
    # What people decide is not decided anew by a change of the law.
    return {
        each: cases
        for each, cases in filed_under.items()
        if revision(each).content.manifest.decision is not None
    }


def parts_of_cases(revision_id: int, cases: int, moment: datetime, most: int) -> list[Part]:
    """Cut the outstanding cases of a revision by number into parts of about one size; few are one part.

    Where it cuts changes nothing but the time that a run takes. One query over a sample of the revision's cases.
    """
    if most == 1 or cases < 2 * WORTH_A_PART:
        return [Part()]
    percent = min(100.0, 100 * SAMPLED / cases)
    shares = ", ".join(str(at / most) for at in range(1, most))
    with connection.cursor() as cursor:
        cursor.execute(f"""
            SELECT count(*), percentile_disc(ARRAY[{shares}]) WITHIN GROUP (ORDER BY c.number COLLATE "C")
            FROM cases_case AS c TABLESAMPLE SYSTEM ({percent:.4f}) REPEATABLE (0)
            WHERE c.revision_id = {int(revision_id)} AND (c.phase IN ({_phases()}) OR EXISTS (
                SELECT FROM credentials_credential k WHERE k.case_number = c.number AND k.revoked_at IS NULL
                    AND k.valid_to > {literal(moment.isoformat())}::timestamptz
            ))
        """)
        seen, cuts = cursor.fetchone()
    if seen * 100 / percent < 2 * WORTH_A_PART:
        return [Part()]
    return _between(literal(cut) for cut in sorted(set(cuts)))


def parts_of_people(most: int) -> list[Part]:
    """Cut everyone of a register by the key of the person, which is as good as drawn by lot."""
    return _between(f"'\\x{at * 0x10000 // most:04x}'::bytea" for at in range(1, most))


# Fewer are worked out before another session has begun.
WORTH_A_PART = 5_000
SAMPLED = 5_000


def _phases() -> str:
    return ", ".join(map(literal, OPEN_PHASES))


def cases_in_sql(
    revision_id: int,
    fields: Iterable[FieldColumn],
    facts_kept: Iterable[tuple[str, str]],
    *,
    moment: datetime,
    day: date,
    part: Part,
) -> str:
    """Return the cases of the revision that are re-decided, as a query; of one part of them.

    ``facts_kept`` are name and SQL type of facts that are taken as the last decision has them. A case with a
    standing pass is a pass, whatever state it is in. A pass was last worked out on the day it was issued.
    """
    columns = [f"{field.sql('c.values')} AS {quoted(field.column)}" for field in fields]
    kept = list(facts_kept)
    columns += [_kept_fact(name, kind) for name, kind in kept]
    joined = _LAST_DECISION if kept else ""
    until = literal(moment.isoformat())
    return f"""
        SELECT c.number, c.filed_on, c.state, c.agency_path, c.place_path, c.place_code,
               c.applicant_id, p.key, p.born_on, k.id AS credential_id, k.valid_to AS stood_until,
               CASE WHEN k.id IS NULL THEN 'open_case' ELSE 'credential' END AS subject, c.filed_on AS today,
               coalesce((k.issued_at AT TIME ZONE {literal(LOCAL_ZONE)})::date, {literal(day.isoformat())}::date)
                   AS layout_day
               {"".join(f", {column}" for column in columns)}
        FROM cases_case c
        JOIN identity_person p ON p.id = c.applicant_id
        LEFT JOIN credentials_credential k
            ON k.case_number = c.number AND k.revoked_at IS NULL AND k.valid_to > {until}::timestamptz
                AND {part.holds('k.case_number COLLATE "C"')}
        {joined}
        WHERE c.revision_id = {int(revision_id)} AND (k.id IS NOT NULL OR c.phase IN ({_phases()}))
            AND {part.holds('c.number COLLATE "C"')}
    """


@dataclass(frozen=True, slots=True)
class People:
    """A register that names everyone, as columns: whose it is, where they live, when they were born (or nothing)."""

    schema: str
    person: str
    place: str | None
    born_on: str | None


def register_of_everyone(content: Content, declarations: Mapping[str, Declaration]) -> People | None:
    """Return the register that names everyone for a pack that decides by the person alone, else nothing.

    Such a pack follows the facts by itself and asks nothing by what the form says; everyone stands in the first
    register of ours that it asks by the person as the one key.
    """
    pointers = {pointer for fact in content.facts for pointer in fact.match.values()}
    if not content.manifest.follows_facts or any(pointer.startswith("form.") for pointer in pointers):
        return None
    for fact in content.facts:
        declaration = declarations[fact.register_name]
        if declaration.source == "table" and dict(fact.match) == dict.fromkeys(declaration.key, "applicant"):
            columns = {column.name: column.type for column in declaration.columns}
            place = next((name for name, kind in columns.items() if kind == "place"), None)
            born_on = "born_on" if columns.get("born_on") == "date" else None
            return People(declaration.schema_name, declaration.key[0], place, born_on)
    return None


def people_in_sql(
    people: People,
    fields: Iterable[FieldColumn],
    facts_kept: Iterable[tuple[str, str]],
    *,
    code: str,
    agency_path: str,
    moment: datetime,
    day: date,
    part: Part,
) -> str:
    """Return everyone in the register who has neither a standing pass nor an open case of the service, as a query.

    They are decided as if they asked on the day of the directive, with an empty form.
    """
    nulls = "".join(f", NULL{_CASTS[field.kind] or '::text'} AS {quoted(field.column)}" for field in fields)
    nulls += "".join(f", NULL::{kind} AS {quoted(kept_column(name))}" for name, kind in facts_kept)
    today = f"{literal(day.isoformat())}::date"
    place = f"r.{quoted(people.place)}" if people.place else "NULL::text"
    born_on = f"r.{quoted(people.born_on)}" if people.born_on else "NULL::date"
    person = f"r.{quoted(people.person)}"
    return f"""
        SELECT '' AS number, NULL::date AS filed_on, '' AS state,
               {literal(agency_path)}::ltree AS agency_path, coalesce(w.path, 'vn') AS place_path,
               coalesce(w.code, '') AS place_code, NULL::bigint AS applicant_id, {person} AS key,
               {born_on} AS born_on, NULL::uuid AS credential_id, NULL::timestamptz AS stood_until,
               'person' AS subject, {today} AS today, {today} AS layout_day{nulls}
        FROM {quoted(people.schema)}.records r
        LEFT JOIN agencies_place w
            ON w.code = {place} AND w.valid_from <= {today} AND (w.valid_to IS NULL OR w.valid_to > {today})
        WHERE {part.holds(person)} AND NOT EXISTS (
            SELECT 1 FROM cases_case c JOIN identity_person p ON p.id = c.applicant_id
            LEFT JOIN credentials_credential k ON k.case_number = c.number AND k.revoked_at IS NULL
                AND k.valid_to > {literal(moment.isoformat())}::timestamptz
            WHERE c.procedure_code = {literal(code)} AND p.key = {person}
                AND (k.id IS NOT NULL OR c.phase IN ({_phases()}))
        )
    """


LOCAL_ZONE = "Asia/Ho_Chi_Minh"
_LAST_DECISION = """
        LEFT JOIN LATERAL (
            SELECT d.facts FROM decisions_decisionrecord d
            WHERE d.case_number = c.number AND d.decided_by = 'machine' ORDER BY d.decided_at DESC LIMIT 1
        ) AS decided ON TRUE
"""


def kept_column(name: str) -> str:
    """Return the column of a fact that is taken as the last decision has it."""
    return f"kept {name}"


def _kept_fact(name: str, kind: str) -> str:
    text = f"decided_fact(decided.facts, {literal(name)})"
    value = f"decode({text}, 'hex')" if kind == "bytea" else f"({text})::{kind}"
    return f"{value} AS {quoted(kept_column(name))}"
