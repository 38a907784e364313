"""What happens to the rules of a service, as the ledger tells it; who saved is told by account."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBegun(Event):
    """Somebody began to change the rules of a service; the subject is its code."""

    draft: int
    based_on: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSaved(Event):
    """A draft was saved; ``sha256`` names what it then held."""

    draft: int
    version: int
    files: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDiscarded(Event):
    """A draft was given up; the rules in force stayed."""

    draft: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInstalled(Event):
    """A second person put a draft in force; ``authors`` are the accounts that wrote it.

    It holds from the moment of the event on; cases filed before keep the revision they were filed under.
    """

    draft: int
    version: int
    based_on: int
    revision: int
    sha256: str
    authors: str
