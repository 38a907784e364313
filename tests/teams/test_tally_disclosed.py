"""No count below ten for everybody, nor one that follows from a sum."""

import pytest

from motcua.teams.tally import disclosed


@pytest.mark.parametrize(
    ("counted", "shown", "others"),
    [
        ({}, {}, None),
        ({1: 10, 2: 9}, {1: 10}, None),
        # The sum of one would be its count.
        ({1: 10, 2: 9, 3: 3}, {1: 10}, 12),
        ({1: 4, 2: 5}, {}, None),
        ({1: 12, 2: 30}, {1: 12, 2: 30}, None),
    ],
)
def test_what_is_small_is_told_only_together(
    counted: dict[int, int], shown: dict[int, int], others: int | None
) -> None:
    assert disclosed(counted) == (shown, others)
