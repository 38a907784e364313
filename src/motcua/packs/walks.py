"""Walks an example case through its workflow: who may act, what the conditions allow, what the clock says."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from motcua import rules
from motcua.calendars.clock import EventRefused
from motcua.cases.clocks import Happening, case_clock
from motcua.cases.states import ActNotOpen, act_from, open_acts
from motcua.procedures.content import Act, Consult, Content
from motcua.procedures.forms import FormRefused
from motcua.procedures.found import check_findings, found_scope

from .examples import CaseExample, Step

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
PAUSED, OVER = "paused", "over"


class Walk:
    """One case on its way from a state; ``issues`` tells whether a credential was issued on it."""

    def __init__(self, content: Content, example: CaseExample, scope: Mapping[str, object]) -> None:
        self.content = content
        self.known = scope
        self.found: dict[str, object] = {}
        self.asked: dict[str, Consult] = {}
        # What was found out each time a paper was drafted.
        self.drafted: list[dict[str, object]] = []
        self.state = content.workflow.start
        self.issues = False
        filed_at = example.filed_at or f"{example.today} 09:00"
        self.history = [Happening(_moment(filed_at), "file", "", self.state)]

    @property
    def scope(self) -> dict[str, object]:
        """What expressions see of the case as far as it is."""
        return {**self.known, **self.found_in_feel}

    @property
    def found_in_feel(self) -> dict[str, object]:
        """What was found out so far, null where nothing was."""
        return found_scope(self.content.workflow.declared_findings, self.found)

    def began_by(self, act: Act) -> None:
        """Begin with the act by which the machine answered."""
        self.state, self.issues = act.target, "issue_credential" in act.effect

    def steps(self, example: CaseExample) -> Iterator[str]:
        """Take every step and yield what goes otherwise than written; ends at an act that is not open."""
        for step in example.then:
            fault = self._refusal(step)
            if step.refused:
                if fault is None:
                    yield f"{step.named} by {step.by} is not refused in {self.state}"
            elif fault is not None:
                yield fault
                return
            if self.state != step.state:
                yield f"{step.named} leads to {self.state}, not {step.state}"
            yield from self.due_is(step.due, step.named)

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
        at = _moment(step.at) if step.at else self.history[-1].at + timedelta(minutes=1)
        if step.consult is not None:
            return self._answered(step.consult, step, at)
        name = step.named
        try:
            act = act_from(self.content.workflow, self.state, name, step.by, self._holds)
            found = check_findings(act.findings, step.findings)
        except ActNotOpen as refusal:
            return str(refusal)
        except FormRefused as refusal:
            return f"{name}: {_messages(refusal)}"
        if step.letter is not None and act.letter != step.letter:
            return f"{name} sends the letter {act.letter}, not {step.letter}"
        before, self.found = self.found, {**self.found, **found}
        fault = self._moved(name, act, at, _moment(step.until) if step.until else None)
        if fault is not None:
            self.found = before
        return fault

    def _answered(self, code: str, step: Step, at: datetime) -> str | None:
        """Answer a consult; the last answer has the machine move the case."""
        consult = self.asked.get(code)
        if consult is None or step.by != "specialist":
            return f"{code} is not asked of a {step.by} in {self.state} (asked: {', '.join(self.asked)})"
        try:
            self.found |= check_findings(consult.findings, step.findings)
        except FormRefused as refusal:
            return f"{code}: {_messages(refusal)}"
        del self.asked[code]
        self.history.append(Happening(at, code, self.state, self.state, "answered"))
        if self.asked:
            return None
        acts = open_acts(self.content.workflow, self.state, "machine", self._holds)
        following = next(((name, act) for name, act in acts.items() if act.after), None)
        return self._moved(*following, at, None) if following else None

    def _moved(self, name: str, act: Act, at: datetime, until: datetime | None) -> str | None:
        happens = Happening(at, name, self.state, act.target, "reason", until)
        if self.content.workflow.has_legal_clock:
            try:
                case_clock(self.content, self.history, happens=happens)
            except EventRefused as refusal:
                return str(refusal)
        self.history.append(happens)
        if act.target != self.state:
            self.asked = {each.code: each for each in self.content.workflow.states[act.target].consults}
        if "draft_result" in act.effect:
            self.drafted.append(self.found_in_feel)
        self.state, self.issues = act.target, self.issues or "issue_credential" in act.effect
        return None

    def _holds(self, act: Act) -> bool:
        if act.after is not None and self.asked:
            return False
        return act.when is None or rules.evaluate_feel(act.when, self.scope) is True


def _messages(refusal: FormRefused) -> str:
    return "; ".join(message.en for message in refusal.errors.values())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)
