"""DMN 1.5, 6.2, 6.3 and 10.4: knowledge models, decision services, imports, versions of the format."""

from decimal import Decimal

import pytest

from motcua.rules import ModelRefused, load

from ..models import NAMESPACE, decision, definitions, input_data, item, literal
from .elements import answer_of, context, invocation, knowledge, service
from .feel import same, value_of

GRAPH = (
    input_data("x", "number")
    + input_data("y")
    + decision("first", literal("x + 1"), "x")
    + decision("second", literal("first * 2 + y"), "d:first", "y")
    + decision("third", literal("second + 100"), "d:second")
)
ALL = service("s", ["second"], encapsulated=("first",), inputs=("x", "y"))
HALF = service("s", ["third"], encapsulated=("second",), decisions=("first",), inputs=("y",))
TWO = service("s", ["second", "third"], encapsulated=("first",), inputs=("x", "y"))
INNER = definitions(
    item("tAge", "number", ">= 0")
    + input_data("age", "tAge")
    + decision("adult", literal("age >= 18"), "age")
    + knowledge("say", {"n": "string"}, literal('"hi " + n'))
    + service("ask", ["adult"], inputs=("age",)),
    name="inner",
    namespace="urn:inner",
)


@pytest.mark.parametrize(
    ("model", "text", "wanted"),
    [
        (knowledge("f", {"a": "number"}, literal("a"), kind="number"), "f(1)", "1"),
        (knowledge("f", {"a": "number"}, literal("a"), kind="number"), "f([1])", "1"),
        (knowledge("f", {"a": "number"}, literal("5"), kind="number"), 'f("1")', "null"),
        (knowledge("f", {"a": ""}, literal("a"), kind="string"), "f(1)", "null"),
        (knowledge("f", {"a": "list"}, literal("count(a)")), "f(7)", "1"),
        (knowledge("f", {}, literal("5")), "f()", "5"),
        (knowledge("f", {}, literal("5")), "f", "null"),
        (knowledge("f", {"a": ""}, ""), "f(1)", "null"),
        (knowledge("f", {"a b": ""}, literal("a b + 1")), "f(a b: 1)", "2"),
        (knowledge("f", {"a": ""}, context(("class", literal('"C"'))), body_kind="Java"), "f(1)", "null"),
        (knowledge("f", {"a": ""}, literal("1"), body_kind="PMML"), "f(1)", "null"),
        (knowledge("f", {"a": ""}, literal("1"), body_kind="FEEL"), "f(1)", "1"),
    ],
)
def test_a_knowledge_model_is_a_function_with_types(model, text, wanted):
    seen = answer_of(model + decision("answer", literal(text), "k:f", kind="number"))

    assert same(seen, value_of(wanted))


def test_a_knowledge_model_uses_those_it_requires_and_no_others():
    inner = knowledge("g", {"n": ""}, literal("n + 1"))
    used = knowledge("f", {"n": ""}, literal("g(n) * 2"), "k:g")
    lost = knowledge("f", {"n": ""}, literal("g(n) * 2"))

    assert answer_of(inner + used + decision("answer", literal("f(5)"), "k:f")) == 12
    assert answer_of(inner + lost + decision("answer", literal("f(5)"), "k:f")) is None


@pytest.mark.parametrize(
    ("made", "text", "wanted"),
    [
        (ALL, "s(1, 5)", "9"),
        (ALL, "s(y: 5, x: 1)", "9"),
        (ALL, "s(1)", "null"),
        (ALL, "s(1, 5, 6)", "null"),
        (ALL, 's("a", 5)', "null"),
        (ALL, "s(x: 1, z: 5)", "null"),
        (ALL, "for f in [s] return f(1, 5)", "[9]"),
        (HALF, "s(5, 1)", "107"),
        (HALF, "s(first: 10, y: 1)", "121"),
        (TWO, "s(1, 5)", "{second: 9, third: 109}"),
        (TWO, "s(1, 5).third", "109"),
        (service("s", ["second"], encapsulated=("first",), inputs=("x", "y"), kind="string"), "s(1, 5)", "null"),
    ],
)  # fmt: skip
def test_a_service_takes_its_data_then_its_decisions(made, text, wanted):
    seen = answer_of(GRAPH + made + decision("answer", literal(text), "k:s"))

    assert same(seen, value_of(wanted))


def test_a_service_is_invoked_in_a_box_too():
    box = invocation(literal("s"), {"x": literal("1"), "y": literal("5")})

    assert answer_of(GRAPH + ALL + decision("answer", box, "k:s")) == 9


