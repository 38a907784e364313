"""Corners that models of people seldom reach, each with what must happen there."""

from decimal import Decimal

import pytest

from motcua.rules import (
    FeelRefused,
    ModelRefused,
    UnknownDecision,
    WorkExceeded,
    compile_unary,
    evaluate_feel,
    load,
)
from motcua.rules.errors import FactNotAllowed
from motcua.rules.jsonl import run_lines
from motcua.rules.kinds import type_of
from motcua.rules.temporal import Date

from .models import decision, definitions, input_data, item, literal, one_expression, one_table, table
from .standard.elements import service
from .standard.feel import value_of

# Three groups, each in brackets and each followed by as many links as may be.
TANGLED = "(" * 3 + "[1]" + ("[1]" * 98 + ")") * 3


def test_an_expression_that_tangles_links_and_brackets_is_refused():
    with pytest.raises(FeelRefused, match="nested too deeply"):
        evaluate_feel(TANGLED)


def test_a_model_that_tangles_links_and_brackets_is_refused_or_gives_null_there():
    text = definitions(decision("answer", literal(TANGLED)))

    with pytest.raises(ModelRefused, match="nested too deeply"):
        load(text)


def test_a_model_tangled_beyond_reading_is_refused_where_it_stands():
    tangled = "(" * 30 + "[1]" + ("[1]" * 98 + ")") * 30

    with pytest.raises(ModelRefused, match="answer: it is nested too deeply"):
        load(definitions(decision("answer", literal(tangled))))
    assert (
        load(definitions(decision("answer", literal(tangled))), tolerant=True).invoke(
            "decision", "answer", {}
        )
        is None
    )


def test_a_fact_that_holds_itself_is_refused():
    fact: list[object] = []
    fact.append(fact)

    with pytest.raises(FactNotAllowed, match="at most 200 levels"):
        load(one_expression("x", x="list"))({"x": fact})


def test_a_difference_with_an_unknown_day_is_unknown():
    model = load(one_expression("x - y", x="date", y="date"))

    assert model({"x": Date(2020, 1, 1)}).value is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{r: (= 1), a: 1 in r}.a", True),
        ("{r: (!= 1), a: 1 in r}.a", False),
        ("{r: (> 1), a: 1 in r}.a", False),
        ("{r: (>= 1), a: 1 in r}.a", True),
        ("{r: (< 1), a: 1 in r}.a", False),
        ("{r: (<= 1), a: 1 in r}.a", True),
        ('substring(string: "foobar")', None),
        ("is([1], [1, 2])", False),
        ("is([1], [2])", False),
        ("is({a: 1}, {a: 2})", False),
        ("is({a: 1}, {b: 1})", False),
        ("is(abs, abs)", True),
        ('@"P99999999999999999999999999999999999999999999D"', None),
        ('@"P99999999999999999999999999999999999999999999Y"', None),
        ('@"P1Y" * 1e40 * 10', None),
        ('"a" in "a"', True),
    ],
)
def test_rare_values_follow_the_rules_of_all_others(text, wanted):
    assert value_of(text) == wanted


@pytest.mark.parametrize(("age", "accepted"), [(3, True), (7, False), (None, False)])
def test_a_cell_that_calls_not_by_the_name_of_its_parameter_is_an_expression(age, accepted):
    assert compile_unary("not(negand: ? > 5)")(age) is accepted


def test_a_negated_condition_about_another_input_accepts_what_is_not_boolean():
    model = load(one_table({"x": "number", "y": "number"}, table(["x"], [(["not(y = 3)"], ["1"])])))

    assert model({"x": 5, "y": 2}).value == 1
    assert model({"x": 5, "y": 3}).value is None
    assert model({"x": 5}).value == 1


@pytest.mark.parametrize(("text", "wanted"), [('"a" or true', "yes"), ('"a" and true', "no")])
@pytest.mark.filterwarnings("error")
def test_a_text_among_conditions_is_not_true_and_nothing_to_warn_of(text, wanted):
    assert value_of(f'if {text} then "yes" else "no"') == wanted


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("other", [None, True, False])
@pytest.mark.parametrize("asked", [None, True, False])
def test_a_cell_that_names_another_truth_asks_whether_it_is_the_same(asked, other, negated):
    cell = "not(other)" if negated else "other"
    model = load(one_table({"asked": "boolean", "other": "boolean"}, table(["asked"], [([cell], ["1"])])))

    found = model({"asked": asked, "other": other}).value

    assert found == (1 if (asked is other) is not negated else None)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ([Decimal(1)], "list<number>"),
        ([Decimal(1), "a"], "list<Any>"),
        ({"a": "x"}, "context<a: string>"),
        (None, "Null"),
    ],
)
def test_the_type_of_a_value_names_its_parts(value, name):
    assert str(type_of(value)) == name


def test_the_type_of_a_range_or_function_names_its_parts():
    assert str(type_of(value_of("[1..2]"))) == "range<number>"
    assert str(type_of(value_of("(< 2)"))) == "range<number>"
    assert str(type_of(value_of("function(x: number) x"))) == "function<number> -> number"


