"""Random models of the subset over random rows: the same answers per case and by SQL."""

import os
from datetime import date
from decimal import Decimal

import duckdb
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.rules import load
from motcua.rules.sql import NotInSubset
from motcua.rules.values import from_plain

from .models import one_expression, one_table

COLUMNS = {
    "n": "number", "k": "number", "s": "string", "u": "string",
    "b": "boolean", "c": "boolean", "d": "date", "e": "date",
}  # fmt: skip
SQL_TYPES = {"number": "DECIMAL(14, 3)", "string": "TEXT", "boolean": "BOOLEAN", "date": "DATE"}
NUMBERS = ["0", "1", "-1", "0.001", "-0.001", "5", "5.5", "18", "99999999999.999", "-99999999999.999"]
TEXTS = ["", "red", "xanh", "Đà Nẵng", "a'b", "Red", "e\u0301", "é", "red "]
DATES = ["2020-02-29", "2021-02-28", "2000-01-01", "1999-12-31", "2024-02-29", "2021-03-01"]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


numbers = st.deferred(
    lambda: st.one_of(
        st.sampled_from(
            ["n", "k", "string length(s)", "(d - e).days", "d.year", "e.month", "d.day", "d.weekday"]
        ),
        st.sampled_from(NUMBERS),
        st.builds("({} {} {})".format, small, st.sampled_from("+-"), small),
        st.builds("({} * {})".format, st.sampled_from("nk"), st.sampled_from(NUMBERS[:8])),
        st.builds("abs({})".format, small),
        st.builds("floor({})".format, small),
        st.builds("ceiling({})".format, small),
        st.builds("modulo({}, {})".format, st.sampled_from("nk"), st.sampled_from(["n", "k", *NUMBERS[:7]])),
        st.builds("(-{})".format, small),
        st.builds("(if {} then {} else {})".format, conditions, small, small),
        st.just("years and months duration(d, e).months"),
        st.just("years and months duration(d, e).years"),
    )
)
small = st.sampled_from(["n", "k", *NUMBERS[:8]])
strings = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["s", "u"]),
        st.sampled_from(TEXTS).map(quoted),
        st.builds("({} + {})".format, st.sampled_from("su"), st.sampled_from(TEXTS).map(quoted)),
        st.builds("(if {} then s else {})".format, conditions, st.sampled_from(TEXTS).map(quoted)),
    )
)
days = st.one_of(
    st.sampled_from(["d", "e"]),
    st.sampled_from(DATES).map('@"{}"'.format),
    st.builds(
        '({} {} @"{}")'.format,
        st.sampled_from("de"),
        st.sampled_from("+-"),
        st.sampled_from(["P1D", "P400D", "P1M", "P1Y", "P13M", "-P1M"]),
    ),
)
orders = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
conditions = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["b", "c", "true", "false", "null = s", "n != null"]),
        st.builds("({} {} {})".format, numbers, orders, numbers),
        st.builds("({} {} {})".format, strings, orders, strings),
        st.builds("({} {} {})".format, days, orders, days),
        st.builds("({} and {})".format, conditions, conditions),
        st.builds("({} or {})".format, conditions, conditions),
        st.builds("not({})".format, conditions),
        st.builds("({} between {} and {})".format, numbers, small, small),
        st.builds(
            "({} in ({}, {}))".format, small, small, st.sampled_from(["< 5", "[1..5)", "(k..18]", "!= 5"])
        ),
        st.builds("(s in [{}, {}])".format, strings, strings),
        st.builds("contains({}, {})".format, strings, strings),
        st.builds("starts with({}, {})".format, strings, strings),
        st.builds("ends with({}, {})".format, strings, strings),
        st.builds(
            "(n / k {} {})".format, st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(NUMBERS[:8])
        ),
        st.builds("is({}, {})".format, strings, strings),
        st.builds('((d - e) {} @"P30D")'.format, orders),
    )
)
expressions = st.one_of(numbers, strings, days, conditions)

