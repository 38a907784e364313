"""DMN 1.5, 10.3.1.2 rules 27 to 34 and 10.3.1.4: names are found by what is in scope, the longest first."""

from decimal import Decimal

import pytest

from motcua.rules import evaluate_feel

FOUND = [
    ("a-b", {"a-b": 5, "a": 3, "b": 1}, 5),
    ("a - b", {"a-b": 5}, 5),
    ("a-b", {"a": 3, "b": 1}, 2),
    ("a-b-c", {"a-b": 5, "c": 1}, 4),
    ("profit/loss + 1", {"profit/loss": 5}, 6),
    ("a+b*c", {"a+b": 5, "c": 2}, 10),
    ("x*y", {"x*y": 1}, 1),
    ("x**y", {"x": 2, "y": 3}, 8),
    ("x.y", {"x.y": 5, "x": {"y": 6}}, 5),
    ("x . y", {"x": {"y": 6}}, 6),
    ("x.a-b", {"x": {"a": 7}, "b": 1}, 6),
    ("x.first name.last name", {"x": {"first name": {"last name": 1}}}, 1),
    ("Loan 2 amount", {"Loan 2 amount": 5}, 5),
    ("a  b\n c", {"a b c": 1}, 1),
    ("a\u3000b", {"a b": 1}, 1),
    ("customer's age", {"customer's age": 1}, 1),
    ("customer’s age + 1", {"customer’s age": 1}, 2),
    ("tuổi + số tiền", {"tuổi": 1, "số tiền": 2}, 3),
    ("🐎😀", {"🐎😀": 1}, 1),
    ("_a1", {"_a1": 1}, 1),
    ("a?b", {"a?b": 1}, 1),
    ("e1", {"e1": 5}, 5),
    ("a1e5", {"a1e5": 5}, 5),
    ("date and time", {"date and time": 5}, 5),
    ("day of week", {"day of week": 2}, 2),
    ("for sale", {"for sale": 5}, 5),
    ("if any", {"if any": 5}, 5),
    ("or else", {"or else": 3}, 3),
    ("null value", {"null value": 3}, 3),
    ("true story", {"true story": 3}, 3),
    ("thenx", {"thenx": 2}, 2),
    ("function name", {"function name": 1}, 1),
    ("a or b", {"a": True, "b": False, "a or b": 7}, 7),
    ("list", {"list": 1}, 1),
    ("count(list)", {"list": [1]}, 1),
    ("min", {"min": 5}, 5),
    ("time offset", {"time offset": 1}, 1),
    ("a.time offset", {"a": {"time offset": 1}}, 1),
    ("if if any then then what else else what", {"if any": True, "then what": 1, "else what": 2}, 1),
    ("for x in in stock return x", {"in stock": [1]}, [1]),
    ("[1, 2][item > item1]", {"item1": 1}, [2]),
    ("x[price per unit > 1].name", {"x": [{"price per unit": 2, "name": 1}]}, [1]),
]
TRUE = [
    ("in stock and in stock", {"in stock": True}),
    ("x in stock", {"x": 1, "stock": [1]}),
    ("x in in stock", {"x": 1, "in stock": [1]}),
    ("x between between us and 5", {"between us": 3, "x": 4}),
    ("not ready", {"not ready": True}),
    ("x instance of number and y", {"x": 1, "y": True}),
    ("some for sale in [1] satisfies for sale = 1", {}),
]
SPACE = [
    "1 + 2",
    "1+/* a comment */2",
    "1 + 2 // to the end of the line",
    "// a line\n1 + 2",
    "1 // between\n+ 2",
    "/* stars ** in * it **/ 1 + 2",
    "\u00a01\u2003+\u30002\ufeff",
    "1\r\n+\t2",
    "1 /* // */ + 2",
]


@pytest.mark.parametrize(("text", "scope", "wanted"), FOUND)
def test_the_longest_name_in_scope_is_found(text, scope, wanted):
    seen = evaluate_feel(text, scope)

    assert seen == wanted


@pytest.mark.parametrize(("text", "scope"), TRUE)
def test_keywords_may_be_parts_of_names(text, scope):
    assert evaluate_feel(text, scope) is True


@pytest.mark.parametrize("text", SPACE)
def test_space_and_comments_say_nothing(text):
    assert evaluate_feel(text) == Decimal(3)
