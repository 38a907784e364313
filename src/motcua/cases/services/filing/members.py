"""One request on its way through a batch: what is known of it so far, until it can be written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from motcua.agencies.queries import AgencyView
from motcua.cases.facts import Gathered
from motcua.cases.plans import Judged, Plan
from motcua.cases.services.filing.requests import Filed, Requested
from motcua.credentials.services import SealedPass


@dataclass(slots=True)
class Decided:
    """The answer by rule, with the id of the record that keeps it."""

    id: str
    judged: Judged


@dataclass(slots=True)
class Entry:
    """One line of the history of the new case."""

    act: str
    from_state: str
    to_state: str
    actor: str
    reason: str = ""


@dataclass(slots=True)
class Member:
    """A request that becomes a case, or a refusal."""

    wanted: Requested
    sha256: bytes
    plan: Plan
    values: Mapping[str, object] = field(default_factory=dict)
    number: str = ""
    office: AgencyView | None = None
    gathered: Gathered | None = None
    facts_json: str = "[]"
    fault: Exception | None = None
    place: tuple[str, str] = ("", "")
    decided: Decided | None = None
    entries: list[Entry] = field(default_factory=list)
    state: str = ""
    answer: str = ""
    reason_code: str = ""
    decided_by: str = ""
    tries: int = 0
    due_at: datetime | None = None
    wants_pass: bool = False
    allotted: int | None = None
    sealed: SealedPass | None = None
    place_names: Mapping[str, str] = field(default_factory=dict)
    outcome: Filed | Exception | None = None

    @property
    def account_and_key(self) -> tuple[int, str]:
        """What happens once."""
        return self.wanted.account_id, self.wanted.key

    @property
    def phase(self) -> str:
        """The phase of the present state."""
        return self.plan.content.workflow.states[self.state].phase

    def refuse(self, refusal: Exception) -> None:
        """Take the request out: nothing of it is stored."""
        self.outcome = refusal