cells = {
    "n": st.sampled_from(["-", "< 5", ">= 5.5", "[1..18)", "5, 18", "not(5, 18)", "null", "not(null)", "!= 5", "> k", "? * 2 > 5"]),
    "s": st.sampled_from(["-", '"red"', '"red", "xanh"', 'not("red")', '"Đà Nẵng"', "null", "u", 'contains(?, "e")', '< "b"', '["red", "Red"]']),
    "b": st.sampled_from(["-", "true", "false", "not(true)", "null", "true, false"]),
    "d": st.sampled_from(["-", '< @"2021-01-01"', '[@"2000-01-01"..@"2021-02-28"]', "e", "null", "> e"]),
}  # fmt: skip
rules = st.lists(
    st.tuples(st.tuples(*cells.values()), st.sampled_from(['"a"', '"b"', '"c"', "null"])),
    min_size=1,
    max_size=7,
)
rows = st.lists(
    st.tuples(
        *[st.one_of(st.none(), st.sampled_from(NUMBERS).map(Decimal))] * 2,
        *[st.one_of(st.none(), st.sampled_from(TEXTS))] * 2,
        *[st.one_of(st.none(), st.booleans())] * 2,
        *[st.one_of(st.none(), st.sampled_from(DATES).map(date.fromisoformat))] * 2,
    ),
    min_size=5,
    max_size=25,
)
quick = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


class InDuck:
    dialect = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()

    def fill(self, values: list[tuple[object, ...]]) -> None:
        columns = ", ".join(f"{name} {SQL_TYPES[kind]}" for name, kind in COLUMNS.items())
        self.connection.execute(f"CREATE OR REPLACE TABLE facts (id INT, {columns})")
        marks = f"({', '.join('?' * 9)})"
        flat = [value for number, row in enumerate(values) for value in (number, *row)]
        self.connection.execute(f"INSERT INTO facts VALUES {', '.join([marks] * len(values))}", flat)


class InPostgres:
    dialect = "postgres"

    def __init__(self) -> None:
        self.connection = psycopg.connect(os.environ["DATABASE_URL"])

    def fill(self, values: list[tuple[object, ...]]) -> None:
        self.connection.rollback()
        columns = ", ".join(f"{name} {SQL_TYPES[kind]}" for name, kind in COLUMNS.items())
        self.connection.execute(f"CREATE TEMPORARY TABLE facts (id INT, {columns}) ON COMMIT DROP")
        marks = ", ".join(["%s"] * 9)
        with self.connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO facts VALUES ({marks})", [(number, *row) for number, row in enumerate(values)]
            )


@pytest.fixture(scope="module", params=[InDuck, InPostgres], ids=["duckdb", "postgres"])
def database(request):
    made = request.param()
    yield made
    made.connection.close()


def plain_number(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def assert_same(source: str, values: list[tuple[object, ...]], database: InDuck | InPostgres) -> None:
    model = load(source)
    try:
        plan = model.over("facts", dialect=database.dialect, keys=("id",))
    except NotInSubset:
        return
    database.fill(values)
    by_set = {row[0]: row[1:] for row in plan.run(database.connection)}
    for number, row in enumerate(values):
        decided = model(dict(zip(COLUMNS, row, strict=True)))
        seen = from_plain(plain_number(by_set[number][0]))
        assert seen == decided.feel_value, (source, row, plan.sql, decided.value)
        if plan.rule_column is not None:
            hits = decided.trace[-1][0].hits
            alone = hits and (len(hits) == 1 or 'hitPolicy="UNIQUE"' not in source)
            assert by_set[number][-1] == (hits[0] + 1 if alone else None)


@quick
@given(text=expressions, values=rows)
def test_expressions_agree(text, values, database):
    assert_same(one_expression(text, **COLUMNS), values, database)


@quick
@given(made=rules, policy=st.sampled_from(["UNIQUE", "FIRST"]), values=rows)
def test_tables_agree(made, policy, values, database):
    body = table_body(made, policy)

    assert_same(one_table(COLUMNS, body), values, database)


def table_body(made, policy):
    from .models import table

    return table(list(cells), [(list(row), [answer]) for row, answer in made], policy=policy)
