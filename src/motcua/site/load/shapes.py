"""When requests are sent: the shapes of traffic as lists of arrivals. Pure; the same seed gives the same arrivals."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

SHAPES = ("steady", "morning", "tenant")
# The peak of a morning: after this share of the run, and this broad (standard deviation, share of the run).
_PEAK_AT, _PEAK_WIDTH = 0.4, 0.08
# The highest peak that this bump can make when all of the traffic is in it.
HIGHEST_PEAK = math.floor(1 / (_PEAK_WIDTH * math.sqrt(2 * math.pi)))


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request that is due ``at_seconds`` after the start; ``heavy`` when the heavy tenant sends it."""

    at_seconds: float
    phase: str
    heavy: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What traffic looks like. ``rate`` is the mean a second of a normal day.

    ``peak`` is how many times the mean a morning reaches. ``times`` is how many times its normal day the
    heavy tenant sends in the second half of the run, and ``share`` its part of a normal day.
    """

    name: str
    rate: float
    seconds: float
    peak: float = 4.0
    times: float = 7.0
    share: float = 0.2


def arrivals(shape: Shape, choose: Random) -> Iterator[Arrival]:
    """Yield the arrivals in the order of time; people do not queue up to arrive, so they come at random."""
    match shape.name:
        case "steady":
            for at in _drawn(lambda _: shape.rate, shape.rate, 0.0, shape.seconds, choose):
                yield Arrival(at, "steady", choose.random() < shape.share)
        case "morning":
            for at in _drawn(
                lambda at: morning_rate(shape, at), shape.rate * shape.peak, 0.0, shape.seconds, choose
            ):
                phase = "peak" if morning_rate(shape, at) > shape.rate else "calm"
                yield Arrival(at, phase, choose.random() < shape.share)
        case "tenant":
            yield from _one_tenant(shape, choose)
        case _:
            raise ValueError(f"no such shape: {shape.name} (known: {', '.join(SHAPES)})")


def morning_rate(shape: Shape, at_seconds: float) -> float:
    """Return the rate at a moment: a bell over a floor, whose mean is ``rate`` and whose top is ``peak`` times it."""
    area = _PEAK_WIDTH * math.sqrt(2 * math.pi)
    # floor + height = peak, and floor + height * area = 1; in parts of the mean.
    height = (shape.peak - 1) / (1 - area)
    floor = shape.peak - height
    away = (at_seconds / shape.seconds - _PEAK_AT) / _PEAK_WIDTH
    return shape.rate * max(0.0, floor + height * math.exp(-away * away / 2))


def _one_tenant(shape: Shape, choose: Random) -> Iterator[Arrival]:
    """Two days of half the run each: a normal one, and one on which the heavy tenant sends ``times`` its day."""
    half = shape.seconds / 2
    others, heavy = shape.rate * (1 - shape.share), shape.rate * shape.share
    for at in _drawn(lambda _: shape.rate, shape.rate, 0.0, half, choose):
        yield Arrival(at, "normal", choose.random() < shape.share)
    flood = others + heavy * shape.times
    for at in _drawn(lambda _: flood, flood, half, shape.seconds, choose):
        yield Arrival(at, "flood", choose.random() * flood >= others)


def _drawn(
    rate_at: Callable[[float], float], highest: float, begin: float, end: float, choose: Random
) -> Iterator[float]:
    """Draw moments of a Poisson process whose rate changes: drawn at the highest rate, then thinned."""
    at = begin
    while True:
        at += choose.expovariate(highest)
        if at >= end:
            return
        if choose.random() * highest < rate_at(at):
            yield at
