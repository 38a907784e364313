"""Questions about fees: what a case has to pay and paid, what an officer has to look at, receipts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from motcua.fees.matching import purpose_of
from motcua.fees.models import BankAccount, Demand, FeeReceipt, Payment, Refund
from motcua.fees.schedule import Line
from motcua.fees.states import Channel, DemandState, Match, Occasion, due_back, state_of
from motcua.fees.vietqr import Transfer, write_vietqr
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose

MOST_LISTED = 200
MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class AccountView:
    """Where to pay."""

    id: int
    code: str
    agency_path: str
    bank_bin: str
    bank_name: str
    number: str
    holder: str
    layout: str


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money that was asked to be given back; ``state`` is asked, confirmed or declined."""

    id: int
    payment_id: int
    case_number: str
    amount_vnd: int
    reason: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    state: str
    closed_by: str
    closed_at: datetime | None
    payer_name: str
    payer_account: str


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment and what of it may still be asked back; payer and purpose as the bank told them."""

    id: int
    account_code: str
    reference: str
    amount_vnd: int
    left_vnd: int
    paid_at: datetime
    purpose: str
    payer_name: str
    payer_account: str
    channel: Channel
    match: Match | None
    match_reason: str
    refunds: tuple[RefundView, ...]


@dataclass(frozen=True, slots=True)
class DemandView:
    """A demand as it stands. ``qr_text`` is empty when nothing is left to pay, or no account was set."""

    id: int
    case_number: str
    occasion: Occasion
    lines: tuple[Line, ...]
    total_vnd: int
    kept_vnd: int
    left_vnd: int
    due_back_vnd: int
    state: DemandState
    asked_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    purpose: str
    account: AccountView | None
    qr_text: str
    payments: tuple[PaymentView, ...]
    receipt: str

    def is_late(self, now: datetime) -> bool:
        """Tell whether something is left to pay after the day by which it was asked."""
        return self.left_vnd > 0 and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class UnmatchedView:
    """A payment that named no case, with the open demands of its amount."""

    payment: PaymentView
    suggested: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with what it was given for."""

    name: str
    issued_at: datetime
    demand: DemandView


class ReceiptNotFound(LookupError):
    """The case has no such receipt."""


def bank_accounts() -> list[AccountView]:
    """Return every account, by code; one query."""
    return [_account(row) for row in BankAccount.objects.order_by("code")]


def account_for(agency_path: str) -> AccountView | None:
    """Return the account of the agency, or of the nearest above it that has one; one query."""
    parts = agency_path.split(".")
    paths = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    rows = BankAccount.objects.filter(agency_path__in=paths)
    nearest = max(rows, key=lambda row: len(row.agency_path), default=None)
    return _account(nearest) if nearest else None


def account_named(code: str) -> AccountView | None:
    """Return the account of that code, or None."""
    row = BankAccount.objects.filter(code=code).first()
    return _account(row) if row else None


def accounts_of(rights: Rights) -> list[AccountView]:
    """Return the accounts whose payments the officer handles, by code."""
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
    return [_account(row) for row in BankAccount.objects.filter(within).order_by("code")]


def demands_of_case(case_number: str) -> tuple[DemandView, ...]:
    """Return the demands of a case, oldest first; at most four queries, one when there are none."""
    return _demands(Demand.objects.filter(case_number=case_number).order_by("asked_at", "pk"))


def owes(case_number: str) -> bool:
    """Tell whether the case was asked for something that was never wholly paid; one query."""
    return Demand.objects.filter(
        case_number=case_number, settled_at__isnull=True, cancelled_at__isnull=True
    ).exists()


def receipt_of(case_number: str, demand_id: int) -> ReceiptView:
    """Return the receipt of a demand of the case; raises ``ReceiptNotFound``."""
    row = FeeReceipt.objects.filter(demand__case_number=case_number, demand=demand_id).first()
    if row is None:
        raise ReceiptNotFound(f"{case_number}, demand {demand_id}")
    (demand,) = _demands(Demand.objects.filter(pk=demand_id))
    return ReceiptView(demand.receipt, row.issued_at, demand)


