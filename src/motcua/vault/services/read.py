"""Reading a paper's content: by its owner, and by an officer of the case that holds it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.identity.sealing import unseal
from motcua.identity.states import Purpose
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_access
from motcua.vault.checking.kinds_of_file import EXTENSIONS
from motcua.vault.models import Component, Paper
from motcua.vault.services.delete import PaperNotYours
from motcua.vault.services.keep import SEALED_FOR

LOGGED_AS = "papers"


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A content with the name and type under which it is given out."""

    content: bytes
    media_type: str
    file_name: str


def read_own(*, paper_id: uuid.UUID, person_id: int) -> ReadPaper:
    """Return the content to its owner; raises ``PaperNotYours``. One's own reading is not logged."""
    paper = Paper.objects.select_related("file").filter(pk=paper_id, person_id=person_id).first()
    if paper is None:
        raise PaperNotYours(str(paper_id))
    return read(paper)


def thumbnail_of_own(*, paper_id: uuid.UUID, person_id: int) -> bytes:
    """Return the small PNG of the paper, empty if it has none; raises ``PaperNotYours``."""
    paper = Paper.objects.select_related("file").filter(pk=paper_id, person_id=person_id).first()
    if paper is None:
        raise PaperNotYours(str(paper_id))
    sealed = bytes(paper.file.thumbnail_sealed)
    return unseal(sealed, SEALED_FOR) if sealed else b""


@transaction.atomic
def open_for_officer(
    *, paper_id: uuid.UUID, case_number: str, asker: Asker, purpose: Purpose, now: datetime
) -> ReadPaper:
    """Return a paper that the case holds, and note for its owner who read it and why.

    Whether the officer may read the case is the caller's to know. Raises ``PaperNotYours``.
    """
    held = (
        Component.objects.select_related("paper__file", "paper__person")
        .filter(case_number=case_number, paper_id=paper_id)
        .first()
    )
    if held is None or held.paper is None:
        raise PaperNotYours(str(paper_id))
    note_access(
        person_key=bytes(held.paper.person.key),
        asker=asker,
        purpose=purpose.value,
        source=LOGGED_AS,
        what=[held.paper.title],
        case_number=case_number,
        now=now,
    )
    return read(held.paper)


def read_held(*, paper_id: uuid.UUID, case_number: str) -> ReadPaper:
    """Return a paper that the case holds, for pages of one that was opened and noted a moment ago.

    That it was, and that the officer may read the case, is the caller's to know. Raises ``PaperNotYours``.
    """
    held = (
        Component.objects.select_related("paper__file")
        .filter(case_number=case_number, paper_id=paper_id)
        .first()
    )
    if held is None or held.paper is None:
        raise PaperNotYours(str(paper_id))
    return read(held.paper)


def read(paper: Paper) -> ReadPaper:
    """Return the content of a row read with its file; who may read it is the caller's to know."""
    extension = EXTENSIONS[paper.file.media_type]
    return ReadPaper(
        content=unseal(bytes(paper.file.content_sealed), SEALED_FOR),
        media_type=paper.file.media_type,
        # Of the paper's own words nothing: a name is read by programs as well.
        file_name=f"{paper.kind.replace('_', '-')}-{str(paper.pk)[:8]}.{extension}",
    )
