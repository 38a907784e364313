"""When a consent was given: the device said so by its own clock, which may be wrong and may have been set since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from motcua.teams.states import Clock

# What the way to us and a slow clock may take together; the scanner allows as much.
TOLERANCE = timedelta(minutes=2)
# A consent is for what is filed now; a tablet that lay in a drawer asks again.
KEPT_FOR = timedelta(days=30)


class ConsentTooOld(ValueError):
    """The consent was given so long ago that the person has to be asked again."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The moment by our clock, and by how many seconds the device's was ahead of it."""

    at: datetime
    error_seconds: int
    clock: Clock


def reckon(*, said_at: datetime, sent_at: datetime, received_at: datetime) -> Reckoned:
    """Return when it was by our clock that the device's clock showed ``said_at``.

    ``sent_at`` is the device's clock at the moment of sending. If the device says that it sent before it was told,
    its clock was set in between and nothing can be reckoned: the moment is then that of receiving at the latest, and
    doubtful. Raises ``ConsentTooOld``.
    """
    error = sent_at - received_at
    at = said_at - error
    doubtful = said_at > sent_at + TOLERANCE
    if doubtful or at > received_at:
        at = received_at
    if received_at - at > KEPT_FOR:
        raise ConsentTooOld(f"consent is kept for {KEPT_FOR.days} days before it is sent")
    known = Clock.GOOD if abs(error) <= TOLERANCE else Clock.CORRECTED
    return Reckoned(at, round(error.total_seconds()), Clock.DOUBTFUL if doubtful else known)
