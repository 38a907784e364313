"""Random models of the subset over random rows: the same answers per case and by SQL, in DuckDB and PostgreSQL."""

import os

import duckdb
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from . import differential as d

SQL_TYPES = {"string": "TEXT", "boolean": "BOOLEAN", "date": "DATE", "date and time": "TIMESTAMP"}


def declared(name: str, kind: str) -> str:
    if name == "i":
        return f"{name} INTEGER"
    return f"{name} DECIMAL{d.WIDTHS[name]}" if kind == "number" else f"{name} {SQL_TYPES[kind]}"


DECLARED = ", ".join(declared(name, kind) for name, kind in d.COLUMNS.items())


class InDuck:
    dialect = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()

    def fill(self, values: list[tuple[object, ...]]) -> None:
        self.connection.execute(f"CREATE OR REPLACE TABLE facts (id INT, {DECLARED})")
        marks = f"({', '.join('?' * (len(d.COLUMNS) + 1))})"
        flat = [value for number, row in enumerate(values) for value in (number, *row)]
        self.connection.execute(f"INSERT INTO facts VALUES {', '.join([marks] * len(values))}", flat)


class InPostgres:
    dialect = "postgres"

    def __init__(self) -> None:
        self.connection = psycopg.connect(os.environ["DATABASE_URL"])

    def fill(self, values: list[tuple[object, ...]]) -> None:
        self.connection.rollback()
        self.connection.execute(f"CREATE TEMPORARY TABLE facts (id INT, {DECLARED}) ON COMMIT DROP")
        marks = ", ".join(["%s"] * (len(d.COLUMNS) + 1))
        with self.connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO facts VALUES ({marks})", [(number, *row) for number, row in enumerate(values)]
            )


@pytest.fixture(scope="module", params=[InDuck, InPostgres], ids=["duckdb", "postgres"])
def database(request):
    made = request.param()
    yield made
    made.connection.close()


@d.quick(30)
@given(text=d.expressions, values=d.rows)
def test_expressions_agree(text, values, database):
    d.assert_same(d.one_answer(text), values, database)


@d.quick(30)
@given(text=d.numbers, values=d.rows)
def test_computed_decisions_agree(text, values, database):
    d.assert_same(d.literal_model(text), values, database)


@d.quick(30)
@given(made=d.rules, policy=st.sampled_from(["UNIQUE", "FIRST"]), values=d.rows)
def test_tables_agree(made, policy, values, database):
    d.assert_same(d.table_model(made, policy, d.cells), values, database)


@d.quick(30)
@given(made=d.plain_rules, policy=st.sampled_from(["UNIQUE", "FIRST", "ANY", "PRIORITY"]), values=d.rows)
def test_tables_of_constants_agree(made, policy, values, database):
    outputs = [("answer", "string", '"b", "a", "c"')]

    d.assert_same(d.table_model(made, policy, d.plain_cells, outputs=outputs), values, database)


@d.quick(30)
@given(made=d.plain_rules, declared=d.declared_types, values=d.rows)
def test_columns_of_declared_types_agree(made, declared, values, database):
    d.assert_same(d.table_model(made, "FIRST", d.plain_cells, declared), values, database)


@d.quick(12)
@given(made=d.large_tables, policy=st.sampled_from(["UNIQUE", "FIRST", "PRIORITY"]), values=d.rows)
def test_large_tables_agree(made, policy, values, database):
    outputs = [("answer", "string", '"b", "a", "c"')]

    assert d.assert_same(d.table_model(made, policy, ["s", "n", "k", "b"], outputs=outputs), values, database)


@d.quick(30)
@given(made=d.plain_rules, fold=st.sampled_from(["SUM", "MIN", "MAX", "COUNT"]), values=d.rows)
def test_collecting_tables_agree(made, fold, values, database):
    points = {'"a"': "1.5", '"b"': "-2", '"c"': "1000000", "null": "0"}
    numbered = [(row, points[answer]) for row, answer in made]

    d.assert_same(d.table_model(numbered, "COLLECT", d.plain_cells, aggregation=fold), values, database)


@d.quick(30)
@given(first=d.plain_rules, second=d.plain_rules, last=d.last_rules, values=d.rows)
def test_graphs_agree(first, second, last, values, database):
    d.assert_same(d.graph_model(first, second, last), values, database)


@d.quick(30)
@given(made=d.plain_rules, fold=st.sampled_from(["SUM", "MIN", "MAX"]), values=d.rows)
def test_amounts_are_collected_beyond_every_integer(made, fold, values, database):
    amounts = {
        '"a"': "2000000000",
        '"b"': "9000000000000000000",
        '"c"': "-1500000000.5",
        "null": "2147483647",
    }
    due = [(row, amounts[answer]) for row, answer in made]

    d.assert_same(d.table_model(due, "COLLECT", d.plain_cells, aggregation=fold), values, database)


@pytest.mark.parametrize("text", d.BEYOND_INTEGERS)
def test_arithmetic_goes_on_where_the_integers_of_a_database_end(text, database):
    assert d.assert_same(d.one_answer(text), [d.LARGEST], database)


def test_each_input_of_the_pass_made_null_is_the_same(database):
    declared = ", ".join(f'"{name}" {SQL_TYPES[d.pass_kind(name)]}' for name in d.GRANTED)
    database.connection.execute(f"CREATE TEMPORARY TABLE probes (id INT, {declared})")
    marks = ", ".join(["?" if database.dialect == "duckdb" else "%s"] * (len(d.GRANTED) + 1))
    for number, facts in enumerate(d.null_probes()):
        database.connection.execute(f"INSERT INTO probes VALUES ({marks})", [number, *facts.values()])

    d.assert_probes_agree(database.dialect, database.connection)


def test_most_of_what_is_drawn_is_inside_the_subset(database):
    inside = []

    @d.quick(30)
    @given(text=d.expressions, values=d.rows)
    def drawn(text, values):
        inside.append(d.assert_same(d.one_answer(text), values[:1], database))

    drawn()

    assert sum(inside) / len(inside) > 0.8
