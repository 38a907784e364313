"""The differential tests on Spark, in a venv of their own: run by ``make test-spark``."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from pyspark.sql import types as t

from motcua.rules import load
from motcua.rules.sql.columns import BinaryFloat

from . import differential as d
from .models import one_expression

TYPES = {
    "string": t.StringType(),
    "boolean": t.BooleanType(),
    "date": t.DateType(),
    "date and time": t.TimestampNTZType(),
}


def declared(name: str, kind: str) -> t.DataType:
    if name == "i":
        return t.IntegerType()
    return t.DecimalType(*d.WIDTHS[name]) if kind == "number" else TYPES[kind]


SCHEMA = t.StructType(
    [t.StructField("id", t.IntegerType())]
    + [t.StructField(name, declared(name, kind)) for name, kind in d.COLUMNS.items()]
)


class InSpark:
    dialect = "spark"

    def __init__(self) -> None:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        settings = {
            "spark.ui.enabled": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.log.level": "ERROR",
        }
        self.connection = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()

    def fill(self, values: list[tuple[object, ...]]) -> None:
        numbered = [(number, *row) for number, row in enumerate(values)]
        self.connection.createDataFrame(numbered, SCHEMA).coalesce(1).createOrReplaceTempView("facts")


@pytest.fixture(scope="module")
def database() -> Iterator[InSpark]:
    made = InSpark()
    yield made
    made.connection.stop()


@d.quick(60)
@given(text=d.expressions, values=d.rows)
def test_expressions_agree(text, values, database):
    d.assert_same(d.one_answer(text), values, database)


@d.quick(15)
@given(text=d.numbers, values=d.rows)
def test_computed_decisions_agree(text, values, database):
    d.assert_same(d.literal_model(text), values, database)


@d.quick(20)
@given(made=d.rules, policy=st.sampled_from(["UNIQUE", "FIRST"]), values=d.rows)
def test_tables_agree(made, policy, values, database):
    d.assert_same(d.table_model(made, policy, d.cells), values, database)


@d.quick(15)
@given(made=d.plain_rules, policy=st.sampled_from(["UNIQUE", "FIRST", "ANY", "PRIORITY"]), values=d.rows)
def test_tables_of_constants_agree(made, policy, values, database):
    outputs = [("answer", "string", '"b", "a", "c"')]

    d.assert_same(d.table_model(made, policy, d.plain_cells, outputs=outputs), values, database)


@d.quick(6)
@given(made=d.large_tables, policy=st.sampled_from(["UNIQUE", "FIRST", "PRIORITY"]), values=d.rows)
def test_large_tables_agree(made, policy, values, database):
    outputs = [("answer", "string", '"b", "a", "c"')]

    assert d.assert_same(d.table_model(made, policy, ["s", "n", "k", "b"], outputs=outputs), values, database)


@d.quick(10)
@given(made=d.plain_rules, fold=st.sampled_from(["SUM", "MIN", "MAX", "COUNT"]), values=d.rows)
def test_collecting_tables_agree(made, fold, values, database):
    points = {'"a"': "1.5", '"b"': "-2", '"c"': "1000000", "null": "0"}
    numbered = [(row, points[answer]) for row, answer in made]

    d.assert_same(d.table_model(numbered, "COLLECT", d.plain_cells, aggregation=fold), values, database)


@d.quick(8)
@given(made=d.plain_rules, fold=st.sampled_from(["SUM", "MIN", "MAX"]), values=d.rows)
def test_amounts_are_collected_beyond_every_integer(made, fold, values, database):
    due = [(row, d.AMOUNTS[answer]) for row, answer in made]

    d.assert_same(d.table_model(due, "COLLECT", d.plain_cells, aggregation=fold), values, database)


@pytest.mark.parametrize("text", d.BEYOND_INTEGERS)
def test_arithmetic_goes_on_where_the_integers_of_a_database_end(text, database):
    assert d.assert_same(d.one_answer(text), [d.LARGEST], database)


@d.quick(15)
@given(first=d.plain_rules, second=d.plain_rules, last=d.last_rules, values=d.rows)
def test_graphs_agree(first, second, last, values, database):
    d.assert_same(d.graph_model(first, second, last), values, database)


def test_each_input_of_the_pass_made_null_is_the_same(database):
    fields = [t.StructField(name, TYPES[d.pass_kind(name)]) for name in d.GRANTED]
    schema = t.StructType([t.StructField("id", t.IntegerType()), *fields])
    rows = [(number, *facts.values()) for number, facts in enumerate(d.null_probes())]
    database.connection.createDataFrame(rows, schema).createOrReplaceTempView("probes")

    d.assert_probes_agree("spark", database.connection)


def test_a_joined_relation_is_the_same(database):
    model = d.many_wards(2)
    names = list(model.inputs)
    rows = [
        (
            at,
            f"phường {at % 90}" if at % 7 else None,
            at * 7 % 100 if at % 5 else None,
            f"0 {at % 41}",
            f"1 {at % 41}",
        )
        for at in range(120)
    ]
    schema = "id INT, ward STRING, n INT, s0 STRING, s1 STRING"
    database.connection.createDataFrame(rows, schema).createOrReplaceTempView("wards")
    plan = model.over("wards", keys=("id",), dialect="spark")

    by_set = {row[0]: row[1:] for row in plan.run(database.connection)}

    assert "join of" in plan.explain()
    for row in rows:
        decided = model(dict(zip(names, row[1:], strict=True)))
        assert (decided.value, decided.why.rule.number) == by_set[row[0]]


def test_binary_floats_are_refused(database):
    model = load(one_expression("x + 1", x="number"))

    with pytest.raises(BinaryFloat):
        model.over("(SELECT CAST(1.5 AS DOUBLE) AS x) f", dialect="spark").run(database.connection)
