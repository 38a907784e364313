"""What happens to a directive, as the ledger tells it; the subject is its number, people are told by account."""

from dataclasses import dataclass
from datetime import datetime

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectivePrepared(Event):
    """Somebody saved the first text of a directive; ``sha256`` names it."""

    directive: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveChanged(Event):
    """The text of a draft was saved anew."""

    directive: int
    version: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveDiscarded(Event):
    """A directive was given up before it began."""

    directive: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveScheduled(Event):
    """Somebody asks that the directive begin at ``switch_at``, on the ground of a dry run."""

    directive: int
    sha256: str
    switch_at: datetime
    dry_run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveUnscheduled(Event):
    """A directive that waited was taken back to be a draft."""

    directive: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveConfirmed(Event):
    """A second person confirmed text, moment and dry run."""

    directive: int
    sha256: str
    switch_at: datetime
    dry_run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveBegun(Event):
    """The directive is law from the moment of the event on; ``replaces`` are the numbers that end with it."""

    directive: int
    sha256: str
    replaces: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveUndone(Event):
    """The directive is law no longer, and what it replaced is law again."""

    directive: int
    begun_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveEnded(Event):
    """The directive reached its own end, ``ended_at``, and is law no longer; nothing outstanding was decided anew."""

    directive: int
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveInstalled(Event):
    """The owner of the database put a first law in force, without a second person; it holds since ``begun_at``."""

    directive: int
    sha256: str
    begun_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionFiguresImported(Event):
    """Somebody imported figures of public opinion beside a directive; ``sha256`` is that of the file."""

    directive: int
    figures: int
    sha256: str
