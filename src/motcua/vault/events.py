"""What happens to papers and shares, as the ledger tells it; papers are told by id, people not at all."""

from dataclasses import dataclass
from datetime import datetime

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKept(Event):
    """A paper passed the checks and is kept; the subject is the paper."""

    kind: str
    source: str
    scanned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDeleted(Event):
    """A person deleted a paper that no case holds; the subject is the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersShared(Event):
    """A person made a link to papers of theirs; the subject is the share."""

    papers: int
    until_at: datetime
    one_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOpened(Event):
    """Somebody opened a link; the subject is the share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRevoked(Event):
    """A person ended a link before its time; the subject is the share."""
