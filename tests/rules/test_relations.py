"""A relation decided as a set or case by case, one row explained, and many cases on several processes."""

import os
import sys
from decimal import Decimal

import duckdb
import psycopg
import pytest

from motcua.rules import UnknownDecision, load, many
from motcua.rules.many import decide_many
from motcua.rules.sql import NoSuchRow, candidates, decide_relation, decide_row, lookup, numbers_of
from motcua.rules.sql.columns import ColumnTooWide
from motcua.rules.sql.files import FileNotRead, diff_over_file

from .differential import many_rules, many_wards, table_model
from .models import decision, definitions, input_data, item, literal, one_expression, one_table, table

ZONES = item("tZone", "string", '"green","red"')
TWO_WAYS = definitions(
    ZONES
    + input_data("n", "number")
    + input_data("zone", "tZone")
    + decision(
        "pass",
        table(
            ["zone", "n"], [(['"green"', ">= 2"], ['"grant"']), (["-", "-"], ['"refuse"'])], policy="FIRST"
        ),
        "n",
        "zone",
        kind="string",
    )
    + decision("root", literal("sqrt(n)"), "n", kind="number")
    + decision(
        "both",
        table(
            ["sqrt(n)"],
            [(["< 2"], ['"small"', "n"]), ([">= 2"], ['"large"', "n + 1"])],
            outputs=[("size", "string", ""), ("next", "number", "")],
        ),
        "n",
    )
)


@pytest.fixture
def duck():
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE facts AS SELECT i AS id, (i % 5)::DECIMAL(9, 2) AS n, "
            "CASE WHEN i % 3 > 0 THEN 'green' END AS zone FROM range(30) t(i)"
        )
        yield connection


def test_a_decision_inside_the_subset_is_one_statement(duck):
    made = decide_relation(TWO_WAYS, duck, "facts", keys=("id",), decision="pass")

    assert (made.way, made.reason) == ("set", "")
    assert made.columns == ("id", "pass", "pass rule")
    assert sorted(made.rows)[:3] == [(0, "refuse", 2), (1, "refuse", 2), (2, "grant", 1)]


def test_a_decision_outside_goes_case_by_case_and_says_why(duck):
    made = decide_relation(TWO_WAYS, duck, "facts", keys=("id",), decision="root", processes=1)

    assert made.way == "case"
    assert 'the function "sqrt" in "root" is outside' in made.reason
    assert made.columns == ("id", "root", "root rule")
    assert list(made.rows)[:2] == [(0, 0, None), (1, 1, None)]


def test_several_outputs_are_columns_case_by_case_too(duck):
    made = decide_relation(TWO_WAYS, duck, "facts", keys=("id",), decision="both", processes=1)

    assert made.columns == ("id", "both.size", "both.next", "both rule")
    assert list(made.rows)[3:5] == [(3, "small", 3, 1), (4, "large", 5, 2)]


def test_columns_wider_than_counted_on_go_case_by_case(duck):
    duck.execute("CREATE TABLE wide AS SELECT 1 AS id, 1.5::DECIMAL(38, 20) AS x")

    made = decide_relation(one_expression("x + 1", x="number"), duck, "wide", keys=("id",), processes=1)

    assert made.way == "case"
    assert "numbers" in made.reason
    assert list(made.rows) == [(1, Decimal("2.5"), None)]


def test_a_plan_checks_the_width_of_the_columns_it_counts_with(duck):
    duck.execute("CREATE TABLE wide AS SELECT 1.5::DECIMAL(38, 20) AS x")
    model = load(one_expression("x + 1", x="number"))

    with pytest.raises(ColumnTooWide, match="18 digits before the point and 20 after"):
        model.over("wide").run(duck)
    with pytest.raises(Exception, match="up to 35 digits"):
        model.over("wide", numbers={"x": (34, 0)})
    assert numbers_of(duck, "duckdb", "wide", {"x": '"x"'}) == {"x": (38, 20)}
    assert model.over("wide", numbers={"x": (33, 20)}).digits["x"].scale == 20


def test_an_integer_does_not_overflow(duck):
    duck.execute("CREATE TABLE small AS SELECT 2000000000::INTEGER AS x, DATE '2021-01-01' AS d")

    assert load(one_expression("x * 8", x="number")).over("small").run(duck) == [(16000000000,)]
    days = one_expression('(d - @"1921-01-01").days * 100000000', d="date")
    assert load(days).over("small").run(duck) == [(3652500000000,)]


