"""Runs lines of JSON, one evaluation each: the interface for other programs and other harnesses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from motcua.rules import temporal as t
from motcua.rules.errors import RulesError
from motcua.rules.evaluation import Model, load
from motcua.rules.kinds import (
    DATE,
    DATE_TIME,
    DAY_DURATION,
    MONTH_DURATION,
    NUMBER,
    TIME,
    ContextType,
    FeelType,
    ListType,
    plain,
)
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.values import Value, as_literal, read_number, write_number
from motcua.rules.work import weigh

_KINDS = {"decision": "decision", "bkm": "knowledge", "decisionService": "service"}
# What a line of another form, or nested too deeply to read, runs into.
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_TEMPORAL = (Date, Time, DateTime, DayDuration, MonthDuration)


class LineUnreadable(RulesError):
    """A line, or a value in it, that is not of the agreed form."""


def decoded(value: Any) -> Value:
    """Read a value: null, true, false, {"s"}, {"n"}, {"d"}, a list or {"c"}."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if isinstance(value, dict) and len(value) == 1:
        kind, inner = next(iter(value.items()))
        if kind == "s" and isinstance(inner, str):
            return inner
        if kind == "n" and isinstance(inner, str):
            read = read_number(inner)
            if read is None:
                raise LineUnreadable(f"{inner[:80]!r} is not a finite number")
            return read
        if kind == "d" and isinstance(inner, str):
            return t.parse_temporal(inner)
        if kind == "c" and isinstance(inner, dict):
            return {name: decoded(member) for name, member in inner.items()}
    raise LineUnreadable(f"{json.dumps(value)[:80]} is not a value. Write null, true, {{'s': text}}...")


def encoded(value: Value) -> Any:
    """Write a value in the same form."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"s": value}
    if isinstance(value, Decimal):
        return {"n": write_number(value)}
    if isinstance(value, list):
        return [encoded(item) for item in value]
    if isinstance(value, dict):
        return {"c": {name: encoded(member) for name, member in value.items()}}
    if isinstance(value, _TEMPORAL):
        return {"d": as_literal(value)}
    raise LineUnreadable(f"the result {as_literal(value)[:80]} is a range or function, not data")


def loaded(line: Mapping[str, Any]) -> Model:
    """Load the model that a line names, with its imports, by their namespaces."""
    paths = [Path(path) for path in line.get("imports") or ()]
    imports = {load(path, tolerant=True).loaded.definitions.namespace: path for path in paths}
    return load(Path(line["model"]), imports=dict(imports), tolerant=True)


def answer(line: Mapping[str, Any]) -> Value:
    """Evaluate one line per case."""
    model = loaded(line)
    kind = _KINDS.get(line.get("kind") or "decision")
    if kind is None:
        raise LineUnreadable(f'the kind "{line.get("kind")}" is not one of {", ".join(_KINDS)}')
    facts = {name: decoded(value) for name, value in (line.get("inputs") or {}).items()}
    name = " ".join(str(line["name"]).split())
    value = model.invoke(kind, name, facts, model.nested_inputs(facts))
    weigh(value)
    wanted = line.get("result")
    if kind == "decision" or wanted is None or not isinstance(value, dict):
        return value
    several = kind == "knowledge" or len(model.service_outputs(name)) > 1
    return value[wanted] if several and wanted in value else value


def run_lines(
    lines: Iterable[str], evaluate: Callable[[Mapping[str, Any]], Any] | None = None
) -> Iterator[str]:
    """Yield one line of JSON for each line read; a failure is told in its line, and stops nothing."""
    for text in lines:
        if not text.strip():
            continue
        identity: Any = None
        try:
            line = json.loads(text)
            identity = line.get("id")
            made = {"value": encoded(answer(line))} if evaluate is None else evaluate(line)
        except (RulesError, *_BROKEN) as error:
            made = {"error": f"{type(error).__name__}: {error}"}
        yield json.dumps({"id": identity, **made}, ensure_ascii=False)


def facts_from_json(model: Model, given: Mapping[str, Any]) -> dict[str, Value]:
    """Read plain JSON as facts: text becomes a date where the model's input is a date, and so on."""
    kinds = {
        unit.element.variable.name: unit.type
        for unit in model.loaded.linked.units.values()
        if unit.element.kind == "input"
    }
    return {name: _typed(value, kinds[name]) if name in kinds else value for name, value in given.items()}


def _typed(value: Any, kind: FeelType) -> Any:
    kind = plain(kind)
    if isinstance(value, list):
        inner = kind.item if isinstance(kind, ListType) else kind
        return [_typed(item, inner) for item in value]
    if isinstance(value, dict) and isinstance(kind, ContextType):
        return {name: _typed(item, kind.member(name) or kind) for name, item in value.items()}
    if not isinstance(value, str):
        return value
    readers: dict[FeelType, Callable[[str], Value]] = {
        DATE: t.parse_date,
        TIME: t.parse_time,
        DATE_TIME: t.parse_date_time,
        DAY_DURATION: t.parse_duration,
        MONTH_DURATION: t.parse_duration,
        NUMBER: read_number,
    }
    read = readers.get(kind)
    found = None if read is None else read(value)
    return value if found is None else found
