"""Providing the parts that a dossier asks for: checked and held when it is filed, in its transaction."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.vault.models import Component, Paper
from motcua.vault.states import Means, Source


@dataclass(frozen=True, slots=True)
class Provided:
    """One part of a new case: the field, the kind of paper it asks for, and what was given.

    ``paper_id`` is null where no paper was given; then ``fact`` names the fact that replaces it, if its register
    knew the answer.
    """

    case_number: str
    procedure_code: str
    field: str
    kind: str
    paper_id: uuid.UUID | None
    fact: str


def papers_standing(wanted: Collection[tuple[int, str, uuid.UUID]]) -> set[tuple[int, str, uuid.UUID]]:
    """Return which of these (person, kind, paper) stand, and keep them from being deleted until the transaction ends.

    None that its office took back. One query.
    """
    # A deletion waits for it; so do two cases with one paper, for as long as one takes to be filed.
    rows = (
        Paper.objects.select_for_update(no_key=True)
        .filter(pk__in={paper_id for _, _, paper_id in wanted}, withdrawn_at__isnull=True)
        .order_by("pk")
        .values_list("person_id", "kind", "pk")
    )
    return set(wanted) & set(rows)


def provide_components(provided: Sequence[Provided], *, now: datetime) -> None:
    """Write down how each part of the new cases was provided; their papers are held from now on. Three statements.

    A paper uploaded in the form of the service and used for the first time is digitized for it; any other is reused.
    """
    if not provided:
        return
    papers = Paper.objects.in_bulk([each.paper_id for each in provided if each.paper_id])
    used = set(Component.objects.filter(paper__in=papers).values_list("paper_id", flat=True))
    Component.objects.bulk_create(
        (
            Component(
                case_number=each.case_number,
                procedure_code=each.procedure_code,
                field=each.field,
                kind=each.kind,
                means=_means(each, papers.get(each.paper_id) if each.paper_id else None, used),
                paper_id=each.paper_id,
                fact="" if each.paper_id else each.fact,
                noted_at=now,
            )
            for each in provided
        ),
        # What a person supplies later stands in the place of what was there.
        update_conflicts=True,
        unique_fields=("case_number", "field"),
        update_fields=("means", "paper", "fact", "noted_at"),
    )


def _means(provided: Provided, paper: Paper | None, used: Collection[uuid.UUID | None]) -> Means:
    if paper is None:
        return Means.DATA if provided.fact else Means.MISSING
    fresh = paper.source == Source.UPLOADED and paper.added_for == provided.procedure_code
    return Means.UPLOADED if fresh and paper.pk not in used else Means.REUSED
