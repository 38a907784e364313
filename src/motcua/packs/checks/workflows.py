"""The workflow: every state can be reached and left, every answer has its act and its letter."""

from collections.abc import Iterator

from motcua.procedures.content import OF_RESULT, Act, Workflow

from ..findings import Finding, did_you_mean
from ..reading import Pack

FILE = "workflow.yaml"
OFFICERS = {"one_stop_officer", "specialist", "approver"}
ENDS = {"granted", "refused", "closed"}
ANSWERED = {"granted", "refused"}


def check_workflow(pack: Pack) -> Iterator[Finding]:
    """Yield dead ends, unreachable states, missing letters, and effects that nothing can carry out."""
    workflow = pack.content.workflow
    yield from _reachable(pack, workflow)
    for name, state in workflow.states.items():
        leaving = [act for act in workflow.acts.values() if name in act.source]
        if state.phase == "person" and not any(OFFICERS & set(act.by) for act in leaving):
            yield _at(
                pack,
                ("states", name),
                f"{name} waits for an officer who has no act there",
                "Add an act from it by specialist or approver.",
            )
        if state.phase == "refused" and not any(_is_objection(workflow, act) for act in leaving):
            yield _at(
                pack,
                ("states", name),
                f"nobody can object in {name}",
                "Add the act object from it by citizen, to a state of phase person.",
            )
        if state.phase not in ENDS and not leaving:
            yield _at(
                pack,
                ("states", name),
                f"nothing leads out of {name}",
                "Add an act from it, or give it the phase closed.",
            )
    for name, act in workflow.acts.items():
        yield from _act(pack, name, act)
        yield from _unanswered(pack, workflow, name, act)
    yield from _answers(pack, workflow)


def _is_objection(workflow: Workflow, act: Act) -> bool:
    return "citizen" in act.by and workflow.states[act.target].phase == "person"


def _reachable(pack: Pack, workflow: Workflow) -> Iterator[Finding]:
    reached, waiting = set[str](), {workflow.start}
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting |= {act.target for act in workflow.acts.values() if state in act.source} - reached
    for name in workflow.states:
        if name not in reached:
            yield _at(
                pack, ("states", name), f"no act leads to the state {name}", "Add an act to it, or remove it."
            )


def _act(pack: Pack, name: str, act: Act) -> Iterator[Finding]:
    letters = pack.content.letters
    target = pack.content.workflow.states[act.target]
    if act.letter is not None and act.letter not in letters:
        yield _at(
            pack,
            ("acts", name, "letter"),
            f"{name}: there is no letters/{act.letter}.yaml",
            did_you_mean(act.letter, letters),
        )
    of_credential = [effect for effect in act.effect if effect not in OF_RESULT]
    if of_credential and pack.content.credential is None:
        yield _at(
            pack,
            ("acts", name, "effect"),
            f"{name}: {of_credential[0]} needs a credential.yaml",
            "Add the layout, or remove the effect.",
        )
    if "issue_credential" in act.effect and target.phase != "granted":
        yield _at(
            pack,
            ("acts", name, "effect"),
            f"{name} issues a credential and leads to {act.target}, which is not granted",
            "Lead it to a state of phase granted.",
        )
    refusing = target.phase in {"refused", "closed"} and OFFICERS & set(act.by)
    if refusing and not act.needs_reason:
        yield _at(
            pack,
            ("acts", name),
            f"{name}: an officer could end the case without a reason",
            "Add needs_reason: true.",
        )


def _unanswered(pack: Pack, workflow: Workflow, name: str, act: Act) -> Iterator[Finding]:
    """Yield an act that would refuse or grant and leave nobody able to say with which answer, or for what reason."""
    phase = workflow.states[act.target].phase
    elsewhere = any(workflow.states[source].phase != phase for source in act.source)
    if phase not in ANSWERED or not elsewhere or name in workflow.answers.values():
        return
    if phase == "refused" and "machine" in act.by:
        yield _at(
            pack,
            ("acts", name),
            f"{name}: the machine would refuse, and no decision says why",
            f"Name {name} under answers, or leave it to an officer.",
        )
    phases = {workflow.states[workflow.acts[other].target].phase for other in workflow.answers.values()}
    if OFFICERS & set(act.by) and phase not in phases:
        yield _at(
            pack,
            ("acts", name),
            f"{name} ends the case in {act.target}, and no answer leads to a state of phase {phase}",
            f"Name {name} under answers, such as refuse: {name}."
            if phase == "refused"
            else f"Name {name} under answers, such as grant: {name}.",
        )


def _answers(pack: Pack, workflow: Workflow) -> Iterator[Finding]:
    by_rule = pack.content.manifest.decision is not None
    for answer, name in workflow.answers.items():
        act = workflow.acts[name]
        place = ("answers", answer)
        if not by_rule and not OFFICERS & set(act.by):
            yield _at(
                pack,
                place,
                f"{answer}: the act {name} is open to no officer, and pack.yaml names no decision",
                "Add an officer to its by, or give the service a decision.",
            )
        if by_rule and ("machine" not in act.by or workflow.start not in act.source):
            yield _at(
                pack,
                place,
                f"{answer}: the act {name} is not open to the machine in {workflow.start}",
                "Add machine to its by, and the start to its from.",
            )
        if act.letter is None:
            yield _at(
                pack,
                place,
                f"{answer}: the act {name} sends no letter",
                f"Write letters/{name}.yaml and name it under the act.",
            )
    yield from _silence(pack, workflow, by_rule=by_rule)
    used = {act.letter for act in workflow.acts.values()}
    for name in pack.content.letters:
        if name not in used:
            yield Finding(
                f"letters/{name}.yaml",
                0,
                "no act sends this letter",
                f"Name it under an act of {FILE}, or remove it.",
            )


def _silence(pack: Pack, workflow: Workflow, *, by_rule: bool) -> Iterator[Finding]:
    if workflow.silence is None:
        if by_rule:
            yield _at(
                pack,
                ("answers",),
                "there is no act for a register that is silent",
                "Add silence: the name of an act that waits.",
            )
        return
    silence = workflow.acts[workflow.silence]
    if workflow.states[silence.target].phase != "silent_register" or workflow.start not in silence.source:
        yield _at(
            pack,
            ("silence",),
            f"{workflow.silence} does not lead from {workflow.start} to a state that waits for a register",
            "Lead it to a state of phase silent_register.",
        )


def _at(pack: Pack, place: tuple[str, ...], problem: str, remedy: str) -> Finding:
    return Finding(FILE, pack.line_of(FILE, *place), problem, remedy)
