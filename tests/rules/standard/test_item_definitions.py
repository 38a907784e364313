"""DMN 1.5, 7.3.3 and 10.3.2.9.4: item definitions, conformance and implicit conversions."""

import pytest

from ..models import decision, input_data, item, literal
from .elements import answer_of
from .feel import same, value_of

PERSON = (
    '<itemDefinition name="tPerson"><itemComponent name="first name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="age"><typeRef>tAge</typeRef></itemComponent></itemDefinition>'
)
NESTED = (
    '<itemDefinition name="tNested"><itemComponent name="a"><itemComponent name="b"><typeRef>number</typeRef>'
    '</itemComponent></itemComponent><itemComponent name="tags" isCollection="true"><typeRef>string</typeRef>'
    "</itemComponent></itemDefinition>"
)
FUNCTION = (
    '<itemDefinition name="tFunction"><functionItem outputTypeRef="number">'
    '<parameters name="x" typeRef="number"/></functionItem></itemDefinition>'
)


def constrained(name: str, kind: str, text: str, *, collection: bool = False) -> str:
    many = ' isCollection="true"' if collection else ""
    return (
        f'<itemDefinition name="{name}"{many}><typeRef>{kind}</typeRef>'
        f"<typeConstraint><text>{text}</text></typeConstraint></itemDefinition>"
    )


ITEMS = (
    item("tNumbers", "number", collection=True)
    + item("tColor", "string", '"red", "blue"')
    + item("tColors", "tColor", collection=True)
    + item("tEachColor", "string", '"red", "blue"', collection=True)
    + item("tAge", "number", "[0..150]")
    + item("tGrown", "tAge", ">= 18")
    + constrained("tShort", "string", "string length(?) &lt; 3")
    + constrained("tFew", "number", "count(?) &lt; 3", collection=True)
    + constrained("tPairs", "number", "[1, 2], [3]", collection=True)
    + PERSON
    + NESTED
    + FUNCTION
)
RESULTS = [
    ("number", "1", "1"),
    ("number", '"1"', "null"),
    ("number", "[1]", "1"),
    ("number", "[1, 2]", "null"),
    ("number", "null", "null"),
    ("string", "1", "null"),
    ("boolean", '"true"', "null"),
    ("date", '@"2020-01-01T00:00:00"', "null"),
    ("date and time", '@"2020-01-01"', '@"2020-01-01T00:00:00Z"'),
    ("dateTime", '@"2020-01-01"', '@"2020-01-01T00:00:00Z"'),
    ("days and time duration", '@"P1Y"', "null"),
    ("dayTimeDuration", '@"P1D"', '@"P1D"'),
    ("yearMonthDuration", '@"P1Y"', '@"P1Y"'),
    ("Any", "[1]", "[1]"),
    ("context", "{a: 1}", "{a: 1}"),
    ("context", "1", "null"),
    ("list", "1", "[1]"),
    ("list", "[1]", "[1]"),
    ("range", "[1..2]", "[1..2]"),
    ("range", "1", "null"),
    ("feel:number", "1", "1"),
    ("tNumbers", "[1, 2]", "[1, 2]"),
    ("tNumbers", "1", "[1]"),
    ("tNumbers", '[1, "a"]', "null"),
    ("tNumbers", "[]", "[]"),
    ("tNumbers", "[null]", "[null]"),
    ("tColor", '"red"', '"red"'),
    ("tColor", '"green"', "null"),
    ("tColor", '["red"]', '"red"'),
    ("tColor", '["green"]', "null"),
    ("tColor", "null", "null"),
    ("tColors", '["red", "blue"]', '["red", "blue"]'),
    ("tColors", '["red", "green"]', "null"),
    ("tColors", '"red"', '["red"]'),
    ("tEachColor", '["red", "blue"]', '["red", "blue"]'),
    ("tEachColor", '["green"]', "null"),
    ("tAge", "150", "150"),
    ("tAge", "151", "null"),
    ("tGrown", "18", "18"),
    ("tGrown", "17", "null"),
    ("tGrown", "151", "null"),
    ("tShort", '"ab"', '"ab"'),
    ("tShort", '"abc"', "null"),
    ("tFew", "[1, 2]", "[1, 2]"),
    ("tFew", "[1, 2, 3]", "null"),
    ("tFew", "1", "[1]"),
    ("tPairs", "[1, 2]", "[1, 2]"),
    ("tPairs", "[1]", "null"),
    ("tPerson", '{first name: "a", age: 1}', '{first name: "a", age: 1}'),
    ("tPerson", '{first name: "a", age: 1, more: 2}', '{first name: "a", age: 1, more: 2}'),
    ("tPerson", '{first name: "a", age: null}', '{first name: "a", age: null}'),
    ("tPerson", '{first name: "a", age: 151}', "null"),
    ("tPerson", '{first name: "a"}', "null"),
    ("tPerson", "{first name: 1, age: 1}", "null"),
    ("tPerson", '[{first name: "a", age: 1}]', '{first name: "a", age: 1}'),
    ("tNested", '{a: {b: 1}, tags: ["x"]}', '{a: {b: 1}, tags: ["x"]}'),
    ("tNested", '{a: {b: "1"}, tags: ["x"]}', "null"),
    ("tNested", "{a: {b: 1}, tags: [1]}", "null"),
    ("tFunction", "(function(f: tFunction) f(2))(function(x: number) x + 1)", "null"),
]


@pytest.mark.parametrize(("kind", "text", "wanted"), RESULTS)
def test_a_result_conforms_to_its_type_or_is_null(kind, text, wanted):
    seen = answer_of(ITEMS + decision("answer", literal(text), kind=kind))

    assert same(seen, value_of(wanted))


@pytest.mark.parametrize(("kind", "text", "wanted"), RESULTS[:-1])
def test_an_input_conforms_to_its_type_or_is_null(kind, text, wanted):
    elements = ITEMS + input_data("x", kind) + decision("answer", literal("x"), "x")

    seen = answer_of(elements, {"x": value_of(text)})

    assert same(seen, value_of(wanted))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("function(x: number) x + 1", "3"),
        ("function(x: string) x", "null"),
        ('function(x: number) "a"', "null"),
        ("abs", "2"),
        ("1", "null"),
    ],
)
def test_a_decision_may_give_a_function(text, wanted):
    elements = ITEMS + decision("give", literal(text), kind="tFunction")

    seen = answer_of(elements + decision("answer", literal("give(2)"), "d:give"))

    assert same(seen, value_of(wanted))


def test_members_of_typed_inputs_are_known_by_their_longest_names():
    elements = (
        ITEMS + input_data("x", "tPerson") + decision("answer", literal("x.first name + string(x.age)"), "x")
    )

    seen = answer_of(elements, {"x": value_of('{first name: "a", age: 3}')})

    assert seen == "a3"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{first name: "a", age: 3} instance of tPerson', "true"),
        ("3 instance of tAge", "true"),
        ("1 instance of tNumbers", "false"),
        ("[1] instance of tNumbers", "true"),
        ("1 instance of tPerson.age", "true"),
        ("abs instance of tFunction", "true"),
    ],
)
def test_item_definitions_are_types_of_the_language(text, wanted):
    assert same(answer_of(ITEMS + decision("answer", literal(text))), value_of(wanted))
