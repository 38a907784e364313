"""Deleting a paper: the person's own uploads, unless a case holds them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from motcua.events.services import publish
from motcua.vault.events import PaperDeleted
from motcua.vault.models import Paper, PaperFile
from motcua.vault.states import Source


class PaperNotYours(LookupError):
    """There is no such paper of this person."""


class PaperHeld(PermissionError):
    """The paper cannot be deleted: cases hold it, or it is a result. ``case_numbers`` says which."""

    def __init__(self, case_numbers: Sequence[str]) -> None:
        self.case_numbers = tuple(case_numbers)
        super().__init__(f"held by {', '.join(self.case_numbers)}")


@transaction.atomic
def delete_paper(*, paper_id: uuid.UUID, person_id: int, now: datetime, actor: str = "citizen") -> None:
    """Delete an uploaded paper of the person, and its content unless another paper has it.

    Raises ``PaperNotYours`` and ``PaperHeld``. Shares that show it go on without it.
    """
    # A case that is being filed with it locks the row as well, and whoever comes second sees the first.
    paper = Paper.objects.select_for_update().filter(pk=paper_id, person_id=person_id).first()
    if paper is None:
        raise PaperNotYours(str(paper_id))
    holding = list(paper.components.order_by("case_number").values_list("case_number", flat=True).distinct())
    if paper.source != Source.UPLOADED:
        holding = [paper.case_number or paper.register]
    if holding:
        raise PaperHeld(holding)
    paper.shares.clear()
    paper.delete()
    file = PaperFile.objects.select_for_update().get(pk=paper.file_id)
    if not Paper.objects.filter(file=file).exists():
        file.delete()
    publish(PaperDeleted(happened_at=now, agency_path="", subject=f"paper:{paper_id}", actor=actor))
