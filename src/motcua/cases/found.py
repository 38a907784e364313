"""What was found out about a case, read from its history."""

from collections.abc import Mapping

from motcua.cases.models import EntryDetails
from motcua.procedures.content import Content
from motcua.procedures.found import found_scope


def found_of(number: str) -> dict[str, object]:
    """Return everything found out by name, the last answer to each; one query."""
    found: dict[str, object] = {}
    rows = EntryDetails.objects.filter(entry__case_number=number).exclude(findings={})
    for findings in rows.order_by("entry__happened_at", "entry_id").values_list("findings", flat=True):
        found |= findings
    return found


def findings_in_scope(
    number: str, content: Content, *, found: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return what expressions see of what was found out; no query for a workflow that asks for nothing.

    ``found`` is what is about to be written down, over what stands in the history.
    """
    declared = list(content.workflow.declared_findings)
    return found_scope(declared, {**found_of(number), **(found or {})}) if declared else {}