def test_a_row_of_a_plan_is_explained_on_demand(duck):
    model = load(TWO_WAYS)
    plan = model.over("facts", decision="pass", keys=("id",))

    decided = decide_row(model, plan, duck, 1)

    assert decided.value == "refuse"
    assert decided.why.rule.number == {row[0]: row[2] for row in plan.run(duck)}[1]
    assert decided.why.inputs["n"] == 1


def test_a_key_names_one_row(duck):
    model = load(TWO_WAYS)
    plan = model.over("facts", decision="pass", keys=("id",))

    with pytest.raises(NoSuchRow, match="names 0 rows"):
        decide_row(model, plan, duck, 99)


def test_a_plan_tells_how_each_table_is_decided():
    plan = load(TWO_WAYS).over("facts", decision="pass")

    assert plan.explain() == "pass: case of 1 arms, for 2 rules"
    assert load(one_expression("1")).over("facts").explain() == "no tables"


def test_many_cases_come_back_in_their_order_from_several_processes(tmp_path):
    file = tmp_path / "two.dmn"
    file.write_text(TWO_WAYS, encoding="utf-8")
    rows = [{"n": at % 7, "zone": "green"} for at in range(250)]

    made = list(decide_many(file, rows, decision="pass", processes=2, chunk=20))

    assert [one.value for one in made] == ["grant" if row["n"] >= 2 else "refuse" for row in rows]
    assert {(one.value, one.rule, one.reason) for one in made} == {
        ("grant", 1, "rule 1"),
        ("refuse", 2, "rule 2"),
    }


def test_a_refused_row_does_not_stop_the_others():
    made = list(decide_many(TWO_WAYS, [{"zone": "blue"}, {"zone": "red"}], decision="pass"))

    assert made[0].value is None
    assert "blue" in made[0].refused
    assert made[1].value == "refuse"


def test_an_unknown_decision_is_refused_at_once():
    with pytest.raises(UnknownDecision):
        next(decide_many(TWO_WAYS, [], decision="nothing"))


def test_a_table_of_one_rule_that_never_fires_has_a_number(duck):
    never = one_table({"x": "number"}, table(["x"], [(["1 in (2)"], ['"a"'])]), kind="string")

    assert load(never).over("(SELECT 1 AS x) f").run(duck) == [(None, None)]


def fill_wards(columns: int) -> str:
    texts = ", ".join(
        f"CASE WHEN i % 13 > 0 THEN '{at} ' || (i % 41)::TEXT END AS s{at}" for at in range(columns)
    )
    return (
        "CREATE TABLE wards AS SELECT i AS id, CASE WHEN i % 7 > 0 THEN 'phường ' || (i % 90)::TEXT END AS ward, "
        "CASE WHEN i % 5 > 0 THEN ((i * 7) % 100)::DECIMAL(9, 1) END AS n"
        + (f", {texts}" if texts else "")
        + " FROM range(800) t(i)"
    )


@pytest.mark.parametrize("columns", [0, 2])
def test_many_texts_are_joined_as_a_relation(duck, columns):
    model = many_wards(columns)
    duck.execute(fill_wards(columns))
    plan = model.over("wards", keys=("id",))

    by_set = {row[0]: row[1:] for row in plan.run(duck)}

    assert "join of " in plan.explain()
    assert ("answer key" in plan.sql) is (columns > 0)
    names = list(model.inputs)
    for row in duck.execute(f"SELECT id, {', '.join(names)} FROM wards").fetchall():
        decided = model(dict(zip(names, row[1:], strict=True)))
        assert (decided.value, decided.why.rule.number) == by_set[row[0]]


def test_the_joined_relation_is_the_same_in_postgresql(duck):
    model = many_wards(2)
    duck.execute(fill_wards(2))
    rows = duck.execute("SELECT id, ward, n, s0, s1 FROM wards WHERE id % 10 = 0").fetchall()
    expected = {row[0]: row[1:] for row in model.over("wards", keys=("id",)).run(duck)}

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(
            "CREATE TEMPORARY TABLE wards (id INT, ward TEXT, n DECIMAL(9, 1), s0 TEXT, s1 TEXT)"
        )
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO wards VALUES (%s, %s, %s, %s, %s)", rows)
        found = model.over("wards", keys=("id",), dialect="postgres").run(connection)

    assert len(found) == 80
    assert all(expected[row[0]] == row[1:] for row in found)


