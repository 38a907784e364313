"""Questions about the catalogue."""

import re
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
    row = Revision.objects.select_related("procedure").get(pk=revision_id)
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
