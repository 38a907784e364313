"""The counts of a run: by category, place, sector, age band and reason, and the load on the desks; and its digits."""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from motcua.registers.sets import quoted
from motcua.rules import RulesError
from motcua.switching.shares import Share, each
from motcua.switching.sides import Side
from motcua.switching.states import Category, Subject

MOST_REASONS = 10
Counts = dict[str, dict[str, int]]


@dataclass(slots=True)
class Tally:
    """What was counted so far; every count is by category inside what it is counted by."""

    totals: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)
    by_procedure: Counts = field(default_factory=dict)
    by_place: Counts = field(default_factory=dict)
    by_sector: Counts = field(default_factory=dict)
    by_age: Counts = field(default_factory=dict)
    desk_load: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: list[dict[str, Any]] = field(default_factory=list)  # as they are stored
    taken_from_decisions: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)
    kept_rows: int = 0

    def as_json(self, law: Mapping[str, str]) -> dict[str, Any]:  # as it is stored
        """Return the result as a run keeps it, in an order that is the same every time."""
        reasons = sorted(
            self.reasons, key=lambda one: (-one["count"], one["procedure"], one["reason"], one["rule"])
        )
        return {
            "law": dict(law),
            "subjects": _sorted(self.subjects),
            "totals": _sorted(self.totals),
            **{
                name: {key: _sorted(counts[key]) for key in sorted(counts)}
                for name, counts in (
                    ("by_procedure", self.by_procedure),
                    ("by_place", self.by_place),
                    ("by_sector", self.by_sector),
                    ("by_age", self.by_age),
                )
            },
            "reasons": reasons[:MOST_REASONS],
            "desk_load": [
                {"agency_path": agency, "place_code": place, "count": count}
                for (agency, place), count in sorted(self.desk_load.items())
            ],
            "taken_from_decisions": sorted(self.taken_from_decisions),
            "agencies": sorted(self.agencies),
        }


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts)}


_EVERYONE = """
    SELECT subject, agency_path::text, place_code, sector, age_band, count(*) FROM asked GROUP BY 1, 2, 3, 4, 5
"""
_TOUCHED = """
    SELECT subject, agency_path::text, place_code, sector, age_band, category, count(*) FROM found
    GROUP BY 1, 2, 3, 4, 5, 6
"""
Where = tuple[str, str, str, str, str]


def count(tally: Tally, after: Side, several: Sequence[Share]) -> None:
    """Add the rows of ``asked``, and what becomes of those that were ``found``, to the tally; two queries a share."""
    code = after.procedure.code
    left = Counter[Where]()
    for everyone, touched in each(several, _counted):
        left.update(everyone)
        for (place, category), number in touched.items():
            left[place] -= number
            _add(tally, code, place, category, number)
    for place, number in left.items():
        if number:
            # A case that nothing becomes of stays open; a pass, and a person, keep what they have.
            rest = Category.STILL_OPEN if place[0] == Subject.OPEN_CASE else Category.KEPT
            _add(tally, code, place, rest.value, number)


def _counted(_share: Share) -> tuple[dict[Where, int], dict[tuple[Where, str], int]]:
    with connection.cursor() as cursor:
        cursor.execute(_EVERYONE)
        everyone = {row[:5]: row[5] for row in cursor.fetchall()}
        cursor.execute(_TOUCHED)
        return everyone, {(row[:5], row[5]): row[6] for row in cursor.fetchall()}


def _add(tally: Tally, code: str, where: Where, category: str, number: int) -> None:
    subject, agency, place, sector, age = where
    tally.agencies.add(agency)
    tally.totals[category] += number
    tally.subjects[subject] += number
    for counts, key in (
        (tally.by_procedure, code),
        (tally.by_place, place),
        (tally.by_sector, sector),
        (tally.by_age, age),
    ):
        inner = counts.setdefault(key, {})
        inner[category] = inner.get(category, 0) + number
    # Nobody has to look at somebody who has asked for nothing.
    if category == Category.TO_PERSON and subject != Subject.PERSON:
        tally.desk_load[agency, place] += number


