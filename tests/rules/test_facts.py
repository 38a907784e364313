"""Facts on their way in: converted by the type of their input, refused by name, and given back as they were."""

import datetime
from decimal import Decimal

import pytest

from motcua.rules import FactNotAllowed, UnknownInput, facts, load

from .models import decision, definitions, input_data, item, literal, one_expression


class Word(str):
    """A text of another class, as templates make them."""


KINDS = {
    "s": "string",
    "w": "tWord",
    "b": "boolean",
    "n": "number",
    "d": "date",
    "m": "date and time",
    "a": None,
    "l": "tWords",
}
MODEL = load(
    definitions(
        item("tWord", "string", '"a","b"')
        + item("tWords", "string", collection=True)
        + "".join(input_data(name, kind) for name, kind in KINDS.items())
        + decision("all", literal("[s, w, b, n, d, m, a, l]"), *KINDS)
    )
)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"s": Word("x")}, {"s": "x"}),
        ({"s": ["x"]}, {"s": "x"}),
        ({"w": "a"}, {"w": "a"}),
        ({"w": ["b"]}, {"w": "b"}),
        ({"b": False}, {"b": False}),
        ({"n": 3}, {"n": Decimal(3)}),
        ({"n": 0}, {"n": Decimal(0)}),
        ({"n": Decimal("1.0000000000000000000000000000000000004")}, {"n": Decimal("1.000")}),
        ({"d": datetime.date(2024, 2, 29)}, {"d": datetime.date(2024, 2, 29)}),
        ({"m": datetime.date(2024, 2, 29)}, {"m": datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC)}),
        ({"a": {"x": [1]}}, {"a": {"x": [Decimal(1)]}}),
        ({"l": "x"}, {"l": ["x"]}),
        (dict.fromkeys(KINDS), {}),
    ],
)
def test_a_fact_is_read_by_the_type_of_its_input(given, seen):
    made = MODEL(given)

    assert dict(made.why.inputs) == {**dict.fromkeys(KINDS), **seen}
    assert made.value == [made.why.inputs[name] for name in KINDS]
    word = made.why.inputs["s"]
    assert word is None or type(word) is str


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"s": 1}, "a string"),
        ({"w": "c"}, '"a","b"'),
        ({"w": ["a", "b"]}, '"a","b"'),
        ({"b": 1}, "a boolean"),
        ({"b": "true"}, "a boolean"),
        ({"n": True}, "a number"),
        ({"n": 1.5}, "a Decimal"),
        ({"n": Decimal("NaN")}, "a finite number"),
        ({"n": 10**7000}, "a finite number"),
        ({"d": datetime.datetime(2024, 2, 29)}, "a date"),
        ({"d": "2024-02-29"}, "a date"),
    ],
)
def test_a_fact_of_another_type_is_refused(given, wanted):
    with pytest.raises(FactNotAllowed) as refusal:
        MODEL(given)

    assert wanted in str(refusal.value)
    assert refusal.value.name == next(iter(given))


def test_a_name_that_the_model_lacks_is_refused_with_the_nearest():
    model = load(one_expression("doses", doses="number"))

    with pytest.raises(UnknownInput, match="doses"):
        model({"dose": 1})


def test_days_are_kept_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(facts, "KEPT_DAYS", 2)
    model = load(one_expression("d", d="date"))
    days = [datetime.date(1999, 1, day) for day in range(1, 8)]

    made = [model({"d": day}) for day in days]

    assert [one.value for one in made] == days
    assert [one.why.inputs["d"] for one in made] == days
    assert len(facts._days) <= 2
    assert len(facts._plain_days) <= 2
