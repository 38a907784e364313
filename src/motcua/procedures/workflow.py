"""A workflow as a pack writes it: states with their clocks and whom they consult, acts, and what acts bring about."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, field_validator, model_validator

from motcua.procedures.findings import FindingDeclaration
from motcua.procedures.parts import Bilingual, Feel, Name, Strict

# What an office works on an ordinary day; a term in working days is so many of these.
HOURS_OF_A_DAY = 8
WorkingDays = Annotated[Decimal, Field(gt=0, le=400, multiple_of=Decimal("0.5"))]


def budget_in_hours(given: object) -> object:
    """Write a term in working days in hours as well, so that whoever measures time reads one of them."""
    if not isinstance(given, Mapping) or given.get("within_working_days") is None:
        return given
    days, hours = given["within_working_days"], given.get("within_working_hours")
    try:
        in_hours = int(Decimal(str(days)) * HOURS_OF_A_DAY)
    except ArithmeticError:
        # No number: the field itself says so.
        return given
    if hours is not None and hours != in_hours:
        raise ValueError(
            f"{days} working days are {in_hours} working hours, not {hours}; give one of the two"
        )
    return {**given, "within_working_hours": in_hours}


# A directive acts where a switch of the law changes what a case has.
Actor = Literal["machine", "directive", "citizen", "one_stop_officer", "specialist", "approver"]


# What the clock of the law does in a state: it has not begun, runs, waits for the applicant, or is over.
ClockMode = Literal["receiving", "runs", "additions", "payment", "stopped"]
_OVER = ("granted", "refused", "closed")
_ANSWERED = ("granted", "refused")


class Consult(Strict):
    """A question that a state puts to another agency, which answers once, in words and with what it found out.

    ``agency`` is its code. Its own term moves no date of the case; the case stays with who has it.
    """

    code: Name
    label: Bilingual
    question: Bilingual
    agency: Name
    within_working_hours: Annotated[int, Field(gt=0)] | None = None
    within_working_days: WorkingDays | None = None
    findings: tuple[FindingDeclaration, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _term(cls, given: object) -> object:
        return budget_in_hours(given)

    @model_validator(mode="after")
    def _has_a_term(self) -> "Consult":
        if self.within_working_hours is None:
            raise ValueError(f"{self.code}: say within_working_days, by when the agency is to answer")
        return self


class State(Strict):
    """Where a case can be; ``phase`` tells queues and counts what kind of place it is.

    ``clock`` tells what the clock of the law does there: in ``receiving`` only the state's own term counts, and the
    service's term begins with the act that leads on. ``worked_on_by`` is the code of the agency that has the case
    there, if it is another than the service's own. ``consults`` are put to their agencies, all at once, as a case comes
    to the state.
    """

    label: Bilingual
    explanation: Bilingual
    phase: Literal["deciding", "silent_register", "person", "citizen", "granted", "refused", "closed"]
    national_status: Annotated[int, Field(ge=1, le=10)]
    within_working_hours: Annotated[int, Field(gt=0)] | None = None
    within_working_days: WorkingDays | None = None
    clock: ClockMode = "runs"
    worked_on_by: Name | None = None
    consults: tuple[Consult, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _as_the_phase_says(cls, given: object) -> object:
        given = budget_in_hours(given)
        if not isinstance(given, Mapping) or given.get("clock") is not None:
            return given
        phase = given.get("phase")
        return {
            **given,
            "clock": "stopped" if phase in _OVER else "additions" if phase == "citizen" else "runs",
        }

    @property
    def paused(self) -> bool:
        """Tell whether the clock waits for the applicant."""
        return self.clock in ("additions", "payment")


# What an act brings about, in the order in which it is done.
Effect = Literal["draft_result", "sign_result", "seal_result", "issue_credential", "revoke_credential"]
EFFECTS: tuple[Effect, ...] = get_args(Effect)
OF_RESULT: frozenset[Effect] = frozenset({"draft_result", "sign_result", "seal_result"})


class Act(Strict):
    """A move from one state to another: who may make it, and what it brings about.

    ``when`` is a condition over the form, the facts and what was found out, without which the act is not open.
    ``extends`` moves the date of the answer, once, with a reason and a new date. ``findings`` are asked of who acts.
    ``after: consults`` has the machine take the act once every asked agency has answered.
    """

    label: Bilingual
    source: Annotated[tuple[Name, ...], Field(alias="from", min_length=1)]
    target: Annotated[Name, Field(alias="to")]
    by: Annotated[tuple[Actor, ...], Field(min_length=1)]
    effect: tuple[Effect, ...] = ()
    after: Literal["consults"] | None = None
    findings: tuple[FindingDeclaration, ...] = ()
    letter: Name | None = None
    needs_reason: bool = False
    extends: bool = False
    when: Feel | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @field_validator("effect", mode="before")
    @classmethod
    def _one_or_several(cls, given: object) -> object:
        """Take one effect, or a list, and put them into the order in which they are done."""
        several = [] if given is None else [given] if isinstance(given, str) else given
        if not isinstance(several, list | tuple):
            return given
        if len(set(map(str, several))) < len(several):
            raise ValueError("an effect stands twice")
        return tuple(sorted(several, key=lambda each: EFFECTS.index(each) if each in EFFECTS else -1))


class Workflow(Strict):
    """States and acts of a case as data; ``answers`` maps an answer of the decision to an act.

    The order of acts and answers means something, and the database keeps none of it: ``act_order`` and
    ``answer_order`` do, written by nobody but this class.

    ``silence`` is the act taken when a register did not answer in time; only a service that asks registers and
    decides by rule has one.
    """

    start: Name
    states: Mapping[Name, State]
    acts: Mapping[Name, Act]
    answers: Mapping[Name, Name] = {}
    silence: Name | None = None
    act_order: tuple[Name, ...] = ()
    answer_order: tuple[Name, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _in_order(cls, given: object) -> object:
        """Put acts and answers into the order that was kept, or keep the one in which they are written."""
        if not isinstance(given, Mapping):
            return given
        whole = dict(given)
        for part, order in (("acts", "act_order"), ("answers", "answer_order")):
            named = whole.get(part)
            if isinstance(named, Mapping):
                kept = [name for name in whole.get(order) or () if name in named]
                kept += [name for name in named if name not in kept]
                whole |= {part: {name: named[name] for name in kept}, order: tuple(kept)}
        return whole

    @model_validator(mode="after")
    def _every_name_is_declared(self) -> "Workflow":
        known = set(self.states)
        used = {self.start} | {act.target for act in self.acts.values()}
        used |= {state for act in self.acts.values() for state in act.source}
        if used - known:
            raise ValueError(
                f"state {', '.join(sorted(used - known))} is not declared (known: {', '.join(sorted(known))})"
            )
        named = {*self.answers.values()} | ({self.silence} if self.silence else set())
        unknown_acts = named - set(self.acts)
        if unknown_acts:
            raise ValueError(
                f"act {', '.join(sorted(unknown_acts))} is not declared (known: {', '.join(self.acts)})"
            )
        return self

    @property
    def has_legal_clock(self) -> bool:
        """Tell whether the service's term begins with its acceptance, pauses and can be extended."""
        return self.states[self.start].clock == "receiving"

    def answer_of(self, name: str, source: str, *, standing: str = "") -> str | None:
        """Return the answer that the act gives to a case in the state ``source``; None if it answers nothing.

        An act that ``answers`` does not name answers where it leads from elsewhere to a state of phase granted or
        refused: what was answered before (``standing``) if that leads to the same state, else the first answer that
        does, else the first that leads to the same phase. Where no answer does, which the check of a pack refuses,
        the act answers under its own name.
        """
        named = next((answer for answer, act in self.answers.items() if act == name), None)
        if named is not None:
            return named
        target = self.acts[name].target
        phase = self.states[target].phase
        if phase not in _ANSWERED or self.states[source].phase == phase:
            return None
        leading = {answer: self.acts[act].target for answer, act in self.answers.items()}
        like = [answer for answer, state in leading.items() if self.states[state].phase == phase]
        same = [answer for answer in like if leading[answer] == target]
        return standing if standing in same else next(iter((*same, *like)), name)

    def hands_over(self, act: Act, source: str) -> bool:
        """Tell whether an officer's act gives the applicant the result that is ready, and does nothing else."""
        phases = {self.states[source].phase, self.states[act.target].phase}
        return phases == {"granted"} and source != act.target and not act.effect and "machine" not in act.by

    def is_handed_over(self, state: str) -> bool:
        """Tell whether a case in this state has had its result handed over."""
        return any(
            act.target == state and self.hands_over(act, source)
            for act in self.acts.values()
            for source in act.source
        )

    def asks_for_additions(self, act: Act, source: str) -> bool:
        """Tell whether the act puts the case back to the applicant to complete it."""
        target = self.states[act.target]
        return target.clock == "additions" and not self.states[source].paused

    def supplies(self, act: Act, source: str) -> bool:
        """Tell whether the act is the applicant's answer to a request for additions."""
        from_state, target = self.states[source], self.states[act.target]
        return (
            "citizen" in act.by and from_state.clock == "additions" and target.clock in ("runs", "receiving")
        )

    @property
    def consults(self) -> Iterator[tuple[str, Consult]]:
        """Every consult with the state that puts it."""
        return ((name, consult) for name, state in self.states.items() for consult in state.consults)

    @property
    def declared_findings(self) -> Iterator[FindingDeclaration]:
        """Everything that may be found out, by acts first; the same name may stand in several places."""
        yield from (each for act in self.acts.values() for each in act.findings)
        yield from (each for _, consult in self.consults for each in consult.findings)

    @property
    def findings(self) -> dict[str, FindingDeclaration]:
        """Return what may be found out, by name."""
        return {each.name: each for each in self.declared_findings}
