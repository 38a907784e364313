"""Who is called next: a pure calculation over those who wait, so that the page of a ticket tells the same order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from motcua.appointments.states import Priority

# So many are called ahead of their number in a row before one is called by number: nobody waits without end.
MOST_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who waits. ``booked_from`` and ``booked_until`` are the appointment, if there is one."""

    ticket_id: int
    number: int
    group: str
    priority: Priority
    taken_at: datetime
    booked_from: datetime | None = None
    booked_until: datetime | None = None
    for_counter: int | None = None

    def has_appointment(self) -> bool:
        """Tell whether an appointment counts: who came after its time stands in line by number."""
        return self.booked_until is not None and self.taken_at < self.booked_until


@dataclass(frozen=True, slots=True)
class Turn:
    """A place in the order, and whether it comes before the number's own turn."""

    waiting: Waiting
    ahead: bool


def in_order(everyone: Iterable[Waiting], *, ahead_in_a_row: int, now: datetime) -> tuple[Turn, ...]:
    """Return who is called in which order, from now on.

    First who was handed over, for they waited once already. Then, two at most in a row, those whose appointment
    has come, by its time, and those with priority, by number; then one by number. Who came before the time of
    their appointment is called when nobody else waits. ``ahead_in_a_row``: calls ahead since the last by number.
    """
    handed: list[Waiting] = []
    due: list[Waiting] = []
    preferred: list[Waiting] = []
    plain: list[Waiting] = []
    early: list[Waiting] = []
    for each in sorted(everyone, key=lambda one: one.number):
        if each.for_counter is not None:
            handed.append(each)
        elif each.has_appointment() and each.booked_from is not None:
            (due if each.booked_from <= now else early).append(each)
        elif each.priority is not Priority.NONE:
            preferred.append(each)
        else:
            plain.append(each)
    due.sort(key=lambda one: (one.booked_from or now, one.number))
    early.sort(key=lambda one: (one.booked_from or now, one.number))
    first = [*due, *preferred]
    turns, row = [Turn(each, ahead=True) for each in handed], ahead_in_a_row
    while first or plain:
        if first and (row < MOST_AHEAD or not plain):
            turns.append(Turn(first.pop(0), ahead=True))
            row += 1
        else:
            turns.append(Turn(plain.pop(0), ahead=False))
            row = 0
    return (*turns, *(Turn(each, ahead=False) for each in early))


def for_counter(
    everyone: Iterable[Waiting], *, counter_id: int, groups: Collection[str]
) -> tuple[Waiting, ...]:
    """Return those whom a counter may call: of its groups, or handed to it; not those handed to another."""
    return tuple(
        each
        for each in everyone
        if (each.group in groups if each.for_counter is None else each.for_counter == counter_id)
    )


def row_of(latest_first: Iterable[bool]) -> int:
    """Return how many calls in a row were ahead of their number, of what was called, the latest first."""
    row = 0
    for ahead in latest_first:
        if not ahead:
            break
        row += 1
    return row
