"""Facts that are kept in a row and its heading are read as the whole facts that they were."""

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from motcua.decisions import facts as facts_module
from motcua.decisions.facts import FactsKept, HeadingMissing
from motcua.decisions.models import DecisionRecord, FactHeading
from motcua.events.trips import fetch
from motcua.registers.facts import Because, Fact, Value

NOW = datetime(2026, 11, 22, 8, 30, 1, 234567, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
VALUES: list[Value | None] = [
    True, False, 1, 0, -1, 10**30, Decimal(1), Decimal("1.0"), Decimal("1.00"), "1", "", 'Đường "\\n', "a\tb\nc\\",
    date(2026, 1, 2), b"\x00\xff", None,
]  # fmt: skip


def fact(
    value: Value | None,
    name: str = "f",
    *,
    because: Because = Because.RECORD,
    as_of: datetime | None = NOW,
    asked_at: datetime = NOW,
) -> Fact:
    answer = (
        "unknown" if value is None else "known" if not isinstance(value, bool) else "yes" if value else "no"
    )
    return Fact(name, value, answer, "r", 'Nguồn "\\"', "Source", as_of, because, asked_at)


def stored(facts: Sequence[Fact]) -> DecisionRecord:
    """Keep the facts in a row of a decision, as filing does, and read the row."""
    kept = FactsKept()
    written = kept(facts)
    fetch(*kept.headings())
    identity = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO decisions_decisionrecord VALUES"
            " ('dn', %s, %s, 'H17-20261122-0000001', 'machine', '', '', '', '', %s, '{}', '', '')",
            [NOW, identity, written],
        )
    return DecisionRecord.objects.get(id=identity)


@pytest.mark.django_db
def test_values_of_every_kind_are_read_as_they_were() -> None:
    facts = [fact(value, f"f{place}") for place, value in enumerate(VALUES)]

    assert stored(facts).facts == [each.to_json() for each in facts]


@pytest.mark.django_db
@pytest.mark.parametrize("because", Because)
@pytest.mark.parametrize("value", [None, True, False, "x", 3])
def test_every_reason_is_read_as_it_was(because: Because, value: Value | None) -> None:
    facts = [fact(value, because=because), fact("other", "g")]

    assert stored(facts).facts == [each.to_json() for each in facts]


@pytest.mark.django_db
def test_each_fact_keeps_the_moment_of_its_source() -> None:
    facts = [
        fact("x", as_of=NOW),
        fact("y", "g", as_of=LATER),
        fact("z", "h", as_of=None),
        fact("w", as_of=NOW),
    ]

    assert stored(facts).facts == [each.to_json() for each in facts]


@pytest.mark.django_db
def test_facts_asked_at_several_moments_are_kept_whole() -> None:
    facts = [fact("x"), fact("y", "g", asked_at=LATER)]

    assert stored(facts).facts == [each.to_json() for each in facts]
    assert not FactHeading.objects.exists()


@pytest.mark.django_db
def test_no_facts_are_an_empty_list() -> None:
    assert stored([]).facts == []


@pytest.mark.django_db
def test_cases_that_differ_in_their_values_share_a_heading() -> None:
    for value in ("x", "y", None, True):
        stored([fact(value), fact(value, "g")])

    assert FactHeading.objects.count() == 1


@pytest.mark.django_db
def test_a_heading_that_is_lost_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    record = stored([fact("x")])
    FactHeading.objects.all().delete()
    monkeypatch.setattr(facts_module, "_met", {})

    with pytest.raises(HeadingMissing):
        DecisionRecord.objects.get(id=record.id)


@pytest.mark.django_db
@pytest.mark.parametrize("whole", [False, True], ids=["short", "whole"])
def test_the_database_finds_a_fact_by_its_name_in_either_form(whole: bool) -> None:
    facts = [fact(value, f"f{place}") for place, value in enumerate(VALUES)]
    kept = FactsKept()
    written = json.dumps([each.to_json() for each in facts]) if whole else kept(facts)
    fetch(*kept.headings())

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT decided_fact(%s::jsonb, name) FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (name, place)"
            " ORDER BY place",
            [written, [*(each.name for each in facts), "other"]],
        )
        found = [text for (text,) in cursor.fetchall()]

    assert found == [*(each.to_json()["value"] for each in facts), None]


@given(some.lists(some.sampled_from([*VALUES, *map(str, Because)]), min_size=1, max_size=6), some.booleans())
def test_what_is_written_together_is_what_each_says_alone(values: list[Value | None], again: bool) -> None:
    facts = [fact(value, f"f{place}") for place, value in enumerate(values)]
    kept = FactsKept()

    first = kept(facts)

    assert FactsKept()(facts) == first
    assert kept(list(facts) if again else facts) == first
