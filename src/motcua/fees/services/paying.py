"""Takes a payment that a bank tells of, once, and finds what it is for."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.events.values import Event
from motcua.fees.events import PaymentReceived
from motcua.fees.matching import traces_in
from motcua.fees.models import BankAccount, Demand, Payment
from motcua.fees.services.settling import attach, kept_vnd, one_at_a_time, tell
from motcua.fees.states import Channel, Match
from motcua.fees.transfers import Transferred

# Several cases of fifteen equal digits do not exist; a text with more numbers than this is no purpose.
_MOST_TRACES = 40


class ReferenceReused(ValueError):
    """The bank gave the same reference to another amount before; somebody has to ask the bank."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a payment; ``case_number`` is empty while an officer has to look."""

    payment_id: int
    fresh: bool
    case_number: str


@transaction.atomic
def take_payment(*, account_id: int, transferred: Transferred, channel: Channel, now: datetime) -> Taken:
    """Keep the payment and give it to its demand; one that is known changes nothing.

    Raises ``ReferenceReused``.
    """
    one_at_a_time()
    account = BankAccount.objects.get(pk=account_id)
    taken, events = take(account, transferred, channel=channel, now=now)
    tell(events)
    return taken


def take(
    account: BankAccount, transferred: Transferred, *, channel: Channel, now: datetime
) -> tuple[Taken, list[Event]]:
    """Keep the payment in the caller's transaction and return what to tell; raises ``ReferenceReused``."""
    known = Payment.objects.filter(bank_account=account, reference=transferred.reference).first()
    if known is not None:
        if known.amount_vnd != transferred.amount_vnd:
            raise ReferenceReused(f"{account.code}, reference {transferred.reference}")
        return Taken(known.pk, fresh=False, case_number=known.demand.case_number if known.demand else ""), []
    row = Payment.objects.create(
        bank_account=account,
        reference=transferred.reference,
        amount_vnd=transferred.amount_vnd,
        paid_at=transferred.paid_at,
        purpose=transferred.purpose.replace("\0", "")[:500],
        payer_name=transferred.payer_name.replace("\0", "")[:200],
        payer_account=transferred.payer_account.replace("\0", "")[:40],
        channel=channel,
        received_at=now,
    )
    found = _found(row)
    received = PaymentReceived(
        happened_at=now,
        agency_path=account.agency_path,
        subject=found[0].case_number if found else f"payment:{row.pk}",
        actor="machine",
        payment=row.pk,
        account=account.code,
        reference=row.reference,
        amount_vnd=row.amount_vnd,
        channel=channel.value,
    )
    if found is None:
        return Taken(row.pk, fresh=True, case_number=""), [received]
    demand, match = found
    events = attach(row, demand, match=match, now=now)
    return Taken(row.pk, fresh=True, case_number=demand.case_number), [received, *events]


def _found(payment: Payment) -> tuple[Demand, Match] | None:
    """Return the one demand that the purpose names, or None when it names none or several cases."""
    traces = traces_in(payment.purpose)
    if traces.whole:
        if len(traces.whole) > _MOST_TRACES:
            return None
        named = list(Demand.objects.filter(key__in=traces.whole).order_by("asked_at", "pk"))
        return (_best(named, payment), Match.CODE) if _one_case(named) else None
    cut: list[Demand] = []
    for trace, place in (
        *((each, "startswith") for each in traces.heads),
        *((each, "endswith") for each in traces.tails),
    ):
        cut += Demand.objects.filter(
            **{f"key__{place}": trace},
            total_vnd=payment.amount_vnd,
            settled_at__isnull=True,
            cancelled_at__isnull=True,
        )[:2]
    return (_best(cut, payment), Match.CUT) if _one_case(cut) else None


def _one_case(demands: list[Demand]) -> bool:
    return len({each.case_number for each in demands}) == 1


def _best(demands: list[Demand], payment: Payment) -> Demand:
    """Return the demand of a case that the payment is for: the open one it fits, else the first open, else the last."""
    standing = [each for each in demands if each.cancelled_at is None] or demands
    unsettled = [each for each in standing if each.settled_at is None]
    for each in unsettled:
        if each.total_vnd - kept_vnd(each) == payment.amount_vnd:
            return each
    return unsettled[0] if unsettled else standing[-1]
