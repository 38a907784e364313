"""Decides everyone of a table under one side: by one statement if the model is in the subset, else by distinct rows."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from motcua.registers.sets import literal, quoted
from motcua.rules import RulesError
from motcua.rules.kinds import AllowedType
from motcua.rules.sql import NotInSubset, plan_several
from motcua.rules.values import from_plain
from motcua.switching.packing import PACKED, as_json, packed, plain_column
from motcua.switching.sides import FAULT, Side
from motcua.switching.working import Tables, hash_of

log = logging.getLogger(__name__)

# How a column of our own is told from a name of the model.
ANSWER, REASON, RULE = "#answer", "#reason", "#rule"
_NULLS = {"number": "numeric", "boolean": "boolean", "date": "date", "string": "text"}


@dataclass(frozen=True, slots=True)
class Decider:
    """How the rows of a table are decided under one side: ``query`` is None if only the model itself can."""

    side: Side
    source: str
    inputs: tuple[str, ...]
    outputs: Mapping[str, str]  # where each further output will stand
    query: str | None


def decider_of(side: Side, *, scope: Mapping[str, str], table: str) -> Decider:
    """Return how to decide the rows of a table that is there already, if only with its columns.

    ``scope`` gives the column of each name; ``line`` tells the rows apart.
    """
    inputs = {name: _column(side, name, scope) for name in side.model.inputs}
    picked = "".join(f", {sql} AS {quoted(name)}" for name, sql in inputs.items())
    source = f"(SELECT line{picked} FROM {quoted(table)} AS a)"
    query: str | None = None
    try:
        query, outputs = _by_set(side, source)
    except NotInSubset as outside:
        log.info("%s is decided by distinct rows: %s", side.procedure.code, outside)
        outputs = {name: f"{PACKED}{name}" for name in side.content.manifest.outputs}
    return Decider(side, source, tuple(inputs), outputs, query)


def decide(tables: Tables, decider: Decider) -> None:
    """Decide the rows into ``decided <side>``.

    The table has line, kind, answer, reason, rule, and the outputs. A row that the pack fails on has the kind
    ``fault`` and nothing else.
    """
    side, outputs = decider.side, decider.outputs
    query = decider.query or _by_distinct_rows(tables, decider)
    kinds = " ".join(f"WHEN {literal(answer)} THEN {literal(kind)}" for answer, kind in side.kinds.items())
    kind = f"CASE {quoted(ANSWER)} {kinds} ELSE {literal(FAULT)} END"
    faults = _faults(side, decider.source)
    if faults:
        kind = f"CASE WHEN {faults} THEN {literal(FAULT)} ELSE {kind} END"
    packed_too = [plain_column(column) for column in outputs.values() if column.startswith(PACKED)]
    told = ", ".join(quoted(column) for column in [*outputs.values(), *packed_too])
    cells = f"line, {kind} AS kind, {quoted(ANSWER)} AS answer, {quoted(REASON)} AS reason, {quoted(RULE)} AS rule"
    whole = f"SELECT {cells}{', ' if told else ''}{told} FROM ({query}) AS d"
    tables.make(f"decided {side.name}", whole)


def _column(side: Side, name: str, scope: Mapping[str, str]) -> str:
    if name in scope:
        return f"a.{quoted(scope[name])}"
    return f"NULL::{_NULLS.get(side.model.inputs[name].type, 'text')}"


def _by_set(side: Side, source: str) -> tuple[str, dict[str, str]]:
    """Return one statement for the answer and every output; what they share is decided once for each row."""
    pointer, wanted = side.content.manifest.answering, side.content.manifest.outputs
    names, kept = tuple(dict.fromkeys((pointer, *wanted))), list(_limited(side))
    several = plan_several(side.model, source, decisions=names, dialect="postgres", keys=["line", *kept])
    plan = several.plan
    with connection.cursor() as cursor:
        plan.checked(cursor)
    columns = {name.rpartition(".")[2]: name for name in several.of[pointer] if "." in name}
    if "answer" not in columns:
        raise NotInSubset("an answer that is no table with an output of that name", element=pointer)
    rules = " ".join(f"WHEN {at} THEN {literal(rule)}" for at, rule in enumerate(plan.reasons, 1))
    rule = f"CASE {quoted(plan.rule_column)} {rules} END" if plan.rule_column and rules else "NULL::text"
    reason = quoted(columns["reason"]) if "reason" in columns else "NULL::text"
    outputs = {output: f"#{output}" for name in wanted for output in several.of[name]}
    told = "".join(f", {quoted(output)} AS {quoted(column)}" for output, column in outputs.items())
    keys = ", ".join(["line", *map(quoted, kept)])
    query = (
        f"SELECT {keys}, {quoted(columns['answer'])} AS {quoted(ANSWER)}, {reason} AS {quoted(REASON)},"
        f" {rule} AS {quoted(RULE)}{told} FROM ({plan.sql}) AS p"
    )
    return query, outputs


def _by_distinct_rows(tables: Tables, decider: Decider) -> str:
    """Decide each distinct row of inputs one by one, as the ordinary path does, and return the answers joined."""
    side, source, inputs = decider.side, decider.source, decider.inputs
    plan, wanted = side.plan, side.content.manifest.outputs

    def work_out(row: tuple[Any, ...]) -> Sequence[str | None]:  # cells as psycopg reads them
        scope = dict(zip(inputs, row, strict=True))
        try:
            judged = plan.judge(scope)
            found = plan.outputs(scope)
        # Whatever a pack raises, a person looks at the case.
        except (RulesError, ValueError, ArithmeticError, TypeError):
            return [None] * (3 + 2 * len(wanted))
        exact = [packed(found[name]) for name in wanted]
        plain = [json.dumps(as_json(found[name]), ensure_ascii=False) for name in wanted]
        return [judged.answer, judged.reason, judged.rule, *exact, *plain]

    outputs = decider.outputs
    name = f"answers {side.name}"
    tables.tabulate(
        name,
        of=f"{source} AS s",
        columns=[quoted(one) for one in inputs],
        results=[ANSWER, REASON, RULE, *outputs.values(), *map(plain_column, outputs.values())],
        work_out=work_out,
    )
    key = hash_of([f"s.{quoted(one)}" for one in inputs] or ["1"])
    return f"SELECT s.*, m.* FROM {source} AS s LEFT JOIN {quoted(name)} AS m ON m.key = {key}"


def _limited(side: Side) -> dict[str, AllowedType]:
    """Return the inputs whose values the model lists."""
    return {
        unit.element.variable.name: unit.type
        for unit in side.model.units("input")
        if isinstance(unit.type, AllowedType)
    }


def _faults(side: Side, source: str) -> str:
    """Return the condition of rows with a value that the model does not allow, empty if there are none.

    The ordinary path refuses these rows; a set would take them as they are.
    """
    limited = _limited(side)
    if not limited:
        return ""
    names = list(limited)
    bad: dict[str, set[object]] = {name: set() for name in names}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {', '.join(map(quoted, names))} FROM {source} AS s")
        for row in cursor.fetchall():
            for name, value in zip(names, row, strict=True):
                if value is not None and not limited[name].allows(from_plain(value)):
                    bad[name].add(value)
    return " OR ".join(
        f"{quoted(name)} IN ({', '.join(sorted(literal(str(value)) for value in values))})"
        for name, values in bad.items()
        if values
    )
