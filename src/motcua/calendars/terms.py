"""One term of working time as it runs, stands and ends: that of the whole dossier or that of one step."""

from datetime import datetime

from motcua.calendars.measures import Measure


class Term:
    """Working time allowed and used, in microseconds of ``measure``.

    ``allowed`` is ``None`` where there is no limit. ``missed_at`` is when the term ended without an answer; it
    stays, whatever comes later. ``due_at`` is known while the term runs and once it is missed.
    """

    __slots__ = ("_measure", "_since", "allowed", "due_at", "missed_at", "used")

    def __init__(self, measure: Measure, allowed: int | None) -> None:
        self._measure = measure
        self._since: int | None = None
        self.allowed = allowed
        self.used = 0
        self.due_at: datetime | None = None
        self.missed_at: datetime | None = None

    def run(self, at: datetime) -> None:
        """Let the term run from ``at`` on."""
        self._since = self._measure.passed(at)
        if self.missed_at is not None:
            self.due_at = self.missed_at
        elif self.allowed is not None:
            self.due_at = self._measure.after(at, max(0, self.allowed - self.used))

    def see(self, at: datetime) -> None:
        """Count the time up to ``at``, and notice if the term ended meanwhile."""
        if self._since is None:
            return
        passed = self._measure.passed(at)
        self.used += passed - self._since
        self._since = passed
        if self.missed_at is None and self.due_at is not None and at > self.due_at:
            self.missed_at = self.due_at

    def halt(self) -> None:
        """Let the term stand from the moment last seen on."""
        self._since = None
        self.due_at = None

    def promise(self, at: datetime, until: datetime) -> int:
        """End the running term at ``until`` and return by how much that lengthens it, in microseconds."""
        before = self.allowed or 0
        self.allowed = self.used + self._measure.passed(until) - self._measure.passed(at)
        if self.missed_at is None:
            self.due_at = until
        return self.allowed - before

    def lengthen(self, at: datetime, by: int) -> None:
        """Allow more (or less) time to the running term."""
        if self.allowed is not None:
            self.allowed += by
            self.run(at)
