"""Reading an outline: every fault with its line, and what to do."""

import pytest

from motcua.packs.beginning import STARTER, starter
from motcua.packs.findings import PackRefused
from motcua.packs.outline import read_outline

TEXT = STARTER.read_text(encoding="utf-8")


def refused(before: str, after: str) -> PackRefused:
    assert before in TEXT
    with pytest.raises(PackRefused) as refusal:
        read_outline("mine.yaml", TEXT.replace(before, after, 1))
    return refusal.value


def test_starter_is_an_outline() -> None:
    assert [one.name for one in starter().subjects] == ["days_needed", "residence_status"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("kind: number", "kind: numbers", "asks.0.kind: Input should be"),
        ("agency: so_ttt", "agency: Sở", "agency: String should match"),
        ("name: note", "name: days_needed", "days_needed stands twice"),
        ("reason: too_many_days", "reason: resident", "the reason resident stands twice"),
        ('{days_needed: "> 30"}', '{days: "> 30"}', "names days, which is neither asked nor looked up"),
        ("example: {days_needed: 31}", "example: {note: a}", "too_many_days has no example of days_needed"),
        ("    example: 10\n", "", "days_needed has no example"),
        ("days: days_needed", "days: note", "grant.days names note"),
        ("days: days_needed", "days: 3\n  starts: days_needed", "grant.starts names days_needed"),
        ("audience:", "audiences:", "audience"),
        ("title: {vi: Dịch vụ mới, en: New service}", "title: {vi: Dịch vụ mới}", "title.en: Field required"),
    ],
)
def test_fault_is_told_with_what_works(before: str, after: str, told: str) -> None:
    text = str(refused(before, after))

    assert told in text
    assert "motcua packs new --show" in text


def test_fault_has_its_line() -> None:
    finding = refused("    kind: number", "    kind: numbers").findings[0]

    assert (finding.file, finding.line) == ("mine.yaml", TEXT[: TEXT.index("kind: number")].count("\n") + 1)


def test_what_is_no_yaml_is_told_with_its_line() -> None:
    with pytest.raises(PackRefused, match=r"mine.yaml, line 2: this is not YAML"):
        read_outline("mine.yaml", "a: 1\n  b: [")