def count_reasons(
    tally: Tally,
    after: Side,
    scope: Mapping[str, str],
    several: Sequence[Share],
    *,
    run_id: uuid.UUID,
    first_line: int,
) -> None:
    """Add the most common reasons of what changes, in the words of the model for the first such row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT told.*, effect.case_number, effect.person_key FROM ("
            " SELECT category, after_reason AS reason, after_rule AS rule, count(*) AS number, min(line) AS line"
            " FROM switching_effect WHERE run_id = %s AND procedure_code = %s AND line >= %s"
            f" GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT {MOST_REASONS}"
            ") AS told JOIN switching_effect AS effect ON effect.run_id = %s AND effect.line = told.line"
            " ORDER BY told.number DESC, 1, 2, 3",
            [run_id, after.procedure.code, first_line, run_id],
        )
        found = cursor.fetchall()
    words = _words(after, scope, several, [(case_number, bytes(key)) for *_, case_number, key in found])
    for (category, reason, rule, number, *_), (vi, en) in zip(found, words, strict=True):
        tally.reasons.append(
            {
                "procedure": after.procedure.code,
                "category": category,
                "reason": reason,
                "rule": rule,
                "vi": vi,
                "en": en,
                "count": number,
            }
        )


def _words(
    after: Side, scope: Mapping[str, str], several: Sequence[Share], rows: Sequence[tuple[str, bytes]]
) -> list[tuple[str, str]]:
    """Return what the model says of each of these rows, by case number and person."""

    def looked_up(_share: Share) -> dict[tuple[str, bytes], bytes]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number, key, alike FROM found WHERE number = ANY(%s) AND key = ANY(%s)",
                [[number for number, _ in rows], [key for _, key in rows]],
            )
            return {(number, bytes(key)): bytes(alike) for number, key, alike in cursor.fetchall()}

    alike = {row: line for share in each(several, looked_up) for row, line in share.items()}
    names = [name for name in after.model.inputs if name in scope]
    picked = "".join(f", {quoted(scope[name])}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line{picked} FROM alike WHERE line = ANY(%s)", [list(alike.values())])
        inputs = {bytes(line): dict(zip(names, cells, strict=True)) for line, *cells in cursor.fetchall()}
    return [_said(after, inputs[alike[row]]) for row in rows]


def _said(after: Side, inputs: Mapping[str, object]) -> tuple[str, str]:
    try:
        judged = after.plan.judge(inputs)
    # What the pack fails on has no words of its own.
    except (RulesError, ValueError, ArithmeticError, TypeError):
        return "", ""
    return judged.text_vi, judged.text_en


def digits_of(run_id: uuid.UUID, result: Mapping[str, Any], rows: int, several: Sequence[Share]) -> str:
    """Return the digest of the run: every kept effect in its order, then the counts. One query a share."""
    told = (
        "subject, procedure_code, revision_id, case_number, state, credential_id, encode(person_key, 'hex'),"
        " place_code, sector, age_band, category, before_answer, before_reason, before_rule, after_answer,"
        " after_reason, after_rule, extract(epoch FROM stood_until), extract(epoch FROM after_from),"
        " extract(epoch FROM after_until), outputs, claims, facts_digest"
    )
    bounds = [rows * at // len(several) for at in range(len(several) + 1)]

    def told_in(share: Share) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT coalesce(string_agg(md5(ROW(line, {told})::text), '' ORDER BY line), '')"
                " FROM switching_effect WHERE run_id = %s AND line > %s AND line <= %s",
                [run_id, bounds[share.place], bounds[share.place + 1]],
            )
            return str(cursor.fetchone()[0])

    effects = hashlib.sha256("".join(each(several, told_in)).encode()).hexdigest()
    counted = json.dumps(result, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{effects}\n{counted}".encode()).hexdigest()
