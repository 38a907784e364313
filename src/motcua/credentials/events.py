"""What happens to credentials and their keys, as the ledger tells it: no name, no claim."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialIssued(Event):
    """A pass was signed for a case."""

    credential: str
    kind: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRevoked(Event):
    """A pass no longer holds; offline scanners learn it with the next status list."""

    credential: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotated(Event):
    """A new key signs from now on; passes of the old one still hold."""

    key_id: str
    replaces: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Event):
    """What the key signed from that moment on is refused."""

    key_id: str
    revoked_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleUseFound(Event):
    """One pass was shown at two checkpoints within a time too short for one holder.

    The checkpoints' names are free text of the inspectors, so they stay with the scans.
    """

    credential: str
    seconds_apart: int
