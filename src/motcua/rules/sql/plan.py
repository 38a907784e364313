"""One SQL statement for a whole table of cases: a stage for each decision, over one relation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from motcua.rules import model as m
from motcua.rules.cells import only_listed
from motcua.rules.kinds import ANY, NUMBER, STRING, AllowedType, ContextType, plain
from motcua.rules.program import Program
from motcua.rules.sql.columns import check_columns, rows_of
from motcua.rules.sql.dialects import DIALECTS, Dialect
from motcua.rules.sql.expressions import Expressions
from motcua.rules.sql.numbers import USUAL
from motcua.rules.sql.subset import COLUMN_TYPES, SCALARS, Digits, NotInSubset, Sql
from motcua.rules.sql.tables import TableSql, table_input
from motcua.rules.sql.ways import Way
from motcua.rules.tables import CompiledTable
from motcua.rules.units import Unit


@dataclass(frozen=True, slots=True)
class Stage:
    """Columns that are added together, from a relation joined to the rows where a table is one."""

    columns: Sequence[tuple[str, str]]
    join: str = ""


@dataclass(frozen=True, slots=True)
class SetPlan:
    """A compiled statement: `keys` come first, then `facts`, `outputs`, and the rule's number where there is one.

    `reasons` gives, for each rule from 1, its id: the reason code of a row. `ways` says how each table is
    decided, `digits` how many digits arithmetic counts on in an input.
    """

    sql: str
    dialect: str
    decision: str
    source: str
    inputs: Mapping[str, str]
    keys: tuple[str, ...]
    facts: tuple[str, ...]
    outputs: tuple[str, ...]
    rule_column: str | None
    reasons: tuple[str, ...]
    ways: Mapping[str, Way]
    digits: Mapping[str, Digits]

    def run(self, connection: Any) -> list[tuple[Any, ...]]:  # of DuckDB, psycopg or Spark
        """Run it and return all rows. Raises BinaryFloat and ColumnTooWide for columns that numbers do not fit."""
        self.checked(connection)
        return rows_of(connection, self.sql)

    def into(self, connection: Any, table: str) -> None:
        """Run it into a new table of that name."""
        self.checked(connection)
        statement = f"CREATE TABLE {DIALECTS[self.dialect].name_of(table)} AS {self.sql}"
        if self.dialect == "spark":
            connection.sql(statement)
        else:
            connection.execute(statement)

    def checked(self, connection: Any) -> None:
        """Refuse binary floats among the input columns, and numbers wider than the statement counts on."""
        check_columns(
            connection,
            dialect=self.dialect,
            source=self.source,
            columns=self.inputs,
            digits=self.digits,
            decision=self.decision,
        )

    def explain(self) -> str:
        """Return how each table of the statement is decided, a line for each, in the order of the statement."""
        lines = [f"{name}: {way}, for {way.rules:,} rules" for name, way in self.ways.items()]
        return "\n".join(lines) or "no tables"


def plan_for(
    model: Program,
    source: str,
    *,
    decision: str | None,
    dialect: str,
    columns: Mapping[str, str] | None,
    keys: Sequence[str],
    numbers: Mapping[str, tuple[int, int]] | None = None,
    facts: bool = False,
) -> SetPlan:
    """Compile a decision over the relation `source`, a table name or a query in parentheses.

    `columns` gives the SQL of inputs that are not columns of their own name; `numbers` says how many
    digits a number column has, and how many of them after the point; `facts` keeps what the decision read
    beside it. Raises NotInSubset.
    """
    if dialect not in DIALECTS:
        raise NotInSubset(f'the dialect "{dialect}"', element=model.name)
    unit = model.decision_unit(decision)
    planner = _Planner(
        model,
        unit,
        DIALECTS[dialect],
        source=source,
        columns=dict(columns or {}),
        keys=tuple(keys),
        numbers=dict(numbers or {}),
        facts=facts,
    )
    return planner.plan()


class _Planner:
    """Builds the stages of one statement."""

    def __init__(
        self,
        model: Program,
        unit: Unit,
        dialect: Dialect,
        *,
        source: str,
        columns: dict[str, str],
        keys: tuple[str, ...],
        numbers: Mapping[str, tuple[int, int]],
        facts: bool = False,
    ) -> None:
        self.model = model
        self.unit = unit
        self.dialect = dialect
        self.source = source
        self.columns = columns
        self.keys = keys
        self.numbers = {name: Digits(width - scale, scale) for name, (width, scale) in numbers.items()}
        self.facts = facts
        self.kept: dict[str, str] = {}
        self.counted: set[str] = set()
        self.names: dict[str, Sql] = {}
        self.stages: list[Stage] = []
        self.ways: dict[str, Way] = {}
        self.inputs: dict[str, str] = {}
        self.rules: dict[str, str] = {}
        self.outputs: dict[str, list[str]] = {}

    def plan(self) -> SetPlan:
        """Return the plan."""
        self._visit(self.unit, set())
        name = self.unit.element.variable.name
        outputs = self.outputs[name]
        rule = self.rules.get(name)
        statement = self._statement(outputs, rule)
        rules = self.unit.tables[0].table.rules if rule is not None else ()
        return SetPlan(
            sql=statement,
            dialect=self.dialect.name,
            decision=self.unit.element.name,
            source=self.source,
            inputs=self.inputs,
            keys=self.keys,
            facts=tuple(self.kept),
            outputs=tuple(outputs),
            rule_column=rule,
            reasons=tuple(one.id for one in rules),
            ways=self.ways,
            digits=self.digits,
        )

    def _visit(self, unit: Unit, seen: set[str]) -> None:
        if unit.element.id in seen:
            return
        seen.add(unit.element.id)
        for reference in unit.element.requires:
            needed = self.model.loaded.linked.units.get(reference)
            if needed is None:
                raise NotInSubset("an imported element", element=unit.element.name)
            if needed.element.kind == "input":
                self._input(needed)
            elif needed.element.kind == "decision":
                self._visit(needed, seen)
            else:
                raise NotInSubset(f"a {needed.element.kind}", element=unit.element.name)
        self._decision(unit)

    def _input(self, unit: Unit) -> None:
        name, kind = unit.element.variable.name, plain(unit.type)
        if name in self.inputs:
            return
        if kind not in COLUMN_TYPES:
            raise NotInSubset(f"the input of type {kind}", element=name)
        column = self.columns.get(name) or self.dialect.name_of(name)
        self.inputs[name] = column
        text = self.dialect.name_of(f"in {name}")
        if self.facts and name not in self.keys:
            self.kept[name] = self._kept(unit, text)
        number = kind is NUMBER
        self.names[name] = Sql(
            text,
            kind,
            digits=self.numbers.get(name, USUAL) if number else None,
            leaves=frozenset([text] if number else []),
        )

    def _kept(self, unit: Unit, text: str) -> str:
        """Return the SQL that keeps an input beside the decision; a text from a list as one of an enumeration."""
        if isinstance(unit.type, AllowedType) and plain(unit.type) is STRING:
            allowed = [one for one in only_listed(unit.type.text) if isinstance(one, str)]
            return self.dialect.enumerated(text, allowed) or text
        return text

    def _decision(self, unit: Unit) -> None:
        body = unit.element.expression
        name = unit.element.variable.name
        if isinstance(body, m.Table):
            self._table(unit, unit.tables[0], name)
        elif isinstance(body, m.Boxed) and body.kind == "literal" and unit.node is not None:
            writer = Expressions(self.dialect, self.names, unit.element.name, _text(body), self.counted)
            made = writer.value(unit.node)
            self._declare(unit, name, made)
            self.outputs[name] = [name]
        else:
            kind = body.kind if isinstance(body, m.Boxed) else "missing expression"
            raise NotInSubset(f"a boxed {kind}", element=unit.element.name)

    def _declare(self, unit: Unit, name: str, made: Sql) -> None:
        declared = plain(unit.type)
        if isinstance(unit.type, AllowedType):
            raise NotInSubset("a computed decision with allowed values", element=unit.element.name)
        if made.kind not in SCALARS or declared not in (ANY, made.kind):
            raise NotInSubset(f"a decision of type {made.kind}", element=unit.element.name)
        self._column(name, made)

    def _column(self, name: str, made: Sql) -> None:
        self.stages.append(Stage([(name, made.text)]))
        self.names[name] = replace(made, text=self.dialect.name_of(name), constant=False)

    def _table(self, unit: Unit, table: CompiledTable, name: str) -> None:
        writer = Expressions(self.dialect, self.names, unit.element.name, counted=self.counted)
        operands: list[Sql] = []
        stage: list[tuple[str, str]] = []
        for at in range(len(table.inputs)):
            made = table_input(writer, table, at)
            if made.text not in {one.text for one in self.names.values()}:
                column = f"{name} input {at + 1}"
                stage.append((column, made.text))
                made = replace(made, text=self.dialect.name_of(column), constant=False)
            operands.append(made)
        if stage:
            self.stages.append(Stage(stage))
        sql = TableSql(writer, table, operands)
        single = len(table.table.outputs) == 1
        if table.table.policy == "C":
            self._declare(unit, name, sql.collected())
            self.outputs[name] = [name]
            return
        groups = None if unit is self.unit else sql.groups()
        number = f"{name} rule" if groups is None else f"{name} group"
        numbering = (None, *range(1, len(table.cells) + 1)) if groups is None else groups.numbering
        decided = sql.numbered(numbering)
        self.ways[unit.element.name] = decided.way
        if decided.before:
            self.stages.append(Stage(decided.before, decided.join_before))
        self.stages.append(Stage([(number, decided.text)], decided.join))
        column_of = self.dialect.name_of(number)
        columns: list[tuple[str, str]] = []
        for at, clause in enumerate(table.table.outputs):
            made = (
                sql.output(at, column_of, total=decided.total)
                if groups is None
                else sql.grouped_output(at, groups, column_of)
            )
            column = name if single else f"{name}.{clause.name}"
            columns.append((column, made.text))
            self.names[column] = replace(made, text=self.dialect.name_of(column))
        self.stages.append(Stage(columns))
        if groups is None:
            self.rules[name] = number
        self.outputs[name] = [column for column, _ in columns]
        self._check_declared(unit, table, single)

    def _check_declared(self, unit: Unit, table: CompiledTable, single: bool) -> None:
        declared = plain(unit.type)
        constrained = isinstance(unit.type, AllowedType)
        if single and not constrained:
            seen = self.names[unit.element.variable.name].kind
            if declared in (ANY, seen):
                return
        elif not single and not constrained:
            if declared is ANY or isinstance(declared, ContextType):
                return
        elif constrained and single and self._all_allowed(unit, table):
            return
        raise NotInSubset(f"the declared type {unit.type}", element=unit.element.name)

    def _all_allowed(self, unit: Unit, table: CompiledTable) -> bool:
        from motcua.rules.codegen import constant_of

        kind = unit.type
        constants = [constant_of(row[0]) for row in table.outputs]
        return isinstance(kind, AllowedType) and all(
            one is not None and (one.value is None or kind.allows(one.value)) for one in constants
        )

    def _statement(self, outputs: Sequence[str], rule: str | None) -> str:
        name_of = self.dialect.name_of
        keys = [name_of(key) for key in self.keys]
        facts = [
            *keys,
            *(f"{self._read(name, sql)} AS {self.names[name].text}" for name, sql in self.inputs.items()),
        ]
        kept = [f"{sql} AS {name_of(name)}" for name, sql in self.kept.items()]
        wanted = [*keys, *kept, *(name_of(one) for one in outputs), *([name_of(rule)] if rule else [])]
        fence = " OFFSET 0" if self.dialect.name == "postgres" else ""
        parts = [f"stage_0 AS (SELECT {', '.join(facts) or '1 AS one'} FROM {self.source})"]
        for number, stage in enumerate(self._needed(wanted), 1):
            added = ", ".join(f"{sql} AS {name_of(column)}" for column, sql in stage.columns)
            # Without a fence PostgreSQL writes each column out wherever it is named, and works it out there again.
            parts.append(
                f"stage_{number} AS (SELECT stage_{number - 1}.*, {added}"
                f" FROM stage_{number - 1}{stage.join}{fence})"
            )
        text = f"WITH {', '.join(parts)} SELECT {', '.join(wanted)} FROM stage_{len(parts) - 1}"
        return self.dialect.written(text)

    def _read(self, name: str, sql: str) -> str:
        """Return an input column; one that arithmetic is done with as a decimal, since integers overflow."""
        digits = self.digits.get(name)
        return sql if digits is None else self.dialect.as_decimal(sql, digits)

    @property
    def digits(self) -> dict[str, Digits]:
        """The digits that arithmetic counts on, by input."""
        return {
            name: made.digits
            for name, made in self.names.items()
            if name in self.inputs and made.digits is not None and made.text in self.counted
        }

    def _needed(self, wanted: Sequence[str]) -> list[Stage]:
        """Return the stages with the columns that something later names."""
        kept: list[Stage] = []
        named = " ".join(wanted)
        for stage in reversed(self.stages):
            columns = [one for one in stage.columns if self.dialect.name_of(one[0]) in named]
            if not columns:
                continue
            named += " ".join(["", stage.join, *(sql for _, sql in columns)])
            kept.append(Stage(columns, stage.join))
        return kept[::-1]


def _text(body: m.Boxed) -> str:
    return body.text.text if body.text is not None else ""
