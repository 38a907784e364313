"""The shapes of traffic: how much, when, and by whom."""

from collections import Counter
from random import Random

import pytest

from motcua.site.load.shapes import HIGHEST_PEAK, Shape, arrivals, morning_rate


def test_steady_traffic_keeps_its_rate() -> None:
    moments = [arrival.at_seconds for arrival in arrivals(Shape("steady", 200, 60), Random(1))]

    halves = Counter(at < 30 for at in moments)
    assert moments == sorted(moments)
    assert 11_500 < len(moments) < 12_500
    assert abs(halves[True] - halves[False]) < 600


@pytest.mark.parametrize("peak", [1, 2, 4, HIGHEST_PEAK])
def test_morning_has_its_mean_and_reaches_its_peak(peak: float) -> None:
    shape = Shape("morning", 100, 60, peak=peak)

    rates = [morning_rate(shape, step / 100) for step in range(6000)]

    assert sum(rates) / len(rates) == pytest.approx(100, rel=0.01)
    assert max(rates) == pytest.approx(100 * peak, rel=0.01)
    assert min(rates) >= 0


def test_morning_sends_most_at_its_peak() -> None:
    by_phase = Counter(arrival.phase for arrival in arrivals(Shape("morning", 100, 60, peak=4), Random(1)))

    # The bell stands above the mean for about a third of the run, with most of the requests.
    assert by_phase["peak"] > by_phase["calm"]
    assert 5_500 < by_phase.total() < 6_500


def test_one_tenant_sends_seven_times_its_day_and_the_others_theirs() -> None:
    shape = Shape("tenant", 200, 60, times=7, share=0.2)

    sent = Counter((arrival.phase, arrival.heavy) for arrival in arrivals(shape, Random(1)))

    assert sent["flood", True] / sent["normal", True] == pytest.approx(7, rel=0.1)
    assert sent["flood", False] / sent["normal", False] == pytest.approx(1, rel=0.1)
    assert sent["normal", True] / (200 * 30) == pytest.approx(0.2, rel=0.1)


@pytest.mark.parametrize("name", ["steady", "morning", "tenant"])
def test_same_seed_gives_the_same_arrivals(name: str) -> None:
    shape = Shape(name, 50, 10)

    assert list(arrivals(shape, Random(7))) == list(arrivals(shape, Random(7)))
    assert list(arrivals(shape, Random(7))) != list(arrivals(shape, Random(8)))


def test_unknown_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="sawtooth"):
        list(arrivals(Shape("sawtooth", 1, 1), Random(1)))
