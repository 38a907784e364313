"""Static analysis: what it finds, with the rules and an example, and what it leaves alone."""

import random

import pytest

from motcua.rules import load

from .models import decision, definitions, input_data, item, literal, one_expression, one_table, table


def found(source: str) -> list[tuple[str, tuple[int, ...], dict[str, str]]]:
    return [(one.kind, one.rules, dict(one.example)) for one in load(source).check()]


def over(inputs: dict[str, str], columns: list[str], rules, items: str = "", **options):
    return one_table(inputs, table(columns, rules, **options), items=items)


def test_a_sound_table_has_no_findings():
    rules = [(["< 5"], ["1"]), ([">= 5"], ["2"]), (["null"], ["3"])]

    assert found(over({"x": "number"}, ["x"], rules)) == []


def test_overlap_under_unique():
    rules = [(["< 5"], ["1"]), (["[4..9]"], ["1"]), (["> 9"], ["1"]), (["null"], ["3"])]

    assert found(over({"x": "number"}, ["x"], rules)) == [("overlap", (1, 2), {"x": "4"})]


def test_overlap_under_any_only_where_they_disagree():
    rules = [(["< 5"], ["1"]), (["-"], ["1"]), (["2"], ["2"]), (["3"], ["x"])]

    pairs = [
        rules
        for kind, rules, _ in found(over({"x": "number"}, ["x"], rules, policy="ANY"))
        if kind == "overlap"
    ]

    assert pairs == [(1, 3), (1, 4), (2, 3), (2, 4)]


def test_a_gap_comes_with_an_example():
    rules = [
        (["< 5", "true"], ["1"]),
        ([">= 5", "-"], ["2"]),
        (["null", "-"], ["2"]),
        (["< 5", "null"], ["2"]),
    ]

    assert found(over({"x": "number", "b": "boolean"}, ["x", "b"], rules)) == [
        ("gap", (), {"x": "4", "b": "false"})
    ]


def test_a_missing_value_without_a_rule_is_told_apart():
    rules = [(["< 5", "-"], ["1"]), ([">= 5", "-"], ["2"])]

    assert found(over({"x": "number", "b": "boolean"}, ["x", "b"], rules)) == [
        ("missing", (), {"x": "null", "b": "true"})
    ]


def test_no_gap_where_there_is_a_default_or_a_collection():
    rules = [(["< 5"], ["1"])]

    assert found(over({"x": "number"}, ["x"], rules, defaults=["0"])) == []
    assert found(over({"x": "number"}, ["x"], rules, policy="COLLECT")) == []
    assert found(over({"x": "number"}, ["x"], [])) == []


def test_rules_behind_others_never_apply():
    rules = [(["< 5"], ["1"]), ([">= 5"], ["2"]), (["7"], ["3"]), (["-"], ["4"])]

    assert found(over({"x": "number"}, ["x"], rules, policy="FIRST")) == [("unreachable", (3,), {})]


def test_rules_of_lower_priority_never_apply():
    rules = [(["7"], ['"low"']), (["-"], ['"high"']), (["8"], ["s"])]
    outputs = [("o", "string", '"high","low"')]
    source = definitions(
        input_data("x", "number")
        + input_data("s", "string")
        + decision("answer", table(["x"], rules, policy="PRIORITY", outputs=outputs), "x", "s")
    )

    assert ("unreachable", (1,), {}) in found(source)


def test_allowed_values_make_rules_impossible():
    rules = [(['"red"'], ["1"]), (['"blue"'], ["2"]), (["-"], ["3"])]
    colors = item("tColor", "string", '"red","green"')
    ages = item("tAge", "number", "[0..120]")

    assert found(over({"c": "tColor"}, ["c"], rules, items=colors, policy="FIRST")) == [
        ("unreachable", (2,), {})
    ]
    assert found(
        over({"a": "tAge"}, ["a"], [(["> 120"], ["1"]), (["-"], ["2"])], items=ages, policy="FIRST")
    ) == [("unreachable", (1,), {})]


def test_two_conditions_on_one_input_are_taken_together():
    rules = [([">= 5", "<= 3"], ["1"]), (["-", "-"], ["2"])]

    assert found(over({"x": "number"}, ["x", "x"], rules, policy="FIRST")) == [("unreachable", (1,), {})]


