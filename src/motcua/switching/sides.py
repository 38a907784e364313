"""The two sides of a comparison: the law in force and the law with the draft, each with the revision that decides."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.cases.plans import Plan, plan_of
from motcua.directives.law import Law
from motcua.procedures.content import Content, FormField
from motcua.procedures.models import Revision
from motcua.procedures.queries import ProcedureView, revision
from motcua.rules import Model

# How the phase of the state that an answer leads to is counted.
KINDS = {"granted": "granted", "refused": "refused", "person": "person"}
FAULT = "fault"


class RevisionNotKnown(LookupError):
    """The directive names a revision that the service does not have."""

    def __init__(self, code: str, number: int) -> None:
        super().__init__(f"{code} has no revision {number}; install the pack, or correct the directive")


@dataclass(frozen=True, slots=True)
class Side:
    """One law, and the revision of a service under it; ``name`` tells its columns and tables from the other's."""

    name: str
    procedure: ProcedureView
    law: Law

    @property
    def content(self) -> Content:
        """The pack as of the revision."""
        return self.procedure.content

    @property
    def plan(self) -> Plan:
        """The revision, compiled."""
        return plan_of(self.procedure)

    @property
    def model(self) -> Model:
        """The decision model."""
        return self.procedure.model

    @property
    def kinds(self) -> Mapping[str, str]:
        """What each answer amounts to: granted, refused, person, or another phase."""
        workflow = self.content.workflow
        phases = {
            answer: workflow.states[workflow.acts[act].target].phase
            for answer, act in workflow.answers.items()
        }
        return {answer: KINDS.get(phase, "other") for answer, phase in phases.items()}

    def fields(self) -> dict[str, FormField]:
        """Return the fields of the form by name."""
        return {field.name: field for field in self.content.form.fields}


def sides_of(revision_id: int, before: Law, after: Law, revisions: Mapping[str, int]) -> tuple[Side, Side]:
    """Return both sides for cases of a revision; ``revisions`` are those that the draft puts in force, by service.

    Raises ``RevisionNotKnown``.
    """
    present = revision(revision_id)
    number = revisions.get(present.code)
    draft = present
    if number is not None:
        found = Revision.objects.filter(procedure__code=present.code, number=number).values_list(
            "pk", flat=True
        )
        if not found:
            raise RevisionNotKnown(present.code, number)
        draft = revision(found[0])
    return Side("before", present, before), Side("after", draft, after)
