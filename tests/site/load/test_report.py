"""Counts and percentiles."""

import pytest

from motcua.site.load.report import Report, percentile


@pytest.mark.parametrize(
    ("percent", "value"), [(1, 1), (50, 50), (95, 95), (99, 99), (99.5, 100), (100, 100)]
)
def test_percentile_is_the_nearest_rank(percent: float, value: float) -> None:
    assert percentile(list(range(1, 101)), percent) == value


def test_percentile_of_one_is_that_one_and_of_none_nought() -> None:
    assert [percentile([7.0], percent) for percent in (1, 50, 99)] == [7.0] * 3
    assert percentile([], 95) == 0


def test_p95_of_twenty_is_the_nineteenth() -> None:
    assert percentile(list(range(1, 21)), 95) == 19


def filled() -> Report:
    report = Report(heavy="big", seconds=2.0)
    for tenant, status, latency in (("big", 201, 0.5), ("big", 503, 0.1), ("small", 201, 0.2)):
        count = report.of("flood", "submit", tenant)
        count.sent += 1
        count.answered[status] += 1
        count.latencies.append(latency)
    lost = report.of("flood", "status", "small")
    lost.sent, lost.retries = 1, 2
    lost.errors["timed out"] += 1
    report.began["flood"], report.ended["flood"] = 0.0, 2.0
    return report


def test_report_tells_routes_tenants_and_phases_apart() -> None:
    told = filled().as_json()

    assert told["total"]["sent"] == 4
    assert told["routes"]["submit"]["answered"] == {"201": 2, "503": 1}
    assert told["routes"]["status"]["errors"] == {"timed out": 1}
    assert told["tenants"]["small"]["retries"] == 2
    assert told["phases"]["flood"]["big"]["latency_ms"]["max"] == 500
    assert told["phases"]["flood"]["others"]["latency_ms"]["p95"] == 200


def test_throughput_counts_good_answers_only() -> None:
    assert filled().as_json()["total"]["per_second"] == 1.0


def test_table_has_a_line_for_each_route_and_for_heavy_and_others() -> None:
    lines = filled().as_table().splitlines()

    assert [line.split("  ")[0] for line in lines[1:-1]] == [
        "all", "status", "submit", "flood: big", "flood: others",
    ]  # fmt: skip
    assert "timed out: 1" in lines[2]
