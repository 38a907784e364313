"""The difference between two states of the rules of a service: tables, and rows added, changed, moved, removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from motcua import rules
from motcua.rules.model import Rule
from motcua.rules.tables import CompiledTable

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that differs; a number is its place in its table, from 1, and null where it is not."""

    kind: Kind
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class TableChange:
    """One table that differs. ``columns`` tells that its conditions, results or way of applying changed."""

    decision: str
    kind: Kind
    columns: bool
    rows: tuple[RowChange, ...]


def compare(before: rules.Model, after: rules.Model) -> tuple[TableChange, ...]:
    """Return the tables that differ, in the order of the newer file, removed ones last."""
    old = {table.owner: table for table in before.tables}
    new = {table.owner: table for table in after.tables}
    found = []
    for name, table in new.items():
        if name not in old:
            rows = tuple(RowChange("added", None, at) for at in range(1, len(table.table.rules) + 1))
            found.append(TableChange(name, "added", columns=True, rows=rows))
            continue
        columns = _columns(old[name]) != _columns(table)
        rows = tuple(_rows(old[name].table.rules, table.table.rules))
        if columns or rows:
            found.append(TableChange(name, "changed", columns=columns, rows=rows))
    for name, table in old.items():
        if name not in new:
            rows = tuple(RowChange("removed", at, None) for at in range(1, len(table.table.rules) + 1))
            found.append(TableChange(name, "removed", columns=True, rows=rows))
    return tuple(found)


def _columns(table: CompiledTable) -> tuple[object, ...]:
    inputs = tuple(
        (_plain(clause.expression.text), _plain(clause.values.text) if clause.values else "")
        for clause in table.table.inputs
    )
    outputs = tuple(
        (clause.name, _plain(clause.values.text) if clause.values else "") for clause in table.table.outputs
    )
    return table.table.policy, table.table.aggregation, inputs, outputs


def _rows(before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[RowChange]:
    """Pair the rows by their ids, and tell which differ; rows without an id are paired by what they say."""
    old = {_name(rule, before): at for at, rule in enumerate(before, 1)}
    new = {_name(rule, after): at for at, rule in enumerate(after, 1)}
    stayed = _in_order([name for name in old if name in new], [name for name in new if name in old])
    for name, at in new.items():
        if name not in old:
            yield RowChange("added", None, at)
        elif _said(before[old[name] - 1]) != _said(after[at - 1]):
            yield RowChange("changed", old[name], at)
        elif name not in stayed:
            yield RowChange("moved", old[name], at)
    for name, at in old.items():
        if name not in new:
            yield RowChange("removed", at, None)


def _name(rule: Rule, among: Sequence[Rule]) -> str:
    return rule.id if rule.id and sum(one.id == rule.id for one in among) == 1 else repr(_said(rule))


def _in_order(before: list[str], after: list[str]) -> set[str]:
    """Return the rows that kept their order among those that both tables have."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return {
        name
        for tag, start, end, _, _ in matcher.get_opcodes()
        if tag == "equal"
        for name in before[start:end]
    }


def _said(rule: Rule) -> tuple[object, ...]:
    cells = tuple(_plain(cell.text) for cell in (*rule.inputs, *rule.outputs))
    return cells, tuple(sorted((name, text) for name, text in rule.annotations.items() if text))


def _plain(text: str) -> str:
    """Return the text without the spaces that an editor adds or drops; an empty cell asks nothing."""
    return "" if text.strip() == "-" else " ".join(text.split())
