"""A table looked up by classes says the same as its rules asked one after the other, null and borders included."""

import datetime
import random
import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.rules import WorkExceeded, classes, load, tables

from .models import definitions, input_data, one_table, table

INPUTS = {"t": "string", "b": "boolean", "n": "number", "d": "date", "e": "date", "p": "number"}
TEXTS = ['"a"', '"b"', '"Đà Nẵng"', '""', "null"]
NUMBERS = ["0", "1", "1.0", "1.50", "-3", "1e30"]
DAYS = ['@"2024-02-29"', 'date("2024-03-01")', '@"2021-09-04"']
several = {
    "t": st.lists(st.sampled_from([*TEXTS, '"c"']), min_size=1, max_size=3).map(", ".join),
    "b": st.sampled_from(["true", "false", "null", "true, null"]),
    "n": st.one_of(
        st.sampled_from([*NUMBERS, "null", "p", "> p", "< p + 1", "[0..p]", "!= 1", "= 1"]),
        st.tuples(
            st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(NUMBERS)
        ).map("".join),
        st.tuples(
            st.sampled_from("[("), st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), st.sampled_from("])")
        ).map(lambda parts: f"{parts[0]}{parts[1]}..{parts[2]}{parts[3]}"),
    ),
    "d": st.one_of(
        st.sampled_from(["null", "e", "< e", '> e + duration("P3D")', '>= e - duration("P1D")']),
        st.tuples(st.sampled_from(["<", ">=", ""]), st.sampled_from(DAYS)).map("".join),
    ),
}  # fmt: skip
cells = [st.one_of(st.just("-"), one, one, one.map(lambda text: f"not({text})")) for one in several.values()]
rules = st.lists(st.tuples(*cells), min_size=1, max_size=12)
rows = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b", "Đà Nẵng", "", "z"]),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, *map(Decimal, (*NUMBERS, "0.9999", "2"))]),
        st.sampled_from([None, datetime.date(2024, 2, 29), datetime.date(2024, 3, 3)]),
        st.sampled_from([None, datetime.date(2024, 2, 29), datetime.date(2024, 2, 28)]),
        st.sampled_from([None, Decimal(1), Decimal("1.25")]),
    ),
    min_size=8,
    max_size=8,
)
quick = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@quick
@given(made=rules, policy=st.sampled_from(["UNIQUE", "FIRST", "ANY", "COLLECT"]), values=rows)
def test_classes_and_conditions_agree(made, policy, values):
    body = table(list(several), [(list(row), [str(at)]) for at, row in enumerate(made)], policy=policy)
    model = load(one_table(INPUTS, body))

    for row in values:
        why = model(dict(zip(INPUTS, row, strict=True))).why
        outcome, seen, captured = why.trace[0]
        wanted = outcome.table.failing(seen, captured)
        hits = [at for at, column in enumerate(wanted) if column < 0]
        hits = hits[:1] if policy == "FIRST" else hits
        assert list(outcome.hits) == hits, (made, row)
        ends = hits[0] if policy == "FIRST" and hits else len(made)
        assert why.tables[0].failing == wanted[:ends], (made, row)
        assert [one.column for one in why.tables[0].failed] == [at for at in wanted[:ends] if at >= 0]
        assert why.tables[0].met == tuple(seen[one.column] for one in why.tables[0].failed)


def by_borders(count, numbers):
    edges = sorted(numbers.sample(range(10_000), 2 * count))
    return [f"[{low}..{high})" for low, high in zip(edges[::2], edges[1::2], strict=True)]


