"""A person says that they did not ask for help; an auditor finds out and tells them."""

import uuid
from datetime import datetime

from django.db import transaction

from motcua.events.services import publish
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.teams.events import HelpDisputed, HelpDisputeSettled
from motcua.teams.models import Assistance, HelpObjection
from motcua.teams.states import Finding

LONGEST_WORDS = 2_000


class NotHelped(LookupError):
    """Nobody helped this person with that case, or there is nothing to settle within these rights."""


@transaction.atomic
def object_to_help(*, case_number: str, person_id: int, words: str, now: datetime) -> bool:
    """Keep that the person did not ask for the help, and tell whether that is new. Raises ``NotHelped``."""
    row = Assistance.objects.filter(case_number=case_number, person=person_id).exclude(case_number="").first()
    if row is None:
        raise NotHelped(case_number)
    _, fresh = HelpObjection.objects.get_or_create(
        assistance=row, defaults={"words": words.strip()[:LONGEST_WORDS], "said_at": now}
    )
    if fresh:
        publish(
            HelpDisputed(
                happened_at=now,
                agency_path=row.agency_path,
                subject=case_number,
                actor="citizen",
                help=str(row.pk),
            )
        )
    return fresh


@transaction.atomic
def settle_objection(*, key: uuid.UUID, finding: Finding, answer: str, rights: Rights, now: datetime) -> None:
    """Keep what an auditor found, in words for the person.

    Raises ``NotHelped`` if there is no open objection within the rights, and ``ValueError`` without an answer.
    """
    said = answer.strip()[:LONGEST_WORDS]
    if not said:
        raise ValueError("an answer tells the person what was found")
    row = Assistance.objects.filter(
        rights.predicate("agency_path", "place_path", purpose=Purpose.AUDIT), pk=key
    ).first()
    if row is None:
        raise NotHelped(str(key))
    # Compare-and-set: two auditors may have the same list before them.
    standing = HelpObjection.objects.filter(assistance=row, settled_at__isnull=True)
    settled = standing.update(finding=finding, answer=said, settled_at=now, settled_by_id=rights.account_id)
    if settled != 1:
        raise NotHelped(str(key))
    publish(
        HelpDisputeSettled(
            happened_at=now,
            agency_path=row.agency_path,
            subject=row.case_number,
            actor=f"account:{rights.account_id}",
            help=str(key),
            finding=finding.value,
        )
    )
