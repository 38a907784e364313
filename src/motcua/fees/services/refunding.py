"""Gives money back: one person asks, another confirms or declines."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Sum

from motcua.fees.events import RefundAsked, RefundConfirmed, RefundDeclined
from motcua.fees.models import Payment, Refund
from motcua.fees.queries import payments_within
from motcua.fees.services.settling import officer_of, one_at_a_time, tell
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose


class MoreThanPaid(ValueError):
    """The refund is larger than what of the payment is left."""


class RefundClosed(RuntimeError):
    """The refund was confirmed or declined meanwhile."""


class SecondPersonNeeded(PermissionError):
    """Who asked for a refund does not confirm it."""


@transaction.atomic
def ask_refund(*, payment_id: int, amount_vnd: int, reason: str, rights: Rights, now: datetime) -> int:
    """Ask that part or all of a payment be given back, and return the id of the refund.

    Raises ``Payment.DoesNotExist`` outside the rights as for what is not there, ``MoreThanPaid``, and
    ``ValueError`` without a reason.
    """
    if not reason.strip():
        raise ValueError("money is given back for a reason")
    one_at_a_time()
    payment = _payments(rights, Purpose.HANDLE_CASES).get(pk=payment_id)
    asked = payment.refunds.filter(declined_at__isnull=True).aggregate(sum=Sum("amount_vnd"))["sum"] or 0
    if not 0 < amount_vnd <= payment.amount_vnd - asked:
        raise MoreThanPaid(f"payment {payment_id}: {amount_vnd} of {payment.amount_vnd - asked} left")
    row = Refund.objects.create(
        payment=payment,
        amount_vnd=amount_vnd,
        reason=reason.strip(),
        asked_by_id=officer_of(rights),
        asked_at=now,
    )
    tell(
        [
            RefundAsked(
                happened_at=now,
                agency_path=payment.bank_account.agency_path,
                subject=_subject(payment),
                actor=f"account:{rights.account_id}",
                refund=row.pk,
                payment=payment.pk,
                amount_vnd=amount_vnd,
                reason=reason.strip(),
            )
        ]
    )
    return row.pk


@transaction.atomic
def confirm_refund(*, refund_id: int, rights: Rights, now: datetime) -> None:
    """Confirm a refund as the second person.

    Raises ``Refund.DoesNotExist`` outside the rights as for what is not there, ``RefundClosed`` and
    ``SecondPersonNeeded``.
    """
    row = _waiting(refund_id, rights)
    if row.asked_by_id == rights.account_id:
        raise SecondPersonNeeded(f"refund {refund_id}")
    row.confirmed_by_id, row.confirmed_at = rights.account_id, now
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    tell(
        [
            RefundConfirmed(
                happened_at=now,
                agency_path=row.payment.bank_account.agency_path,
                subject=_subject(row.payment),
                actor=f"account:{rights.account_id}",
                refund=row.pk,
                payment=row.payment_id,
                amount_vnd=row.amount_vnd,
            )
        ]
    )


@transaction.atomic
def decline_refund(*, refund_id: int, rights: Rights, now: datetime) -> None:
    """Do not give a refund; who asked for it may do so. Raises as ``confirm_refund``, second person aside."""
    row = _waiting(refund_id, rights)
    row.declined_by_id, row.declined_at = rights.account_id, now
    row.save(update_fields=["declined_by", "declined_at"])
    tell(
        [
            RefundDeclined(
                happened_at=now,
                agency_path=row.payment.bank_account.agency_path,
                subject=_subject(row.payment),
                actor=f"account:{rights.account_id}",
                refund=row.pk,
                payment=row.payment_id,
                amount_vnd=row.amount_vnd,
            )
        ]
    )


def _payments(rights: Rights, purpose: Purpose) -> QuerySet[Payment]:
    return payments_within(rights, purpose).select_related("bank_account", "demand")


def _waiting(refund_id: int, rights: Rights) -> Refund:
    one_at_a_time()
    within = _payments(rights, Purpose.DECIDE_CASES)
    row = Refund.objects.select_related("payment__bank_account", "payment__demand").get(
        pk=refund_id, payment__in=within
    )
    if row.confirmed_at is not None or row.declined_at is not None:
        raise RefundClosed(f"refund {refund_id}")
    return row


def _subject(payment: Payment) -> str:
    return payment.demand.case_number if payment.demand else f"payment:{payment.pk}"