def unmatched_payments(rights: Rights) -> tuple[UnmatchedView, ...]:
    """Return payments within the rights that named no case and are not on their way back, oldest first."""
    rows = payments_within(rights, Purpose.HANDLE_CASES).filter(demand__isnull=True)
    waiting = rows.order_by("received_at", "pk")[:MOST_LISTED]
    views = [view for view in _payment_views(waiting) if view.left_vnd]
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
    by_amount: dict[int, list[tuple[int, str]]] = defaultdict(list)
    amounts = {view.amount_vnd for view in views}
    open_ones = Demand.objects.filter(
        within, total_vnd__in=amounts, settled_at__isnull=True, cancelled_at__isnull=True
    )
    for pk, number, total in open_ones.order_by("asked_at").values_list("pk", "case_number", "total_vnd")[
        :1000
    ]:
        if len(by_amount[total]) < MOST_SUGGESTED:
            by_amount[total].append((pk, number))
    return tuple(UnmatchedView(view, tuple(by_amount[view.amount_vnd])) for view in views)


def payments_within(rights: Rights, purpose: Purpose) -> QuerySet[Payment]:
    """Return the payments on the officer's accounts, and those for the officer's cases."""
    within = rights.predicate("agency_path", "place_path", purpose=purpose)
    accounts, demands = BankAccount.objects.filter(within), Demand.objects.filter(within)
    return Payment.objects.filter(Q(bank_account__in=accounts) | Q(demand__in=demands))


def demand_to_pay(case_number: str, rights: Rights) -> int | None:
    """Return the demand of a case within the rights to which a payment would go: the first unsettled, else the last."""
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
    rows = list(
        Demand.objects.filter(within, case_number=case_number, cancelled_at__isnull=True)
        .order_by("asked_at", "pk")
        .values_list("pk", "settled_at")
    )
    unsettled = [pk for pk, settled_at in rows if settled_at is None]
    return unsettled[0] if unsettled else rows[-1][0] if rows else None


def refunds_waiting(rights: Rights) -> tuple[RefundView, ...]:
    """Return refunds within the rights that wait for a second person, oldest first."""
    within = payments_within(rights, Purpose.DECIDE_CASES)
    rows = Refund.objects.filter(
        payment__in=within, confirmed_at__isnull=True, declined_at__isnull=True
    ).order_by("asked_at")
    return tuple(_refund(row) for row in _with_persons(rows)[:MOST_LISTED])


def demands_due_back(rights: Rights) -> tuple[DemandView, ...]:
    """Return demands within the rights for which more was paid than is owed and no refund is asked, oldest first."""
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
    paid = (
        Payment.objects.filter(demand=OuterRef("pk"))
        .order_by()
        .values("demand")
        .annotate(sum=Sum("amount_vnd"))
    )
    owed = Case(When(cancelled_at__isnull=True, then=F("total_vnd")), default=Value(0))
    rows = Demand.objects.filter(within).annotate(paid=Subquery(paid.values("sum")), owed=owed)
    more = rows.filter(paid__gt=F("owed")).order_by("asked_at", "pk")[:MOST_LISTED]
    return tuple(view for view in _demands(more) if view.due_back_vnd > _asked_back(view))


def money_unsettled(case_numbers: Collection[str]) -> set[str]:
    """Return the cases of which money is to be given back, asked for by an officer or not; one query."""
    paid, given = (
        rows.order_by().values("of").annotate(sum=Sum("amount_vnd")).values("sum")
        for rows in (
            Payment.objects.filter(demand=OuterRef("pk")).annotate(of=F("demand")),
            Refund.objects.filter(payment__demand=OuterRef("pk"), confirmed_at__isnull=False).annotate(
                of=F("payment__demand")
            ),
        )
    )
    asked = Refund.objects.filter(
        payment__demand=OuterRef("pk"), confirmed_at__isnull=True, declined_at__isnull=True
    )
    rows = Demand.objects.filter(case_number__in=case_numbers).annotate(
        kept=Coalesce(Subquery(paid), 0) - Coalesce(Subquery(given), 0),
        owed=Case(When(cancelled_at__isnull=True, then=F("total_vnd")), default=Value(0)),
    )
    return set(rows.filter(Q(kept__gt=F("owed")) | Exists(asked)).values_list("case_number", flat=True))


def _asked_back(view: DemandView) -> int:
    waiting = (refund for payment in view.payments for refund in payment.refunds if refund.state == "asked")
    return sum(refund.amount_vnd for refund in waiting)


def _demands(rows: Iterable[Demand]) -> tuple[DemandView, ...]:
    found = list(rows)
    if not found:
        return ()
    payments: dict[int, list[PaymentView]] = defaultdict(list)
    paid = Payment.objects.filter(demand__in=[row.pk for row in found]).order_by("paid_at", "pk")
    owners = dict(paid.values_list("pk", "demand_id"))
    for view in _payment_views(paid):
        payments[owners[view.id]].append(view)
    accounts = {path: account_for(path) for path in {row.agency_path for row in found}}
    receipts = FeeReceipt.objects.filter(demand__in=[row.pk for row in found])
    names = {row.demand_id: _receipt_name(row) for row in receipts.select_related("series__bank_account")}
    return tuple(
        _demand(row, payments[row.pk], accounts[row.agency_path], names.get(row.pk, "")) for row in found
    )


