"""What happens to cases, as the ledger tells it: no name, no citizen number, no answer of a form."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled(Event):
    """A request became a case."""

    procedure: str
    revision: int
    channel: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided(Event):
    """The rules gave an answer; ``decision`` is the id of the record that explains it."""

    answer: str
    reason: str
    model_sha256: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRedecided(Event):
    """The facts behind an answer changed, and the rules gave another."""

    answer: str
    reason: str
    model_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseActed(Event):
    """An act moved a case to another state."""

    act: str
    from_state: str
    to_state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyConsulted(Event):
    """A case put a question to another agency."""

    consult: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultAnswered(Event):
    """An agency answered what it was asked."""

    consult: str
