"""What happens to registers, as the ledger tells it: counts and digests, no record."""

from dataclasses import dataclass
from datetime import datetime

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLoaded(Event):
    """A register holds the records of another file from now on; the subject is its name."""

    as_of: datetime
    sha256: str
    rows: int
    rejected: int
