"""What happens to appointments, as the ledger tells it: no names; tickets are anonymous and tell nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class HallOpened(Event):
    """A hall was opened or its rules changed; the subject is ``hall:<code of the agency>``."""

    most_open: int
    days_ahead: int
    tickets_per_day: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlanSet(Event):
    """How many people fit into one time of a group was set from a day on; ``displaced`` no longer fit."""

    group: str
    first_day: date
    last_day: date | None
    slot_minutes: int
    capacity: int
    displaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HallHoursSet(Event):
    """A hall closes or opens otherwise than its calendar; ``displaced`` no longer fit."""

    kind: str
    first_day: date
    last_day: date
    reason: str
    displaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HallHoursLifted(Event):
    """Hours of their own hold no longer."""

    hours: int
    displaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMade(Event):
    """A place in a time was sold; the subject is ``booking:<id>``."""

    group: str
    starts_at: datetime
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMoved(Event):
    """A booking went to another time."""

    group: str
    starts_at: datetime
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCancelled(Event):
    """A booking was given back."""

    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMet(Event):
    """The person came, or did not: ``came`` says which."""

    group: str
    came: bool
