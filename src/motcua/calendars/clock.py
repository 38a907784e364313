"""The legal clock of a dossier, read from what happened to it: when it is due, why it stood, whether it is late.

>>> clock = read_clock(events, budget=Budget.days("15"), calendar=vietnam())
>>> clock.due_at, clock.suspensions, verdict(clock, at=now).on_time

Nothing of it is stored; docs/reference/legal-clock.md says each rule in words for a lawyer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from motcua.calendars.clock_events import (
    Budget,
    BudgetRefused,
    ClockEvent,
    EventRefused,
    ExtendedTooLate,
    ExtendedTwice,
    Kind,
    PauseReason,
)
from motcua.calendars.clock_reading import Extension, State, StepTime, Suspension, read
from motcua.calendars.working_time import WorkingCalendar

__all__ = [
    "Budget",
    "BudgetRefused",
    "Clock",
    "ClockEvent",
    "EventRefused",
    "ExtendedTooLate",
    "ExtendedTwice",
    "Extension",
    "Kind",
    "NotReceivedYet",
    "PauseReason",
    "StepTime",
    "Suspension",
    "Verdict",
    "apology_due",
    "apology_from",
    "read_clock",
    "verdict",
]

Cause = Literal["in_time", "past_due", "second_request_for_additions"]


class NotReceivedYet(ValueError):
    """The clock is asked about a moment before the dossier was received, or read from no event at all."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The legal clock of one dossier as of its last event.

    ``starts_at`` is the first working moment that counts (``None`` while acceptance is awaited). ``due_at`` is
    ``None`` while the clock waits or stands; after the end it is the date that held then. ``missed_at`` is the
    due date that passed without an answer; no later pause undoes it. ``used`` and ``left`` are working time
    at the last event, with days of the budget counted as ``calendar.ordinary_day``; ``left`` is negative when
    the term is exceeded. ``finished_at`` and ``ended_by`` are the first event that ended it.
    """

    budget: Budget
    calendar: WorkingCalendar = field(repr=False)
    events: tuple[ClockEvent, ...]
    state: State
    starts_at: datetime | None
    due_at: datetime | None
    missed_at: datetime | None
    used: timedelta
    left: timedelta
    suspensions: tuple[Suspension, ...]
    additions_requested: int
    extensions: tuple[Extension, ...]
    steps: tuple[StepTime, ...]
    ends: tuple[tuple[str, datetime], ...]

    @property
    def finished_at(self) -> datetime | None:
        """Return when the dossier first ended, if it did."""
        return self.ends[0][1] if self.ends else None

    @property
    def ended_by(self) -> str | None:
        """Return the kind of the event that first ended the dossier, if one did."""
        return self.ends[0][0] if self.ends else None

    @property
    def is_provisional(self) -> bool:
        """Tell whether the date due lies where the yearly decision on holidays is not out yet."""
        return self.due_at is not None and self.calendar.is_provisional(self.due_at)

    def used_at(self, now: datetime) -> timedelta:
        """Return the working time used up to ``now``."""
        if now < self.events[-1].at:
            return self.as_of(now).used_at(now)
        if self.state != "running":
            return self.used
        return self.used + self.passed(self.events[-1].at, now)

    def left_at(self, now: datetime) -> timedelta:
        """Return the working time left at ``now``; negative when the term is exceeded."""
        if now < self.events[-1].at:
            return self.as_of(now).left_at(now)
        return self.left - (self.used_at(now) - self.used)

    def set_aside_at(self, now: datetime) -> timedelta:
        """Return the working time that suspensions took out of the budget up to ``now``, an open one included."""
        if now < self.events[-1].at:
            return self.as_of(now).set_aside_at(now)
        total = timedelta()
        for one in self.suspensions:
            total += self.passed(one.paused_at, now) if one.set_aside is None else one.set_aside
        return total

    def overdue(self, now: datetime) -> bool:
        """Tell whether the answer is owed and late at ``now``; a finished dossier never is, see ``verdict``."""
        if now < self.events[-1].at:
            return self.events[0].at <= now and self.as_of(now).overdue(now)
        if self.ends:
            return False
        return self.missed_at is not None or (self.due_at is not None and self.due_at < now)

    def may_extend(self, now: datetime) -> bool:
        """Tell whether the term may be extended at ``now``: it runs, has not ended, and was not extended."""
        return (
            self.state == "running"
            and not self.extensions
            and self.missed_at is None
            and self.due_at is not None
            and now <= self.due_at
        )

    def as_of(self, at: datetime) -> "Clock":
        """Return the clock as it stood at ``at``; raises ``NotReceivedYet`` before the first event."""
        events = tuple(event for event in self.events if event.at <= at)
        return read_clock(events, budget=self.budget, calendar=self.calendar, recorded=len(events))

    def passed(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments, counted as the budget is."""
        measure = self.budget.measure(self.calendar)
        return timedelta(microseconds=measure.passed(end) - measure.passed(start))


