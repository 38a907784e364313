"""Events in their order become the state of a clock; what cannot have happened is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from motcua.calendars.clock_events import (
    ENDS,
    KINDS,
    PAUSE_REASONS,
    Budget,
    ClockEvent,
    EventRefused,
    ExtendedTooLate,
    ExtendedTwice,
)
from motcua.calendars.terms import Term
from motcua.calendars.working_time import WorkingCalendar

State = Literal["waiting", "running", "paused", "finished"]


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time in which the clock stood: from, to, why, and the working time that it took out of the budget.

    ``resumed_at`` and ``set_aside`` are ``None`` while it is open. A dossier that ends while its clock stands
    closes the suspension. ``set_aside`` is counted as the budget is, in days or in hours.
    """

    paused_at: datetime
    resumed_at: datetime | None
    reason: str
    set_aside: timedelta | None


@dataclass(frozen=True, slots=True)
class Extension:
    """The one extension of a term: when, why, the date before it and the date after it."""

    at: datetime
    reason: str
    from_due_at: datetime
    to_due_at: datetime


@dataclass(frozen=True, slots=True)
class StepTime:
    """The time of one step, over all visits: a step that is entered again goes on with what it left.

    ``allowed``, ``due_at`` and ``missed_at`` are ``None`` without a limit; ``due_at`` also while the clock
    stands or the step is left in time. ``left_at`` is ``None`` while the step is the present one.
    """

    step: str
    entered_at: datetime
    left_at: datetime | None
    visits: int
    used: timedelta
    allowed: timedelta | None
    due_at: datetime | None
    missed_at: datetime | None

    def overdue(self, now: datetime) -> bool:
        """Tell whether the step was not done within its own time; a step left in time never is."""
        return self.missed_at is not None or (self.due_at is not None and self.due_at < now)


@dataclass(slots=True)
class _Visited:
    """A step under way: its term, its first entry, when it was left, and how often it was entered."""

    term: Term
    entered_at: datetime
    left_at: datetime | None = None
    visits: int = 1


