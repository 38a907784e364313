"""The smallest change is the smallest there is: what is skipped could not have led anywhere."""

import datetime
import itertools
import random
from pathlib import Path

import pytest

from motcua.rules import changes, load, reach

from .models import decision, definitions, input_data, literal, one_expression, one_table, table

PASS = Path(__file__).resolve().parents[2] / "packs" / "travel_pass" / "decisions" / "travel_pass.dmn"
TODAY = datetime.date(2021, 9, 4)
FACTS = {
    "capacity": ("employee", "owner", None),
    "in population register": (True, False, None),
    "residence status": ("resident", "moved_away", None),
    "home zone": ("green", "red", None),
    "work zone": ("green", "red", None),
    "employer registered": (True, False),
    "employer status": ("active", "closed"),
    "employer sector": ("banking", "health", "tourism"),
    "insured at employer": (True, False),
    "insurance status": ("active", "stopped"),
    "owner of business": (True, False),
}


def people(count: int) -> list[dict[str, object]]:
    """Return random people, many of them refused for several reasons at once."""
    chance = random.Random(3)
    made = [{name: chance.choice(values) for name, values in FACTS.items()} for _ in range(count)]
    days = [TODAY + datetime.timedelta(days=chance.choice((-2, 0, 1, 5))) for _ in range(count)]
    law = {"today": TODAY, "opening": "essential"}
    return [{**one, **law, "needed from": day} for one, day in zip(made, days, strict=True)]


def granted(value):
    return value["answer"] == "grant"


def found_of(model, facts, wanted):
    return model(facts, decision="verdict").why.changes_of(wanted=wanted)


def test_groups_that_are_ruled_out_would_not_have_led_there(monkeypatch):
    model = load(PASS)
    given = people(25)
    quick = [found_of(model, one, granted) for one in given]

    monkeypatch.setattr(reach.Reach, "may", lambda self, places: True)
    slow = [found_of(model, one, granted) for one in given]

    assert quick == slow
    assert {len(one[0].inputs) for one in quick if one} >= {1, 2, 3}


@pytest.mark.parametrize("policy", ["FIRST", "UNIQUE"])
def test_no_smaller_change_is_missed(policy):
    chance = random.Random(5)
    names = ["a", "b", "c"]
    letters = ["x", "y", "z"]
    for _ in range(25):
        rules = [
            ([chance.choice(["-", '"x"', '"y"', 'not("z")', '"x", "z"']) for _ in names], [f'"{at % 3}"'])
            for at in range(6)
        ]
        model = load(one_table(dict.fromkeys(names, "string"), table(names, rules, policy=policy)))
        facts = {name: chance.choice([*letters, None]) for name in names}
        decision = model(facts)

        found = decision.why.changes_of(wanted=["1"])

        reached = [
            sum(facts[name] != value for name, value in zip(names, values, strict=True))
            for values in itertools.product(*({*letters, facts[name]} for name in names))
            if model(dict(zip(names, values, strict=True))).value == "1" and decision.value != "1"
        ]
        tried = [one for one in reached if one]
        if found:
            assert len(found[0].inputs) == min(tried)
            assert model({**facts, **{one.input: one.after for one in found[0].inputs}}).value == "1"


def test_a_bound_that_hangs_on_another_fact_is_tried():
    facts = {**people(1)[0], "needed from": TODAY + datetime.timedelta(days=9), "home zone": "green"}
    facts |= {"capacity": "owner", "owner of business": True, "in population register": True}
    facts |= {"residence status": "resident", "employer registered": True, "employer status": "active"}
    facts |= {"work zone": "green", "employer sector": "banking"}

    change = found_of(load(PASS), facts, granted)[0]

    assert [(one.input, one.after) for one in change.inputs] == [
        ("needed from", TODAY + datetime.timedelta(days=3))
    ]


def test_inputs_are_looked_for_past_the_own_table_when_null_may_be_wanted():
    rules = [(['"x"', "-"], ['"a"']), (['"z"', '"y"'], ['"b"'])]
    model = load(one_table({"p": "string", "q": "string"}, table(["p", "q"], rules, policy="FIRST")))

    to_nothing = model({"p": "x", "q": None}).why.changes_of(wanted=lambda value: value is None)
    to_listed = model({"p": "x", "q": None}).why.changes_of(wanted=["b"])

    assert [one.after for one in to_nothing[0].inputs] == ["z"]
    assert [one.after for one in to_listed[0].inputs] == ["z", "y"]


def test_a_search_ends_after_some_trials_that_were_stopped():
    text = "if x > 5 then count(for i in 1..3000000 return i) else if y > 5 then 2 else 1"
    model = load(one_expression(text, x="number", y="number"))

    found = model({"x": 1, "y": 1}).why.changes

    assert changes.MOST_STOPPED == 3
    assert [one.inputs[0].input for one in found] == ["y"]


def test_a_decision_that_calls_knowledge_is_explained_and_turned_too():
    doubled = (
        '<businessKnowledgeModel name="twice" id="twice"><variable name="twice"/><encapsulatedLogic>'
        '<formalParameter name="n" typeRef="number"/>' + literal("n * 2") + "</encapsulatedLogic>"
        "</businessKnowledgeModel>"
    )
    limit = decision("limit", literal("twice(x)"), "x", "k:twice", kind="number")
    body = table(["limit", "y"], [(["> 10", "true"], ['"a"']), (["-", "-"], ['"b"'])], policy="FIRST")
    inputs = input_data("x", "number") + input_data("y", "boolean")
    model = load(definitions(inputs + doubled + limit + decision("own", body, "d:limit", "y")))

    decided = model({"x": 6, "y": False}, decision="own")

    assert decided.value == "b"
    assert dict(decided.why.inputs) == {"x": 6, "y": False}
    assert [(one.name, one.value) for one in decided.why.decisions] == [("limit", 12), ("own", "b")]
    assert [(one.rule, one.column) for one in decided.why.tables[0].failed] == [(1, 1)]
    assert [one.after for one in decided.why.changes[0].inputs] == [True]
    assert decided.text("en").splitlines()[-1] == (
        "The result would be “a” if it were true that “y” (now: not true)."
    )


@pytest.mark.parametrize(
    ("kind", "before", "bound", "after"),
    [
        ("days and time duration", datetime.timedelta(days=9), "P5D", datetime.timedelta(days=4)),
        ("date", datetime.date(2024, 3, 5), "2024-03-01", datetime.date(2024, 2, 29)),
        (
            "date and time",
            datetime.datetime(2024, 3, 5),
            "2024-03-01T00:00:00",
            datetime.datetime(2024, 2, 29, 23, 59, 59),
        ),
    ],
)
def test_the_nearest_value_of_what_has_an_order_comes_first(kind, before, bound, after):
    model = load(one_table({"x": kind}, table(["x"], [([f'< @"{bound}"'], ['"a"'])])))

    assert model({"x": before}).why.changes[0].inputs[0].after == after
