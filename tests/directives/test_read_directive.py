"""Reading a directive: strict, and every fault with line, column and remedy in both languages."""

from datetime import UTC, datetime

import pytest
from directing import directive_text
from hypothesis import given
from hypothesis import strategies as st

from motcua.directives.complaints import Complaint, DirectiveRefused
from motcua.directives.content import read_directive


def faults(text: str) -> tuple[Complaint, ...]:
    with pytest.raises(DirectiveRefused) as refused:
        read_directive(text, "05.yaml")
    return refused.value.complaints


def test_a_time_without_offset_is_the_time_of_the_city() -> None:
    content = read_directive(directive_text(since="2026-09-03T06:00"), "05.yaml")

    assert content.in_force.since == datetime(2026, 9, 2, 23, 0, tzinfo=UTC)


def test_one_value_is_the_value_of_the_whole_scope() -> None:
    content = read_directive(directive_text(parameters="{zones.color: green}"), "05.yaml")

    assert content.parameters["zones.color"].default == "green"


def test_numbers_and_words_stay_text_until_the_parameter_is_known() -> None:
    content = read_directive(directive_text(parameters="{limits.a_b: 08, limits.on: no}"), "05.yaml")

    assert {name: stated.default for name, stated in content.parameters.items()} == {
        "limits.a_b": "08",
        "limits.on": "no",
    }


@pytest.mark.parametrize(
    "since",
    [
        "0001-01-01",
        "9999-12-31T23:59",
        "2026-09-03T24:01",
        "2026-W36-4",
        "２０２６-09-03",
        "2026-09-03T06:00+99:00",
    ],
)
def test_a_time_at_the_edge_of_what_can_be_told_is_refused(since: str) -> None:
    assert all(fault.line == 9 for fault in faults(directive_text(since=since)))


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.integers(0, 400), st.integers(0, 60))
def test_whatever_is_written_is_read_or_refused_with_a_place(written: str, at: int, instead_of: int) -> None:
    text = directive_text()

    try:
        content = read_directive(text[:at] + written + text[at + instead_of :], "05.yaml")
    except DirectiveRefused as refusal:
        assert all(fault.line >= 1 and fault.what.en and fault.remedy.vi for fault in refusal.complaints)
        assert refusal.lines("vi")
    else:
        assert content.number


def test_an_unknown_key_is_refused_at_its_line_with_the_one_that_was_meant() -> None:
    text = directive_text(more="scopes: []\n")

    (fault,) = faults(text)

    assert (fault.line, fault.column) == (text.splitlines().index("scopes: []") + 1, 1)
    assert "scope" in fault.remedy.en
    assert "scope" in fault.remedy.vi


def test_an_end_before_the_beginning_is_refused() -> None:
    (fault,) = faults(directive_text(since="2026-09-03", until="2026-09-01"))

    assert "until" in fault.what.en
    assert fault.line == 8


def test_a_day_that_does_not_exist_is_refused_with_how_to_write_one() -> None:
    (fault,) = faults(directive_text(since="2026-02-30"))

    assert "2026-09-28" in fault.remedy.vi


def test_a_number_that_only_looks_like_a_time_is_refused() -> None:
    (fault,) = faults(directive_text(since="20260903"))

    assert fault.line == 9


def test_a_value_given_twice_is_refused() -> None:
    (fault,) = faults(directive_text(parameters="{zones.color: {places: {'20194': red, '20194': green}}}"))

    assert "20194" in fault.what.en


def test_a_parameter_without_a_value_is_refused() -> None:
    (fault,) = faults(directive_text(parameters="{zones.color: {}}"))

    assert "default" in fault.remedy.en


def test_the_time_for_undoing_is_at_most_a_week() -> None:
    (fault,) = faults(directive_text(undo_within_hours="169"))

    assert "168" in fault.remedy.en


def test_every_fault_is_told_at_once_and_in_the_order_of_lines() -> None:
    text = directive_text(number="??", since="tomorrow", undo_within_hours="soon")

    found = faults(text)

    assert len(found) == 3
    assert list(found) == sorted(found, key=lambda each: each.line)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "a: &x 1\nb: *x",
        "a: !!python/object:os.system x",
        "a: [",
        "\u200bnumber: 1",
        "x: " * 40,
        "[" * 5000,
        "a: \ud800",
    ],
)
def test_what_is_no_directive_at_all_is_refused_with_a_place(text: str) -> None:
    found = faults(text)

    assert all(fault.line >= 1 and fault.column >= 1 and fault.remedy.vi for fault in found)
