"""Two versions of a decision over the same rows: who changes from what to what, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlglot

from motcua.rules.sql.columns import rows_of
from motcua.rules.sql.dialects import DIALECTS
from motcua.rules.sql.plan import SetPlan
from motcua.rules.sql.subset import NotInSubset


@dataclass(frozen=True, slots=True)
class Flips:
    """So many rows of one group that change from one answer to another, with the rules behind."""

    group: tuple[Any, ...]
    before: Any
    after: Any
    rule_before: int | None
    rule_after: int | None
    count: int


@dataclass(frozen=True, slots=True)
class DiffPlan:
    """The compiled comparison; its rows are the keys, the groups, before, after and both rules."""

    sql: str
    summary_sql: str
    groups: tuple[str, ...]
    before: SetPlan
    after: SetPlan

    def run(self, connection: Any) -> list[tuple[Any, ...]]:
        """Return one row for each case whose answer changes."""
        self.before.checked(connection)
        self.after.checked(connection)
        return rows_of(connection, self.sql)

    def summary(self, connection: Any) -> list[Flips]:
        """Return the changes counted by group, answers and rules, the most frequent first."""
        self.before.checked(connection)
        self.after.checked(connection)
        size = len(self.groups)
        return [
            Flips(tuple(row[:size]), row[size], row[size + 1], row[size + 2], row[size + 3], row[size + 4])
            for row in rows_of(connection, self.summary_sql)
        ]


def diff_plan(before: SetPlan, after: SetPlan, keys: Sequence[str], groups: Sequence[str]) -> DiffPlan:
    """Join two plans over the same relation by their keys, which must name each row once.

    Both plans keep the keys and the groups. Raises NotInSubset when an answer has several outputs.
    """
    dialect = DIALECTS[before.dialect]
    if len(before.outputs) != 1 or len(after.outputs) != 1:
        raise NotInSubset("a comparison of several outputs", element=after.decision)
    if not keys:
        raise NotInSubset("a comparison without a key", element=after.decision)
    name = dialect.name_of
    joined = " AND ".join(f"o.{name(key)} = n.{name(key)}" for key in keys)
    rules = [
        f"{side}.{name(plan.rule_column)}" if plan.rule_column else "NULL"
        for side, plan in (("o", before), ("n", after))
    ]
    kept = [f"n.{name(one)}" for one in (*keys, *groups)]
    old, new = f"o.{name(before.outputs[0])}", f"n.{name(after.outputs[0])}"
    source = (
        f"FROM ({before.sql}) AS o JOIN ({after.sql}) AS n ON {joined} WHERE NOT {dialect.same(old, new)}"
    )
    picked = ", ".join([*kept, f"{old} AS before", f"{new} AS after"])
    in_order = ", ".join(f"n.{name(key)}" for key in keys)
    rows = (
        f"SELECT {picked}, {rules[0]} AS rule_before, {rules[1]} AS rule_after {source} ORDER BY {in_order}"
    )
    grouped = ", ".join([*(f"n.{name(one)}" for one in groups), old, new, *(r for r in rules if r != "NULL")])
    shown = ", ".join([*(f"n.{name(one)}" for one in groups), old, new, *rules])
    summary = f"SELECT {shown}, COUNT(*) AS cases {source} GROUP BY {grouped} ORDER BY cases DESC, {grouped}"

    def written(text: str) -> str:
        return sqlglot.parse_one(text, read=dialect.name).sql(dialect=dialect.name)

    return DiffPlan(written(rows), written(summary), tuple(groups), before, after)
