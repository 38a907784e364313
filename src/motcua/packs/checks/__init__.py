"""What must hold between the files of a pack, one file a subject; each check yields findings."""

from collections.abc import Callable, Iterator

from ..findings import Finding, PackRefused
from ..reading import Pack
from .allotments import check_allotment
from .bulk import check_bulk
from .clocks import check_clock
from .consults import check_consults
from .decisions import check_decisions
from .expressions import check_expressions
from .facts import check_facts
from .fees import check_fees
from .forms import check_form
from .results import check_result
from .texts import check_texts
from .words import check_words
from .workflows import check_workflow

CHECKS: tuple[Callable[[Pack], Iterator[Finding]], ...] = (
    check_form,
    check_facts,
    check_decisions,
    check_workflow,
    check_clock,
    check_expressions,
    check_texts,
    check_words,
    check_allotment,
    check_bulk,
    check_fees,
    check_consults,
    check_result,
)


def check_pack(pack: Pack) -> list[Finding]:
    """Return every warning of the pack; raises ``PackRefused`` with everything if there is an error."""
    findings = sorted({finding for check in CHECKS for finding in check(pack)})
    if any(finding.weight == "error" for finding in findings):
        raise PackRefused(findings)
    return findings
