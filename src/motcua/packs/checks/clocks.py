"""The legal clock: what it does in each state agrees with the phase, terms of steps fit, and a pause can end."""

from collections.abc import Iterator

from motcua.calendars.clock import BudgetRefused
from motcua.cases.clocks import budget_of
from motcua.procedures.content import Act, State

from ..findings import Finding
from ..reading import Pack

FILE = "workflow.yaml"
ENDS = {"granted", "refused", "closed"}


def check_clock(pack: Pack) -> Iterator[Finding]:
    """Yield states whose clock contradicts their phase, pauses without an end, and extensions that nobody can use."""
    content = pack.content
    workflow = content.workflow
    for name, state in workflow.states.items():
        yield from _state(pack, name, state)
    for name, act in workflow.acts.items():
        yield from _extension(pack, name, act)
        yield from _request(pack, name, act)
    start = workflow.states[workflow.start]
    if content.manifest.decision is None and start.phase != "person":
        yield _at(
            pack,
            ("states", workflow.start, "phase"),
            f"pack.yaml names no decision, and {workflow.start} waits for nobody",
            "Give the start the phase person, or the service a decision.",
        )
    try:
        budget_of(content)
    except BudgetRefused as refusal:
        yield _at(
            pack, ("states",), f"the terms of the steps: {refusal}", "Let the steps fit into the whole."
        )


def _state(pack: Pack, name: str, state: State) -> Iterator[Finding]:
    workflow = pack.content.workflow
    place = ("states", name, "clock")
    if (state.phase == "citizen") != state.paused:
        yield _at(
            pack,
            place,
            f"{name} has the phase {state.phase} and the clock {state.clock}",
            "A state that waits for the applicant has the phase citizen and the clock additions or payment.",
        )
    if (state.phase in ENDS) != (state.clock == "stopped"):
        yield _at(
            pack,
            place,
            f"{name} has the phase {state.phase} and the clock {state.clock}",
            "The clock is stopped in states of the phases granted, refused and closed, and only there.",
        )
    if state.clock == "receiving" and name != workflow.start:
        yield _at(
            pack, place, f"{name} is not the start and has the clock receiving", "Only the start has it."
        )
    leaving = [act for act in workflow.acts.values() if name in act.source]
    if state.clock == "additions" and not any(workflow.supplies(act, name) for act in leaving):
        yield _at(
            pack,
            ("states", name),
            f"the applicant can supply nothing in {name}",
            "Add an act from it by citizen to a state in which the clock runs.",
        )


def _extension(pack: Pack, name: str, act: Act) -> Iterator[Finding]:
    workflow = pack.content.workflow
    if not act.extends:
        return
    place = ("acts", name, "extends")
    if not workflow.has_legal_clock:
        yield _at(
            pack,
            place,
            f"{name} extends a term, and the service has no legal clock",
            "Give the start the clock receiving, or remove extends.",
        )
    running = {workflow.states[state].clock for state in (*act.source, act.target)}
    if running != {"runs"}:
        yield _at(
            pack,
            place,
            f"{name} extends a term that does not run",
            "Let it lead from and to states in which the clock runs.",
        )
    if not act.needs_reason or act.letter is None:
        yield _at(
            pack,
            place,
            f"{name} sets a new date without telling the applicant why",
            "Add needs_reason: true and a letter.",
        )


def _request(pack: Pack, name: str, act: Act) -> Iterator[Finding]:
    workflow = pack.content.workflow
    asks = any(workflow.asks_for_additions(act, state) for state in act.source)
    if asks and not (act.needs_reason and act.letter):
        yield _at(
            pack,
            ("acts", name),
            f"{name} asks for additions without telling the applicant what is missing",
            "Add needs_reason: true and a letter.",
        )


def _at(pack: Pack, place: tuple[str, ...], problem: str, remedy: str) -> Finding:
    return Finding(FILE, pack.line_of(FILE, *place), problem, remedy)
