"""From which moment a page's figures are: now, or that of the copy of the database from which they are read."""

from contextvars import ContextVar
from datetime import datetime

# Set by whoever chooses the database, for the time of one request.
read_as_of: ContextVar[datetime | None] = ContextVar("read_as_of", default=None)


def as_of(now: datetime) -> datetime:
    """Return the moment to be shown beside figures read now."""
    copied = read_as_of.get()
    return now if copied is None else min(copied, now)
