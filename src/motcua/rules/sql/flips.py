"""Two versions of a decision over the same rows: who changes from what to what, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from motcua.rules.sql.columns import rows_of
from motcua.rules.sql.dialects import DIALECTS
from motcua.rules.sql.plan import SetPlan
from motcua.rules.sql.subset import NotInSubset


@dataclass(frozen=True, slots=True)
class Flips:
    """So many rows of one group that change from one answer to another, with the rules behind.

    An answer of several outputs is a dict of them by name.
    """

    group: tuple[Any, ...]
    before: Any
    after: Any
    rule_before: int | None
    rule_after: int | None
    count: int


@dataclass(frozen=True, slots=True)
class DiffPlan:
    """The compiled comparison; its rows are keys, groups, outputs before, outputs after, and both rules."""

    sql: str
    summary_sql: str
    groups: tuple[str, ...]
    before: SetPlan
    after: SetPlan

    def run(self, connection: Any) -> list[tuple[Any, ...]]:
        """Return one row for each case whose answer changes, in the order of the keys."""
        self.before.checked(connection)
        self.after.checked(connection)
        return rows_of(connection, self.sql)

    def summary(self, connection: Any) -> list[Flips]:
        """Return the changes counted by group, answers and rules, the most frequent first."""
        self.before.checked(connection)
        self.after.checked(connection)
        return [self._flips(row) for row in rows_of(connection, self.summary_sql)]

    def _flips(self, row: Sequence[Any]) -> Flips:
        size, width = len(self.groups), len(self.before.outputs)
        group, rest = tuple(row[:size]), row[size:]
        before, after = self._answer(rest[:width]), self._answer(rest[width : 2 * width])
        return Flips(group, before, after, *rest[2 * width :])

    def _answer(self, values: Sequence[Any]) -> Any:
        if len(values) == 1:
            return values[0]
        names = [name.partition(".")[2] for name in self.before.outputs]
        return dict(zip(names, values, strict=True))


def diff_plan(before: SetPlan, after: SetPlan, keys: Sequence[str], groups: Sequence[str]) -> DiffPlan:
    """Join two plans over the same relation by their keys, which must name each row once.

    Both plans keep the keys and the groups. Raises NotInSubset when the outputs of the two differ.
    """
    dialect = DIALECTS[before.dialect]
    if len(before.outputs) != len(after.outputs):
        raise NotInSubset("a comparison of other outputs than before", element=after.decision)
    if not keys:
        raise NotInSubset("a comparison without a key", element=after.decision)
    name = dialect.name_of
    joined = " AND ".join(f"o.{name(key)} = n.{name(key)}" for key in keys)
    rules = [
        f"{side}.{name(plan.rule_column)}" if plan.rule_column else "CAST(NULL AS INT)"
        for side, plan in (("o", before), ("n", after))
    ]
    old = [f"o.{name(one)}" for one in before.outputs]
    new = [f"n.{name(one)}" for one in after.outputs]
    flipped = " OR ".join(f"NOT {dialect.same(one, other)}" for one, other in zip(old, new, strict=True))
    source = f"FROM ({before.sql}) AS o JOIN ({after.sql}) AS n ON {joined} WHERE {flipped}"
    by = [f"n.{name(one)}" for one in groups]
    keyed = [f"n.{name(key)}" for key in keys]
    answers = [f"{one} AS before_{at}" for at, one in enumerate(old)]
    answers += [f"{one} AS after_{at}" for at, one in enumerate(new)]
    answers += [f"{rules[0]} AS rule_before", f"{rules[1]} AS rule_after"]
    in_order = ", ".join(keyed)
    rows = f"SELECT {', '.join([*keyed, *by, *answers])} {source} ORDER BY {in_order}"
    grouped = ", ".join([*by, *old, *new, *(rule for rule in rules if not rule.startswith("CAST"))])
    shown = ", ".join([*by, *answers])
    summary = f"SELECT {shown}, COUNT(*) AS cases {source} GROUP BY {grouped} ORDER BY cases DESC, {grouped}"

    return DiffPlan(dialect.written(rows), dialect.written(summary), tuple(groups), before, after)
