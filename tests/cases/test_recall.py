"""What was answered before is answered again only for the same values: equal is not always the same."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from motcua.cases import recall
from motcua.cases.recall import Recall, reads_the_clock


def asked(*scopes: Mapping[str, object]) -> tuple[list[object], int]:
    runs: list[object] = []

    def of(scope: Mapping[str, object]) -> object:
        runs.append(scope)
        return [(name, type(scope[name]).__name__, str(scope[name])) for name in sorted(scope)]

    remembered = Recall(("a", "b"), of)
    return [remembered(scope) for scope in scopes], len(runs)


def test_the_same_values_are_worked_out_once() -> None:
    day = date(2026, 11, 22)

    answers, runs = asked({"a": "x", "b": day}, {"a": "x", "b": day, "c": 1}, {"a": "x", "b": day})

    assert runs == 1
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        (1, Decimal(1)),
        (Decimal("1.0"), Decimal("1.00")),
        ("1", Decimal(1)),
        (None, ""),
    ],
)
def test_values_that_are_equal_but_not_the_same_are_told_apart(one: object, other: object) -> None:
    answers, runs = asked({"a": one, "b": None}, {"a": other, "b": None})

    assert runs == 2
    assert answers[0] != answers[1]


@pytest.mark.parametrize("odd", [1.5, ["x"], {"x": 1}])
def test_what_cannot_be_told_apart_is_worked_out_each_time(odd: object) -> None:
    assert asked({"a": odd, "b": None}, {"a": odd, "b": None})[1] == 2


def test_a_name_that_is_absent_is_not_a_null() -> None:
    answers, runs = asked({"a": None, "b": None}, {"a": None})

    assert runs == 2
    assert answers[0] != answers[1]


def test_a_failure_is_not_remembered() -> None:
    def fail(scope: Mapping[str, object]) -> object:
        raise ArithmeticError(scope["a"])

    failing = Recall(("a",), fail)

    for _ in range(2):
        with pytest.raises(ArithmeticError):
            failing({"a": 1})


def test_no_more_is_kept_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "MOST", 3)

    _, runs = asked(*({"a": number, "b": None} for number in (1, 2, 3, 1, 4, 1)))

    assert runs == 5


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("max(needed from, today)", False),
        ("today()", True),
        ("if now ( ) > x then 1 else 2", True),
        ("{f: now}.f()", True),
        ("<text>no&#119;()</text>", True),
        ("<annotationEntry><text>You need do nothing now.</text></annotationEntry>", False),
        ("<annotationEntry><text>It is {today()}.</text></annotationEntry>", True),
        ("<description>as of now</description><text>today</text>", False),
        ("<dmn:description>now</dmn:description><text>knows nowhere</text>", False),
    ],
)
def test_what_reads_the_clock_is_known_by_its_text(text: str, reads: bool) -> None:
    assert reads_the_clock(text) is reads
