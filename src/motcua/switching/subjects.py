"""Who is re-decided: standing passes that end after a moment, open cases, and perhaps everyone in a register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

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


def revisions_with_cases() -> list[int]:
    """Return the revisions that decide by rule and under which cases were filed, by id; one query over the cases."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT revision_id FROM cases_case GROUP BY revision_id ORDER BY revision_id")
        filed_under = [int(row[0]) for row in cursor.fetchall()]
    # What people decide is not decided anew by a change of the law.
    return [each for each in filed_under if revision(each).content.manifest.decision is not None]


def cases_in_sql(
    revision_id: int,
    fields: Iterable[FieldColumn],
    facts_kept: Iterable[tuple[str, str]],
    moment: datetime,
    day: date,
) -> str:
    """Return the cases of the revision that are re-decided, as a query.

    ``facts_kept`` are name and SQL type of facts that are taken as the last decision has them. A case with a
    standing pass is a pass, whatever state it is in. A pass was last worked out on the day it was issued.
    """
    columns = [f"{field.sql('c.values')} AS {quoted(field.column)}" for field in fields]
    kept = list(facts_kept)
    columns += [_kept_fact(name, kind) for name, kind in kept]
    joined = _LAST_DECISION if kept else ""
    until = literal(moment.isoformat())
    phases = ", ".join(map(literal, OPEN_PHASES))
    return f"""
        SELECT c.number AS line, c.number, c.filed_on, c.state, c.agency_path, c.place_path, c.place_code,
               c.applicant_id, p.key, p.born_on, k.id AS credential_id, k.valid_to AS stood_until,
               CASE WHEN k.id IS NULL THEN 'open_case' ELSE 'credential' END AS subject, c.filed_on AS today,
               coalesce((k.issued_at AT TIME ZONE {literal(LOCAL_ZONE)})::date, {literal(day.isoformat())}::date)
                   AS layout_day
               {"".join(f", {column}" for column in columns)}
        FROM cases_case c
        JOIN identity_person p ON p.id = c.applicant_id
        LEFT JOIN credentials_credential k
            ON k.case_number = c.number AND k.revoked_at IS NULL AND k.valid_to > {until}::timestamptz
        {joined}
        WHERE c.revision_id = {int(revision_id)} AND (k.id IS NOT NULL OR c.phase IN ({phases}))
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
) -> str:
    """Return everyone in the register who has neither a standing pass nor an open case of the service, as a query.

    They are decided as if they asked on the day of the directive, with an empty form.
    """
    nulls = "".join(f", NULL{_CASTS[field.kind] or '::text'} AS {quoted(field.column)}" for field in fields)
    nulls += "".join(f", NULL::{kind} AS {quoted(kept_column(name))}" for name, kind in facts_kept)
    today = f"{literal(day.isoformat())}::date"
    place = f"r.{quoted(people.place)}" if people.place else "NULL::text"
    born_on = f"r.{quoted(people.born_on)}" if people.born_on else "NULL::date"
    phases = ", ".join(map(literal, OPEN_PHASES))
    return f"""
        SELECT encode(r.{quoted(people.person)}, 'hex') AS line, '' AS number, NULL::date AS filed_on, '' AS state,
               {literal(agency_path)}::ltree AS agency_path, coalesce(w.path, 'vn') AS place_path,
               coalesce(w.code, '') AS place_code, NULL::bigint AS applicant_id, r.{quoted(people.person)} AS key,
               {born_on} AS born_on, NULL::uuid AS credential_id, NULL::timestamptz AS stood_until,
               'person' AS subject, {today} AS today, {today} AS layout_day{nulls}
        FROM {quoted(people.schema)}.records r
        LEFT JOIN agencies_place w
            ON w.code = {place} AND w.valid_from <= {today} AND (w.valid_to IS NULL OR w.valid_to > {today})
        WHERE NOT EXISTS (
            SELECT 1 FROM cases_case c JOIN identity_person p ON p.id = c.applicant_id
            LEFT JOIN credentials_credential k ON k.case_number = c.number AND k.revoked_at IS NULL
                AND k.valid_to > {literal(moment.isoformat())}::timestamptz
            WHERE c.procedure_code = {literal(code)} AND p.key = r.{quoted(people.person)}
                AND (k.id IS NOT NULL OR c.phase IN ({phases}))
        )
    """


def typed_in_sql(revision_id: int, fields: Iterable[FieldColumn]) -> str:
    """Return what was typed into the fields by anybody under the revision: a quick superset of the above."""
    columns = ", ".join(f"{field.sql('c.values')} AS {quoted(field.column)}" for field in fields)
    return f"(SELECT {columns or '1 AS one'} FROM cases_case c WHERE c.revision_id = {int(revision_id)})"


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