def test_a_tolerant_load_loses_only_what_it_cannot_read():
    broken = item("tA", "tB") + item("tB", "tA") + decision("lost", literal("1"), kind="tA")
    unknown = decision("odd", literal("1"), kind="tNothing")
    astray = service("s", ["answer"], inputs=("nowhere",))
    model = load(definitions(broken + unknown + astray + decision("answer", literal("5"))), tolerant=True)

    assert model.invoke("decision", "answer", {}) == 5
    assert model.invoke("decision", "lost", {}) is None
    assert model.invoke("decision", "odd", {}) is None


def test_a_strict_load_names_what_it_cannot_read():
    with pytest.raises(ModelRefused, match="tNothing"):
        load(definitions(decision("odd", literal("1"), kind="tNothing")))


def test_allowed_values_that_name_nothing_hold_nothing():
    model = load(definitions(item("tA", "number", "nothing") + decision("answer", literal("1"), kind="tA")))

    assert model({}).value is None


def test_a_file_of_drawings_alone_is_refused():
    with pytest.raises(ModelRefused, match="the file is empty"):
        load("<DMNDI/>")


def test_an_import_that_is_not_at_hand_is_passed_over():
    text = definitions(
        '<import name="i" namespace="urn:gone" importType="x"/>' + decision("answer", literal("1"))
    )

    assert load(text).invoke("decision", "answer", {}) == 1


def test_a_model_that_is_imported_twice_is_looked_at_once():
    leaf = definitions(input_data("x") + decision("answer", literal("x"), "x"), namespace="urn:leaf")
    to_leaf = '<import name="leaf" namespace="urn:leaf" importType="x"/>'
    left, right = (definitions(to_leaf, namespace=f"urn:{side}") for side in ("left", "right"))
    both = "".join(
        f'<import name="{side}" namespace="urn:{side}" importType="x"/>' for side in ("left", "right")
    )
    sources = {"urn:left": left, "urn:right": right, "urn:leaf": leaf}
    model = load(definitions(both + decision("answer", literal("1"))), imports=sources)

    assert model.nested_inputs({"x": Decimal(1)}) == {("urn:leaf", "x"): Decimal(1)}


def test_endless_calls_are_stopped_for_lines_too():
    loop = definitions(decision("a", literal("s()"), "k:s") + service("s", ["a"]))

    with pytest.raises(WorkExceeded, match="depth of calls"):
        load(loop).invoke("decision", "a", {})


def test_a_table_too_large_to_check_says_so():
    rows = [([f'[@"PT{at}M"..@"PT{at + 3}M"]'], ["1"]) for at in range(1000)]
    findings = load(one_table({"x": "days and time duration"}, table(["x"], rows))).check()

    assert {one.kind for one in findings} == {"unclear"}


def test_external_functions_are_told_by_the_check():
    foreign = '<businessKnowledgeModel name="f" id="f"><variable name="f"/><encapsulatedLogic kind="Java"/></businessKnowledgeModel>'
    boxed = '<functionDefinition kind="PMML"/>'
    inline = decision("answer", literal("function(x) external {java: {}}"))
    findings = load(definitions(foreign + decision("box", boxed) + inline)).check()

    assert [one.decision for one in findings if "external" in one.message] == ["f", "box", "answer"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            '{"id": 1, "model": "MODEL", "name": "answer", "inputs": {"x": {"n": "abc"}}}',
            "not a finite number",
        ),
        ('{"id": 1, "model": "MODEL", "name": "answer", "inputs": {"x": {"n": 1}}}', "not a value"),
        ('{"id": 1, "model": "MODEL", "name": "answer", "inputs": {"x": [{"q": "1"}]}}', "not a value"),
        ('{"id": 1, "model": "MODEL", "name": "nothing"}', "nothing"),
        ('{"id": 1, "model": "MODEL"}', "KeyError"),
        ('{"id": 1, "model": "MODEL", "kind": "table", "name": "answer"}', "kind"),
        ('{"id": 1, "model": "none.dmn", "name": "answer"}', "none.dmn"),
        ("[1]", "AttributeError"),
        ("{", "JSONDecodeError"),
        ('{"id": 1, "name": ' + "[" * 100_000, "Recursion"),
    ],
)
def test_a_line_that_cannot_be_answered_says_why_and_stops_no_other(tmp_path, line, told):
    path = tmp_path / "model.dmn"
    path.write_text(definitions(input_data("x") + decision("answer", literal("x"), "x")), encoding="utf-8")
    good = '{"id": 2, "model": "MODEL", "name": "answer", "inputs": {"x": [null, true, {"s": "a"}, {"d": "P1D"}, {"c": {"a": {"n": "1.50"}}}]}}'

    first, second = run_lines([line.replace("MODEL", str(path)), "", good.replace("MODEL", str(path))])

    assert told in first
    assert second == '{"id": 2, "value": [null, true, {"s": "a"}, {"d": "P1D"}, {"c": {"a": {"n": "1.50"}}}]}'


def test_an_unknown_name_is_told_with_those_there_are():
    with pytest.raises(UnknownDecision, match="It has: answer"):
        load(one_expression("1")).invoke("decision", "other", {})
