"""Tables of fees: accounts of agencies, demands, payments, refunds, receipts and the counters of their numbers."""

from django.db import models
from django.db.models import F, Q

from motcua.agencies.fields import LtreeField
from motcua.fees.states import Channel, Match, Occasion
from motcua.identity.models import Account


class BankAccount(models.Model):
    """The account to which what belongs to an agency and those below it is paid.

    ``layout`` names the columns of the bank's statements.
    """

    code = models.CharField(max_length=40, unique=True)
    agency_path = LtreeField(unique=True)
    place_path = LtreeField()
    bank_bin = models.CharField(max_length=6)
    bank_name = models.CharField(max_length=120)
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=120)
    layout = models.CharField(max_length=40)

    class Meta:
        """What a QR has room for."""

        constraints = (
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="bank_account_code"),
            models.CheckConstraint(condition=Q(bank_bin__regex=r"^[0-9]{6}$"), name="bank_account_bin"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9A-Za-z]{1,19}$"), name="bank_account_number"
            ),
        )

    def __str__(self) -> str:
        return self.code


class Demand(models.Model):
    """What a case has to pay on one occasion; how it stands follows from its payments.

    ``lines`` are frozen as they were worked out; ``key`` is date and sequence of the case's number, by which
    payments find it. ``settled_at`` is the first moment at which all was paid; it is set once.
    """

    case_number = models.CharField(max_length=40)
    key = models.CharField(max_length=15)
    agency_path = LtreeField()
    place_path = LtreeField()
    occasion = models.CharField(max_length=20, choices=Occasion)
    lines = models.JSONField()
    total_vnd = models.BigIntegerField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    cancel_reason = models.TextField(blank=True)

    class Meta:
        """One standing demand an occasion."""

        constraints = (
            models.UniqueConstraint(
                fields=("case_number", "occasion"),
                condition=Q(cancelled_at__isnull=True),
                name="demand_stands_once",
            ),
            models.CheckConstraint(condition=Q(total_vnd__gte=0), name="demand_is_not_negative"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_reason=""),
                name="demand_cancelled_for_a_reason",
            ),
        )
        indexes = (models.Index(fields=("key",), name="demand_by_key"),)

    def __str__(self) -> str:
        return f"{self.case_number}, {self.occasion}"


class Payment(models.Model):
    """Money that arrived on an account; the bank's reference names it once. Payer as the bank tells them.

    Without ``demand`` an officer has to find out what it is for.
    """

    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    amount_vnd = models.BigIntegerField()
    paid_at = models.DateTimeField()
    purpose = models.CharField(max_length=500)
    payer_name = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    received_at = models.DateTimeField()
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, null=True, related_name="payments")
    match = models.CharField(max_length=10, choices=Match, blank=True)
    matched_at = models.DateTimeField(null=True)
    matched_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    match_reason = models.TextField(blank=True)

    class Meta:
        """A reference once an account; a person gives a reason."""

        constraints = (
            models.UniqueConstraint(fields=("bank_account", "reference"), name="payment_reference_once"),
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(demand__isnull=True, match="", matched_at__isnull=True)
                | (Q(demand__isnull=False, matched_at__isnull=False) & ~Q(match="")),
                name="payment_matched_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(match=Match.PERSON) | (Q(matched_by__isnull=False) & ~Q(match_reason="")),
                name="payment_assigned_for_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=("received_at",), condition=Q(demand__isnull=True), name="payment_unmatched"),
        )

    def __str__(self) -> str:
        return f"{self.bank_account_id}/{self.reference}"


class Refund(models.Model):
    """Money to be given back to who paid: one person asks, another confirms or declines."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_vnd = models.BigIntegerField()
    reason = models.TextField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)

    class Meta:
        """The two persons are held here, whatever a program does."""

        constraints = (
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="refund_is_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="refund_for_a_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("asked_by"))
                ),
                name="refund_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(declined_by__isnull=True, declined_at__isnull=True)
                | Q(declined_by__isnull=False, declined_at__isnull=False, confirmed_at__isnull=True),
                name="refund_confirmed_or_declined",
            ),
        )
        indexes = (
            models.Index(
                fields=("asked_at",),
                condition=Q(confirmed_at__isnull=True, declined_at__isnull=True),
                name="refund_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.amount_vnd}"


class ReceiptSeries(models.Model):
    """The last number that a series of receipts gave out; one series an account and year."""

    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        """One counter a series."""

        constraints = (models.UniqueConstraint(fields=("bank_account", "year"), name="receipt_series_once"),)

    def __str__(self) -> str:
        return f"{self.bank_account_id}/{self.year}"


class FeeReceipt(models.Model):
    """The receipt (biên lai) of a settled demand, as it stood at that moment; never changed."""

    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="receipt")
    series = models.ForeignKey(ReceiptSeries, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        """A number once a series; that none is left out follows from the counter's row lock."""

        constraints = (
            models.UniqueConstraint(fields=("series", "number"), name="receipt_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="receipt_number_begins_with_one"),
        )

    def __str__(self) -> str:
        return f"{self.series_id}/{self.number}"


class StatementImport(models.Model):
    """A bank statement that was imported, by the hash of its file."""

    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    imported_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    lines = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()

    class Meta:
        """The same file once an account."""

        constraints = (
            models.UniqueConstraint(fields=("bank_account", "sha256"), name="statement_imported_once"),
        )

    def __str__(self) -> str:
        return self.sha256[:12]
