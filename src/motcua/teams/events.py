"""What happens with help, as the ledger tells it: by key and case number, never who was helped."""

from dataclasses import dataclass
from datetime import datetime

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpConsented(Event):
    """A person's consent to be helped was received; the subject is ``help:<key>``."""

    team: str
    procedure: str
    words_sha256: str
    consented_at: datetime
    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpFiled(Event):
    """A dossier was filed for a person who had consented; the subject is the case."""

    help: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDisputed(Event):
    """A person said that they had not asked for the help; the subject is the case."""

    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDisputeSettled(Event):
    """An auditor found out whether a person had asked for the help; the subject is the case."""

    help: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsImported(Event):
    """A list of teams and members was taken over; the subject is the SHA-256 of the list."""

    teams: int
    members: int
    fresh: int
