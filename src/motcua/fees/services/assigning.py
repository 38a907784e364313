"""An officer says what a payment is for that named no case."""

from datetime import datetime

from django.db import transaction

from motcua.fees.models import BankAccount, Demand, Payment
from motcua.fees.services.settling import attach, one_at_a_time, tell
from motcua.fees.states import Match
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose


class AlreadyAssigned(RuntimeError):
    """The payment found its demand meanwhile, or its money is being given back."""


@transaction.atomic
def assign_payment(*, payment_id: int, demand_id: int, reason: str, rights: Rights, now: datetime) -> str:
    """Give a payment to a demand and return the number of the case.

    Raises ``Payment.DoesNotExist`` and ``Demand.DoesNotExist`` outside the rights as for what is not there,
    ``AlreadyAssigned``, and ``ValueError`` without a reason.
    """
    if not reason.strip():
        raise ValueError("a payment is assigned for a reason")
    one_at_a_time()
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
    accounts = BankAccount.objects.filter(within)
    payment = Payment.objects.select_related("bank_account").get(pk=payment_id, bank_account__in=accounts)
    row = Demand.objects.filter(within).get(pk=demand_id)
    being_refunded = payment.refunds.filter(declined_at__isnull=True).exists()
    if payment.demand_id is not None or being_refunded:
        raise AlreadyAssigned(f"payment {payment_id}")
    tell(attach(payment, row, match=Match.PERSON, now=now, by=rights.account_id, reason=reason.strip()))
    return row.case_number
