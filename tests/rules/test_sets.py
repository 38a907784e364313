"""The set-based engine: what it claims, how it says no, and what its plans give."""

import datetime
import itertools
from decimal import Decimal

import duckdb
import pytest

from motcua.rules import load
from motcua.rules.sql import NotInSubset
from motcua.rules.sql.columns import BinaryFloat

from .models import (
    decision,
    definitions,
    input_data,
    item,
    literal,
    one_expression,
    one_table,
    requirements,
    table,
)


@pytest.fixture
def duck():
    with duckdb.connect() as connection:
        yield connection


def first(connection, source: str, *facts: str, **options):
    connection.execute(f"CREATE OR REPLACE TABLE facts AS SELECT {', '.join(facts) or '1 AS one'}")
    return load(source).over("facts", **options).run(connection)[0]


@pytest.mark.parametrize(
    ("text", "kind", "construct"),
    [
        ("x[1]", "number", "a filter"),
        ("[x]", "number", "a list"),
        ("for y in [x] return y", "number", "a for"),
        ("x ** 2", "number", r"number \*\* number"),
        ("x / 3", "number", "a quotient without a last digit"),
        ("x / x", "number", "a quotient without a last digit"),
        ("x / 3 = 3", "number", "a quotient that must be equal"),
        ("x / 3 > x", "number", "beside a constant"),
        ("x * x", "number", "a number of up to 38 digits before the point and 12 after"),
        ("modulo(x, 0.0000000000000000001)", "number", "19 after"),
        ("x < 0.00000000000000000001", "number", "a number of up to 19 digits before the point and 20 after"),
        ("if x > 1 then x else 0.00000000000000000001", "number", "19 digits before the point and 20 after"),
        ("decimal(x, x)", "number", "a constant from 0 to 12"),
        ("sqrt(x)", "number", 'the function "sqrt"'),
        ('x + "a"', "number", r"number \+ string"),
        ('x < "a"', "number", "number < string"),
        ('x = "a"', "number", "number = string"),
        ("-x", "string", "minus a string"),
        ("x.year", "number", "the member year"),
        ("upper case(x)", "string", 'the function "upper case"'),
        ("contains(string: x, match: x)", "string", "named arguments"),
        ("(function(y) y)(x)", "number", "a function value"),
        ("x and true", "number", "and over other than booleans"),
        ("if x then 1 else 2", "number", "a condition"),
        ('if x > 1 then 1 else "a"', "number", "a choice between"),
        ("x < 12345678901234567890123456789012345", "number", "of type number"),
        ('x = "\\u0000"', "string", "of type string"),
        ('x = @"12021-01-01"', "date", "of type date"),
        ('x = @"2021-01-01T00:00:00Z"', "date and time", "of type date and time"),
        ('x < @"10:00:00"', "date", "of type time"),
        ('x - @"PT1H"', "date", "of type days and time duration"),
        ("x + (x - x) * 2", "date", "duration"),
        ("nothing", "number", 'the name "nothing"'),
        ("x", "time", "the input of type time"),
        ("x", "Any", "the input of type Any"),
        ("null", "number", "a decision of type Null"),
        ("{a: 1}.a", "number", "a context"),
    ],
)
def test_what_is_outside_the_subset_is_named(text, kind, construct):
    model = load(one_expression(text, x=kind))

    with pytest.raises(NotInSubset, match=construct):
        model.over("facts")


def test_a_refusal_shows_the_text():
    with pytest.raises(NotInSubset, match='in "answer" is outside the set-based subset: x'):
        load(one_expression("1 + x[1]", x="number")).over("facts")


@pytest.mark.parametrize(
    ("body", "construct"),
    [
        (table(["x"], [(["1"], ["1"])], policy="COLLECT"), "gives a list"),
        (table(["x"], [(["1"], ["1"])], policy="RULE ORDER"), "the hit policy R"),
        (table(["x"], [(["1"], ["x"])], policy="COLLECT", aggregation="SUM"), "other than constant numbers"),
        (table(["x"], [(["1"], ["1"]), (["-"], ["2"])], policy="ANY"), "may disagree"),
        (table(["x"], [(["1"], ["x"])], policy="PRIORITY"), "computed outputs"),
        (table(["x"], [(["1"], ["1"]), (["2"], ['"a"'])]), "several types"),
        (table(["x"], [(["1"], ["null"])]), "an output of type Any"),
        (table(["x"], [(["1"], ["x"])], outputs=[("o", "tSmall", "")]), "allowed values"),
        (table(["x"], [(["-"], ["1"]), (["-"], ["2"])], defaults=["3"]), "a default output"),
        (table(["x"], [(["count(?) > 1"], ["1"])]), 'the function "count"'),
        (table(["[x]"], [(["1"], ["1"])]), "a list"),
    ],
)
def test_tables_outside_the_subset(body, construct):
    model = load(one_table({"x": "number"}, body, items=item("tSmall", "number", "< 5")))

    with pytest.raises(NotInSubset, match=construct):
        model.over("facts")


