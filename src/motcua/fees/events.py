"""What happens to fees, as the ledger tells it: amounts and ids, never who paid or what they wrote.

The subject is the number of the case, or ``payment:<id>`` while a payment belongs to none.
"""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccountSet(Event):
    """The account of an agency was set; ``account`` is its code, ``number`` where money goes from now on."""

    account: str
    bank_bin: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeesDemanded(Event):
    """A case was asked to pay."""

    demand: int
    occasion: str
    total_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeesPaid(Event):
    """A demand is settled: all of it was paid, or there was nothing to pay. Told once a demand."""

    demand: int
    occasion: str
    total_vnd: int
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeesCancelled(Event):
    """A demand was taken back; what was paid for it has to be given back."""

    demand: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Event):
    """Money arrived; ``channel`` says through what we know."""

    payment: int
    account: str
    reference: str
    amount_vnd: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMatched(Event):
    """A payment found its demand, by its purpose or by an officer, who gives a reason."""

    payment: int
    demand: int
    amount_vnd: int
    match: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsked(Event):
    """An officer asks that money be given back."""

    refund: int
    payment: int
    amount_vnd: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundConfirmed(Event):
    """A second person confirmed a refund."""

    refund: int
    payment: int
    amount_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDeclined(Event):
    """A refund that was asked for is not given."""

    refund: int
    payment: int
    amount_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementImported(Event):
    """A bank statement was imported; ``fresh`` of its lines were not known before."""

    account: str
    sha256: str
    lines: int
    fresh: int
