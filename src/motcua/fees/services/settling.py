"""What follows from a payment that found its demand: the receipt, and the word that all is paid, each once."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Sum

from motcua.events.services import publish_together
from motcua.events.values import Event
from motcua.fees.events import FeesPaid, PaymentMatched
from motcua.fees.models import BankAccount, Demand, FeeReceipt, Payment, ReceiptSeries, Refund
from motcua.fees.queries import receipt_name
from motcua.fees.states import Match
from motcua.identity.rights import Rights

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def one_at_a_time() -> None:
    """Wait until no other transaction counts money, and keep others out until this one ends.

    One lock for all accounts: a payment takes milliseconds, and an import that held rows in another order than a
    notice could otherwise wait for it while it waits for the import.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('motcua fees'))")


def officer_of(rights: Rights) -> int:
    """Return who acts; rights without an account hold nothing, and nothing is found with them."""
    if rights.account_id is None:
        raise PermissionError("nobody acts")
    return rights.account_id


def tell(events: Sequence[Event]) -> None:
    """Append what happened to the ledger: last, since a lane stays taken until the transaction ends."""
    publish_together(events)


def attach(
    payment: Payment,
    demand: Demand,
    *,
    match: Match,
    now: datetime,
    by: int | None = None,
    reason: str = "",
) -> list[Event]:
    """Give the payment to the demand and settle it if all is paid; return what to tell."""
    payment.demand, payment.match = demand, match
    payment.matched_at, payment.matched_by_id, payment.match_reason = now, by, reason
    payment.save(update_fields=["demand", "match", "matched_at", "matched_by", "match_reason"])
    matched = PaymentMatched(
        happened_at=now,
        agency_path=demand.agency_path,
        subject=demand.case_number,
        actor=f"account:{by}" if by else "machine",
        payment=payment.pk,
        demand=demand.pk,
        amount_vnd=payment.amount_vnd,
        match=match.value,
        reason=reason,
    )
    return [matched, *settle(demand, account=payment.bank_account, now=now)]


def settle(demand: Demand, *, account: BankAccount | None, now: datetime) -> list[Event]:
    """Note the first moment at which all is paid, give the receipt its number, and return what to tell."""
    if (
        demand.settled_at is not None
        or demand.cancelled_at is not None
        or kept_vnd(demand) < demand.total_vnd
    ):
        return []
    demand.settled_at = now
    demand.save(update_fields=["settled_at"])
    receipt = ""
    if demand.total_vnd and account is not None:
        receipt = _receipt(demand, account, now)
    return [
        FeesPaid(
            happened_at=now,
            agency_path=demand.agency_path,
            subject=demand.case_number,
            actor="machine",
            demand=demand.pk,
            occasion=demand.occasion,
            total_vnd=demand.total_vnd,
            receipt=receipt,
        )
    ]


def kept_vnd(demand: Demand) -> int:
    """Return what was paid for the demand and not given back; two queries."""
    paid = Payment.objects.filter(demand=demand).aggregate(sum=Sum("amount_vnd"))["sum"] or 0
    back = Refund.objects.filter(payment__demand=demand, confirmed_at__isnull=False)
    return paid - (back.aggregate(sum=Sum("amount_vnd"))["sum"] or 0)


def _receipt(demand: Demand, account: BankAccount, now: datetime) -> str:
    # A sequence would leave a gap with every transaction that is undone; the law wants none.
    year = now.astimezone(LOCAL).year
    series, _ = ReceiptSeries.objects.get_or_create(bank_account=account, year=year)
    ReceiptSeries.objects.filter(pk=series.pk).update(last_number=F("last_number") + 1)
    series.refresh_from_db()
    FeeReceipt.objects.create(demand=demand, series=series, number=series.last_number, issued_at=now)
    return receipt_name(account.code, year, series.last_number)
