"""Connections move from a web process that has more in hand to those that have less, and stay where it is even."""

from pathlib import Path

import pytest

from motcua.site.balance import Balance


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def both(tmp_path: Path, clock: Clock) -> tuple[Balance, Balance]:
    """Return the views of two processes on the same file."""
    path = tmp_path / "run" / "in-hand"
    return Balance(path, 1, clock), Balance(path, 2, clock)


def work(clock: Clock, *loads: tuple[Balance, float]) -> None:
    """Let a quarter of a second pass in which each has so many in hand."""
    clock.now += 0.25
    for balance, in_hand in loads:
        balance.note(in_hand * 0.25)
    for balance, _ in loads:
        balance.look()


def leaving(balance: Balance) -> int:
    """Count how many clients are asked to leave."""
    count = 0
    while balance.asks_to_leave():
        count += 1
    return count


def test_process_with_more_in_hand_asks_what_is_above_the_mean_to_leave(
    both: tuple[Balance, Balance], clock: Clock
) -> None:
    light, heavy = both

    work(clock, (light, 5.0), (heavy, 59.0))

    assert (leaving(light), leaving(heavy)) == (0, 27)


def test_even_processes_ask_nobody_to_leave(both: tuple[Balance, Balance], clock: Clock) -> None:
    one, other = both

    work(clock, (one, 30.0), (other, 34.0))

    assert (leaving(one), leaving(other)) == (0, 0)


def test_little_in_hand_is_left_to_chance(both: tuple[Balance, Balance], clock: Clock) -> None:
    one, other = both

    work(clock, (one, 0.0), (other, 6.0))

    assert leaving(other) == 0


def test_process_alone_asks_nobody_to_leave(both: tuple[Balance, Balance], clock: Clock) -> None:
    light, heavy = both
    work(clock, (light, 5.0), (heavy, 59.0))
    leaving(heavy)

    for _ in range(5):
        work(clock, (heavy, 59.0))

    # The other has not told anything for longer than a second: there is nowhere to go.
    assert leaving(heavy) == 0


def test_what_was_not_asked_in_time_is_worked_out_anew(both: tuple[Balance, Balance], clock: Clock) -> None:
    light, heavy = both
    work(clock, (light, 5.0), (heavy, 59.0))

    work(clock, (light, 30.0), (heavy, 32.0))

    assert leaving(heavy) == 0
