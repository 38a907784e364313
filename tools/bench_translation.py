"""The travel pass rule in the formats of other engines, made from the pack's own DMN file.

Names get underscores, and the number of days until the trip stands in for the comparison of two dates, which not
every engine has; all other cells are translated one to one, null cells too.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from motcua.rules.model import Table, Text
from motcua.rules.reader import read_definitions

MODEL = Path(__file__).resolve().parents[1] / "packs" / "travel_pass" / "decisions" / "travel_pass.dmn"
TABLES = ("lives here", "employer group", "work link", "verdict")
DAYS_OPEN = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A condition: `kind` is any, among, not_among, or outside (a day before today or too late)."""

    kind: str
    values: tuple[str | bool | int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class PlainTable:
    """One table with names that every engine can read; a rule is its cells and its outputs."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[tuple[tuple[Cell, ...], tuple[str | None, ...]], ...]


def plain_tables() -> list[PlainTable]:
    """Return the four tables behind the verdict, in the order in which they need each other."""
    found = {one.name: one.expression for one in read_definitions(MODEL.read_bytes()).elements.values()}
    made = []
    for name in TABLES:
        table = found[name]
        if not isinstance(table, Table):
            raise TypeError(f"{MODEL}: the decision {name} is not a table; translate it here")
        inputs = tuple(plain_name(one.expression.text) for one in table.inputs)
        single = len(table.outputs) == 1
        outputs = tuple(plain_name(name if single else one.name) for one in table.outputs)
        rules = tuple(
            (tuple(cell_of(one) for one in rule.inputs), tuple(constant(one.text) for one in rule.outputs))
            for rule in table.rules
        )
        made.append(PlainTable(plain_name(name), inputs, outputs, rules))
    return made


def plain_name(name: str) -> str:
    """Return the name that the engines see."""
    return "days_ahead" if name == "needed from" else name.replace(" ", "_")


def constant(text: str) -> str | bool | None:
    """Return the constant that a FEEL text writes: a text, a truth or null."""
    value: str | bool | None = json.loads(text)
    return value


def cell_of(cell: Text) -> Cell:
    """Return what a cell asks for."""
    text = cell.text.strip()
    if text == "-":
        return Cell("any")
    if text == f'< today, > today + duration("P{DAYS_OPEN}D")':
        return Cell("outside", (0, DAYS_OPEN))
    negated = re.fullmatch(r"not\((.*)\)", text)
    values = tuple(json.loads(f"[{negated[1] if negated else text}]"))
    return Cell("not_among" if negated else "among", values)


def zen_content(tables: list[PlainTable]) -> str:
    """Return a JDM graph: one decision table node for each table, in a row, each passing its input on."""
    nodes: list[dict[str, object]] = [{"id": "in", "name": "in", "type": "inputNode"}]
    for table in tables:
        columns = [{"id": f"i{at}", "name": name, "field": name} for at, name in enumerate(table.inputs)]
        outputs = [{"id": f"o{at}", "name": name, "field": name} for at, name in enumerate(table.outputs)]
        rules = [
            {"_id": f"{table.name}_{number}"}
            | {f"i{at}": zen_cell(cell) for at, cell in enumerate(cells)}
            | {f"o{at}": json.dumps(value) for at, value in enumerate(values)}
            for number, (cells, values) in enumerate(table.rules, 1)
        ]
        content = {
            "hitPolicy": "first",
            "inputs": columns,
            "outputs": outputs,
            "rules": rules,
            "passThrough": True,
            "executionMode": "single",
        }
        nodes.append({"id": table.name, "name": table.name, "type": "decisionTableNode", "content": content})
    nodes.append({"id": "out", "name": "out", "type": "outputNode"})
    ids = [str(node["id"]) for node in nodes]
    edges = [
        {"id": f"{one}-{other}", "sourceId": one, "targetId": other, "type": "edge"}
        for one, other in pairwise(ids)
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def zen_cell(cell: Cell) -> str:
    """Return a cell in ZEN's language."""
    if cell.kind == "any":
        return ""
    if cell.kind == "outside":
        low, high = cell.values
        # ZEN does not order null and takes such a rule as not met, which is what the model wants.
        return f"< {low}, > {high}"
    listed = json.dumps(list(cell.values))
    return f"$ in {listed}" if cell.kind == "among" else f"not($ in {listed})"


def python_cell(cell: Cell) -> str:
    """Return a cell in the Python that SpiffWorkflow evaluates, `?` being the input."""
    if cell.kind == "any":
        return "-"
    if cell.kind == "outside":
        low, high = cell.values
        return f"? is not None and (? < {low} or ? > {high})"
    return f"? {'in' if cell.kind == 'among' else 'not in'} {list(cell.values)!r}"


def feel_cell(cell: Cell) -> str:
    """Return a cell in FEEL, for pyDMNrules."""
    if cell.kind == "any":
        return "-"
    if cell.kind == "outside":
        low, high = cell.values
        return f"< {low}, > {high}"
    listed = ",".join(json.dumps(value) for value in cell.values)
    return listed if cell.kind == "among" else f"not({listed})"


def python_constant(value: object) -> str:
    """Return an output in Python."""
    return repr(value)


def dmn_of(
    tables: list[PlainTable],
    policy: str,
    write_cell: Callable[[Cell], str],
    write_constant: Callable[[object], str],
) -> str:
    """Return the tables as a DMN file, cells written in the engine's own language."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="pass" name="pass" '
        'namespace="urn:motcua:bench">'
    ]
    for table in tables:
        parts.append(
            f'<decision id="{table.name}" name="{table.name}"><variable name="{table.name}"/>'
            f'<decisionTable id="table_{table.name}" hitPolicy="{policy}">'
        )
        for at, name in enumerate(table.inputs):
            kind = "number" if name == "days_ahead" else "string"
            parts.append(
                f'<input id="{table.name}_i{at}" label="{name}"><inputExpression id="{table.name}_e{at}" '
                f'typeRef="{kind}"><text>{name}</text></inputExpression></input>'
            )
        for at, name in enumerate(table.outputs):
            parts.append(f'<output id="{table.name}_o{at}" name="{name}" label="{name}" typeRef="string"/>')
        for number, (cells, values) in enumerate(table.rules, 1):
            inputs = "".join(
                f"<inputEntry id={quoteattr(f'{table.name}_{number}_i{at}')}>"
                f"<text>{escape(write_cell(cell))}</text></inputEntry>"
                for at, cell in enumerate(cells)
            )
            outputs = "".join(
                f"<outputEntry id={quoteattr(f'{table.name}_{number}_o{at}')}>"
                f"<text>{escape(write_constant(value))}</text></outputEntry>"
                for at, value in enumerate(values)
            )
            parts.append(f'<rule id="{table.name}_{number}">{inputs}{outputs}</rule>')
        parts.append("</decisionTable></decision>")
    parts.append("</definitions>")
    return "".join(parts)


def translated() -> Mapping[str, object]:
    """Return all translations, as tools/bench_peers.py reads them."""
    tables = plain_tables()
    return {
        "tables": [
            {
                "name": table.name,
                "inputs": table.inputs,
                "outputs": table.outputs,
                "rules": [
                    {"cells": [[cell.kind, cell.values] for cell in cells], "outputs": values}
                    for cells, values in table.rules
                ],
            }
            for table in tables
        ],
        "zen": zen_content(tables),
        "spiff": [dmn_of([one], "UNIQUE", python_cell, python_constant) for one in tables],
        "pydmnrules": dmn_of(tables, "FIRST", feel_cell, json.dumps),
    }