def test_other_elements_are_outside_the_subset():
    service = '<decisionService name="s" id="s"><outputDecision href="#a"/></decisionService>'
    source = definitions(
        item("tSmall", "number", "< 5")
        + input_data("x", "number")
        + decision("a", literal("1"))
        + service
        + decision("uses", literal("s()"), "k:s")
        + decision("boxed", f"<list>{literal('1')}</list>")
        + decision("empty", "")
        + decision("small", literal("x"), "x", kind="tSmall")
        + decision("typed", literal("x"), "x", kind="string")
        + decision("table", table(["x"], [(["1"], ["x"])]), "x", kind="tSmall")
        + decision("badtable", table(["x"], [(["1"], ["7"])]), "x", kind="tSmall")
        + decision("wrongtable", table(["x"], [(["1"], ["7"])]), "x", kind="string")
    )
    model = load(source)

    for name in ("uses", "boxed", "empty", "small", "typed", "table", "badtable", "wrongtable"):
        with pytest.raises(NotInSubset):
            model.over("facts", decision=name)
    with pytest.raises(NotInSubset, match='the dialect "oracle"'):
        model.over("facts", decision="a", dialect="oracle")


def test_an_imported_element_is_outside_the_subset():
    library = definitions(decision("a", literal("1")), namespace="urn:l")
    source = definitions(
        '<import name="l" namespace="urn:l"/>'
        + decision("answer", literal("l.a"), "k:none").replace('href="#none"', 'href="urn:l#a"')
    )

    with pytest.raises(NotInSubset, match="an imported element"):
        load(source, imports={"urn:l": library}).over("facts")


def test_a_graph_of_decisions_is_one_statement(duck):
    source = definitions(
        item("tLevel", "string", '"low","high"')
        + input_data("x", "number")
        + input_data("when", "date and time")
        + decision("half", literal("x * 0.5"), "x", kind="number")
        + decision(
            "level",
            table(["half"], [(["< 5"], ['"low"']), ([">= 5"], ['"high"'])]),
            "d:half",
            kind="tLevel",
        )
        + decision(
            "both",
            table(["level", "half + 1", "when"], [(['"high"', "> 2", '>= @"2021-01-01T10:00:00"'], ["x", '"a"'])], outputs=[("n", "number", ""), ("t", "string", "")]),
            "d:level", "d:half", "x", "when",
        )
        + decision("sum", literal("both.n + half"), "d:both", "d:half", kind="number")
    )  # fmt: skip

    facts = ("20.5 AS x", "TIMESTAMP '2021-01-01 10:00:00.9' AS \"when\"", "7 AS id")

    assert first(duck, source, *facts, decision="sum", keys=("id",)) == (7, Decimal("30.75"))
    assert first(duck, source, *facts, decision="both") == (Decimal("20.5"), "a", 1)
    assert load(source).over("facts", decision="level").reasons == ("rule 1", "rule 2")
    assert first(duck, source, "3 AS y", facts[1], decision="level", columns={"x": "y * 2"}) == ("low", 1)


@pytest.mark.parametrize(
    ("policy", "aggregation", "value"),
    [
        ("UNIQUE", "", None),
        ("FIRST", "", 2),
        ("PRIORITY", "", 3),
        ("COLLECT", "SUM", 7),
        ("COLLECT", "MIN", 2),
        ("COLLECT", "MAX", 3),
        ("COLLECT", "COUNT", 3),
    ],
)
def test_hit_policies(duck, policy, aggregation, value):
    rules = [(["> 0"], ["2"]), (["> 1"], ["3"]), (["> 2"], ["2"]), (["> 9"], ["9"])]
    source = one_table(
        {"x": "number"},
        table(["x"], rules, policy=policy, aggregation=aggregation, outputs=[("y", "number", "3, 2")]),
    )

    assert first(duck, source, "5 AS x")[0] == value
    nothing = {"COUNT": 0}.get(aggregation)
    assert first(duck, source, "-5 AS x")[0] == nothing
    assert load(source)({"x": -5}).value == (nothing if nothing is not None else None)