def read_clock(
    events: Sequence[ClockEvent], *, budget: Budget, calendar: WorkingCalendar, recorded: int = 0
) -> Clock:
    """Return the clock that these events, oldest first, make of the budget.

    ``recorded`` is how many of the first events were checked when they were written: whether their extension
    came in time is not asked again, because the calendar may have changed since. Raises ``EventRefused`` (a
    second extension: ``ExtendedTwice``, one after the end: ``ExtendedTooLate``) for events that cannot be,
    ``NotReceivedYet`` for no events, ``DayNotCovered`` where the calendar ends. Takes some microseconds for
    each event.
    """
    if not events:
        raise NotReceivedYet("no event: the clock begins with the event received")
    reading = read(events, budget, calendar, recorded)
    term = reading.term
    allowed = term.allowed or 0
    return Clock(
        budget=budget,
        calendar=calendar,
        events=tuple(events),
        state=reading.state,
        starts_at=reading.starts_at,
        due_at=term.due_at,
        missed_at=term.missed_at,
        used=timedelta(microseconds=term.used),
        left=timedelta(microseconds=allowed - term.used),
        suspensions=reading.all_suspensions(),
        additions_requested=reading.additions_requested,
        extensions=tuple(reading.extensions),
        steps=reading.steps(),
        ends=tuple(reading.ends.items()),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a dossier counts as on time: by Decision 766/QĐ-TTg of 23 June 2022.

    ``judged_at`` is its end, or the end of the period for an open dossier. ``because`` is ``("in_time",)`` or
    every cause of lateness.
    """

    on_time: bool
    finished: bool
    judged_at: datetime
    due_at: datetime | None
    because: tuple[Cause, ...]


def verdict(clock: Clock, *, at: datetime) -> Verdict:
    """Judge a dossier at the end of a period, ``at``; what happened later is not looked at.

    The end is the event done, or else returned, or else the first of refused, stopped and withdrawn; an open
    dossier is judged at ``at``. Time in which the clock stood is deducted. More than one request for additions
    counts as late. The date due is the one promised on the receipt, or else what the budget allows. Raises
    ``NotReceivedYet`` for a dossier received after ``at``.
    """
    then = clock if clock.events[-1].at <= at else clock.as_of(at)
    ended_at = _end(then)
    judged_at = at if ended_at is None else ended_at
    due_at = then.missed_at or then.due_at
    causes: list[Cause] = []
    if due_at is not None and judged_at > due_at:
        causes.append("past_due")
    if then.additions_requested > 1:
        causes.append("second_request_for_additions")
    return Verdict(not causes, ended_at is not None, judged_at, due_at, tuple(causes) or ("in_time",))


def apology_from(clock: Clock) -> datetime | None:
    """Return from when the letter of apology has to lie ready, or nothing while no date is due.

    That is the opening of the working day before the day on which the answer is due; if the clock was not
    running then, the opening of that day itself; and if it began later still, the date due.
    """
    due_at = clock.missed_at or clock.due_at
    if clock.ends or due_at is None or clock.starts_at is None:
        return None
    for opening in (clock.calendar.working_day_before(due_at), clock.calendar.opening_of(due_at)):
        if opening is not None and opening > clock.starts_at:
            return min(opening, due_at)
    return due_at


def apology_due(clock: Clock, now: datetime) -> bool:
    """Tell whether the letter of apology is to be drafted: the deadline is about to be missed, or is missed."""
    if now < clock.events[-1].at:
        return clock.events[0].at <= now and apology_due(clock.as_of(now), now)
    ready_from = apology_from(clock)
    return ready_from is not None and ready_from <= now


def _end(clock: Clock) -> datetime | None:
    ends = dict(clock.ends)
    for kind in ("done", "returned"):
        if kind in ends:
            return ends[kind]
    return min(ends.values(), default=None)
