"""Which category each re-decided row falls into, and the rows that are kept of a run."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from motcua.cases.states import PACK_FAULT
from motcua.registers.sets import literal, quoted
from motcua.switching.packing import PACKED, plain_column
from motcua.switching.sides import FAULT, Side
from motcua.switching.states import AGE_BANDS, Category, Subject
from motcua.switching.working import Tables

# Of a pass: what becomes of it. Only where the two laws differ; a pass that a person gave against the rules, or whose
# facts have changed since, stays what it is under a draft that says the same as the law in force.
_PASS = f"""
    CASE WHEN a_kind = 'granted' AND b_kind = 'granted' THEN
             CASE WHEN (b_from, b_until, b_claims) IS NOT DISTINCT FROM (a_from, a_until, a_claims)
                      THEN '{Category.KEPT}'
                  WHEN a_until > stood_until THEN '{Category.EXTENDED}'
                  WHEN a_until < stood_until THEN '{Category.DOWNGRADED}'
                  ELSE '{Category.CHANGED}' END
         WHEN a_kind = 'granted' THEN
             CASE WHEN a_until > stood_until THEN '{Category.EXTENDED}' ELSE '{Category.KEPT}' END
         WHEN a_kind = 'refused' THEN
             CASE WHEN b_kind = 'refused' THEN '{Category.KEPT}' ELSE '{Category.REVOKED}' END
         WHEN b_kind = 'granted' THEN '{Category.TO_PERSON}'
         ELSE '{Category.KEPT}' END
"""
_OPEN = f"""
    CASE WHEN a_kind = b_kind THEN '{Category.STILL_OPEN}'
         WHEN a_kind = 'granted' THEN '{Category.GRANTED}'
         WHEN a_kind = 'refused' THEN '{Category.REFUSED}'
         ELSE '{Category.STILL_OPEN}' END
"""
_PERSON = f"""
    CASE WHEN a_kind = b_kind THEN '{Category.KEPT}'
         WHEN a_kind = 'granted' THEN '{Category.GRANTED}'
         WHEN a_kind = 'refused' THEN '{Category.REFUSED}'
         ELSE '{Category.TO_PERSON}' END
