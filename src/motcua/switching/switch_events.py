"""What happens in a switch, as the ledger tells it: counts and digests, nothing of a person."""

from dataclasses import dataclass
from datetime import datetime

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPartDone(Event):
    """One transaction of a switch; ``sha256`` covers each case or pass that it changed, a line each, in order."""

    switch: str
    stage: str
    part: int
    cases: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveSwitched(Event):
    """Everything outstanding follows the directive; ``dry_run`` is the one that two persons confirmed."""

    switch: str
    dry_run: str
    dry_run_digest: str
    final_run: str
    final_run_digest: str
    extended: int
    downgraded: int
    changed: int
    revoked: int
    to_person: int
    granted: int
    refused: int
    left: int
    told: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveSwitchStopped(Event):
    """A switch was stopped before the law changed; ``why`` names the reasons."""

    switch: str
    dry_run: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveSwitchUndone(Event):
    """Passes and cases are as they were before the switch, but for those that people decided since."""

    switch: str
    asked_at: datetime
    undone: int
    left: int
    told: int
