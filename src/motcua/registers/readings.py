"""What is read from a source for a set of questions, and what comes back: the same for every source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from motcua.registers.declaration import Declaration
from motcua.registers.facts import Value
from motcua.registers.questions import Asked

# A person with more records than this in one register is a fault of the register, not an answer.
MOST_RECORDS = 200

Cells = tuple[str | None, ...]


class SourceSilent(Exception):
    """The source did not answer in time, or not in the agreed form; that is never "no record"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Records wanted: those whose indexed columns equal ``exact``, and of them these columns as text."""

    exact: tuple[tuple[str, Value | Asked], ...]
    columns: tuple[str, ...]

    @property
    def about_person(self) -> bool:
        """Whether the reading differs from person to person."""
        return any(wanted is Asked.PERSON for _, wanted in self.exact)


@dataclass(frozen=True, slots=True)
class Found:
    """What a source gave: records per reading and person (empty bytes where no person matters).

    At most ``MOST_RECORDS + 1`` records each. ``as_of`` is set by sources that date their own answer;
    ``since`` dates single readings where they differ; ``unasked`` could not be put to the source at all.
    """

    records: Mapping[tuple[int, bytes], Sequence[Cells]]
    as_of: datetime | None = None
    unasked: frozenset[tuple[int, bytes]] = frozenset()
    since: Mapping[tuple[int, bytes], datetime] = field(default_factory=dict)

    def of(self, reading: int, about_person: bool, person_key: bytes) -> Sequence[Cells]:
        """Return the records of a reading for a person; none is an empty sequence."""
        return self.records.get((reading, person_key if about_person else b""), ())

    def was_asked(self, reading: int, about_person: bool, person_key: bytes) -> bool:
        """Whether the reading was put to the source for that person."""
        return (reading, person_key if about_person else b"") not in self.unasked


class Source(Protocol):
    """Begins to read and returns the function that waits for the end and may raise ``SourceSilent``."""

    def __call__(
        self,
        *,
        declaration: Declaration,
        readings: Sequence[Reading],
        person_keys: Sequence[bytes],
        purpose: str,
        within_seconds: float,
        now: datetime,
    ) -> Callable[[], Found]:
        """Begin to read."""
