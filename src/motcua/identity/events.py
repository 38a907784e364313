"""What this app tells the others: appointments, tokens and keys to accounts; accounts by number only."""

from dataclasses import dataclass
from datetime import date, datetime

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAdded(Event):
    """An officer's account was made; the subject is the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAppointed(Event):
    """An officer received a role; the subject is the account."""

    role: str
    place_path: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRenewed(Event):
    """An officer received another password and another phone; the subject is the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerEnded(Event):
    """An officer left: no appointment and no way in from then on; the subject is the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignedIn(Event):
    """An officer signed in with password and code; the subject is the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTokenIssued(Event):
    """A bearer token was made; the subject is the account it speaks for."""

    token_id: int
    scope: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTokenRevoked(Event):
    """A bearer token was ended; the subject is the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPresented(Event):
    """An officer or a helper had a person's identity card before them; the subject is the person, by row only.

    ``first_time`` when nobody had recorded the person, ``corrected`` when name or date of birth were.
    """

    first_time: bool
    corrected: bool