class Reading:
    """The state of a clock while its events are read one by one."""

    def __init__(self, budget: Budget, calendar: WorkingCalendar, recorded: int) -> None:
        self._budget = budget
        self._calendar = calendar
        self._measure = budget.measure(calendar)
        self._recorded = recorded
        self._number = 0
        self._before: ClockEvent | None = None
        self._accepted = False
        self._promised: datetime | None = None
        self._open_pause: ClockEvent | None = None
        self._visited: dict[str, _Visited] = {}
        self._step: str | None = None
        self.term = Term(self._measure, budget.length(budget.amount, calendar))
        self.starts_at: datetime | None = None
        self.suspensions: list[Suspension] = []
        self.additions_requested = 0
        self.extensions: list[Extension] = []
        self.ends: dict[str, datetime] = {}

    @property
    def state(self) -> State:
        """Return what the clock does after the events read so far."""
        if self.ends:
            return "finished"
        if self._open_pause is not None:
            return "paused"
        return "waiting" if self.starts_at is None else "running"

    def take(self, event: ClockEvent) -> None:
        """Read the next event; raises ``EventRefused`` if it cannot follow those before it."""
        self._number += 1
        self._check_order(event)
        self._see(event.at)
        _ACTS[event.kind](self, event)
        self._before = event

    def all_suspensions(self) -> tuple[Suspension, ...]:
        """Return the ledger of suspensions, an open one last."""
        if self._open_pause is None:
            return tuple(self.suspensions)
        return (*self.suspensions, Suspension(self._open_pause.at, None, self._open_pause.reason, None))

    def steps(self) -> tuple[StepTime, ...]:
        """Return the steps in the order in which they were first entered."""
        return tuple(
            StepTime(
                name,
                visited.entered_at,
                visited.left_at,
                visited.visits,
                timedelta(microseconds=visited.term.used),
                None if visited.term.allowed is None else timedelta(microseconds=visited.term.allowed),
                visited.term.due_at,
                visited.term.missed_at,
            )
            for name, visited in self._visited.items()
        )

    def _check_order(self, event: ClockEvent) -> None:
        if event.kind not in KINDS:
            raise self._refused("unknown_kind", event, kinds=", ".join(sorted(KINDS)))
        if event.at.tzinfo is None or (event.until is not None and event.until.tzinfo is None):
            raise self._refused("no_zone", event)
        if self._before is None:
            if event.kind != "received":
                raise self._refused("not_received", event)
        elif event.at < self._before.at:
            raise self._refused("backwards", event, before=self._said(self._before.at))
        elif self.ends and (event.kind != "returned" or "returned" in self.ends):
            raise self._refused("after_end", event, ended=self._said(next(iter(self.ends.values()))))

    def _see(self, at: datetime) -> None:
        self.term.see(at)
        if self._step is not None:
            self._visited[self._step].term.see(at)

    def _received(self, event: ClockEvent) -> None:
        if self._before is not None:
            raise self._refused("received_twice", event)
        self._promised = self._promise_of(event)
        if self._budget.starts == "received":
            self._start(event)

    def _accepted_(self, event: ClockEvent) -> None:
        if self._accepted:
            raise self._refused("accepted_twice", event)
        if self._open_pause is not None:
            raise self._refused("accepted_while_paused", event, since=self._said(self._open_pause.at))
        self._accepted = True
        promised = self._promise_of(event)
        if self.starts_at is None:
            self._promised = promised or self._promised
            self._start(event)
        elif promised is not None:
            self.term.promise(event.at, promised)

    def _start(self, event: ClockEvent) -> None:
        self.starts_at = self._measure.after(event.at, 0)
        self._run(event.at)
        if self._promised is not None:
            self.term.promise(event.at, self._promised)

    def _entered(self, event: ClockEvent) -> None:
        if not event.reason.strip():
            raise self._refused("no_step", event)
        self._leave_step(event.at)
        name = event.reason
        if name in self._visited:
            self._visited[name].visits += 1
            self._visited[name].left_at = None
        else:
            allowed = self._budget.steps.get(name)
            limit = None if allowed is None else self._budget.length(allowed, self._calendar)
            self._visited[name] = _Visited(Term(self._measure, limit), event.at)
        self._step = name
        if self.state == "running":
            self._visited[name].term.run(event.at)

    def _paused(self, event: ClockEvent) -> None:
        if event.reason not in PAUSE_REASONS:
            raise self._refused("unknown_pause", event, reason=event.reason)
        if self._open_pause is not None:
            raise self._refused("paused_twice", event, since=self._said(self._open_pause.at))
        if event.reason == "additions":
            self.additions_requested += 1
        self._halt()
        self._open_pause = event

    def _resumed(self, event: ClockEvent) -> None:
        if self._open_pause is None:
            raise self._refused("not_paused", event)
        self._close(self._open_pause, event.at)
        if self.starts_at is not None:
            self._run(event.at)

    def _extended(self, event: ClockEvent) -> None:
        due_at = self._extendable(event)
        if not event.reason.strip():
            raise self._refused("no_reason", event)
        if event.until is None:
            raise self._refused("no_new_date", event)
        if event.until <= due_at and not self._on_record:
            until = self._said(event.until)
            raise self._refused("new_date_not_later", event, until=until, due=self._said(due_at))
        self.extensions.append(Extension(event.at, event.reason, due_at, event.until))
        self.term.missed_at = None
        gained = self.term.promise(event.at, event.until)
        if self._step is not None:
            self._visited[self._step].term.lengthen(event.at, gained)

    def _extendable(self, event: ClockEvent) -> datetime:
        """Return the date that the extension moves; raises ``EventRefused`` if there is none to move."""
        if self.extensions:
            before = self._said(self.extensions[0].at)
            raise ExtendedTwice("extended_twice", self._number, event, before=before)
        due_at = self.term.due_at
        if self.state != "running" or due_at is None:
            raise self._refused("extended_not_running", event)
        if self.term.missed_at is not None and not self._on_record:
            raise ExtendedTooLate("extended_too_late", self._number, event, due=self._said(due_at))
        return due_at

    def _ended(self, event: ClockEvent) -> None:
        if not self.ends:
            if self._open_pause is not None:
                self._close(self._open_pause, event.at)
                if self.starts_at is not None:
                    self._run(event.at)
            # The date that held at the end stays known: the verdict is measured by it.
            due_at = self.term.due_at
            self._leave_step(event.at)
            self._halt()
            self.term.due_at = due_at
        self.ends[event.kind] = event.at

    @property
    def _on_record(self) -> bool:
        return self._number <= self._recorded

    def _run(self, at: datetime) -> None:
        self.term.run(at)
        if self._step is not None:
            self._visited[self._step].term.run(at)

    def _halt(self) -> None:
        self.term.halt()
        if self._step is not None:
            self._visited[self._step].term.halt()

    def _leave_step(self, at: datetime) -> None:
        if self._step is not None:
            self._visited[self._step].term.halt()
            self._visited[self._step].left_at = at
            self._step = None

    def _close(self, pause: ClockEvent, at: datetime) -> None:
        took = self._measure.passed(at) - self._measure.passed(pause.at)
        self.suspensions.append(Suspension(pause.at, at, pause.reason, timedelta(microseconds=took)))
        self._open_pause = None

    def _promise_of(self, event: ClockEvent) -> datetime | None:
        if event.until is not None and event.until <= event.at:
            raise self._refused("promise_not_ahead", event, until=self._said(event.until))
        return event.until

    def _said(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._calendar.zone):%d/%m/%Y %H:%M}"

    def _refused(self, code: str, event: ClockEvent, **values: object) -> EventRefused:
        return EventRefused(code, self._number, event, **values)


def read(events: Sequence[ClockEvent], budget: Budget, calendar: WorkingCalendar, recorded: int) -> Reading:
    """Read all events in turn."""
    reading = Reading(budget, calendar, recorded)
    for event in events:
        reading.take(event)
    return reading


_ACTS: dict[str, Callable[[Reading, ClockEvent], None]] = {
    "received": Reading._received,
    "accepted": Reading._accepted_,
    "entered": Reading._entered,
    "paused": Reading._paused,
    "resumed": Reading._resumed,
    "extended": Reading._extended,
    **dict.fromkeys(ENDS, Reading._ended),
}
