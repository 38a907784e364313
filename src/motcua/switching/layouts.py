"""What the passes of a table would say under one side: from when until when, and the claims that depend on law.

A claim that reads neither a law nor what follows from it says the same before and after, so it is not worked out.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from motcua import rules
from motcua.cases.numbers import LOCAL
from motcua.cases.plans import layout_names
from motcua.procedures.content import feel_name
from motcua.registers.sets import literal, quoted
from motcua.rules import RulesError
from motcua.switching.sides import Side
from motcua.switching.working import Tables, hash_of

FROM, UNTIL = "valid_from", "valid_until"


class NotComparable(ValueError):
    """A line of a pass depends on law and on something that only the case itself tells."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the pass that is worked out: its key in the claims (empty for a validity) and where its names stand."""

    what: str
    key: str
    expression: str
    names: Mapping[str, str]


def lines_of(
    side: Side, other: Side, *, scope: Mapping[str, str], outputs: Mapping[str, str], by_law: set[str]
) -> list[Line]:
    """Return the lines of the side's pass that may differ from the other's, and both ends of its validity.

    Raises ``NotComparable``.
    """
    layout = side.content.credential
    if layout is None:
        return []
    theirs = other.content.credential
    same = {claim.key: claim.value for claim in theirs.claims} if theirs is not None else {}
    wanted = [(claim.name, claim.key, claim.value) for claim in layout.claims]
    found = []
    for what, key, expression in wanted:
        names = _names(side, expression)
        depends = not names.isdisjoint(by_law | set(_output_names(outputs)))
        if depends or same.get(key) != expression:
            found.append(_line(Line(what, key, expression, {}), names, scope, outputs))
    for what, expression in ((FROM, layout.valid_from), (UNTIL, layout.valid_until)):
        names = _names(side, expression)
        found.append(_line(Line(what, "", expression, {}), names, scope, outputs))
    return found


def _output_names(outputs: Mapping[str, str]) -> set[str]:
    """Return names of outputs, of those with several parts, and of the parts as expressions see them."""
    parts = {name.partition(".") for name in outputs}
    return {first for first, _, _ in parts} | {feel_name(last) for _, _, last in parts if last}


def _names(side: Side, expression: str) -> set[str]:
    text = " ".join(expression.split())
    # A name that does not stand in the text cannot be read by it.
    return {name for name in layout_names(side.content) if name in text}


def _line(line: Line, names: set[str], scope: Mapping[str, str], outputs: Mapping[str, str]) -> Line:
    columns: dict[str, str] = {}
    for name in sorted(names):
        if name == "today":
            columns[name] = "a.layout_day"
        elif name in outputs:
            columns[name] = f"d.{quoted(outputs[name])}"
        elif name in scope:
            columns[name] = f"a.{quoted(scope[name])}"
        else:
            raise NotComparable(f"credential.yaml, {line.what}: {line.expression} reads {name}")
    return replace(line, names=columns)


def say(tables: Tables, side: Side, lines: Sequence[Line], *, asked: str) -> None:
    """Work the lines out for what the side grants, into ``said <side>``: line, valid_from, valid_until, claims.

    A row with a line that cannot be worked out has no validity: its case would go to a person.
    """
    granted = f"{quoted(f'decided {side.name}')} AS d JOIN {quoted(asked)} AS a USING (line) WHERE d.kind = 'granted'"
    joins, cells = [], {FROM: "NULL::timestamptz", UNTIL: "NULL::timestamptz"}
    claims: list[str] = []
    for at, line in enumerate(lines):
        table = f"line {side.name} {at}"
        columns = list(line.names.values())
        tables.tabulate(table, of=granted, columns=columns, results=["value"], work_out=_worker(line))
        joins.append(f" LEFT JOIN {quoted(table)} AS m{at} ON m{at}.key = {hash_of(columns or ['1'])}")
        if line.key:
            claims.append(f"{literal(line.key)}, m{at}.value::jsonb")
        else:
            cells[line.what] = f"m{at}.value::timestamptz"
    usable = " AND ".join(f"m{at}.value IS NOT NULL" for at in range(len(lines))) or "FALSE"
    joined = "".join(joins)
    tables.make(
        f"said {side.name}",
        f"SELECT d.line, {cells[FROM]} AS valid_from, {cells[UNTIL]} AS valid_until,"
        f" jsonb_build_object({', '.join(claims)}) AS claims"
        f" FROM {quoted(f'decided {side.name}')} AS d JOIN {quoted(asked)} AS a USING (line){joined}"
        f" WHERE d.kind = 'granted' AND {usable}",
    )


def _worker(line: Line) -> Callable[[tuple[Any, ...]], Sequence[str | None]]:
    names = list(line.names)
    text = line.expression
    try:
        evaluate = rules.compile_feel(text, tuple(names))
    except RulesError:

        def evaluate(scope: Mapping[str, object]) -> object:
            return rules.evaluate_feel(text, scope)

    def work_out(row: tuple[Any, ...]) -> Sequence[str | None]:
        try:
            return [_written(line, evaluate(dict(zip(names, row, strict=True))))]
        # Whatever a pack raises, a person looks at the case.
        except (RulesError, ValueError, ArithmeticError, TypeError):
            return [None]

    return work_out


def _written(line: Line, value: object) -> str | None:
    if value is None:
        return None
    if line.key:
        return json.dumps(as_json(value), ensure_ascii=False)
    at = time.min if line.what == FROM else time(23, 59, 59)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=LOCAL)).isoformat()
    return datetime.combine(value, at, LOCAL).isoformat() if isinstance(value, date) else None


def as_json(value: object) -> object:
    """Return what a rule gave in a form that JSON and CBOR keep, as passes and stored outputs have it."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    number = str(value)
    whole = isinstance(value, Decimal) and number.lstrip("-").isdigit()
    return int(number) if whole else number
