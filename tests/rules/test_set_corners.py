"""Corners of the set-based engine: each gives what one case gives, or is refused by name."""

import itertools
from decimal import Decimal

import duckdb
import pytest

from motcua.rules import load
from motcua.rules.sql import NotInSubset, trees
from motcua.rules.sql.trees import MOST_ARMS_PER_RULE

from .differential import many_wards
from .models import decision, definitions, input_data, one_expression, one_table, table

NUMBERS = [Decimal(text) for text in ("-2.55", "-2.5", "-1.45", "0", "0.05", "1.45", "2.5", "2.55")]
ROUNDINGS = ("decimal", "round up", "round down", "round half up", "round half down", "floor", "ceiling")


def assert_agreed(model, facts: dict[str, list], kinds: dict[str, str]) -> str:
    """Decide each row as a set and as a case, compare the answers, and return the SQL."""
    rows = list(zip(*facts.values(), strict=True))
    plan = model.over("facts", keys=("id",))
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} {kinds[name]}" for name in facts)
        connection.execute(f"CREATE TABLE facts (id INTEGER, {columns})")
        marks = ", ".join("?" for _ in range(len(facts) + 1))
        connection.executemany(
            f"INSERT INTO facts VALUES ({marks})", [(at, *row) for at, row in enumerate(rows)]
        )
        found = {row[0]: row[1] for row in plan.run(connection)}
    assert found == {at: model(dict(zip(facts, row, strict=True))).value for at, row in enumerate(rows)}
    return plan.sql


@pytest.mark.parametrize(
    "text",
    [
        "-x",
        "floor(x)",
        "ceiling(x)",
        "modulo(x, y)",
        "if x > 1 and y < 2 then x else y",
        "if x / 5 < 0.3 then x else y",
        "if x / 3 < 0.3 then x else y",
        *(f"{how}(x, {scale})" for how in ROUNDINGS for scale in (0, 1)),
    ],
)
def test_numbers_are_rounded_and_divided_as_in_one_case(text):
    model = load(one_expression(text, x="number", y="number"))
    facts = {"x": [*NUMBERS, None, *NUMBERS], "y": [Decimal(2)] * 8 + [Decimal(0)] * 5 + [Decimal(-3)] * 4}

    assert_agreed(model, facts, {"x": "DECIMAL(9, 2)", "y": "DECIMAL(9, 2)"})


@pytest.mark.parametrize(
    ("text", "kind", "construct"),
    [
        ("x / 0", "number", "a quotient without a last digit"),
        ("x + 1", "date", r"date \+ number"),
        ('if null then "a" else "b"', "number", "a condition that is not a boolean"),
    ],
)
def test_what_no_statement_says_is_refused(text, kind, construct):
    model = load(one_expression(text, x=kind))

    with pytest.raises(NotInSubset, match=construct):
        model.over("facts")


def test_spark_holds_each_product_to_its_digits():
    model = load(one_expression("x * y", x="number", y="number"))

    sql = model.over("facts", dialect="spark", numbers={"x": (9, 2), "y": (9, 3)}).sql

    assert "CAST((" in sql
    assert "DECIMAL(18, 5)" in sql


def test_spark_joins_many_texts_as_rows_of_arrays():
    sql = many_wards(2).over("wards", dialect="spark").sql

    assert "INLINE(ARRAYS_ZIP(" in sql
    assert "ARRAY<BIGINT>" in sql


TEXTS = [None, "a", "ab", "b", "z", *(f"text {at:02}" for at in range(22))]


def test_texts_that_one_cell_lists_by_the_dozen_are_looked_for_among_them():
    listed = ", ".join(f'"text {at:02}"' for at in range(2, 60, 2))
    rules = [([listed, "> 1"], ["1"]), (["-", "-"], ["2"])]
    model = load(one_table({"s": "string", "x": "number"}, table(["s", "x"], rules, policy="FIRST")))

    sql = assert_agreed(
        model, {"s": TEXTS, "x": [Decimal(2)] * len(TEXTS)}, {"s": "TEXT", "x": "DECIMAL(9, 2)"}
    )

    assert " IN ('text 02'" in sql