def test_a_table_of_many_ranges_finds_the_place_among_its_borders():
    chance = random.Random(1)
    ranges = by_borders(300, chance)
    model = load(
        one_table(
            {"x": "number"},
            table(["x"], [([one], [str(at)]) for at, one in enumerate(ranges)], policy="FIRST"),
        )
    )

    for value in (None, *(Decimal(chance.randrange(100_000)) / 10 for _ in range(300))):
        decision = model({"x": value})
        outcome, seen, captured = decision.trace[0]
        wanted = outcome.table.failing(seen, captured)
        hit = next((at for at, column in enumerate(wanted) if column < 0), None)
        assert decision.value == hit
        assert type(outcome.table.columns[0][1]) is classes.Ordered


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (['"a"', 'not("b")'], classes.Listed),
        (["true", "false"], classes.Listed),
        (["> 1", "< 2"], classes.Asked),
        (["> 1", "< 2", "3", "[4..5]"], classes.Ordered),
        (["> 1", "< 2", "3", "> y"], classes.Asked),
    ],
)
def test_the_cells_of_a_column_tell_how_its_classes_are_found(cells, kind):
    declared = {classes.Listed: "string" if '"a"' in cells else "boolean"}.get(kind, "number")
    body = table(["x"], [([one], ["1"]) for one in cells], policy="FIRST")

    made = load(one_table({"x": declared, "y": "number"}, body)).tables[0]

    assert [type(column) for _, column in made.columns] == [kind]


@pytest.mark.parametrize("cell", ["count(for i in 1..9 return i) = x", "some i in [1] satisfies i = x"])
def test_cells_that_may_cost_much_are_asked_only_when_their_turn_comes(cell):
    rules = [(["1", "-"], ['"first"']), (["-", cell], ['"second"'])]
    made = load(one_table({"x": "number"}, table(["x", "x"], rules, policy="FIRST")))

    decision = made({"x": 1})

    assert made.tables[0].columns is None
    assert decision.value == "first"
    assert decision.why.tables[0].failed == ()
    assert [one.rule for one in made({"x": 2}).why.tables[0].failed][:1] == [1]


def test_a_costly_cell_behind_the_hit_does_not_run():
    costly = "count(for i in 1..3000000 return i) > x"
    rules = [(["1", "-"], ['"first"']), (["-", costly], ['"second"'])]
    model = load(one_table({"x": "number"}, table(["x", "x"], rules, policy="FIRST")))

    assert model({"x": 1}).value == "first"
    with pytest.raises(WorkExceeded):
        model({"x": 2})


def test_outcomes_are_kept_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(tables, "KEPT_OUTCOMES", 3)
    rules = [([f"{at}"], [f"{at}"]) for at in range(10)]
    model = load(one_table({"x": "number"}, table(["x"], rules)))

    found = [model({"x": at}).value for at in range(10)]

    assert found == list(range(10))
    assert len(model.tables[0].outcomes) == 3


def test_an_answer_belongs_to_its_caller():
    body = table(
        ["x"],
        [(["-"], ['"a"', '"b"'])],
        outputs=[("one", "string", ""), ("two", "string", "")],
    )
    model = load(one_table({"x": "number"}, body))

    model({"x": 1}).value["one"] = "changed"

    assert model({"x": 1}).value == {"one": "a", "two": "b"}


def test_the_picture_of_a_model_is_left_out():
    drawn = (
        '<di:DMNDI xmlns:di="https://www.omg.org/spec/DMN/20191111/DMNDI/"><di:DMNDiagram>'
        '<inputData name="y"/>text</di:DMNDiagram></di:DMNDI>'
    )

    assert list(load(definitions(drawn + input_data("x", "number"))).inputs) == ["x"]


ORDERED = [
    "< 1",
    "<= 2",
    "> 8",
    ">= 9",
    "= 4",
    "!= 5",
    "5",
    "[3..6)",
    "(3..6]",
    "null",
    "1, [0..2], (7..8)",
    "[9..2]",
]


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("kind", ["number", "days and time duration"])
def test_every_comparison_with_constants_finds_its_classes(kind, negated):
    def said(cell):
        spoken = cell if kind == "number" else re.sub(r"\d", lambda found: f'@"P{found[0]}D"', cell)
        return f"not({spoken})" if negated else spoken

    rules = [([said(cell)], [str(at)]) for at, cell in enumerate(ORDERED)]
    model = load(one_table({"x": kind}, table(["x"], rules, policy="COLLECT")))
    plain = Decimal if kind == "number" else lambda count: datetime.timedelta(days=count)

    assert type(model.tables[0].columns[0][1]) is classes.Ordered
    for value in (None, *map(plain, range(-1, 11))):
        decision = model({"x": value})
        outcome, seen, captured = decision.trace[0]
        wanted = [at for at, column in enumerate(outcome.table.failing(seen, captured)) if column < 0]
        assert decision.value == wanted, value