def test_any_defaults_and_no_rules(duck):
    same = one_table({"x": "number"}, table(["x"], [(["> 0"], ["2"]), (["> 1"], ["2"])], policy="ANY"))
    default = one_table({"x": "number"}, table(["x"], [(["> 0"], ["2"])], defaults=["x - 1"]))
    empty = one_table({"x": "number"}, table(["x"], [], outputs=[("o", "number", "")]))

    assert first(duck, same, "5 AS x") == (2, 1)
    assert first(duck, default, "-5 AS x") == (-6, None)
    assert first(duck, empty, "5 AS x") == (None, None)


def large(policy: str = "UNIQUE", extra: list | None = None):
    rules = [
        ([f"[{at * 5}..{at * 5 + 5})", f'"{text}"', truth, f'< @"20{at + 10}-01-01"'], [f'"r{at}{text}"'])
        for at in range(20)
        for text in "abc"
        for truth in ("true", "false")
    ]
    columns = {"n": "number", "s": "string", "b": "boolean", "d": "date"}
    return load(one_table(columns, table(list(columns), [*rules, *(extra or [])], policy=policy)))


@pytest.mark.parametrize(
    ("policy", "extra"),
    [
        ("UNIQUE", None),
        ("FIRST", [(["-", "-", "-", "-"], ['"rest"'])]),
        ("UNIQUE", [(["3", '"a"', "-", "-"], ['"twice"'])]),
    ],
)
def test_a_large_table_is_looked_up(duck, policy, extra):
    model = large(policy, extra)
    plan = model.over("facts", keys=("id",))
    duck.execute(
        "CREATE TABLE facts AS SELECT i AS id, (i % 113 - 5)::DECIMAL(9, 1) AS n,"
        " CASE WHEN i % 7 > 0 THEN substr('abcd', (i % 4)::INT + 1, 1) END AS s,"
        " CASE WHEN i % 5 > 0 THEN i % 2 = 0 END AS b,"
        " CASE WHEN i % 11 > 0 THEN DATE '2009-06-01' + (i * 37 % 9000)::INT END AS d FROM range(1500) t(i)"
    )
    rows = {row[0]: row[1:] for row in plan.run(duck)}

    assert "[" in plan.sql
    for number, n, s, b, d in duck.execute("SELECT * FROM facts").fetchall():
        decided = model({"n": n, "s": s, "b": b, "d": d})
        assert decided.value == rows[number][0]


@pytest.mark.parametrize(
    ("cuts", "on_grid"),
    [
        ([f"{at * 3 - 70}" for at in range(60)], True),
        ([f"{at * 2.5 - 20}" for at in range(60)], True),
        ([f"{at * 50 + 1000}" for at in range(60)], True),
        ([f"{at + 0.1}" for at in range(60)], True),
        ([f"90000000.{at:06}" for at in range(60)], True),
        ([f"{at * at * at * 7}" for at in range(60)], False),
        ([f"{at}.0000001" for at in range(60)], False),
        ([f"{at}000000000" for at in range(60)], False),
    ],
)
@pytest.mark.parametrize("shape", ["[{}..{})", "({}..{}]", "[{}..{}]", "({}..{})"])
def test_a_number_on_a_grid_finds_its_class(duck, cuts, on_grid, shape):
    rules = [([shape.format(low, high)], [f'"from {low}"']) for low, high in itertools.pairwise(cuts)]
    model = load(one_table({"x": "number"}, table(["x"], rules, policy="FIRST")))
    steps = [Decimal(cut) + Decimal(nearby) for cut in cuts for nearby in ("-0.0000001", "0", "0.4")]
    seen = [*steps, Decimal(-(10**20)), Decimal(10**20), None]
    duck.execute("CREATE TABLE facts (id INTEGER, x DECIMAL(38, 7))")
    duck.executemany("INSERT INTO facts VALUES (?, ?)", list(enumerate(seen)))

    plan = model.over("facts", keys=("id",))
    rows = {row[0]: row[1] for row in plan.run(duck)}

    assert ("CEIL" in plan.sql or "FLOOR" in plan.sql) is on_grid
    assert rows == {at: model({"x": value}).value for at, value in enumerate(seen)}


