"""Reactions of credentials to events."""

from datetime import datetime

from motcua.credentials.services import publish_if_due
from motcua.events.models import LedgerEntry


def publish_at_once(entry: LedgerEntry, now: datetime) -> None:
    """Publish the status list as soon as a pass or key was revoked, so that scanners learn it at the next sync."""
    publish_if_due(now=now)
