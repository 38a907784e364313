"""How long people waited and were served, and what may be said of a wait to come: pure calculation."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

# Fewer measured visits say nothing about the next.
FEWEST_MEASURED = 5
ROUNDED_TO_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Range:
    """A wait between two numbers of minutes."""

    low_minutes: int
    high_minutes: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the slow tenth of what was measured, in seconds; null where nothing was."""

    count: int
    median_seconds: int | None
    p90_seconds: int | None


def estimated_wait(*, ahead: int, served_seconds: Sequence[int], counters: int) -> Range | None:
    """Return the range into which the wait of one with ``ahead`` people before them may fall.

    From the quarter of the visits that was quickest to the quarter that was slowest, over the counters that are
    calling, rounded outwards to five minutes. Nothing, when too little was measured or nobody calls.
    """
    if len(served_seconds) < FEWEST_MEASURED or counters < 1:
        return None
    ordered = sorted(served_seconds)
    quick, slow = _at(ordered, 0.25), _at(ordered, 0.75)
    step = ROUNDED_TO_MINUTES * 60
    low = int(ahead * quick / counters // step) * ROUNDED_TO_MINUTES
    high = ceil((ahead + 1) * slow / counters / step) * ROUNDED_TO_MINUTES
    return Range(low, max(high, low + ROUNDED_TO_MINUTES))


def spread(seconds: Sequence[int]) -> Spread:
    """Return median and 90th percentile by nearest rank."""
    if not seconds:
        return Spread(0, None, None)
    ordered = sorted(seconds)
    return Spread(len(ordered), _at(ordered, 0.5), _at(ordered, 0.9))


def _at(ordered: Sequence[int], share: float) -> int:
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
