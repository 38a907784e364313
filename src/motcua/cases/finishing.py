"""Results that are decided and that an officer still has to seal or hand over: no clock runs, and people wait for them.

Such a case has left the queue, whose cases wait for an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q

from motcua.cases.models import Case
from motcua.cases.queries import CaseView, view_of
from motcua.cases.services.act import OFFICERS
from motcua.cases.states import Phase
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Act, Actor, Workflow
from motcua.procedures.queries import search_services

Finish = Literal["seal", "hand_over"]
AT_MOST = 100


@dataclass(frozen=True, slots=True)
class ToFinish:
    """Cases for one step, oldest first; ``more`` says that there are more than are shown."""

    cases: tuple[CaseView, ...]
    more: bool


def results_to_finish(rights: Rights) -> dict[Finish, ToFinish]:
    """Return what waits for the officer's seal, and what waits to be handed over; empty for another's roles.

    Three queries at most. A step of an earlier revision of a service is found where its state still has that name.
    """
    found: dict[Finish, ToFinish] = {}
    for step, condition in _conditions(rights).items():
        rows = list(
            Case.objects.filter(
                rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
                | rights.predicate("agency_path", "place_path", purpose=Purpose.DECIDE_CASES),
                # As the index says it: what rules granted, the most by far, has nothing to seal.
                ~Q(decided_by=""),
                ~Q(decided_by="machine"),
                condition,
                phase=Phase.GRANTED,
            ).order_by("changed_at", "number")[: AT_MOST + 1]
        )
        found[step] = ToFinish(tuple(map(view_of, rows[:AT_MOST])), len(rows) > AT_MOST)
    return found


def finishes(workflow: Workflow, act: Act, source: str) -> Finish | None:
    """Tell whether the act seals the paper of a result that is decided, or hands it over, or neither."""
    if {workflow.states[source].phase, workflow.states[act.target].phase} != {"granted"}:
        return None
    if "seal_result" in act.effect:
        return "seal"
    return "hand_over" if workflow.hands_over(act, source) else None


def _conditions(rights: Rights) -> dict[Finish, Q]:
    """Return for each step that the officer's roles may take where its cases are."""
    roles = {actor for actor in OFFICERS if actor in rights.roles}
    conditions: dict[Finish, Q] = {}
    for service in search_services() if roles else ():
        for step, state in _steps(service.content.workflow, roles):
            here = Q(procedure_code=service.code, state=state)
            conditions[step] = conditions[step] | here if step in conditions else here
    return conditions


def _steps(workflow: Workflow, roles: set[Actor]) -> Iterator[tuple[Finish, str]]:
    for act in workflow.acts.values():
        for source in act.source if roles.intersection(act.by) else ():
            step = finishes(workflow, act, source)
            if step is not None:
                yield step, source