def test_a_large_table_beyond_a_lookup_is_a_case():
    long = [([f"> {at}", "-"], ["1"]) for at in range(60)]

    def sql(columns: dict[str, str], rules) -> str:
        return load(one_table(columns, table(list(columns), rules, policy="FIRST"))).over("facts").sql

    assert "CASE WHEN" in sql({"a": "number", "b": "date and time"}, long)
    assert "[0" not in sql({"a": "number", "b": "number"}, [*long, (["> b", "-"], ["1"])])
    assert "[0" not in sql({"a": "number", "s": "string"}, [*long, (["-", '> "a"'], ["1"])])
    wide = [([f"> {at}", f"> {99 - at}", f"> {at * 7 % 60}"], ["1"]) for at in range(60)]
    assert "[0" not in sql({"a": "number", "b": "number", "c": "number"}, wide)
    assert "[61" in sql({"a": "number", "s": "string"}, [*long, (["-", "-"], ["1"])])


def test_binary_floats_are_refused(duck):
    duck.execute("CREATE TABLE facts AS SELECT 1.5::DOUBLE AS x")

    with pytest.raises(BinaryFloat, match='the DOUBLE column "x"'):
        load(one_expression("x + 1", x="number")).over("facts").run(duck)


def test_a_plan_can_fill_a_table(duck):
    duck.execute("CREATE TABLE facts AS SELECT 1.5 AS x")

    load(one_expression("x + 1", x="number")).over("facts").into(duck, "answers")

    assert duck.execute("SELECT * FROM answers").fetchall() == [(Decimal("2.5"),)]


@pytest.fixture
def colored():
    """A model that reads a text from a list, one from a range, one of any kind, and a day."""
    return definitions(
        item("tColor", "string", '"it\'s red","xanh lá"')
        + item("tGrade", "string", '"a",["m".."p"]')
        + input_data("color", "tColor")
        + input_data("grade", "tGrade")
        + input_data("name", "string")
        + input_data("day", "date")
        + input_data("unread", "tColor")
        + decision(
            "verdict",
            literal(
                'if color = "xanh lá" and grade > "a" and name != "x" and day > @"2021-01-01" then 1 else 2'
            ),
            *("color", "grade", "name", "day"),
            kind="number",
        )
    )


def test_the_facts_read_are_kept_beside_the_decision(duck, colored):
    facts = ("'xanh lá' AS color", "'n' AS grade", "'Tí' AS name", "DATE '2021-09-04' AS \"day\"", "7 AS id")
    day = datetime.date(2021, 9, 4)

    assert first(duck, colored, *facts, keys=("id",), facts=True) == (7, "xanh lá", "n", "Tí", day, 1)
    assert load(colored).over("facts", facts=True).facts == ("color", "grade", "name", "day")
    assert load(colored).over("facts").facts == ()
    # A fact that is a key is not kept twice.
    assert load(colored).over("facts", keys=("color",), facts=True).facts == ("grade", "name", "day")


def test_a_text_from_a_list_is_kept_in_a_byte(duck, colored):
    duck.execute(
        "CREATE TABLE facts AS SELECT color, 'n' AS grade, 'Tí' AS name, DATE '2021-09-04' AS \"day\" "
        "FROM (VALUES ('it''s red'), ('xanh lá'), (NULL), ('blue'), ('')) seen(color)"
    )

    plan = load(colored).over("facts", facts=True)
    plan.into(duck, "answers")

    kept = duck.execute("SELECT color::VARCHAR FROM answers").fetchall()
    assert [one for (one,) in kept] == ["it's red", "xanh lá", None, "(not allowed)", "(not allowed)"]
    types = dict(duck.execute("SELECT name, type FROM pragma_table_info('answers')").fetchall())
    assert types["color"] == "ENUM('it''s red', 'xanh lá', '(not allowed)')"
    # A range is no list: which texts it allows is not known beforehand.
    assert types["grade"] == types["name"] == "VARCHAR"


def test_a_text_that_only_must_not_be_another_is_kept_as_it_is(duck):
    duck.execute("CREATE TABLE facts AS SELECT color FROM (VALUES ('red'), ('blue'), (NULL)) seen(color)")
    text = one_expression("color", color="tColor").replace(
        "<inputData", item("tColor", "string", 'not("red")') + "<inputData", 1
    )

    load(text).over("facts", facts=True).into(duck, "answers")

    # Of such a list it is known what is not in it: an enumeration of it would turn the list around.
    assert duck.execute("SELECT color FROM answers ORDER BY color").fetchall() == [
        ("blue",),
        ("red",),
        (None,),
    ]
    types = dict(duck.execute("SELECT name, type FROM pragma_table_info('answers')").fetchall())
    assert types["color"] == "VARCHAR"


def test_other_databases_keep_texts_as_they_are(colored):
    for dialect in ("postgres", "spark"):
        assert "not allowed" not in load(colored).over("facts", facts=True, dialect=dialect).sql


