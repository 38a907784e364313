"""Asks a case to pay, and takes that back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from motcua.events.values import Event
from motcua.fees.events import FeesCancelled, FeesDemanded
from motcua.fees.matching import key_of
from motcua.fees.models import Demand
from motcua.fees.schedule import Line
from motcua.fees.services.settling import one_at_a_time, settle, tell
from motcua.fees.states import Occasion
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose


class DemandSettled(RuntimeError):
    """The demand was paid in full or taken back meanwhile; ask for a refund instead."""


@transaction.atomic
def demand(
    *,
    case_number: str,
    agency_path: str,
    place_path: str,
    occasion: Occasion,
    lines: Sequence[Line],
    due_at: datetime | None,
    now: datetime,
) -> int:
    """Ask the case to pay the lines and return the id of the demand; the one that stands, if one does.

    Before the decision an amount may be worked out anew: a demand that nobody has begun to pay gives way to it. A
    demand of nothing is settled at once. Raises ``ValueError`` for a line below zero.
    """
    one_at_a_time()
    if any(line.amount_vnd < 0 for line in lines):
        raise ValueError(f"{case_number}: a line of a demand is below zero")
    standing = _standing(case_number, occasion)
    wanted = [asdict(line) for line in lines]
    if standing is not None:
        if occasion is not Occasion.BEFORE_DECISION or standing.lines == wanted or _is_begun(standing):
            return standing.pk
        tell([_take_back(standing, WORKED_OUT_ANEW, account_id=None, now=now)])
    row = Demand.objects.create(
        case_number=case_number,
        key=key_of(case_number),
        agency_path=agency_path,
        place_path=place_path,
        occasion=occasion,
        lines=wanted,
        total_vnd=sum(line.amount_vnd for line in lines),
        asked_at=now,
        due_at=due_at,
    )
    asked: Event = FeesDemanded(
        happened_at=now,
        agency_path=agency_path,
        subject=case_number,
        actor="machine",
        demand=row.pk,
        occasion=occasion.value,
        total_vnd=row.total_vnd,
    )
    tell([asked, *settle(row, account=None, now=now)])
    return row.pk


@transaction.atomic
def take_back_demand(*, case_number: str, occasion: Occasion, now: datetime) -> bool:
    """Take back what nobody has begun to pay, because nothing is owed any more; return whether there was any."""
    one_at_a_time()
    standing = _standing(case_number, occasion)
    if standing is None or _is_begun(standing):
        return False
    tell([_take_back(standing, WORKED_OUT_ANEW, account_id=None, now=now)])
    return True


WORKED_OUT_ANEW = "the amount was worked out anew"


def _standing(case_number: str, occasion: Occasion) -> Demand | None:
    return Demand.objects.filter(
        case_number=case_number, occasion=occasion, cancelled_at__isnull=True
    ).first()


def _is_begun(row: Demand) -> bool:
    return row.settled_at is not None or row.payments.exists()


def _take_back(row: Demand, reason: str, *, account_id: int | None, now: datetime) -> FeesCancelled:
    row.cancelled_at, row.cancelled_by_id, row.cancel_reason = now, account_id, reason
    row.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    return FeesCancelled(
        happened_at=now,
        agency_path=row.agency_path,
        subject=row.case_number,
        actor="machine" if account_id is None else f"account:{account_id}",
        demand=row.pk,
        reason=reason,
    )


@transaction.atomic
def cancel_demand(*, demand_id: int, reason: str, rights: Rights, now: datetime) -> str:
    """Take back a demand that is not settled, whose payments are then due back; return the number of the case.

    Raises ``Demand.DoesNotExist`` outside the rights as for one that is not there, ``DemandSettled``, and
    ``ValueError`` without a reason.
    """
    if not reason.strip():
        raise ValueError("a demand is taken back for a reason")
    one_at_a_time()
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.DECIDE_CASES)
    row = Demand.objects.filter(within).get(pk=demand_id)
    if row.settled_at is not None or row.cancelled_at is not None:
        raise DemandSettled(f"demand {demand_id} of {row.case_number}")
    tell([_take_back(row, reason.strip(), account_id=rights.account_id, now=now)])
    return row.case_number