def test_answers_that_alternate_are_told_by_the_list_of_their_rules():
    rules = [([f"< {at}"], ["x + 1" if at % 2 else "x - 1"]) for at in range(60)]
    model = load(one_table({"x": "number"}, table(["x"], rules, policy="FIRST")))
    values = [Decimal(at) / 2 for at in range(-3, 130, 5)]

    sql = assert_agreed(model, {"x": values}, {"x": "DECIMAL(9, 2)"})

    assert " IN (1, 3, 5" in sql


def test_many_small_numbers_are_answers_of_one_array():
    rules = [([f"< {at}"], [str(at * at)]) for at in range(30)]
    model = load(one_table({"x": "number"}, table(["x"], rules, policy="FIRST")))
    values = [Decimal(at) / 2 for at in range(-3, 70, 5)]

    sql = assert_agreed(model, {"x": values}, {"x": "DECIMAL(9, 2)"})

    assert "[0,1,4,9," in sql


@pytest.mark.parametrize("unknown", [[(["null", "-"], ['"unknown"'])], []])
@pytest.mark.parametrize("texts", [5, 20])
def test_a_large_table_finds_texts_among_few_and_by_halves(texts, unknown):
    rules = [
        ([f'"text {at:02}"', f"< {low}"], [f'"{at} below {low}"'])
        for at in range(texts)
        for low in range(0, 60, 60 * texts // 60 or 1)
    ]
    rules += [([f'"text {at % texts:02}"', f"> {80 + at}"], [f'"{at} above"']) for at in range(60)]
    rules = [*unknown, *rules, (["-", "-"], ['"rest"'])]
    model = load(one_table({"s": "string", "x": "number"}, table(["s", "x"], rules, policy="FIRST")))
    facts = {"s": TEXTS * 3, "x": [Decimal(at * 7 % 150) for at in range(3 * len(TEXTS))]}

    assert_agreed(model, facts, {"s": "TEXT", "x": "DECIMAL(9, 2)"})
    assert model.over("facts").ways["answer"].name == "lookup"


@pytest.mark.parametrize(
    "cell",
    [
        'not(contains(?, "a"))',
        'not(["a", "b"])',
        'not(["a", t])',
        '["a", t]',
        'contains(?, "b")',
        "not(t)",
    ],
)
def test_cells_that_say_more_than_constants_agree(cell):
    rules = [([cell, "> 1"], ["1"]), ([cell, "-"], ["2"]), (["-", "-"], ["3"])]
    kinds = {"s": "string", "x": "number", "t": "string"}
    model = load(one_table(kinds, table(["s", "x"], rules, policy="FIRST")))
    facts = {
        "s": ["a", "b", "ab", "c", None] * 2,
        "x": [Decimal(1)] * 5 + [Decimal(2)] * 5,
        "t": ["b", "b", "a", "c", "b", "b", None, "c", None, "a"],
    }

    assert_agreed(model, facts, {"s": "TEXT", "x": "DECIMAL(9, 2)", "t": "TEXT"})


def test_a_column_that_only_asks_other_inputs_has_no_classes():
    rules = [(["> y", "> 1"], ["1"]), (["> y", "-"], ["2"]), (["-", "-"], ["3"])]
    columns = ["if y > 0 then x else null", "y"]
    model = load(one_table({"x": "number", "y": "number"}, table(columns, rules, policy="FIRST")))
    facts = {
        "x": [Decimal(at) for at in (0, 1, 2, 3)] + [None],
        "y": [Decimal(at) for at in (-1, 1, 1, 2, 2)],
    }

    assert_agreed(model, facts, {"x": "DECIMAL(9, 2)", "y": "DECIMAL(9, 2)"})


def two_steps(steps: str, kind: str, last: str) -> str:
    """Return a model whose last decision reads the answer of a table."""
    return definitions(
        input_data("x", "number")
        + decision("step", steps, "x", kind=kind)
        + decision("answer", last, "d:step")
    )


def test_a_table_of_numbers_is_read_by_the_next():
    steps = table(["x"], [(["< 1"], ["10"]), (["[1..5]"], ["20"])], outputs=[("step", "number", "")])
    last = table(["step"], [(["10"], ['"low"']), (["> 10"], ['"high"']), (["-"], ['"none"'])], policy="FIRST")
    model = load(two_steps(steps, "number", last))

    assert_agreed(model, {"x": [Decimal(0), Decimal(3), Decimal(9), None]}, {"x": "DECIMAL(9, 2)"})


def test_overlaps_before_a_default_are_refused_in_a_step_too():
    steps = table(
        ["x"], [(["< 3"], ["10"]), (["< 5"], ["20"])], outputs=[("step", "number", "")], defaults=["30"]
    )
    last = table(["step"], [(["10"], ['"low"']), (["-"], ['"none"'])], policy="FIRST")
    model = load(two_steps(steps, "number", last))

    with pytest.raises(NotInSubset, match="overlaps and a default"):
        model.over("facts")


def test_a_constant_that_no_column_holds_is_refused_in_a_cell():
    model = load(
        one_table(
            {"x": "number"},
            table(["x"], [(["< 12345678901234567890123456789012345"], ["1"]), (["-"], ["2"])]),
        )
    )

    with pytest.raises(NotInSubset, match="of type number"):
        model.over("facts")


def test_an_input_that_is_never_known_is_refused():
    body = table(["null"], [(["null"], ["1"])])

    with pytest.raises(NotInSubset, match="an input of type Null"):
        load(one_table({"x": "number"}, body)).over("facts")


def test_two_outputs_of_a_decision_that_is_one_text_are_refused():
    body = table(["x"], [(["1"], ["1", "2"])], outputs=[("a", "number", ""), ("b", "number", "")])

    with pytest.raises(NotInSubset, match="the declared type string"):
        load(one_table({"x": "number"}, body, kind="string")).over("facts")


def test_a_tree_that_grows_too_wide_goes_on_as_a_chain():
    rows = (
        "> 3|< 2|-|> 3|> 1",
        "> 3|< 2|-|> 3|> 1",
        "> 3|< 2|< 4|> 3|> 1",
        "2|< 2|< 4|> 1|> 3",
        "> 1|> 1|< 4|> 1|> 3",
        "1, 4|> 1|< 4|> 1|> 3",
        "-|> 1|> 1|> 3|> 1",
        "-|-|> 1|> 3|> 1",
    )
    rules = [(row.split("|"), [f"a + {at}"]) for at, row in enumerate(rows)]
    model = load(one_table(dict.fromkeys("abcde", "number"), table(list("abcde"), rules, policy="FIRST")))
    cases = list(
        itertools.islice(itertools.product([None, *map(Decimal, range(1, 6))], repeat=5), 0, None, 7)
    )
    facts = {name: [case[at] for case in cases] for at, name in enumerate("abcde")}

    assert_agreed(model, facts, dict.fromkeys("abcde", "DECIMAL(9, 2)"))
    assert model.over("facts").ways["answer"].size > MOST_ARMS_PER_RULE * len(rules)


@pytest.mark.parametrize("limit", [0, 20])
def test_a_tree_that_takes_too_long_to_write_goes_on_as_a_chain(monkeypatch, limit):
    rules = [([f"< {at % 6}", f"> {at % 4}"], [f"a + {at}"]) for at in range(12)]
    source = one_table(dict.fromkeys("ab", "number"), table(["a", "b"], rules, policy="FIRST"))
    facts = {
        "a": [None, *map(Decimal, range(7))] * 8,
        "b": [one for one in (None, *map(Decimal, range(7))) for _ in range(8)],
    }
    written = load(source).over("facts").sql
    monkeypatch.setattr(trees, "MOST_ASKED", limit)

    chained = assert_agreed(load(source), facts, dict.fromkeys("ab", "DECIMAL(9, 2)"))

    assert chained != written
