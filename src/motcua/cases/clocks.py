"""The legal clock of a case, read from its history and the terms of its pack; only the due date is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from motcua.calendars import vietnam
from motcua.calendars.clock import Budget, Clock, ClockEvent, Kind, read_clock
from motcua.procedures.content import HOURS_OF_A_DAY, Content, Manifest, State, Workflow


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a history as far as the clock is concerned; ``until`` is the new date that it set."""

    at: datetime
    act: str
    from_state: str
    to_state: str
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseClock:
    """The clock of a case with the term that counts now.

    ``receiving`` says that the case is not accepted yet: then the term is that of the answer to whoever filed.
    """

    clock: Clock
    receiving: bool


def case_clock(
    content: Content, history: Sequence[Happening], *, happens: Happening | None = None
) -> CaseClock:
    """Read the clock of a history, with what is about to be added to it.

    Raises ``EventRefused`` where that cannot be, such as ``ExtendedTwice``.
    """
    whole = [*history, happens] if happens is not None else list(history)
    part = _standing_part(content, whole)
    events = list(_events(content.workflow, part.history, part.steps))
    before = part.history[:-1] if happens is not None else part.history
    # What is written down already was judged when it was written.
    recorded = len(list(_events(content.workflow, before, part.steps)))
    clock = read_clock(events, budget=part.budget, calendar=vietnam(), recorded=recorded)
    return CaseClock(clock, part.receiving)


def budget_of(content: Content) -> Budget:
    """Return the term of the service with those of its steps; raises ``BudgetRefused``."""
    manifest, workflow = content.manifest, content.workflow
    in_days = manifest.within_working_days is not None
    steps = {name: _amount(workflow.states[name], in_days=in_days) for name in steps_of(workflow)}
    return Budget(
        _amount(manifest, in_days=in_days),
        "working_days" if in_days else "working_hours",
        "accepted" if workflow.has_legal_clock else "received",
        steps,
    )


def steps_of(workflow: Workflow) -> tuple[str, ...]:
    """Return the states on the way to an answer that have a term of their own within the service's.

    What begins after an answer, as the review of an objection, has a clock of its own.
    """
    states = workflow.states
    reached, waiting = set[str](), {workflow.start}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        if states[name].clock != "stopped":
            waiting |= {act.target for act in workflow.acts.values() if name in act.source} - reached
    return tuple(
        name
        for name, state in states.items()
        if name in reached and state.clock == "runs" and state.within_working_hours is not None
    )


@dataclass(frozen=True, slots=True)
class _Part:
    budget: Budget
    history: Sequence[Happening]
    steps: tuple[str, ...]
    receiving: bool


def _standing_part(content: Content, history: Sequence[Happening]) -> _Part:
    """Return the part of the history that the clock counts now: since filing, or since the last answer was left."""
    workflow = content.workflow
    began = 0
    for at, each in enumerate(history):
        before = workflow.states.get(each.from_state)
        if before is not None and before.clock == "stopped" and not _is_over(workflow, each):
            began = at
    part = history[began:]
    if began:
        own = workflow.states[part[0].to_state]
        return _Part(_own_budget(own, content.manifest), part, (), receiving=False)
    accepted = any(workflow.states[each.to_state].clock == "runs" for each in part)
    if workflow.has_legal_clock and not accepted:
        start = workflow.states[workflow.start]
        return _Part(_own_budget(start, content.manifest), part, (), receiving=True)
    return _Part(budget_of(content), part, steps_of(workflow), receiving=False)


def _is_over(workflow: Workflow, each: Happening) -> bool:
    return workflow.states[each.to_state].clock == "stopped"


def _events(workflow: Workflow, history: Sequence[Happening], steps: Sequence[str]) -> Iterable[ClockEvent]:
    clock, step = "", ""
    # Only a case that is received before it is accepted tells of its acceptance.
    accepted = bool(history) and workflow.states[history[0].to_state].clock != "receiving"
    for each in history:
        target = workflow.states[each.to_state]
        if not clock:
            yield ClockEvent(each.at, "received")
        elif target.clock == "stopped":
            kind = _ending(target)
            # What stands beside the workflow, as a paper that is taken back, hands nothing over again.
            if clock != "stopped" or (kind == "returned" and each.from_state != each.to_state):
                yield ClockEvent(each.at, kind)
        else:
            act = workflow.acts.get(each.act)
            if clock in _PAUSES and target.clock != clock:
                yield ClockEvent(each.at, "resumed")
            if target.clock == "runs" and not accepted:
                yield ClockEvent(each.at, "accepted")
            if target.clock in _PAUSES and target.clock != clock:
                yield ClockEvent(each.at, "paused", target.clock)
            if act is not None and act.extends:
                yield ClockEvent(each.at, "extended", each.reason, each.until)
        if target.clock == "runs" and each.to_state in steps and each.to_state != step:
            step = each.to_state
            yield ClockEvent(each.at, "entered", step)
        accepted = accepted or target.clock == "runs"
        clock = target.clock


_PAUSES = ("additions", "payment")


def _ending(target: State) -> Kind:
    if target.phase == "refused":
        return "refused"
    named: dict[int, Kind] = {7: "withdrawn", 10: "returned"}
    return named.get(target.national_status, "done" if target.phase == "granted" else "stopped")


def _own_budget(state: State, manifest: Manifest) -> Budget:
    term = state if state.within_working_hours is not None else manifest
    in_days = term.within_working_days is not None
    return Budget(_amount(term, in_days=in_days), "working_days" if in_days else "working_hours")


def _amount(term: State | Manifest, *, in_days: bool) -> Decimal:
    hours = Decimal(term.within_working_hours or 0)
    return hours / HOURS_OF_A_DAY if in_days else hours
