"""What the passes of a table would say under one side: from when until when, and the claims that depend on law.

A claim that reads neither a law nor what follows from it says the same before and after, so it is not worked out.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from motcua import rules
from motcua.cases.numbers import LOCAL
from motcua.cases.plans import layout_names
from motcua.directives.complaints import Words
from motcua.procedures.content import feel_name
from motcua.registers.sets import literal, quoted
from motcua.rules import RulesError
from motcua.switching.faults import RunRefused
from motcua.switching.packing import PACKED, as_json, unpacked
from motcua.switching.sides import Side
from motcua.switching.working import Tables, hash_of

FROM, UNTIL = "valid_from", "valid_until"


class NotComparable(RunRefused):
    """A line of a pass depends on law, or is written anew, and reads what only the case itself tells."""

    def __init__(self, sides: Sequence[Side], line: "Line", name: str) -> None:
        code, numbers = sides[0].procedure.code, sorted({side.procedure.number for side in sides})
        vi, en = (word.join(map(str, numbers)) for word in (" và ", " and "))
        super().__init__(
            Words(
                f"Không so được giấy của dịch vụ {code} (phiên bản {vi}): dòng “{line.what}” trong credential.yaml"
                f" ({line.expression}) đọc “{name}” của từng hồ sơ, mà dòng này phụ thuộc luật hoặc không giống nhau ở"
                f" hai phiên bản. Cách sửa: nhờ người thiết kế dịch vụ để “{name}” ở một dòng riêng, giữ nguyên như"
                " phiên bản đang dùng; cài phiên bản mới, ghi số phiên bản ấy vào chỉ thị rồi chạy thử lại.",
                f"The passes of service {code} (version {en}) cannot be compared: the line “{line.what}” of"
                f" credential.yaml ({line.expression}) reads “{name}” of each case, while it depends on law or is not"
                f" the same in both versions. Remedy: have the service designer put “{name}” on a line of its own, as"
                " in the version in use; install the new version, name it in the directive and run this again.",
            )
        )


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
    columns = {name: f"a.{quoted(column)}" for name, column in scope.items()}
    columns["today"] = "a.layout_day"
    outputs = {name: f"d.{quoted(column)}" for name, column in outputs.items()}
    lawful = by_law | _output_names(outputs)
    found = []
    for claim in layout.claims:
        names = _names(side, claim.value, outputs)
        if not names.isdisjoint(lawful) or same.get(claim.key) != claim.value:
            found.append(
                _line((side, other), Line(claim.name, claim.key, claim.value, {}), names, columns, outputs)
            )
    for what, expression in ((FROM, layout.valid_from), (UNTIL, layout.valid_until)):
        found.append(
            _line(
                (side, other),
                Line(what, "", expression, {}),
                _names(side, expression, outputs),
                columns,
                outputs,
            )
        )
    return found


def columns_read(lines: Iterable[Line], columns: Iterable[str]) -> set[str]:
    """Return those of the columns that the lines read of the row itself, not of what was decided about it."""
    read = {column for line in lines for column in line.names.values()}
    return {column for column in columns if f"a.{quoted(column)}" in read}


def _output_names(outputs: Iterable[str]) -> set[str]:
    """Return names of outputs, of those with several parts, and of the parts as expressions see them."""
    parts = {name.partition(".") for name in outputs}
    return {first for first, _, _ in parts} | {feel_name(last) for _, _, last in parts if last}


def _names(side: Side, expression: str, outputs: Iterable[str]) -> set[str]:
    text = " ".join(expression.split())
    # A name that does not stand in the text cannot be read by it.
    names = {name for name in layout_names(side.content) if name in text}
    names |= {name for name in _output_names(outputs) if name in text}
    try:
        rules.compile_feel(expression, tuple(names))
    except RulesError:
        # It may read what only the values tell, such as an entry of an output.
        names |= {name.partition(".")[0] for name in outputs}
    return names


def _line(
    sides: Sequence[Side], line: Line, names: set[str], columns: Mapping[str, str], outputs: Mapping[str, str]
) -> Line:
    """Return the line with the column of each name; an output of several parts has one for each part."""
    read: dict[str, str] = {}
    for name in sorted(names):
        parts = {
            output: column
            for output, column in outputs.items()
            if name in (output, output.partition(".")[0], feel_name(output.partition(".")[2]))
        }
        if parts:
            read |= parts
        elif name in columns:
            read[name] = columns[name]
        else:
            raise NotComparable(sides, line, name)
    return replace(line, names=read)


def say(tables: Tables, side: Side, lines: Sequence[Line], *, asked: str) -> None:
    """Work the lines out for what the side grants, into ``said <side>``: line, valid_from, valid_until, claims.

    A row with a line that cannot be worked out has no validity: its case would go to a person.
    """
    # Narrow and short beside the two that it comes from: each line is read from it twice.
    read = list(dict.fromkeys(column for line in lines for column in line.names.values()))
    place_of = {column: f"g.c{at}" for at, column in enumerate(read)}
    picked = "".join(f", {column} AS c{at}" for at, column in enumerate(read))
    granted = f"granted {side.name}"
    tables.make(
        granted,
        f"SELECT d.line{picked} FROM {quoted(f'decided {side.name}')} AS d JOIN {quoted(asked)} AS a USING (line)"
        " WHERE d.kind = 'granted'",
    )
    joins, cells = [], {FROM: "NULL::timestamptz", UNTIL: "NULL::timestamptz"}
    claims: list[str] = []
    for at, line in enumerate(lines):
        table = f"line {side.name} {at}"
        columns = [place_of[column] for column in line.names.values()]
        tables.tabulate(
            table, of=f"{quoted(granted)} AS g", columns=columns, results=["value"], work_out=_worker(line)
        )
        joins.append(f" LEFT JOIN {quoted(table)} AS m{at} ON m{at}.key = {hash_of(columns or ['1'])}")
        if line.key:
            claims.append(f"{literal(line.key)}, m{at}.value::jsonb")
        else:
            cells[line.what] = f"m{at}.value::timestamptz"
    usable = " AND ".join(f"m{at}.value IS NOT NULL" for at in range(len(lines))) or "FALSE"
    tables.make(
        f"said {side.name}",
        f"SELECT g.line, {cells[FROM]} AS valid_from, {cells[UNTIL]} AS valid_until,"
        f" jsonb_build_object({', '.join(claims)}) AS claims"
        f" FROM {quoted(granted)} AS g{''.join(joins)} WHERE {usable}",
    )


def _worker(line: Line) -> Callable[[tuple[Any, ...]], Sequence[str | None]]:
    text = line.expression

    @lru_cache(maxsize=16)
    def compiled(names: tuple[str, ...]) -> Callable[[Mapping[str, object]], object]:
        try:
            return rules.compile_feel(text, names)
        except RulesError:
            return lambda scope: rules.evaluate_feel(text, scope)

    def work_out(row: tuple[Any, ...]) -> Sequence[str | None]:
        try:
            scope = _scope(line, row)
            return [_written(line, compiled(tuple(scope))(scope))]
        # Whatever a pack raises, a person looks at the case.
        except (RulesError, ValueError, ArithmeticError, TypeError):
            return [None]

    return work_out


def _scope(line: Line, row: tuple[Any, ...]) -> dict[str, object]:
    """Return what the expression sees: parts of an output as a context and, like any entry, by their own name."""
    scope: dict[str, object] = {}
    for (name, column), cell in zip(line.names.items(), row, strict=True):
        value = unpacked(cell) if f'"{PACKED}' in column else cell
        whole, dot, part = name.partition(".")
        if not dot:
            scope[name] = value
        else:
            context = scope.setdefault(whole, {})
            assert isinstance(context, dict)
            context[part] = scope[feel_name(part)] = value
        if isinstance(value, dict):
            scope |= {feel_name(entry): inner for entry, inner in value.items()}
    return scope


def _written(line: Line, value: object) -> str | None:
    if value is None:
        return None
    if line.key:
        return json.dumps(as_json(value), ensure_ascii=False)
    at = time.min if line.what == FROM else time(23, 59, 59)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=LOCAL)).isoformat()
    return datetime.combine(value, at, LOCAL).isoformat() if isinstance(value, date) else None
