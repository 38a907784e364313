"""What happens to results, as the ledger tells it: no name and nothing of the content."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDrafted(Event):
    """A paper for a case waits for its first signature."""

    result: str
    notation: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSigned(Event):
    """The specialist or the leader signed."""

    result: str
    signatory: str
    key: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSealed(Event):
    """The agency sealed the paper; it is in force under its number."""

    result: str
    number: str
    key: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultAbandoned(Event):
    """A paper was given up before its seal; it never had a number."""

    result: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalProposed(Event):
    """A notice that takes a sealed paper back waits for the leader."""

    result: str
    notice: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalGivenUp(Event):
    """The paper stays in force."""

    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultWithdrawn(Event):
    """A paper in force was taken back by a sealed notice; ``replaced_by`` is the code of the one in its place."""

    result: str
    notice: str
    number: str
    ground: str
    replaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalObjected(Event):
    """The applicant objects to a withdrawal; what they wrote stays with the case."""

    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalObjectionAnswered(Event):
    """A person answered an objection to a withdrawal."""

    result: str
    answer: str
