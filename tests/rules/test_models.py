"""DMN files: what is read, what is refused and where, graphs, boxes, services and imports."""

import datetime
import re
from decimal import Decimal

import pytest

from motcua.rules import (
    DecisionAmbiguous,
    FactNotAllowed,
    ModelRefused,
    UnknownDecision,
    UnknownInput,
    WorkExceeded,
    evaluation,
    load,
)

from .models import (
    NAMESPACE,
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


def answer(body: str, **facts):
    return load(definitions(decision("answer", body)))(facts).value


def knowledge(name: str, body: str, *parameters: str, requires: str = "", kind: str = "") -> str:
    made = "".join(f'<formalParameter name="{one.split(":")[0]}"{typed(one)}/>' for one in parameters)
    return (
        f'<businessKnowledgeModel name="{name}" id="{name}"><variable name="{name}"/>{requires}'
        f"<encapsulatedLogic{kind}>{made}{body}</encapsulatedLogic></businessKnowledgeModel>"
    )


def typed(parameter: str) -> str:
    return f' typeRef="{parameter.split(":")[1]}"' if ":" in parameter else ""


def entry(name: str, body: str, kind: str = "") -> str:
    variable = f'<variable name="{name}"{kind}/>' if name else ""
    return f"<contextEntry>{variable}{body}</contextEntry>"


def test_a_file_text_and_bytes_are_one_model(tmp_path):
    source = one_expression("1 + 1")
    (tmp_path / "m.dmn").write_text(source, encoding="utf-8")

    assert load(source)({}).value == 2
    assert load(source.encode()) is load(source)
    assert load(tmp_path / "m.dmn").sha256 == load(source).sha256
    assert load(str(tmp_path / "m.dmn"))({}).value == 2


def test_old_models_leave_the_cache():
    for number in range(evaluation.KEPT_MODELS + 5):
        load(one_expression(str(number)))

    assert len(evaluation._cache) == evaluation.KEPT_MODELS


def test_a_model_tells_its_inputs_and_decisions():
    source = definitions(
        item("tColor", "string", '"red","green"')
        + input_data("color", "tColor", "Màu")
        + input_data("age", "number")
        + input_data("any")
        + decision("first", literal("age"), "age")
        + decision("last", literal("first"), "d:first")
    )
    model = load(source)

    assert model.decisions == ("first", "last")
    assert model.top == ("last",)
    assert [(one.name, one.type, one.allowed, one.label) for one in model.inputs.values()] == [
        ("color", "string", '"red","green"', "Màu"),
        ("age", "number", "", ""),
        ("any", "Any", "", ""),
    ]
    assert model({"age": 3}).value == 3
    assert model({"age": [3]}, decision="first").value == 3


@pytest.mark.parametrize(
    ("facts", "refusal", "told"),
    [
        ({"agee": 1}, UnknownInput, 'Did you mean "age"?'),
        ({"zzz": 1}, UnknownInput, "Known inputs: age, color."),
        ({"age": "x"}, FactNotAllowed, 'input "age": "x" is not allowed, the model wants a number'),
        ({"color": "blue"}, FactNotAllowed, 'the model wants "red","green"'),
        ({"age": 1.5}, FactNotAllowed, "float 1.5"),
    ],
)
def test_a_fact_that_is_not_allowed_is_refused(facts, refusal, told):
    source = definitions(
        item("tColor", "string", '"red","green"')
        + input_data("age", "number")
        + input_data("color", "tColor")
        + decision("answer", literal("age"), "age")
    )

    with pytest.raises(refusal, match=told.replace("?", r"\?")):
        load(source)(facts)


def test_a_decision_must_be_named_when_several_are_on_top():
    model = load(definitions(decision("a", literal("1")) + decision("b", literal("2"))))

    with pytest.raises(DecisionAmbiguous, match="a, b"):
        model({})
    with pytest.raises(UnknownDecision, match="It has: a, b"):
        model({}, decision="c")
    with pytest.raises(UnknownDecision):
        model.invoke("service", "s", {})


@pytest.mark.parametrize(
    ("source", "line", "told"),
    [
        ("<a", 1, "not well-formed"),
        ("<a/>", 1, "not a DMN model"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 1, "document type"),
        ("<a>" * 300 + "</a>" * 300, 1, "too deeply nested"),
        (definitions('\n<decision id="x"/>'), 2, "a decision has no name"),
        (definitions(decision("a", literal("1")) * 2), 1, 'the id "a" stands twice'),
        (definitions("\n\n" + decision("a", literal("1 +"))), 3, 'in "1 +"'),
        (definitions(decision("a", literal("1"), kind="tNone")), 1, 'the type "tNone" is not known'),
        (definitions(decision("a", literal("1"), kind="strin")), 1, 'the type "strin" is not known'),
        (definitions(item("t", "u") + item("u", "t")), 0, "contains itself"),
        (definitions(decision("a", literal("1"), "nothing")), 1, "which is not in the model"),
        (
            definitions(decision("a", literal("1"), "d:b") + decision("b", literal("1"), "d:a")),
            1,
            "require each other",
        ),
        (definitions(decision("a", '<decisionTable hitPolicy="BEST"/>')), 1, "hit policy"),
        (definitions(decision("a", "<decisionTable/>")), 1, "has no output"),
        (
            definitions(decision("a", "<decisionTable><input/><output/></decisionTable>")),
            1,
            "has no expression",
        ),
        (
            definitions(decision("a", "<decisionTable><output/><rule/></decisionTable>")),
            1,
            "one cell for each column",
        ),
        (definitions(decision("a", "<conditional><if/></conditional>")), 1, "has no expression"),
        (definitions(decision("a", "<conditional/>")), 1, "has no <if>"),
        (definitions(decision("a", "<invocation/>")), 1, "an invocation has no expression"),
        (definitions(decision("a", '<relation><column name="x"/><row/></relation>')), 1, "another length"),
        (definitions(decision("a", "<list>" * 45 + literal("1") + "</list>" * 45)), 1, "nested more than"),
        (definitions(decision("a", literal("(" * 80 + "1" + ")" * 80))), 1, "nested more than 64"),
        (definitions(decision("a", literal("-" * 80 + "1"))), 1, "signs or brackets"),
        (definitions(decision("a", literal("x" * 1_000_001))), 1, "characters, more than"),
        (" ", None, "cannot be read"),
    ],
)
def test_a_model_that_cannot_be_read_is_refused_with_its_line(source, line, told):
    with pytest.raises(ModelRefused, match=re.escape(told)) as refused:
        load(source)

    assert line is None or refused.value.line == line
    assert refused.value.remedy


def test_a_refusal_names_file_rule_and_column(tmp_path):
    body = table(["age"], [(["< 5"], ["1"]), (["< ) 5"], ["2"])])
    (tmp_path / "pass.dmn").write_text(one_table({"age": "number"}, body), encoding="utf-8")

    with pytest.raises(ModelRefused) as refused:
        load(tmp_path / "pass.dmn")

    assert refused.value.file == "pass.dmn"
    assert refused.value.element == 'answer, rule 2, input "age"'
    assert refused.value.column == 3


def test_a_tolerant_load_lets_the_broken_element_be_null():
    source = definitions(decision("a", literal("1 +")) + decision("b", literal("[a, 2]"), "d:a"))
    model = load(source, tolerant=True)

    assert model.invoke("decision", "b", {}) == [None, 2]
    assert model({}, decision="b").value == [None, 2]


def test_too_large_a_file_is_refused():
    with pytest.raises(ModelRefused, match="more than"):
        load(b"<" + b" " * (5 * 1024 * 1024))


def test_too_large_a_table_is_refused():
    body = table(["x"], [(["1"], ["1"])] * 13_000)

    with pytest.raises(ModelRefused, match="more than 25,000 cells"):
        load(one_table({"x": "number"}, body))


def test_boxed_expressions():
    context = (
        "<context>"
        + entry("a", literal("2"), ' typeRef="number"')
        + entry("b c", literal("a * 3"))
        + "</context>"
    )
    result = "<context>" + entry("a", literal("2")) + entry("", literal("a + 1")) + "</context>"
    relation = (
        '<relation><column name="x" typeRef="number"/><column name="y"/>'
        f"<row>{literal('1')}{literal('2')}</row><row>{literal('3')}{literal('4')}</row></relation>"
    )
    function = f'<functionDefinition><formalParameter name="x" typeRef="number"/>{literal("x + 1")}</functionDefinition>'
    java = f'<functionDefinition kind="Java"><formalParameter name="x"/>{literal("1")}</functionDefinition>'
    filtered = f"<filter><in>{literal('[{a: 1}, {a: 2}]')}</in><match>{literal('a > 1')}</match></filter>"
    odd = f"<filter><in>{literal('[1, 2]')}</in><match>{literal('item')}</match></filter>"

    assert answer(context) == {"a": 2, "b c": 6}
    assert answer(result) == 3
    assert answer(relation) == [{"x": 1, "y": 2}, {"x": 3, "y": 4}]
    assert answer(f"<list>{literal('1')}{literal('1 + 1')}</list>") == [1, 2]
    assert answer("<context>" + entry("f", function) + entry("", literal("f(2)")) + "</context>") == 3
    assert answer("<context>" + entry("f", java) + entry("", literal("f(2)")) + "</context>") is None
    assert answer(filtered) == [{"a": 2}]
    assert answer(odd) == 1
    assert answer(literal("1", "string")) is None
    assert answer(literal("")) is None
    assert answer("") is None


@pytest.mark.parametrize(("condition", "value"), [("true", 1), ("false", 2), ("null", 2), ('"x"', None)])
def test_boxed_conditional(condition, value):
    body = f"<if>{literal(condition)}</if><then>{literal('1')}</then><else>{literal('2')}</else>"

    assert answer(f"<conditional>{body}</conditional>") == value


def test_boxed_iteration():
    def boxed(tag: str, part: str, text: str, source: str = "[1, 2]") -> str:
        return (
            f'<{tag} iteratorVariable="x"><in>{literal(source)}</in><{part}>{literal(text)}</{part}></{tag}>'
        )

    assert answer(boxed("for", "return", "x * 2")) == [2, 4]
    assert answer(boxed("for", "return", "count(partial)")) == [0, 1]
    assert answer(boxed("for", "return", "x", "null")) is None
    assert answer(boxed("some", "satisfies", "x > 1")) is True
    assert answer(boxed("every", "satisfies", "x > 1")) is False


def test_knowledge_is_called_and_invoked():
    double = knowledge("double", literal("x * 2"), "x:number")
    quadruple = knowledge("quad", literal("double(double(x))"), "x", requires=requirements("k:double"))
    invocation = (
        f'<invocation>{literal("double")}<binding><parameter name="x"/>{literal("4")}</binding></invocation>'
    )
    unbound = f'<invocation>{literal("double")}<binding><parameter name="x"/></binding></invocation>'
    model = load(
        definitions(
            double
            + quadruple
            + decision("called", literal("quad(3)"), "k:quad")
            + decision("wrong", literal('double("x")'), "k:double")
            + decision("invoked", invocation, "k:double")
            + decision("unbound", unbound, "k:double")
        )
    )

    assert model({}, decision="called").value == 12
    assert model({}, decision="wrong").value is None
    assert model({}, decision="invoked").value == 8
    assert model({}, decision="unbound").value is None
    assert model.invoke("knowledge", "quad", {"x": model({}, decision="invoked").feel_value}) == 32


def test_the_type_of_knowledge_may_stand_in_three_places():
    typed_variable = knowledge("a", literal("1")).replace(
        '<variable name="a"/>', '<variable name="a" typeRef="string"/>'
    )
    function = knowledge("b", literal("1")).replace(
        '<variable name="b"/>', '<variable name="b" typeRef="tF"/>'
    )
    logic = knowledge("c", literal("1"), kind=' typeRef="string"')
    shape = '<itemDefinition name="tF"><functionItem outputTypeRef="string"/></itemDefinition>'
    model = load(
        definitions(
            shape
            + typed_variable
            + function
            + logic
            + decision("all", literal("[a(), b(), c()]"), "k:a", "k:b", "k:c")
        )
    )

    assert model({}).value == [None, None, None]


def test_recursion_without_end_is_stopped():
    endless = "<context>" + entry(
        "f", "<functionDefinition><formalParameter name='g'/>" + literal("g(g)") + "</functionDefinition>"
    )
    source = definitions(decision("answer", endless + entry("", literal("f(f)")) + "</context>"))

    with pytest.raises(WorkExceeded):
        load(source)({})


@pytest.mark.parametrize(
    ("policy", "aggregation", "value"),
    [
        ("UNIQUE", "", None),
        ("ANY", "", None),
        ("FIRST", "", 2),
        ("PRIORITY", "", 3),
        ("RULE ORDER", "", [2, 3, 2]),
        ("OUTPUT ORDER", "", [3, 2, 2]),
        ("COLLECT", "", [2, 3, 2]),
        ("COLLECT", "SUM", 7),
        ("COLLECT", "MIN", 2),
        ("COLLECT", "MAX", 3),
        ("COLLECT", "COUNT", 3),
    ],
)
def test_hit_policies(policy, aggregation, value):
    body = table(
        ["x"],
        [(["> 0"], ["2"]), (["> 1"], ["3"]), (["> 2"], ["2"]), (["> 9"], ["9"])],
        policy=policy,
        aggregation=aggregation,
        outputs=[("y", "number", "3, 2")],
    )

    assert load(one_table({"x": "number"}, body))({"x": 5}).value == value


@pytest.mark.parametrize(
    ("policy", "aggregation", "value"),
    [("UNIQUE", "", None), ("COLLECT", "", []), ("COLLECT", "COUNT", 0), ("COLLECT", "SUM", None)],
)
def test_no_rule_at_all(policy, aggregation, value):
    body = table(["x"], [(["> 0"], ["2"])], policy=policy, aggregation=aggregation)

    assert load(one_table({"x": "number"}, body))({"x": -1}).value == value


def test_any_agrees_and_defaults_hold():
    same = table(["x"], [(["> 0"], ["2"]), (["> 1"], ["2"])], policy="ANY")
    default = table(["x"], [(["> 0"], ["2"])], defaults=["x - 1"])
    many = table(["x"], [(["> 0"], ["2"])], policy="COLLECT", defaults=["7"])
    empty = table(["x"], [(["> 0"], [""])])

    assert load(one_table({"x": "number"}, same))({"x": 5}).value == 2
    assert load(one_table({"x": "number"}, default))({"x": -5}).value == -6
    assert load(one_table({"x": "number"}, many))({"x": -5}).value == [7]
    assert load(one_table({"x": "number"}, empty))({"x": 5}).value is None


def test_several_outputs_make_a_context():
    outputs = [("a", "string", '"x","y"'), ("b", "number", "")]
    rules = [(["> 0"], ['"y"', "1"]), (["> 1"], ['"x"', "2"])]

    first = load(one_table({"x": "number"}, table(["x"], rules, policy="PRIORITY", outputs=outputs)))
    none = load(one_table({"x": "number"}, table(["x"], rules, outputs=outputs)))
    mixed = load(
        one_table(
            {"x": "number"},
            table(["x"], [(["-"], ['"a"']), (["-"], ["1"])], policy="COLLECT", aggregation="MIN"),
        )
    )

    assert first({"x": 5}).value == {"a": "x", "b": 2}
    assert none({"x": -5}).value is None
    assert mixed({"x": 1}).value is None


def test_an_untyped_column_keeps_its_promise():
    body = table(["x"], [(["> 5"], ["1"]), (["-"], ["2"])], policy="FIRST").replace(
        "<inputExpression>", '<inputExpression typeRef="number">'
    )
    source = definitions(input_data("x") + decision("answer", body, "x"))

    assert load(source)({"x": "text"}).value == 2
    assert load(source)({"x": 6}).value == 1


@pytest.mark.parametrize(
    ("kind", "declared", "given", "wanted"),
    [
        ("number", "string", 6, "unknown"),
        ("number", "number", 6, "known"),
        ("string", "tZone", "blue", "unknown"),
        ("string", "tZone", "red", "known"),
        ("tZone", "tZone", "red", "known"),
        ("Any", "tZone", "blue", "unknown"),
        ("Any", "tZone", ["red"], "known"),
        ("Any", "tZone", ["blue"], "unknown"),
        ("Any", "number", [6], "known"),
        ("Any", "number", [6, 7], "unknown"),
        ("Any", "number", [], "unknown"),
    ],
)
def test_a_value_that_does_not_fit_its_column_is_null(kind, declared, given, wanted):
    rules = [(["null"], ['"unknown"']), (["-"], ['"known"'])]
    body = table(["x"], rules, policy="FIRST").replace(
        "<inputExpression>", f'<inputExpression typeRef="{declared}">'
    )
    zones = item("tZone", "string", '"green", "red"')

    assert load(one_table({"x": kind}, body, items=zones))({"x": given}).value == wanted


@pytest.mark.parametrize(
    ("expression", "declared", "cell"),
    [
        ("[x]", "number", "6"),
        ("x", "tNumbers", "count(?) = 1 and ?[1] = 6"),
        ('@"2021-09-04"', "date and time", '@"2021-09-04T00:00:00Z"'),
    ],
)
def test_a_column_converts_implicitly(expression, declared, cell):
    body = table([expression], [([cell], ['"converted"']), (["-"], ['"not"'])], policy="FIRST").replace(
        "<inputExpression>", f'<inputExpression typeRef="{declared}">'
    )
    numbers = item("tNumbers", "number", collection=True)

    assert load(one_table({"x": "number"}, body, items=numbers))({"x": 6}).value == "converted"


def test_input_values_are_read():
    body = table(["x"], [(["1"], ["1"])]).replace(
        "</input>", "<inputValues><text>1, 2</text></inputValues></input>"
    )

    assert load(one_table({"x": "number"}, body))({"x": 1}).value == 1


def test_types_convert_one_item_and_its_list():
    source = definitions(
        item("tList", "number", collection=True)
        + '<itemDefinition name="tPerson"><itemComponent name="age"><typeRef>number</typeRef>'
        "<allowedValues><text>[0..150]</text></allowedValues></itemComponent></itemDefinition>"
        + input_data("l", "tList")
        + input_data("p", "tPerson")
        + input_data("m", "date and time")
        + decision("list", literal("l"), "l", kind="tList")
        + decision("age", literal("p.age"), "p", kind="number")
        + decision("ages", literal("[p, p].age"), "p")
        + decision("moment", literal("m"), "m", kind="date and time")
        + decision("wrong", literal('["a", "b"]'), kind="tList")
    )
    model = load(source)

    assert model({"l": 5}, decision="list").value == [5]
    assert model({"p": {"age": 5}}, decision="age").value == 5
    assert model({"p": {"age": 5}}, decision="ages").value == [5, 5]
    assert (
        str(model({"m": __import__("datetime").date(2021, 1, 1)}, decision="moment").value)
        == "2021-01-01 00:00:00+00:00"
    )
    assert model({}, decision="wrong").value is None
    with pytest.raises(FactNotAllowed):
        model({"p": {"age": 500}}, decision="age")


def test_services_hide_what_they_do_not_show():
    source = definitions(
        input_data("x", "number")
        + decision("inner", literal("x + 1"), "x", kind="number")
        + decision("outer", literal("inner * 10"), "d:inner", kind="number")
        + decision("both", literal("inner"), "d:inner")
        + '<decisionService name="svc" id="svc"><variable name="svc" typeRef="number"/><outputDecision href="#outer"/>'
        '<inputDecision href="#inner"/></decisionService>'
        '<decisionService name="pair" id="pair"><outputDecision href="#outer"/><outputDecision href="#both"/>'
        '<encapsulatedDecision href="#inner"/><inputData href="#in x"/></decisionService>'
        + decision("use", literal("[svc(4), pair(1)]"), "k:svc", "k:pair")
        + decision("wrong", literal('svc("x")'), "k:svc")
    )
    model = load(source)

    assert model({}, decision="use").value == [40, {"outer": 20, "both": 2}]
    assert model({}, decision="wrong").value is None
    assert model.invoke("service", "pair", {"x": Decimal(1)}) == {
        "outer": 20,
        "both": 2,
    }
    assert model.service_outputs("none") == ()


LIBRARY = definitions(
    '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>'
    + input_data("age", "tAge")
    + decision("is adult", literal("age >= 18"), "age", kind="boolean")
    + knowledge("twice", literal("n * 2"), "n:number"),
    namespace="urn:library",
)


def importing(name: str = "lib") -> str:
    prefix = f"{name}." if name else ""
    return definitions(
        f'<import name="{name}" namespace="urn:library" importType="{NAMESPACE}"/>'
        f'<decision name="answer" id="answer"><variable name="answer" typeRef="boolean"/>'
        '<informationRequirement><requiredDecision href="urn:library#is adult"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="urn:library#twice"/></knowledgeRequirement>'
        f"{literal(f'{prefix}is adult and {prefix}twice(2) = 4')}</decision>"
    )


def test_imports_are_given_or_found_beside_the_file(tmp_path):
    (tmp_path / "a_broken.dmn").write_text("<nothing/>", encoding="utf-8")
    (tmp_path / "library.dmn").write_text(LIBRARY, encoding="utf-8")
    (tmp_path / "main.dmn").write_text(importing(), encoding="utf-8")
    eighteen = {"lib.age": load(one_expression("18"))({}).feel_value}

    assert load(tmp_path / "main.dmn").invoke("decision", "answer", eighteen) is True
    assert load(importing(), imports={"urn:library": LIBRARY}).invoke("decision", "answer", eighteen) is True
    assert load(importing(), imports={"urn:library": LIBRARY})({}).value is None
    nameless = load(importing(""), imports={"urn:library": LIBRARY})
    assert nameless.invoke("decision", "answer", {"age": eighteen["lib.age"]}) is True
    found = nameless.nested_inputs({"age": eighteen["lib.age"], "other": None})
    assert nameless.invoke("decision", "answer", {}, found) is True


def test_an_import_that_is_not_there_is_refused():
    with pytest.raises(ModelRefused, match='requires "urn:library#is adult"'):
        load(importing())


def test_a_circle_of_imports_is_refused():
    one = definitions('<import name="b" namespace="urn:b"/>', namespace="urn:a")
    two = definitions('<import name="a" namespace="urn:a"/>', namespace="urn:b")

    with pytest.raises(ModelRefused, match="imports itself"):
        load(one, imports={"urn:a": one, "urn:b": two})


def test_a_chain_of_imports_that_is_too_long_is_refused():
    chain = {
        f"urn:{n}": definitions(f'<import name="n" namespace="urn:{n + 1}"/>', namespace=f"urn:{n}")
        for n in range(120)
    }

    with pytest.raises(ModelRefused, match="nested too deeply"):
        load(chain["urn:0"], imports=chain)


def test_runaway_iteration_is_stopped():
    model = load(one_expression("count(for a in 1..2000, b in 1..2000 return 1)"))

    with pytest.raises(WorkExceeded):
        model({})


def test_a_cell_may_begin_with_a_negation_and_go_on():
    rules = [(["not(y = 3) and (y > 1)"], ["1"]), (["-"], ["2"])]
    model = load(one_table({"x": "number", "y": "number"}, table(["x"], rules, policy="FIRST")))

    assert [model({"x": 5, "y": y}).value for y in (1, 2, 3, 4)] == [2, 1, 2, 1]


def test_a_cell_may_make_its_constant_of_a_fact():
    model = load(
        one_table(
            {"d": "date", "s": "string"}, table(["d"], [(["date(s)"], ["1"]), (["-"], ["2"])], policy="FIRST")
        )
    )
    day = datetime.date(2021, 1, 2)

    assert model({"d": day, "s": "2021-01-02"}).value == 1
    assert model({"d": day, "s": "2021-01-03"}).value == 2
