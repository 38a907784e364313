"""Who is called next, and what may be said of a wait: pure, so many cases are cheap."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.appointments.line import MOST_AHEAD, Waiting, for_counter, in_order, row_of
from motcua.appointments.states import Priority
from motcua.appointments.waits import Range, estimated_wait, spread

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def one(number: int, **more: object) -> Waiting:
    found: dict[str, object] = {"priority": Priority.NONE, "taken_at": NOW, **more}
    return Waiting(ticket_id=number, number=number, group="hotich", **found)  # type: ignore[arg-type]  # by keyword


def booked(number: int, minutes: int, **more: object) -> Waiting:
    start = NOW + timedelta(minutes=minutes)
    return one(number, booked_from=start, booked_until=start + timedelta(minutes=30), **more)


def numbers(*everyone: Waiting, row: int = 0) -> list[int]:
    return [turn.waiting.number for turn in in_order(everyone, ahead_in_a_row=row, now=NOW)]


def test_without_anything_else_the_number_counts() -> None:
    assert numbers(one(3), one(1), one(2)) == [1, 2, 3]


@pytest.mark.parametrize("priority", [each for each in Priority if each is not Priority.NONE])
def test_people_with_priority_are_called_ahead_of_their_number(priority: Priority) -> None:
    assert numbers(one(1), one(2, priority=priority)) == [2, 1]


def test_appointment_is_called_at_its_time_before_priority_and_by_time() -> None:
    assert numbers(one(1), one(2, priority=Priority.ELDERLY), booked(3, -5), booked(4, -10)) == [4, 3, 1, 2]


def test_who_comes_before_the_time_waits_for_it_unless_nobody_else_does() -> None:
    assert numbers(booked(1, 60), one(2)) == [2, 1]
    assert numbers(booked(1, 60)) == [1]


def test_who_comes_after_the_time_stands_in_line_by_number() -> None:
    assert numbers(one(1), booked(2, -60)) == [1, 2]


def test_after_two_ahead_one_is_called_by_number() -> None:
    old = [one(number, priority=Priority.ELDERLY) for number in range(10, 15)]

    assert numbers(one(1), one(2), *old) == [10, 11, 1, 12, 13, 2, 14]
    assert numbers(one(1), one(2), *old, row=MOST_AHEAD)[0] == 1


def test_who_was_handed_over_is_called_first() -> None:
    assert numbers(one(1), one(9, for_counter=2), one(2, priority=Priority.PREGNANT)) == [9, 2, 1]


def test_counter_calls_its_groups_and_whom_it_was_handed_and_nobody_elses() -> None:
    everyone = (one(1), one(2, for_counter=7), one(3, for_counter=8))

    mine = for_counter(everyone, counter_id=7, groups={"hotich"})
    other = for_counter(everyone, counter_id=7, groups={"datdai"})

    assert [each.number for each in mine] == [1, 2]
    assert [each.number for each in other] == [2]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Priority), st.sampled_from((None, -90, -10, 0, 60)), st.sampled_from((None, 7))
        ),
        max_size=30,
    ),
    st.integers(0, 3),
)
def test_everybody_is_called_once_and_nobody_waits_without_end(
    kinds: list[tuple[Priority, int | None, int | None]], row: int
) -> None:
    everyone = [
        one(number, priority=priority, for_counter=counter)
        if minutes is None
        else booked(number, minutes, priority=priority, for_counter=counter)
        for number, (priority, minutes, counter) in enumerate(kinds, 1)
    ]

    turns = in_order(everyone, ahead_in_a_row=row, now=NOW)

    assert sorted(turn.waiting.number for turn in turns) == list(range(1, len(kinds) + 1))
    # While somebody waits by number, no three ahead follow each other.
    called = [turn for turn in turns if turn.waiting.for_counter is None]
    plain = [at for at, turn in enumerate(called) if not turn.ahead]
    for at in range(len(called) - MOST_AHEAD):
        stretch = called[at : at + MOST_AHEAD + 1]
        by_number = [
            turn
            for turn in called[at:]
            if not turn.ahead and not (turn.waiting.booked_from and turn.waiting.booked_from > NOW)
        ]
        assert not (all(turn.ahead for turn in stretch) and by_number and plain)


def test_row_counts_calls_ahead_since_the_last_by_number() -> None:
    assert [row_of([]), row_of([False, True]), row_of([True, True, False, True])] == [0, 0, 2]


def test_too_little_measured_or_nobody_calling_gives_no_estimate() -> None:
    assert estimated_wait(ahead=3, served_seconds=[300] * 4, counters=2) is None
    assert estimated_wait(ahead=3, served_seconds=[300] * 9, counters=0) is None


@pytest.mark.parametrize(
    ("ahead", "seconds", "counters", "expected"),
    [
        (0, [300] * 5, 1, Range(0, 5)),
        (4, [300] * 5, 1, Range(20, 25)),
        (4, [300] * 5, 2, Range(10, 15)),
        (6, [120, 240, 300, 600, 900], 1, Range(20, 70)),
    ],
)
def test_estimate_is_a_range_rounded_outwards(
    ahead: int, seconds: list[int], counters: int, expected: Range
) -> None:
    assert estimated_wait(ahead=ahead, served_seconds=seconds, counters=counters) == expected


def test_spread_is_median_and_slow_tenth() -> None:
    measured = spread(list(range(60, 660, 60)))

    assert (measured.count, measured.median_seconds, measured.p90_seconds) == (10, 300, 540)
    assert spread([]).median_seconds is None
