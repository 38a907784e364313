"""DMN 1.5, 8.2 and 8.3: cells of decision tables, hit policies, aggregation, defaults."""

from decimal import Decimal

import pytest

from ..models import decision, input_data, table
from .elements import answer_of
from .feel import same, value_of

ROWS = [(["1"], ["10"]), (["1"], ["20"]), (["> 0"], ["10"])]
PAIRS = [(["1"], ["10", '"a"']), (["-"], ["20", '"b"'])]
POLICIES = ["UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
NUMBER = [("o", "number", "20, 10")]
PAIR = [("o", "number", "20, 10"), ("p", "string", '"a", "b"')]
SEEN = ["1", "2", "3", "null", '"a"', "true", "[1]", "[1, 2]"]
# Which of these inputs each cell accepts; y is 2.
CELLS = [
    ("1", "1 . . . . . 1 ."),
    ("(1)", "1 . . . . . 1 ."),
    ("1, 2", "1 1 . . . . 1 ."),
    ("1 + 1", ". 1 . . . . . ."),
    ("y", ". 1 . . . . . ."),
    ("y + 1", ". . 1 . . . . ."),
    ('"a"', ". . . . 1 . . ."),
    ("true", ". . . . . 1 . ."),
    ("null", ". . . 1 . . . ."),
    ("-", "1 1 1 1 1 1 1 1"),
    ("", "1 1 1 1 1 1 1 1"),
    ("< 2", "1 . . . . . . ."),
    (">= 2", ". 1 1 . . . . ."),
    ("< y", "1 . . . . . . ."),
    ("= 1", "1 . . . . . . ."),
    ("!= 1", ". 1 1 1 . . . ."),
    ("(< 2)", "1 . . . . . . ."),
    ("[1..2]", "1 1 . . . . 1 ."),
    ("]1..3[", ". 1 . . . . . ."),
    ("[y..5]", ". 1 1 . . . . ."),
    ("[1, 2]", "1 1 . . . . . 1"),
    ("not(1, 2)", ". . 1 1 . . . ."),
    ("not(null)", "1 1 1 . 1 1 1 1"),
    ("not(< 2)", ". 1 1 . . . . ."),
    ("not([1..2])", ". . 1 . . . . ."),
    ("not(null, < 2)", ". 1 1 . . . . ."),
    ("? = null", ". . . 1 . . . ."),
    ("even(?)", ". 1 . . . . . ."),
    ("? > 0 and ? < 3", "1 1 . . . . . ."),
    ("not(? > 1)", "1 . . . . . . ."),
    ("? in [1, 2]", "1 1 . . . . . 1"),
    ("list contains([1, 2], ?)", "1 1 . . . . . ."),
    ("count(?) = 2", ". . . . . . . 1"),
    ("{a: 1}", ". . . . . . . ."),
]


@pytest.mark.parametrize(("cell", "wanted"), CELLS)
def test_a_cell_accepts_what_its_tests_hold(cell, wanted):
    elements = (
        input_data("x") + input_data("y") + decision("answer", table(["x"], [([cell], ["1"])]), "x", "y")
    )

    seen = [answer_of(elements, {"x": value_of(text), "y": Decimal(2)}) for text in SEEN]

    assert " ".join("." if one is None else str(one) for one in seen) == wanted


@pytest.mark.parametrize(
    ("policy", "wanted"),
    list(
        zip(
            POLICIES,
            ["null", "null", "10", "20", "[10, 20, 10]", "[10, 20, 10]", "[20, 10, 10]"],
            strict=True,
        )
    ),
)
def test_the_hit_policy_chooses_among_the_rules_hit(policy, wanted):
    elements = input_data("x") + decision("answer", table(["x"], ROWS, policy=policy, outputs=NUMBER), "x")

    assert same(answer_of(elements, {"x": Decimal(1)}), value_of(wanted))


@pytest.mark.parametrize(
    ("policy", "wanted"),
    list(zip(
        POLICIES,
        ["null", "null", "{o: 10, p: 'a'}", "{o: 20, p: 'b'}", *["[{o: 10, p: 'a'}, {o: 20, p: 'b'}]"] * 2,
         "[{o: 20, p: 'b'}, {o: 10, p: 'a'}]"],
        strict=True,
    )),
)  # fmt: skip
def test_several_outputs_make_a_context_and_rank_from_left_to_right(policy, wanted):
    elements = input_data("x") + decision("answer", table(["x"], PAIRS, policy=policy, outputs=PAIR), "x")

    assert same(answer_of(elements, {"x": Decimal(1)}), value_of(wanted.replace("'", '"')))


@pytest.mark.parametrize("policy", POLICIES)
def test_no_hit_gives_the_default_or_nothing(policy):
    several = policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
    bare = decision("answer", table(["x"], ROWS, policy=policy, outputs=NUMBER), "x")
    given = decision("answer", table(["x"], ROWS, policy=policy, outputs=NUMBER, defaults=["1 + 4"]), "x")

    missed = answer_of(input_data("x") + bare, {"x": Decimal(-1)})
    defaulted = answer_of(input_data("x") + given, {"x": Decimal(-1)})

    assert missed == ([] if several else None)
    assert defaulted == ([Decimal(5)] if several else Decimal(5))


@pytest.mark.parametrize(
    ("aggregation", "outputs", "wanted"),
    [
        ("SUM", ["1", "2"], "3"),
        ("SUM", ["5", "5"], "10"),
        ("SUM", ["1", "null"], "null"),
        ("MIN", ["1", "2"], "1"),
        ("MIN", ['"b"', '"a"'], '"a"'),
        ("MIN", ["1", "null"], "null"),
        ("MAX", ["1", "2"], "2"),
        ("MAX", ['@"P1D"', '@"PT1H"'], '@"P1D"'),
        ("COUNT", ["1", "1"], "2"),
        ("COUNT", ["null", "1"], "2"),
    ],
)
def test_collecting_folds_the_outputs(aggregation, outputs, wanted):
    rows = [(["1"], [text]) for text in outputs]
    box = table(["x"], rows, policy="COLLECT", aggregation=aggregation)

    seen = answer_of(input_data("x") + decision("answer", box, "x"), {"x": Decimal(1)})

    assert same(seen, value_of(wanted))


@pytest.mark.parametrize(
    ("aggregation", "wanted"), [("SUM", "null"), ("MIN", "null"), ("MAX", "null"), ("COUNT", "0")]
)
def test_collecting_nothing_has_a_count_only(aggregation, wanted):
    box = table(["x"], [(["1"], ["1"])], policy="COLLECT", aggregation=aggregation)

    seen = answer_of(input_data("x") + decision("answer", box, "x"), {"x": Decimal(2)})

    assert same(seen, value_of(wanted))


def test_any_allows_several_rules_that_agree():
    box = table(["x"], [(["1"], ["2"]), (["> 0"], ["1 + 1"])], policy="ANY")

    assert answer_of(input_data("x") + decision("answer", box, "x"), {"x": Decimal(1)}) == 2


def test_outputs_convert_to_their_declared_types():
    box = table(["x"], [(["1"], ['"text"'])], outputs=[("o", "number", "")])

    assert answer_of(input_data("x") + decision("answer", box, "x"), {"x": Decimal(1)}) is None


def test_a_table_without_rules_or_inputs_stands():
    without_rules = decision("answer", table(["x"], []), "x")
    without_inputs = decision("answer", table([], [([], ["1"])]))

    assert answer_of(input_data("x") + without_rules, {"x": Decimal(1)}) is None
    assert answer_of(without_inputs) == 1
