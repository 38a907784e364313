"""Which act of a pack carries out what a directive does to a case; the pack names it by the actor ``directive``."""

from motcua.procedures.content import Act, Workflow
from motcua.switching.states import Category

# Passes that get another in their place.
RENEWED = (Category.EXTENDED, Category.DOWNGRADED, Category.CHANGED)
CARRIED_OUT = (*RENEWED, Category.REVOKED, Category.TO_PERSON, Category.GRANTED, Category.REFUSED)
_PHASES: dict[Category, tuple[str, ...]] = {
    **dict.fromkeys(RENEWED, ("granted",)),
    Category.REVOKED: ("closed", "refused"),
    Category.TO_PERSON: ("person",),
    Category.GRANTED: ("granted",),
    Category.REFUSED: ("refused",),
}


def act_of(workflow: Workflow, state: str, category: Category, answer: str = "") -> tuple[str, Act] | None:
    """Return name and body of the act from the state, or None if the pack has none by a directive.

    The act that the answer leads to counts first, where it brings the case where the category says.
    """
    phases = _PHASES[category]
    open_here = {
        name: act
        for name, act in workflow.acts.items()
        if "directive" in act.by and state in act.source and workflow.states[act.target].phase in phases
    }
    answering = workflow.answers.get(answer)
    if answering in open_here:
        return answering, open_here[answering]
    return next(iter(open_here.items()), None)
