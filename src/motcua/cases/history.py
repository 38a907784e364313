"""The history of a case as its clock reads it."""

from motcua.cases.clocks import Happening
from motcua.cases.models import CaseEntry


def history_of(number: str) -> list[Happening]:
    """Return what happened to the case, oldest first; one query."""
    return [
        happening_of(entry)
        for entry in CaseEntry.objects.filter(case_number=number).select_related("details")
    ]


def happening_of(entry: CaseEntry) -> Happening:
    """Return the entry; its details should have been read with it."""
    details = getattr(entry, "details", None)
    return Happening(
        entry.happened_at,
        entry.act,
        entry.from_state,
        entry.to_state,
        entry.reason,
        details.until if details is not None else None,
    )