def _demand(
    row: Demand, payments: Sequence[PaymentView], account: AccountView | None, receipt: str
) -> DemandView:
    paid = sum(payment.amount_vnd for payment in payments)
    confirmed = (each for payment in payments for each in payment.refunds if each.state == "confirmed")
    refunded = sum(each.amount_vnd for each in confirmed)
    cancelled = row.cancelled_at is not None
    counted = {"total_vnd": row.total_vnd, "paid_vnd": paid, "refunded_vnd": refunded, "cancelled": cancelled}
    state = state_of(**counted)  # type: ignore[arg-type]  # one bool among the amounts
    # What was given back is not asked for again.
    owed = state in (DemandState.OPEN, DemandState.PART_PAID) and row.settled_at is None
    left = row.total_vnd - paid + refunded if owed else 0
    purpose = purpose_of(row.case_number)
    text = ""
    if left > 0 and account is not None:
        text = write_vietqr(Transfer(account.bank_bin, account.number, left, purpose))
    return DemandView(
        id=row.pk,
        case_number=row.case_number,
        occasion=Occasion(row.occasion),
        lines=tuple(Line(**line) for line in row.lines),
        total_vnd=row.total_vnd,
        kept_vnd=paid - refunded,
        left_vnd=left,
        due_back_vnd=due_back(**counted),  # type: ignore[arg-type]  # as above
        state=state,
        asked_at=row.asked_at,
        due_at=row.due_at,
        settled_at=row.settled_at,
        purpose=purpose,
        account=account,
        qr_text=text,
        payments=tuple(payments),
        receipt=receipt,
    )


def _payment_views(rows: QuerySet[Payment]) -> list[PaymentView]:
    payments = list(rows.select_related("bank_account"))
    refunds: Mapping[int, list[RefundView]] = defaultdict(list)
    if payments:
        for refund in _with_persons(Refund.objects.filter(payment__in=payments).order_by("asked_at")):
            refunds[refund.payment_id].append(_refund(refund))
    return [_payment(row, refunds[row.pk]) for row in payments]


def _payment(row: Payment, refunds: Sequence[RefundView]) -> PaymentView:
    asked = sum(refund.amount_vnd for refund in refunds if refund.state != "declined")
    return PaymentView(
        id=row.pk,
        account_code=row.bank_account.code,
        reference=row.reference,
        amount_vnd=row.amount_vnd,
        left_vnd=row.amount_vnd - asked,
        paid_at=row.paid_at,
        purpose=row.purpose,
        payer_name=row.payer_name,
        payer_account=row.payer_account,
        channel=Channel(row.channel),
        match=Match(row.match) if row.match else None,
        match_reason=row.match_reason,
        refunds=tuple(refunds),
    )


def _with_persons(rows: QuerySet[Refund]) -> QuerySet[Refund]:
    return rows.select_related("payment__demand", "asked_by", "confirmed_by", "declined_by")


def _refund(row: Refund) -> RefundView:
    closed_by = row.confirmed_by or row.declined_by
    return RefundView(
        id=row.pk,
        payment_id=row.payment_id,
        case_number=row.payment.demand.case_number if row.payment.demand else "",
        amount_vnd=row.amount_vnd,
        reason=row.reason,
        asked_by_id=row.asked_by_id,
        asked_by=row.asked_by.name,
        asked_at=row.asked_at,
        state="confirmed" if row.confirmed_at else "declined" if row.declined_at else "asked",
        closed_by=closed_by.name if closed_by else "",
        closed_at=row.confirmed_at or row.declined_at,
        payer_name=row.payment.payer_name,
        payer_account=row.payment.payer_account,
    )


def _receipt_name(row: FeeReceipt) -> str:
    return receipt_name(row.series.bank_account.code, row.series.year, row.number)


def receipt_name(account_code: str, year: int, number: int) -> str:
    """Return the number of a receipt as it is written: ``dn_2026/0000123``."""
    return f"{account_code}_{year}/{number:07d}"


def _account(row: BankAccount) -> AccountView:
    return AccountView(
        id=row.pk,
        code=row.code,
        agency_path=row.agency_path,
        bank_bin=row.bank_bin,
        bank_name=row.bank_name,
        number=row.number,
        holder=row.holder,
        layout=row.layout,
    )
