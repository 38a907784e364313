"""A whole relation decided: by one statement where the decision is in the subset, else case by case."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.rules.decision import Decision
from motcua.rules.errors import RulesError
from motcua.rules.evaluation import Model, Source, load
from motcua.rules.many import Decided, decide_many
from motcua.rules.model import Table
from motcua.rules.sql.columns import column_names, rows_of, streamed
from motcua.rules.sql.dialects import DIALECTS
from motcua.rules.sql.expressions import Expressions
from motcua.rules.sql.plan import SetPlan
from motcua.rules.sql.subset import NotInSubset
from motcua.rules.values import from_plain


class NoSuchRow(RulesError):
    """A key that names no row of a relation, or several."""

    def __init__(self, decision: str, found: int) -> None:
        self.found = found
        super().__init__(f'The key names {found} rows of "{decision}". Give the values that name one row.')


@dataclass(frozen=True, slots=True)
class DecidedRelation:
    """The rows of a relation with their answers; `way` is "set" or "case", and `reason` says why not by set.

    A row is its keys, its outputs, and the number of the rule where a table decided. `columns` names them.
    """

    decision: str
    way: str
    reason: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def decide_relation(
    source: Source,
    connection: Any,  # of DuckDB, psycopg or Spark
    relation: str,
    *,
    keys: Sequence[str],
    decision: str | None = None,
    dialect: str = "duckdb",
    numbers: Mapping[str, tuple[int, int]] | None = None,
    processes: int | None = None,
) -> DecidedRelation:
    """Decide every row of a relation, in the order of its keys if case by case.

    Each decision goes its own way: ask for another of the same model, and it may be decided as a set.
    A row that is refused per case has null outputs.
    """
    model = load(source)
    unit = model.decision_unit(decision)
    try:
        plan = model.over(relation, decision=decision, dialect=dialect, keys=keys, numbers=numbers)
        plan.checked(connection)
    except NotInSubset as outside:
        outputs = _outputs(model, decision)
        rows = _case_by_case(
            source,
            connection,
            relation,
            keys=keys,
            outputs=outputs,
            decision=decision,
            dialect=dialect,
            processes=processes,
        )
        columns = (*keys, *outputs, f"{unit.element.variable.name} rule")
        return DecidedRelation(unit.element.name, "case", str(outside), columns, rows)
    columns = (*plan.keys, *plan.outputs, *([plan.rule_column] if plan.rule_column else []))
    return DecidedRelation(unit.element.name, "set", "", columns, iter(rows_of(connection, plan.sql)))


def decide_row(model: Model, plan: SetPlan, connection: Any, *key: object) -> Decision:
    """Decide one row of a plan per case: the same answer, with its full explanation.

    `key` gives the values of the plan's keys in their order. Raises NoSuchRow.
    """
    dialect = DIALECTS[plan.dialect]
    writer = Expressions(dialect, {}, plan.decision)
    wanted = " AND ".join(
        f"{dialect.name_of(name)} = {writer.literal(from_plain(value)).text}"
        for name, value in zip(plan.keys, key, strict=True)
    )
    picked = ", ".join(plan.inputs.values()) or "1"
    rows = rows_of(connection, f"SELECT {picked} FROM {plan.source} WHERE {wanted or 'FALSE'}")
    if len(rows) != 1:
        raise NoSuchRow(plan.decision, len(rows))
    return model(dict(zip(plan.inputs, rows[0], strict=False)), decision=plan.decision)


def _case_by_case(
    source: Source,
    connection: Any,
    relation: str,
    *,
    keys: Sequence[str],
    outputs: Sequence[str],
    decision: str | None,
    dialect: str,
    processes: int | None,
) -> Iterator[tuple[Any, ...]]:
    model = load(source)
    name_of = DIALECTS[dialect].name_of
    known = column_names(connection, dialect, relation)
    inputs = [name for name in model.inputs if name in known]
    picked = ", ".join(name_of(name) for name in (*keys, *inputs))
    ordered = ", ".join(name_of(name) for name in keys)
    query = f"SELECT {picked} FROM {relation} ORDER BY {ordered}"
    # Both readers run over one cursor: the answers come in the order of the rows that were asked.
    for_keys, for_facts = itertools.tee(streamed(connection, query))
    facts = (dict(zip(inputs, row[len(keys) :], strict=True)) for row in for_facts)
    answers = decide_many(source, facts, decision=decision, processes=processes)
    for row, answer in zip(for_keys, answers, strict=True):
        yield (*row[: len(keys)], *_flat(answer, outputs), answer.rule)


def _flat(answer: Decided, outputs: Sequence[str]) -> list[Any]:
    if len(outputs) == 1:
        return [answer.value]
    found = answer.value if isinstance(answer.value, dict) else {}
    return [found.get(name.partition(".")[2]) for name in outputs]


def _outputs(model: Model, decision: str | None) -> tuple[str, ...]:
    unit = model.decision_unit(decision)
    name = unit.element.variable.name
    table = unit.tables[0].table if isinstance(unit.element.expression, Table) else None
    if table is None or len(table.outputs) == 1 or table.policy in "CRO":
        return (name,)
    return tuple(f"{name}.{clause.name}" for clause in table.outputs)
