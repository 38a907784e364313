"""Questions about the catalogue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from motcua import rules
from motcua.agencies.names import fold
from motcua.procedures.content import Content
from motcua.procedures.models import Revision

# What a code can be; text of another shape, which PostgreSQL might refuse to look for, is no code.
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


class NoSuchProcedure(LookupError):
    """No procedure of that code is in force."""


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision in the history of a procedure; ``withdrawn_at`` is null while it is in force."""

    id: int
    number: int
    sha256: str
    installed_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """A revision of a procedure, ready to use."""

    code: str
    revision_id: int
    number: int
    sha256: str
    installed_at: datetime
    content: Content

    @property
    def model(self) -> rules.Model:
        """The decision model of the revision (compiled once, cached by content)."""
        return rules.load(self.content.decision_model.encode())


# A revision never changes, so what was read once can be kept for the life of the process.
@lru_cache(maxsize=512)
def revision(revision_id: int) -> ProcedureView:
    """Return the revision; raises ``Revision.DoesNotExist``."""
    row = Revision.objects.select_related("procedure").defer("texts").get(pk=revision_id)
    return ProcedureView(
        row.procedure.code,
        row.pk,
        row.number,
        row.sha256,
        row.installed_at,
        Content.model_validate(row.content),
    )


def procedure_in_force(code: str) -> ProcedureView:
    """Return the revision in force; raises ``NoSuchProcedure``."""
    if not CODE.fullmatch(code):
        raise NoSuchProcedure(code)
    found = Revision.objects.filter(procedure__code=code, withdrawn_at__isnull=True).values_list(
        "pk", flat=True
    )
    if not found:
        raise NoSuchProcedure(code)
    return revision(found[0])


def search_services(words: str = "") -> list[ProcedureView]:
    """Return the procedures in force that hold every word, accents and case aside; all without words."""
    standing = Revision.objects.filter(withdrawn_at__isnull=True)
    for word in fold(words).split():
        standing = standing.filter(procedure__search_text__contains=word)
    return [revision(pk) for pk in standing.order_by("procedure__code").values_list("pk", flat=True)]


def revisions_of(code: str) -> list[RevisionLine]:
    """Return every revision of the procedure, oldest first; empty for a code that is none. One query."""
    if not CODE.fullmatch(code):
        return []
    rows = Revision.objects.filter(procedure__code=code).order_by("number")
    fields = ("pk", "number", "sha256", "installed_at", "withdrawn_at")
    return [RevisionLine(*row) for row in rows.values_list(*fields)]


def in_force_at(lines: Sequence[RevisionLine], moment: datetime) -> RevisionLine | None:
    """Return the revision that was in force just before the moment, or None when none was."""
    begun = [line for line in lines if line.installed_at < moment]
    if not begun:
        return None
    last = begun[-1]
    return last if last.withdrawn_at is None or last.withdrawn_at >= moment else None


def texts_of(revision_id: int) -> dict[str, str]:
    """Return the files of the revision as they were written; empty if it came without them. One query."""
    return dict(Revision.objects.values_list("texts", flat=True).get(pk=revision_id))
