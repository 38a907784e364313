"""Walks an example case through its workflow: who may act, what the conditions allow, what the clock says."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from motcua import rules
from motcua.calendars.clock import EventRefused
from motcua.cases.clocks import Happening, case_clock
from motcua.cases.states import ActNotOpen, act_from
from motcua.procedures.content import Act, Content

from .examples import CaseExample, Step

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
PAUSED, OVER = "paused", "over"


class Walk:
    """One case on its way from a state; ``issues`` tells whether a credential was issued on it."""

    def __init__(self, content: Content, example: CaseExample, scope: Mapping[str, object]) -> None:
        self.content = content
        self.scope = scope
        self.state = content.workflow.start
        self.issues = False
        filed_at = example.filed_at or f"{example.today} 09:00"
        self.history = [Happening(_moment(filed_at), "file", "", self.state)]

    def began_by(self, act: Act) -> None:
        """Begin with the act by which the machine answered."""
        self.state, self.issues = act.target, act.effect == "issue_credential"

    def steps(self, example: CaseExample) -> Iterator[str]:
        """Take every step and yield what goes otherwise than written; ends at an act that is not open."""
        for step in example.then:
            fault = self._refusal(step)
            if step.refused:
                if fault is None:
                    yield f"{step.act} by {step.by} is not refused in {self.state}"
            elif fault is not None:
                yield fault
                return
            if self.state != step.state:
                yield f"{step.act} leads to {self.state}, not {step.state}"
            yield from self.due_is(step.due, step.act)

    def due_is(self, wanted: str | None, after: str) -> Iterator[str]:
        """Yield a fault unless the clock says what is wanted."""
        if wanted is None:
            return
        clock = case_clock(self.content, self.history).clock
        found = OVER if clock.ends else PAUSED if clock.state == PAUSED else None
        if found is None and clock.due_at is not None:
            found = f"{clock.due_at.astimezone(CITY):%Y-%m-%d %H:%M}"
        if found != wanted:
            yield f"after {after} the answer is due {found}, not {wanted}"

    def _refusal(self, step: Step) -> str | None:
        """Carry the step out, or return why it cannot be."""
        try:
            act = act_from(self.content.workflow, self.state, step.act, step.by, self._holds)
        except ActNotOpen as refusal:
            return str(refusal)
        if step.letter is not None and act.letter != step.letter:
            return f"{step.act} sends the letter {act.letter}, not {step.letter}"
        at = _moment(step.at) if step.at else self.history[-1].at + timedelta(minutes=1)
        until = _moment(step.until) if step.until else None
        happens = Happening(at, step.act, self.state, act.target, "reason", until)
        if self.content.workflow.has_legal_clock:
            try:
                case_clock(self.content, self.history, happens=happens)
            except EventRefused as refusal:
                return str(refusal)
        self.history.append(happens)
        self.state, self.issues = act.target, self.issues or act.effect == "issue_credential"
        return None

    def _holds(self, act: Act) -> bool:
        return act.when is None or rules.evaluate_feel(act.when, self.scope) is True


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)
