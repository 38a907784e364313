"""Reactions of cases to what other apps tell."""

from datetime import datetime

from motcua.cases.services.paid import go_on_when_paid
from motcua.events.models import LedgerEntry


def go_on(entry: LedgerEntry, now: datetime) -> None:
    """React to ``FeesPaid``: the case that waits for payment goes on; for any other case nothing happens."""
    go_on_when_paid(number=entry.subject, now=now)
