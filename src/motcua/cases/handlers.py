"""Reactions of cases to what other apps tell."""

from datetime import datetime

from motcua.cases.services.paid import go_on_when_paid
from motcua.cases.services.results import keep_results_of_case
from motcua.events.models import LedgerEntry


def go_on(entry: LedgerEntry, now: datetime) -> None:
    """React to ``FeesPaid``: the case that waits for payment goes on, and a result that was held back is kept."""
    go_on_when_paid(number=entry.subject, now=now)
    keep_results_of_case(number=entry.subject, now=now)


def keep_results(entry: LedgerEntry, now: datetime) -> None:
    """React to ``ResultSealed`` and ``FeesCancelled``: the paper is kept for the applicant, unless a fee holds it."""
    keep_results_of_case(number=entry.subject, now=now)