"""
# Nothing becomes of these: they are counted and not kept.
UNTOUCHED = (Category.KEPT.value, Category.STILL_OPEN.value)
_BY_SUBJECT = {Subject.CREDENTIAL: _PASS, Subject.OPEN_CASE: _OPEN, Subject.PERSON: _PERSON}


def age_band_sql(born_on: str, day: date) -> str:
    """Return the SQL of the age band on the day, such as ``18-29`` or ``60+``; empty if no day of birth is known."""
    age = f"extract(year FROM age({literal(day.isoformat())}::date, {born_on}))"
    bands = " ".join(
        f"WHEN {age} >= {low} THEN {literal(f'{low}+' if high is None else f'{low}-{high}')}"
        for low, high in reversed(AGE_BANDS)
    )
    return f"CASE WHEN {born_on} IS NULL THEN '' {bands} ELSE '' END"


def make_outcomes(tables: Tables, pair: Sequence[Side], outputs: Mapping[str, str]) -> None:
    """Make the table ``outcome`` of what was decided and said under both sides, without what is the same under both.

    One row for all that no rule tells apart; ``outputs`` are where outputs stand under the draft.
    """
    before, after = pair
    told = ", ".join(f"{literal(name)}, {_output(column)}" for name, column in outputs.items())
    packed = f"jsonb_strip_nulls(jsonb_build_object({told}))" if told else "'{}'::jsonb"
    tables.make(
        "outcome",
        f"""
        SELECT * FROM (
            SELECT line AS alike, {_kind(before, "b", "bs")} AS b_kind, {_kind(after, "d", "ds")} AS a_kind,
                   bs.valid_from AS b_from, bs.valid_until AS b_until, bs.claims AS b_claims,
                   ds.valid_from AS a_from, ds.valid_until AS a_until, ds.claims AS a_claims,
                   {_answer("b", "before")}, {_answer("d", "after")}, {packed} AS outputs
            FROM "decided before" AS b JOIN "decided after" AS d USING (line)
            LEFT JOIN "said before" AS bs USING (line) LEFT JOIN "said after" AS ds USING (line)
            OFFSET 0
        ) AS t
        WHERE a_kind <> b_kind
            OR a_kind = 'granted' AND (b_from, b_until, b_claims) IS DISTINCT FROM (a_from, a_until, a_claims)
        """,
    )


def find(tables: Tables, told_by: Sequence[str]) -> dict[str, int]:
    """Make the table ``found`` of the rows of ``asked`` that something becomes of; return how many by subject.

    ``told_by`` are the columns by which the facts of a row are told.
    """
    subjects = " ".join(f"WHEN {literal(one.value)} THEN {category}" for one, category in _BY_SUBJECT.items())
    untouched = ", ".join(map(literal, UNTOUCHED))
    facts = ", ".join(f"t.{quoted(name)}" for name in told_by)
    tables.make(
        "found",
        f"""
        SELECT subject, number, filed_on, state, credential_id, applicant_id, key, agency_path, place_path,
               place_code, sector, age_band, stood_until, alike, category, before_answer, before_reason, before_rule,
               after_answer, after_reason, after_rule, a_from, a_until,
               CASE WHEN a_kind = 'granted' THEN outputs ELSE '{{}}' END AS outputs,
               coalesce(a_claims, '{{}}') AS claims, md5(ROW({facts})::text) AS facts_digest
        FROM (
            SELECT *, CASE subject {subjects} END AS category FROM asked JOIN outcome USING (alike) OFFSET 0
        ) AS t
        WHERE category NOT IN ({untouched})
        """,
        joined=False,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, count(*) FROM found GROUP BY subject")
        return dict(cursor.fetchall())


def keep(run_id: uuid.UUID, after: Side, lines: Mapping[str, int]) -> None:
    """Store the rows of ``found``, by subject from the line given, in the order of case number; one statement."""
    first = " ".join(f"WHEN {literal(subject)} THEN {int(line)}" for subject, line in lines.items())
    if not first:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO switching_effect (run_id, line, subject, procedure_code, revision_id, case_number, filed_on,
                state, credential_id, applicant_id, person_key, agency_path, place_path, place_code, sector, age_band,
                category, before_answer, before_reason, before_rule, after_answer, after_reason, after_rule,
                stood_until, after_from, after_until, outputs, claims, facts_digest)
            SELECT {literal(str(run_id))}::uuid,
                   CASE subject {first} END - 1
                       + row_number() OVER (PARTITION BY subject ORDER BY number COLLATE "C", key),
                   subject, {literal(after.procedure.code)}, {after.procedure.revision_id}, number, filed_on,
                   state, credential_id, applicant_id, key, agency_path, place_path, place_code, sector, age_band,
                   category, before_answer, before_reason, before_rule, after_answer, after_reason, after_rule,
                   stood_until, a_from, a_until, outputs, claims, facts_digest
            FROM found
        """)


def _kind(side: Side, decided: str, said: str) -> str:
    # What the pack fails on goes to a person, as the ordinary path has it; so does a pass that cannot be worked out.
    wordless = f" WHEN {decided}.kind = 'granted' AND {said}.line IS NULL THEN 'person'"
    unsaid = wordless if side.content.credential is not None else ""
    return f"CASE WHEN {decided}.kind = {literal(FAULT)} THEN 'person'{unsaid} ELSE {decided}.kind END"


def _output(column: str) -> str:
    return f"d.{quoted(plain_column(column))}::jsonb" if column.startswith(PACKED) else f"d.{quoted(column)}"


def _answer(side: str, name: str) -> str:
    # What the pack fails on has no answer, and the reason that the ordinary path writes down.
    told = {"answer": "", "reason": PACK_FAULT, "rule": ""}
    cells = (
        f"CASE WHEN {side}.kind = {literal(FAULT)} THEN {literal(fault)} ELSE coalesce({side}.{cell}, '') END"
        f" AS {name}_{cell}"
        for cell, fault in told.items()
    )
    return ", ".join(cells)
