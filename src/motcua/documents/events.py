"""What happens to results, as the ledger tells it: no name and nothing of the content."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDrafted(Event):
    """A paper for a case waits for its first signature."""

    result: str
    notation: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSigned(Event):
    """The specialist or the leader signed."""

    result: str
    signatory: str
    key: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSealed(Event):
    """The agency sealed the paper; it is in force under its number."""

    result: str
    number: str
    key: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultAbandoned(Event):
    """A paper was given up before its seal; it never had a number."""

    result: str
    reason: str