def test_what_is_given_to_a_service_reaches_no_one_else():
    elements = GRAPH + ALL + decision("answer", literal("[s(100, 0), second]"), "k:s", "d:second")

    seen = answer_of(elements, {"x": Decimal(1), "y": Decimal(5)})

    assert seen == [202, 9]


def test_the_value_of_a_decision_may_be_given_instead():
    assert answer_of(GRAPH, {"first": Decimal(100), "y": Decimal(1)}, "second") == 201


def test_a_decision_sees_what_it_requires_and_no_more():
    assert answer_of(decision("a", literal("1")) + decision("answer", literal("a + 1"))) is None


def test_a_decision_is_named_by_its_variable():
    named = '<decision name="D" id="D"><variable name="v"/>' + literal("1") + "</decision>"

    assert answer_of(named + decision("answer", literal("v + 1"), "d:D")) == 2


def importing(name: str, body: str, *requires: str, kind: str = "") -> str:
    """Return a model that imports the inner one under a name."""
    tags = {"i": "requiredInput", "d": "requiredDecision", "k": "requiredKnowledge"}
    made = ""
    for one in requires:
        around = "knowledgeRequirement" if one[0] == "k" else "informationRequirement"
        made += f'<{around}><{tags[one[0]]} href="urn:inner#{one[2:]}"/></{around}>'
    typed = f' typeRef="{kind}"' if kind else ""
    return definitions(
        f'<import name="{name}" namespace="urn:inner" importType="{NAMESPACE}"/>'
        f'<decision name="answer" id="answer"><variable name="answer"{typed}/>{made}{body}</decision>',
        namespace="urn:outer",
    )


@pytest.mark.parametrize(
    ("model", "facts", "wanted"),
    [
        (importing("inc", literal("inc.adult"), "d:adult"), {"inc.age": "20"}, "true"),
        (importing("my inc", literal("my inc.adult"), "d:adult"), {"my inc.age": "20"}, "true"),
        (importing("a.b", literal("a.b.adult"), "d:adult"), {"a.b.age": "20"}, "true"),
        (importing("", literal("adult"), "d:adult"), {"age": "20"}, "true"),
        (importing("inc", literal("inc.age + 1"), "i:in age"), {"inc.age": "20"}, "21"),
        (importing("inc", literal("inc.age"), "i:in age"), {"inc.age": "-1"}, "null"),
        (importing("inc", literal('inc.say("x")'), "k:say"), {}, '"hi x"'),
        (importing("inc", literal('inc.say(n: "x")'), "k:say"), {}, '"hi x"'),
        (importing("inc", literal("inc.say(1)"), "k:say"), {}, "null"),
        (importing("inc", invocation(literal("inc.say"), {"n": literal('"y"')}), "k:say"), {}, '"hi y"'),
        (importing("inc", literal("inc.ask(20)"), "k:ask"), {}, "true"),
        (importing("inc", literal("inc.ask(age: 2)"), "k:ask"), {}, "false"),
        (importing("inc", literal('inc.say(if inc.adult then "a" else "b")'), "k:say", "d:adult"), {"inc.age": "2"}, '"hi b"'),
        (importing("inc", literal("5"), kind="inc.tAge"), {}, "5"),
        (importing("inc", literal("-5"), kind="inc.tAge"), {}, "null"),
        (importing("inc", literal("5 instance of inc.tAge")), {}, "true"),
    ],
)  # fmt: skip
def test_imported_elements_and_types_stand_under_the_name_of_the_import(model, facts, wanted):
    loaded = load(model, imports={"urn:inner": INNER})

    seen = loaded.invoke("decision", "answer", {name: value_of(text) for name, text in facts.items()})

    assert same(seen, value_of(wanted))


@pytest.mark.parametrize(
    "space",
    [
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_models_of_dmn_1_2_to_1_5_are_read_with_and_without_a_prefix(space):
    model = definitions(decision("answer", literal("1 + 1"))).replace(NAMESPACE, space)
    prefixed = (
        model.replace("</", "</p:")
        .replace("<", "<p:")
        .replace("<p:/p:", "</p:")
        .replace("xmlns=", "xmlns:p=")
    )

    assert load(model).invoke("decision", "answer", {}) == 2
    assert load(prefixed).invoke("decision", "answer", {}) == 2


def test_another_format_is_refused_with_its_name():
    model = definitions(decision("answer", literal("1"))).replace(NAMESPACE, "urn:other")

    with pytest.raises(ModelRefused, match="urn:other is not a DMN model"):
        load(model)
