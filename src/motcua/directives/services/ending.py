"""A directive that reaches its own end: told to the ledger once. The law itself ends by its date, without this."""

from datetime import datetime

from django.db import transaction

from motcua.directives.events import DirectiveEnded
from motcua.directives.models import Directive
from motcua.directives.queries import directives
from motcua.directives.states import DirectiveState
from motcua.events.services import publish


@transaction.atomic
def tell_ended(*, now: datetime) -> list[str]:
    """Publish each directive whose own end came while it was law, and return their numbers; each is told once."""
    told = []
    for found in directives(now):
        if found.state is not DirectiveState.EXPIRED or found.until_at is None:
            continue
        # Compare-and-set: a second worker finds it told.
        untold = Directive.objects.filter(pk=found.id, end_told_at__isnull=True)
        if untold.update(end_told_at=now) == 1:
            told.append(found.number)
            publish(
                DirectiveEnded(
                    happened_at=now,
                    agency_path="",
                    subject=found.number,
                    actor="machine",
                    directive=found.id,
                    ended_at=found.until_at,
                )
            )
    return told