def test_cells_of_another_type_never_hold():
    rules = [(['"a"'], ["1"]), (['< 5, "b"'], ["1"]), (["? > 3"], ["1"]), (["null"], ["1"])]

    kinds = [(kind, rules) for kind, rules, _ in found(over({"x": "number"}, ["x"], rules)) if kind == "type"]

    assert kinds == [("type", (1,)), ("type", (2,))]


def test_dates_and_their_midnights_may_be_compared():
    rules = [(['< @"2021-01-01"'], ["1"]), (["[1..2]"], ["1"])]

    assert [one[0] for one in found(over({"x": "date and time"}, ["x"], rules)) if one[0] == "type"] == [
        "type"
    ]


def test_outputs_of_another_type_or_value():
    outputs = [("o", "string", '"yes","no"')]
    rules = [
        (["1"], ['"yes"']),
        (["2"], ['"maybe"']),
        (["3"], ["5"]),
        (["4"], ["x + 1"]),
        (["5"], ["null"]),
        (["6"], ['"y" + "es"']),
    ]

    assert [
        one[:2]
        for one in found(over({"x": "number"}, ["x"], rules, outputs=outputs))
        if one[0] in ("type", "value")
    ] == [
        ("value", (2,)),
        ("type", (3,)),
        ("type", (4,)),
    ]


def test_outputs_outside_the_allowed_values_of_their_type():
    outputs = [("o", "tAnswer", "")]
    rules = [(["1"], ['"yes"']), (["2"], ['"maybe"'])]
    source = over(
        {"x": "number"}, ["x"], rules, items=item("tAnswer", "string", '"yes","no"'), outputs=outputs
    )

    assert ("value", (2,), {}) in found(source)


def test_unknown_names_and_wrong_types_of_decisions():
    source = definitions(
        decision("a", literal("nothing + 1"))
        + decision("b", literal('"x"'), kind="number")
        + decision("c", literal("{x: 1, x: 2}"))
        + decision("d", literal("[1]"), kind="number")
        + decision("e", literal("null"), kind="number")
        + decision("f", literal('@"2021-01-01"'), kind="date and time")
        + decision("g", table(["nothing"], [(["1"], ["1"])]))
    )
    findings = load(source).check()

    assert [(one.kind, one.decision) for one in findings if one.severity == "error"] == [
        ("name", "a"),
        ("type", "b"),
        ("name", "c"),
        ("name", "g"),
    ]
    assert "error: model, line 1, a: the name" in str(findings[0])
    assert findings[0].to_json()["severity"] == "error"


def test_rules_that_compare_with_more_than_constants_are_left_out():
    rules = [
        (["> y"], ["1"]),
        (["< y + 1"], ["1"]),
        (["[1..y]"], ["1"]),
        (["[1, y]"], ["1"]),
        (["< 5"], ["1"]),
    ]

    assert [one[:2] for one in found(over({"x": "number", "y": "number"}, ["x"], rules))] == [
        ("unclear", (1, 2, 3, 4))
    ]


@pytest.mark.parametrize(
    ("kind", "cell", "gap"),
    [
        ("date", '< @"2021-01-01"', "2021-01-01"),
        ("date", '[@"2021-01-01"..@"2021-01-02"]', "2020-12-31"),
        ("date and time", '< @"2021-01-01T00:00:00"', "2021-01-01T00:00:00"),
        ("time", '> @"00:00:00"', "00:00:00"),
        ("days and time duration", '< @"P1D"', "P1D"),
        ("years and months duration", '< @"P1Y"', "P1Y"),
        ("string", '"a", "other"', '"other other"'),
        ("string", '> "a"', '""'),
        ("string", '["".."b"]', '"b "'),
        ("string", '["a".."ab")', '""'),
        ("number", "[0.5..0.7]", "-0.5"),
        ("number", "0.5, 0.6", "-0.5"),
        ("boolean", "true", "false"),
    ],
)
def test_examples_of_every_type(kind, cell, gap):
    assert ("gap", (), {"x": gap}) in found(over({"x": kind}, ["x"], [([cell], ["1"])]))