def test_a_statement_without_inputs(duck):
    assert first(duck, one_expression("1 + 1")) == (2,)


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
def test_every_dialect_can_write_everything(dialect):
    text = (
        'contains(s, "a\'b\\\\") and starts with(s, "a") and ends with(s, "b") and s < "é" and is(s, "x") and s != null'
        ' and (d - e).days > 3 and d + @"P1D" > e and d - @"P1M" < e and d.weekday = 1 and d.year = 2021'
        ' and years and months duration(d, e).years > 1 and m > @"2021-01-01T00:00:00" and m = m'
    )
    source = one_expression(text, s="string", d="date", e="date", m="date and time")

    sql = load(source).over("facts", dialect=dialect).sql

    assert "IS NOT DISTINCT FROM" in sql
    assert large().over("facts", dialect=dialect).sql


def test_quotients_are_compared_crosswise(duck):
    source = one_expression("0.5 <= x / y", x="number", y="number")

    assert first(duck, source, "1 AS x", "2 AS y") == (True,)
    assert first(duck, source, "-1 AS x", "-3 AS y") == (False,)
    assert first(duck, source, "1 AS x", "0 AS y") == (None,)
    assert first(duck, one_expression("if x / 3 > 1 then 1 else 2", x="number"), "4 AS x") == (1,)


def test_constant_conditions(duck):
    assert first(duck, one_expression("x in []", x="number"), "4 AS x") == (False,)
    assert first(duck, one_expression("x < null or x in (1, 4)", x="number"), "4 AS x") == (True,)
    assert first(duck, one_expression("if x > 1 then null else x", x="number"), "4 AS x") == (None,)
    assert first(
        duck,
        one_expression('(d - e) = @"P1D"', d="date", e="date"),
        "DATE '2021-01-02' AS d",
        "DATE '2021-01-01' AS e",
    ) == (True,)
    assert first(
        duck,
        one_expression('-(d - e) < @"-P0D"', d="date", e="date"),
        "DATE '2021-01-02' AS d",
        "DATE '2021-01-01' AS e",
    ) == (True,)
    assert first(
        duck,
        one_expression('(d - e) + @"P1D" > @"P1D"', d="date", e="date"),
        "DATE '2021-01-02' AS d",
        "DATE '2021-01-01' AS e",
    ) == (True,)
    assert first(duck, one_expression('@"P1D" + d', d="date"), "DATE '2021-01-02' AS d") == (
        datetime.date(2021, 1, 3),
    )


def versions():
    def version(limit: int) -> str:
        return one_table(
            {"x": "number"}, table(["x"], [([f"< {limit}"], ['"no"']), ([f">= {limit}"], ['"yes"'])])
        )

    return load(version(5)), load(version(7))


def test_two_versions_give_the_flips_and_their_rules(duck):
    old, new = versions()
    duck.execute("CREATE TABLE facts AS SELECT i AS id, i % 2 AS ward, i AS x FROM range(10) t(i)")
    diff = new.diff(old, over="facts", keys=("id",), groups=("ward", "id"))

    assert sorted(diff.run(duck)) == [(5, 1, "yes", "no", 2, 1), (6, 0, "yes", "no", 2, 1)]
    assert sorted(
        (one.group, one.before, one.after, one.rule_before, one.rule_after, one.count)
        for one in diff.summary(duck)
    ) == [
        ((0,), "yes", "no", 2, 1, 1),
        ((1,), "yes", "no", 2, 1, 1),
    ]


def test_expressions_flip_too(duck):
    old, new = load(one_expression("x > 1", x="number")), load(one_expression("x > 2", x="number"))
    duck.execute("CREATE TABLE facts AS SELECT i AS id, i AS x FROM range(4) t(i)")
    diff = new.diff(old, over="facts", keys=("id",))

    assert diff.run(duck) == [(2, True, False, None, None)]
    assert diff.summary(duck)[0].count == 1


def test_a_comparison_needs_a_key_and_the_same_outputs():
    old, new = versions()
    body = table(["x"], [(["1"], ["1", "2"])], outputs=[("a", "", ""), ("b", "", "")])
    several = load(one_table({"x": "number"}, body))

    with pytest.raises(NotInSubset, match="without a key"):
        new.diff(old, over="facts", keys=())
    with pytest.raises(NotInSubset, match="other outputs than before"):
        several.diff(old, over="facts", keys=("id",))


def test_requirements_are_shared():
    assert "requiredInput" in requirements("x")