@pytest.mark.parametrize(
    ("open_share", "most_cuts", "wanted"),
    [(0, 180, "answer key"), (0.6, 14, "answer at"), (0.6, 180, "CASE WHEN"), (0, 8, "answer 1 text")],
)
def test_a_large_table_goes_by_what_its_rules_leave_open(open_share, most_cuts, wanted):
    rules = many_rules(5, open_share=open_share, most_cuts=most_cuts)

    plan = load(table_model(rules, "FIRST", ["s", "n", "k", "b"])).over("facts")

    assert wanted in plan.sql
    assert plan.ways["answer"].name == ("case" if wanted == "CASE WHEN" else "join")


@pytest.mark.parametrize(
    ("part", "limit", "shape", "wanted"),
    [
        (candidates, "LARGEST_RELATION", (0, 180), "case"),
        (candidates, "LARGEST_RELATION", (0, 14), "answer at"),
        (lookup, "MOST_TRIED", (0.6, 14), "case"),
        (lookup, "LARGEST_RELATION", (0.6, 14), "case"),
    ],
)
def test_a_relation_that_would_be_too_large_is_not_made(monkeypatch, part, limit, shape, wanted):
    rules = many_rules(5, open_share=shape[0], most_cuts=shape[1])
    monkeypatch.setattr(part, limit, 10)

    plan = load(table_model(rules, "FIRST", ["s", "n", "k", "b"])).over("facts")

    assert (wanted in plan.sql) is (wanted != "case")
    assert plan.ways["answer"].name == ("case" if wanted == "case" else "join")


def test_a_place_beyond_the_whole_numbers_is_not_counted():
    # In each column twenty rules name one value, so that none leaves few rules.
    rules = [([str(0 if at // 20 == column else at) for column in range(4)], ["1"]) for at in range(300)]
    columns = dict.fromkeys("abcd", "number")

    plan = load(one_table(columns, table(list(columns), rules, policy="FIRST"))).over("facts")

    assert plan.ways["answer"].name == "case"


def test_a_small_table_is_a_case():
    assert load(TWO_WAYS).over("facts", decision="pass").ways["pass"].name == "case"


class LikeSpark:
    """A Spark session's part that plans use, over DuckDB."""

    createDataFrame = None  # noqa: N815 - by this name a session is known

    def __init__(self, connection) -> None:
        self.connection = connection

    def sql(self, query: str):
        self.found = self.connection.execute(query.replace("`", '"'))
        return self

    def collect(self):
        return self.found.fetchall()

    toLocalIterator = collect  # noqa: N815 - Spark's name

    @property
    def columns(self):
        return [one[0] for one in self.found.description]

    @property
    def dtypes(self):
        return [(one[0], str(one[1])) for one in self.found.description]


def test_a_spark_session_runs_plans(duck):
    session = LikeSpark(duck)
    plan = load(TWO_WAYS).over("facts", decision="pass", keys=("id",), dialect="spark")

    rows = plan.run(session)
    plan.into(session, "answers")
    case = decide_relation(
        TWO_WAYS, session, "facts", keys=("id",), decision="root", dialect="spark", processes=1
    )

    assert sorted(rows) == sorted(duck.execute("SELECT * FROM answers").fetchall())
    assert list(case.rows)[1] == (1, 1, None)


def test_a_worker_decides_a_chunk():
    many._open(TWO_WAYS, None, "pass")

    assert [one.value for one in many._decide_chunk([{"zone": "red"}])] == ["refuse"]


def test_more_chunks_than_are_read_ahead_by_one_process():
    rows = [{"n": at} for at in range(9)]

    made = decide_many(TWO_WAYS, rows, decision="pass", processes=1, chunk=2)

    assert {one.value for one in made} == {"refuse"}


def test_without_duckdb_a_file_is_refused_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    model = load(TWO_WAYS)

    with pytest.raises(FileNotRead, match="pip install duckdb"):
        diff_over_file(model, model, tmp_path / "rows.csv", by=(), decision="pass")