def test_an_untyped_column_is_typed_by_its_cells():
    assert ("gap", (), {"x": "4"}) in found(over({"x": "Any"}, ["x"], [(["5"], ["1"])]))
    assert ("gap", (), {"x": "5"}) not in found(over({"x": "Any"}, ["x"], [(["5"], ["1"]), (['"a"'], ["1"])]))
    assert found(over({"x": "number"}, ["x"], [(["-"], ["1"])])) == []


def test_input_values_limit_the_column():
    body = table(["x"], [(["1"], ["1"]), (["2"], ["2"]), (["null"], ["0"])]).replace(
        "</input>", "<inputValues><text>1, 2</text></inputValues></input>"
    )

    assert found(one_table({"x": "number"}, body)) == []


def test_findings_of_one_kind_are_counted_off():
    rules = [(["-"], [str(number)]) for number in range(60)]

    assert len(found(over({"x": "number"}, ["x"], rules))) == 50


@pytest.mark.parametrize(
    ("kind", "declared", "wanted"), [("number", "string", [("type", (), {})]), ("date", "date and time", [])]
)
def test_a_column_that_is_always_null_is_found(kind, declared, wanted):
    body = table(["x"], [(["-"], ["1"])]).replace(
        "<inputExpression>", f'<inputExpression typeRef="{declared}">'
    )

    assert found(one_table({"x": kind}, body)) == wanted


FEEL_CONTEXT = literal("{f: function(n) later(n), later: function(n) n, r: f(1)}.r")
BOXES = "".join(
    f"<contextEntry>{variable}<literalExpression><text>{text}</text></literalExpression></contextEntry>"
    for variable, text in [
        ('<variable name="f"/>', "function(n) later(n)"),
        ('<variable name="later"/>', "function(n) n"),
        ("", "f(1)"),
    ]
)


@pytest.mark.parametrize("box", [FEEL_CONTEXT, f"<context>{BOXES}</context>"])
def test_an_entry_that_asks_for_a_later_one_is_told_why_it_is_null(box):
    (one,) = load(definitions(decision("answer", box))).check()

    assert '"later" is not known yet: an entry of a context sees only the entries before it' in one.message


def test_a_table_too_large_to_prove_says_so(monkeypatch):
    from motcua.rules import analysis

    monkeypatch.setattr(analysis, "MOST_STEPS", 1)
    rules = [(["< 5", "-"], ["1"]), ([">= 5", "-"], ["2"]), (["null", "-"], ["2"])]

    assert ("unclear", (), {}) in found(over({"x": "number", "y": "number"}, ["x", "y"], rules))


def test_a_column_of_too_many_constants_is_left_out(monkeypatch):
    from motcua.rules import domains

    monkeypatch.setattr(domains, "MOST_ASKED", 5)
    rules = [(["< 5"], ["1"]), (["> 4"], ["2"])]

    assert found(over({"x": "number"}, ["x"], rules)) == [("unclear", (1, 2), {})]


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST"])
def test_a_table_with_too_many_classes_to_look_at_says_so(monkeypatch, policy):
    from motcua.rules import analysis

    monkeypatch.setattr(analysis, "MOST_LOOKS", 5)
    rules = [([f"< {at}", "-"], ["1"]) for at in range(9)]
    model = load(one_table({"x": "number", "y": "number"}, table(["x", "y"], rules, policy=policy)))

    assert "is too large for all its rules to be compared" in " ".join(one.message for one in model.check())


def test_four_hundred_rules_are_checked():
    dice = random.Random(1)
    rules = [
        (
            [
                f"[{at * 10}..{at * 10 + 10})",
                f"{dice.choice('<>')} {dice.randint(1, 9)}",
                f'"{dice.choice("abc")}"',
            ],
            ["1"],
        )
        for at in range(400)
    ]
    model = load(over({"a": "number", "b": "number", "c": "string"}, ["a", "b", "c"], rules))

    assert [one.kind for one in model.check()] == ["gap"]


def test_an_expression_alone_has_nothing_to_check():
    assert found(one_expression("1 + 1")) == []


def test_an_input_that_may_only_be_unknown_has_no_gap_among_known_values():
    body = table(["x", "y"], [(["< 5", "-"], ["1"])])
    head, rest = body.rsplit("</input>", 1)
    only_unknown = head + "<inputValues><text>null</text></inputValues></input>" + rest

    assert found(one_table({"x": "number", "y": "number"}, only_unknown)) == [
        ("missing", (), {"x": "5", "y": "null"})
    ]
