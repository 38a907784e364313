"""Facts written together are what each of them says by itself."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from motcua.registers.facts import Because, Fact, FactsInJson, Value

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def fact(value: Value | None, name: str = "f", asked_at: datetime = NOW) -> Fact:
    return Fact(name, value, "known", "r", 'Nguồn "\\"', "Source", NOW, Because.RECORD, asked_at)


VALUES: list[Value | None] = [
    True, 1, Decimal(1), Decimal("1.0"), Decimal("1.00"), "1", "", 'Đường "\\n', date(2026, 1, 2), b"\x00\xff", None, False, 0
]  # fmt: skip


def test_equal_values_of_other_kinds_keep_their_own_text() -> None:
    facts = [fact(value) for value in VALUES]
    in_json = FactsInJson()

    for _ in range(2):
        assert json.loads(in_json(facts)) == [each.to_json() for each in facts]


def test_the_moment_of_asking_is_each_ones_own() -> None:
    later = datetime(2026, 11, 23, tzinfo=UTC)
    facts = [fact("x"), fact("x", asked_at=later), fact("x", "g")]

    assert json.loads(FactsInJson()(facts)) == [each.to_json() for each in facts]
