"""DMN 1.5, 10.2.2 and 7.3: boxed expressions inside a decision."""

import pytest

from ..models import decision, item, literal, table
from .elements import answer_of, context, function_box, invocation, knowledge, typed_entry
from .feel import same, value_of

ADD = function_box({"x": ""}, literal("x + 1"))
RELATION = (
    '<relation><column name="a"{}/><column name="b c"/>'
    f"<row>{literal('1')}{literal('a')}</row><row>{literal(chr(34) + 'x' + chr(34))}{literal('null')}</row></relation>"
)
MINUS = knowledge("f", {"a": "", "b": ""}, literal("a - b"))


def conditional(condition: str) -> str:
    return (
        f"<conditional><if>{literal(condition)}</if><then>{literal('1')}</then>"
        f"<else>{literal('2')}</else></conditional>"
    )


def filtered(source: str, match: str) -> str:
    return f"<filter><in>{literal(source)}</in><match>{literal(match)}</match></filter>"


def iterated(kind: str, source: str, body: str) -> str:
    part = "return" if kind == "for" else "satisfies"
    return f'<{kind} iteratorVariable="i"><in>{literal(source)}</in><{part}>{literal(body)}</{part}></{kind}>'


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        (context(("a", literal("1")), ("b", literal("a + 1"))), "{a: 1, b: 2}"),
        (context(("a", literal("1")), ("", literal("a + 1"))), "2"),
        (context(("my a", literal("1")), ("b", literal("my a + 1"))), "{my a: 1, b: 2}"),
        (context(("a", context(("x", literal("1")))), ("b", literal("a.x"))), "{a: {x: 1}, b: 1}"),
        (context(("b", literal("a")), ("a", literal("1"))), "{b: null, a: 1}"),
        (context(), "{}"),
        (typed_entry("a", "string", literal("1")), "{a: null}"),
        (typed_entry("a", "number", literal("[1]")), "{a: 1}"),
        (context(("a", "<literalExpression/>")), "{a: null}"),
    ],
)
def test_a_context_is_its_entries_or_its_last_nameless_one(box, wanted):
    assert same(answer_of(decision("answer", box)), value_of(wanted))


