"""When a consent was given, by a clock that may be wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from motcua.teams.states import Clock
from motcua.teams.times import ConsentTooOld, reckon

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ahead", "said_before_sending", "at", "clock"),
    [
        (timedelta(0), 3 * HOUR, NOW - 3 * HOUR, Clock.GOOD),
        (2 * MINUTE, 3 * HOUR, NOW - 3 * HOUR, Clock.GOOD),
        (10 * MINUTE, 3 * HOUR, NOW - 3 * HOUR, Clock.CORRECTED),
        (-26 * HOUR, 3 * HOUR, NOW - 3 * HOUR, Clock.CORRECTED),
        # A clock that starts in 1970 tells how long ago it was all the same.
        (-timedelta(days=20_000), HOUR, NOW - HOUR, Clock.CORRECTED),
        (timedelta(0), -MINUTE, NOW, Clock.GOOD),
        # Told after it was sent: the clock was set in between.
        (timedelta(0), -HOUR, NOW, Clock.DOUBTFUL),
        (timedelta(0), timedelta(days=30), NOW - timedelta(days=30), Clock.GOOD),
    ],
)
def test_a_moment_is_reckoned_from_how_long_before_sending_it_was(
    ahead: timedelta, said_before_sending: timedelta, at: datetime, clock: Clock
) -> None:
    sent_at = NOW + ahead

    found = reckon(said_at=sent_at - said_before_sending, sent_at=sent_at, received_at=NOW)

    assert (found.at, found.clock, found.error_seconds) == (at, clock, round(ahead.total_seconds()))


def test_a_consent_that_lay_too_long_is_asked_for_again() -> None:
    with pytest.raises(ConsentTooOld):
        reckon(said_at=NOW - timedelta(days=31), sent_at=NOW, received_at=NOW)
