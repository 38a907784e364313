"""Answers lines of JSON by the set-based engine, on a relation of one row in DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from motcua.rules.errors import RulesError
from motcua.rules.inference import member_type
from motcua.rules.jsonl import decoded, encoded, loaded
from motcua.rules.kinds import DAY_DURATION, MONTH_DURATION, FeelType, plain
from motcua.rules.running import converted_input
from motcua.rules.sql.dialects import DIALECTS
from motcua.rules.sql.expressions import Expressions
from motcua.rules.sql.plan import plan_for
from motcua.rules.sql.subset import NotInSubset
from motcua.rules.temporal import DAY, DayDuration, MonthDuration
from motcua.rules.values import Value, from_plain

_TYPES = {
    "number": "DECIMAL(38, 12)",
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "date and time": "TIMESTAMP",
}


def answer_by_set(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return {"value"}, or {"skipped": reason} for what the set-based engine does not claim."""
    if (line.get("kind") or "decision") != "decision":
        return {"skipped": f"a {line.get('kind')} is not a set"}
    try:
        value = set_value(line)
    except NotInSubset as reason:
        return {"skipped": str(reason)}
    except ModuleNotFoundError as reason:
        return {"skipped": f"{reason.name} is not installed"}
    return {"value": encoded(value)}


def set_value(line: Mapping[str, Any]) -> Value:
    """Decide one line through DuckDB."""
    import duckdb

    model = loaded(line)
    facts = {name: decoded(value) for name, value in (line.get("inputs") or {}).items()}
    name = " ".join(str(line["name"]).split())
    try:
        plan = plan_for(model, "facts", decision=name, dialect="duckdb", columns=None, keys=())
    except NotInSubset:
        raise
    except RulesError as reason:
        raise NotInSubset(f"this model ({reason})") from reason
    columns = [
        _column(
            unit.element.variable.name,
            plain(unit.type),
            converted_input(unit, facts.get(unit.element.variable.name)),
        )
        for unit in model.loaded.linked.units.values()
        if unit.element.kind == "input" and unit.element.variable.name in plan.inputs
    ]
    relation = f"(SELECT {', '.join(columns) or '1 AS one'}) AS facts"
    with duckdb.connect() as connection:
        rows = connection.execute(plan.sql.replace("FROM facts", f"FROM {relation}", 1)).fetchall()
    kind = plain(model.decision_unit(name).type)
    if len(plan.outputs) == 1 and "." not in plan.outputs[0]:
        return _read(rows[0][0], kind)
    names = [column.partition(".")[2] for column in plan.outputs]
    values = [_read(value, member_type(kind, name)) for name, value in zip(names, rows[0], strict=False)]
    return dict(zip(names, values, strict=True))


def _column(name: str, kind: FeelType, value: Value) -> str:
    dialect = DIALECTS["duckdb"]
    writer = Expressions(dialect, {}, name)
    text = writer.literal(value).text
    return f"CAST({text} AS {_TYPES[str(kind)]}) AS {dialect.name_of(name)}"


def _read(value: Any, kind: FeelType) -> Value:
    # In a set a duration is the number of its days or months.
    if value is not None and plain(kind) is DAY_DURATION:
        return DayDuration(int(value) * DAY)
    if value is not None and plain(kind) is MONTH_DURATION:
        return MonthDuration(int(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    made = from_plain(value)
    # The column's scale pads with zeros that the numbers of the line never had.
    return made.normalize() if isinstance(made, Decimal) else made
