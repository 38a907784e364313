"""What is found out, and whom a state asks: clashing names, unanswerable questions, answers that lead nowhere."""

from collections.abc import Iterator, Sequence

from motcua.procedures.content import (
    HOLDER_NAMES,
    LETTER_NAMES,
    Act,
    Consult,
    FindingDeclaration,
    State,
    feel_name,
)

from ..findings import Finding
from ..reading import Pack

FILE = "workflow.yaml"
OFFICERS = {"one_stop_officer", "specialist", "approver"}


def check_consults(pack: Pack) -> Iterator[Finding]:
    """Yield findings whose names clash, consults that cannot be answered, and answers that nothing follows."""
    workflow = pack.content.workflow
    for name, act in workflow.acts.items():
        yield from _findings_of(pack, ("acts", name), act.findings)
        yield from _act(pack, name, act)
    seen: set[str] = set()
    for name, state in workflow.states.items():
        for index, consult in enumerate(state.consults):
            place = ("states", name, "consults", index)
            if consult.code in seen:
                yield _at(pack, place, f"the consult {consult.code} stands twice", "Give each its own code.")
            seen.add(consult.code)
            yield from _findings_of(pack, place, consult.findings)
            yield from _consult(pack, place, name, consult)
        if state.consults:
            yield from _state(pack, name, state)


def _findings_of(
    pack: Pack, place: Sequence[str | int], findings: Sequence[FindingDeclaration]
) -> Iterator[Finding]:
    content = pack.content
    taken = {feel_name(field.name): "a field of the form" for field in content.form.fields}
    taken |= {feel_name(fact.name): "a fact" for fact in content.facts}
    taken |= dict.fromkeys(content.manifest.outputs, "an output of the decision")
    given = (*HOLDER_NAMES, "today", *map(feel_name, LETTER_NAMES))
    taken |= dict.fromkeys(given, "a name that the path gives")
    names = [each.name for each in findings]
    for index, each in enumerate(findings):
        at = (*place, "findings", index, "name")
        clash = taken.get(feel_name(each.name))
        if clash:
            yield _at(pack, at, f"the finding {each.name} has the name of {clash}", "Choose another name.")
        if names.index(each.name) < index:
            yield _at(pack, at, f"the finding {each.name} stands twice", "Keep one of them.")
        first = next(one for one in content.workflow.declared_findings if one.name == each.name)
        if (first.type, first.options) != (each.type, each.options):
            yield _at(
                pack,
                at,
                f"the finding {each.name} is declared elsewhere with another type or other options",
                "What has one name is one thing: declare it alike, or choose another name.",
            )


def _act(pack: Pack, name: str, act: Act) -> Iterator[Finding]:
    workflow = pack.content.workflow
    if act.findings and not set(act.by) <= OFFICERS:
        yield _at(
            pack,
            ("acts", name, "findings"),
            f"{name} asks what was found out, and is open to others than officers",
            "Only officers find something out: let by name one_stop_officer, specialist or approver alone.",
        )
    if act.after is None:
        return
    place = ("acts", name, "after")
    if act.by != ("machine",):
        yield _at(
            pack,
            place,
            f"{name} follows the answers of agencies and is open to {', '.join(act.by)}",
            "Write by: [machine]; the last answer moves the case.",
        )
    without = [state for state in act.source if not workflow.states[state].consults]
    if without:
        yield _at(
            pack,
            place,
            f"{name} follows consults, and {', '.join(without)} asks nobody",
            "Give the state consults, or remove after.",
        )


def _consult(pack: Pack, place: Sequence[str | int], state: str, consult: Consult) -> Iterator[Finding]:
    manifest = pack.content.manifest
    own = pack.content.workflow.states[state].worked_on_by or manifest.agency
    if consult.agency == own:
        yield _at(
            pack,
            (*place, "agency"),
            f"{consult.code} asks {own}, which has the case itself",
            "Ask another agency, or make it an act with findings.",
        )
    if (consult.within_working_hours or 0) > manifest.within_working_hours:
        yield _at(
            pack,
            place,
            f"{consult.code} may take longer than the whole service",
            "Give it a shorter term than that in pack.yaml.",
        )


def _state(pack: Pack, name: str, state: State) -> Iterator[Finding]:
    workflow = pack.content.workflow
    place = ("states", name, "consults")
    if state.phase != "person" or state.clock != "runs" or name == workflow.start:
        yield _at(
            pack,
            place,
            f"{name} consults agencies and is the start, or has not the phase person and a clock that runs",
            "Consult in a state of phase person that an act leads to.",
        )
    by_rule = {*workflow.answers.values(), workflow.silence} if pack.content.manifest.decision else set()
    for act_name, act in workflow.acts.items():
        if act.target == name and name not in act.source and ("directive" in act.by or act_name in by_rule):
            yield _at(
                pack,
                ("acts", act_name, "to"),
                f"{act_name} brings many cases to {name} at once, where nobody would be asked",
                "Let an officer's act lead to a state that consults.",
            )
    following = [(each, act) for each, act in workflow.acts.items() if act.after and name in act.source]
    if not following:
        yield _at(
            pack,
            place,
            f"nothing follows when all have answered in {name}",
            "Add an act from it with by: [machine] and after: consults.",
        )
        return
    free = [each for each, act in following if act.when is None]
    if not free:
        yield _at(
            pack,
            ("acts", following[-1][0], "when"),
            f"when all have answered in {name} and no condition holds, the case stays where it is",
            "Let the last act with after: consults have no condition.",
        )
    elif free[0] != following[-1][0]:
        yield _at(
            pack,
            ("acts", free[0]),
            f"{free[0]} has no condition and stands before {following[-1][0]}, which is then never taken",
            "Put the act without a condition last.",
        )


def _at(pack: Pack, place: Sequence[str | int], problem: str, remedy: str) -> Finding:
    return Finding(FILE, pack.line_of(FILE, *place), problem, remedy)