@pytest.mark.parametrize(
    ("box", "kind", "wanted"),
    [
        (f"<list>{literal('1')}{literal('1 + 1')}</list>", None, "[1, 2]"),
        ("<list/>", None, "[]"),
        (f"<list>{context(('a', literal('1')))}</list>", None, "[{a: 1}]"),
        (f"<list>{literal('1')}</list>", "tNumbers", "[1]"),
        (f"<list>{literal('true')}</list>", "tNumbers", "null"),
        (RELATION.format(""), None, '[{a: 1, b c: null}, {a: "x", b c: null}]'),
        (RELATION.format(' typeRef="number"'), None, "[{a: 1, b c: null}, {a: null, b c: null}]"),
        ('<relation><column name="a"/></relation>', None, "[]"),
    ],
)
def test_lists_and_relations_hold_values_and_contexts(box, kind, wanted):
    numbers = item("tNumbers", "number", collection=True)

    seen = answer_of(numbers + decision("answer", box, kind=kind))

    assert same(seen, value_of(wanted))


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        (invocation(literal("f"), {"b": literal("1"), "a": literal("3")}), "2"),
        (invocation(literal("f"), {"a": literal("3")}), "null"),
        (invocation(literal("f"), {"a": literal("3"), "b": ""}), "null"),
        (invocation(literal("f"), {"a": literal("3"), "b": literal("1"), "c": literal("1")}), "null"),
        (invocation(literal("nothing"), {"a": literal("3")}), "null"),
        (invocation(literal("7"), {"a": literal("3")}), "null"),
        (
            invocation(literal("substring"), {"string": literal('"foobar"'), "start position": literal("4")}),
            '"bar"',
        ),
        (invocation(ADD, {"x": literal("1")}), "2"),
        (literal("f(3, 1)"), "2"),
        (literal("f(b: 1, a: 3)"), "2"),
        (literal("f(3)"), "null"),
        (literal("(for g in [f] return g(3, 1))[1]"), "2"),
    ],
)
def test_an_invocation_binds_every_parameter_by_name(box, wanted):
    assert same(answer_of(MINUS + decision("answer", box, "k:f")), value_of(wanted))


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        (context(("f", ADD), ("", literal("f(2)"))), "3"),
        (context(("k", literal("10")), ("f", function_box({"x": ""}, literal("x + k"))), ("", literal("f(1)"))), "11"),
        (context(("f", function_box({"x": "number"}, literal("x"))), ("", literal('f("a")'))), "null"),
        (context(("f", function_box({"x": ""}, literal("x"), kind="string")), ("", literal("f(1)"))), "null"),
        (context(("f", function_box({"x": ""}, "")), ("", literal("f(1)"))), "null"),
        (context(("f", function_box({"x": ""}, context(("class", literal('"C"'))), body_kind="Java")), ("", literal("f(1)"))), "null"),
        (context(("f", function_box({}, literal("5"))), ("", literal("f()"))), "5"),
    ],
)  # fmt: skip
def test_a_function_is_a_value_that_keeps_its_surroundings(box, wanted):
    assert same(answer_of(decision("answer", box)), value_of(wanted))


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        (conditional("1 < 2"), "1"),
        (conditional("1 > 2"), "2"),
        (conditional("null"), "2"),
        (conditional('"abc"'), "null"),
        (filtered("[1, 2, 3]", "item > 1"), "[2, 3]"),
        (filtered("[1, 2, 3]", "-1"), "3"),
        (filtered("[{a: 1}, {a: 2}]", "a > 1"), "[{a: 2}]"),
        (filtered("5", "item > 1"), "[5]"),
        (filtered("null", "item > 1"), "[]"),
        (filtered("[1]", '"a"'), "null"),
        (iterated("for", "[1, 2]", "i * 2"), "[2, 4]"),
        (iterated("for", "[3..1]", "i"), "[3, 2, 1]"),
        (iterated("for", "5", "i"), "[5]"),
        (iterated("for", "null", "i"), "null"),
        (iterated("for", "[1, 2, 3]", "if i = 1 then 1 else i * partial[-1]"), "[1, 2, 6]"),
        (iterated("some", "[1, 2]", "i > 1"), "true"),
        (iterated("some", "[]", "true"), "false"),
        (iterated("some", "[null, 1]", "i > 1"), "null"),
        (iterated("some", "[1, 2]", '"a"'), "null"),
        (iterated("some", "null", "true"), "null"),
        (iterated("every", "[1, 2]", "i > 1"), "false"),
        (iterated("every", "[]", "false"), "true"),
        (iterated("every", "[1, null]", "i > 0"), "null"),
        (iterated("every", "null", "true"), "null"),
    ],
)
def test_boxes_of_expressions_mean_what_their_texts_mean(box, wanted):
    assert same(answer_of(decision("answer", box)), value_of(wanted))


@pytest.mark.parametrize(
    "box", ["", "<literalExpression/>", "<literalExpression><text> </text></literalExpression>"]
)
def test_a_decision_without_logic_is_null(box):
    assert answer_of(decision("answer", box)) is None


@pytest.mark.parametrize(("kind", "wanted"), [("for", "[null, null]"), ("some", "true"), ("every", "true")])
def test_only_a_boxed_for_has_partial_results(kind, wanted):
    box = context(("partial", literal("9")), ("", iterated(kind, "[1, 2]", "partial = 9")))

    assert same(answer_of(decision("answer", box)), value_of(wanted))


@pytest.mark.parametrize(
    "box",
    [
        function_box({"n": "number"}, literal("if n = 0 then 1 else n * f(n - 1)")),
        literal("function(n) if n = 0 then 1 else n * f(n - 1)"),
        literal("/* n! */ function(n) if n = 0 then 1 else n * f(n - 1)"),
    ],
)
def test_a_function_of_a_boxed_context_may_call_itself(box):
    assert same(answer_of(decision("answer", context(("f", box), ("", literal("f(6)"))))), value_of("720"))


def test_an_entry_that_is_no_function_does_not_see_itself():
    box = context(("b", literal("function a")), ("", literal("b")))

    assert answer_of(decision("answer", box)) is None


def test_a_table_of_a_boxed_context_is_an_entry():
    box = context(("b", table(["1 + 1"], [(["2"], ['"two"'])])), ("", literal("b")))

    assert answer_of(decision("answer", box)) == "two"
