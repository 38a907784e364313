"""Tables of results: their bytes, who signed them with which key, and the register of their numbers."""

import uuid

from django.db import models
from django.db.models import Q

from motcua.agencies.fields import LtreeField
from motcua.identity.models import Account

from .states import OPEN, Ground, ObjectionAnswer, ResultKind, ResultState, Signatory


class SignatureKey(models.Model):
    """Who signs with which key of the keystore; the private half is there, never here."""

    name = models.CharField(max_length=60, primary_key=True)
    signatory = models.TextField(choices=Signatory)
    agency_path = LtreeField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    holder = models.TextField()
    certificate_sha256 = models.CharField(max_length=64)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        """A person has one key for a part, an agency one seal; a seal belongs to nobody in person."""

        constraints = (
            models.UniqueConstraint(
                fields=("account", "signatory", "agency_path"),
                condition=Q(retired_at__isnull=True, account__isnull=False),
                name="signature_key_one_for_a_person",
            ),
            models.UniqueConstraint(
                fields=("agency_path",),
                condition=Q(retired_at__isnull=True, signatory="agency"),
                name="signature_key_one_seal",
            ),
            models.CheckConstraint(
                condition=Q(signatory="agency", account__isnull=True)
                | (~Q(signatory="agency") & Q(account__isnull=False)),
                name="signature_key_of_a_person_or_an_agency",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Result(models.Model):
    """A paper that answers a case, named by the case's number; its bytes grow with each signature.

    ``text`` is what it says, as it was drafted: what whoever signs reads on the page. ``replaces`` is the withdrawn
    paper in whose place it stands. That it was withdrawn stands in ``Withdrawal``: a sealed paper's row is as it was.

    A trigger keeps a sealed or abandoned one from being changed or removed, whoever asks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=16, unique=True)
    case_number = models.TextField()
    agency_path = LtreeField()
    agency_name = models.TextField()
    place_name = models.TextField()
    notation = models.CharField(max_length=40)
    title = models.TextField()
    text = models.JSONField(default=dict, db_default={})
    kind = models.TextField(choices=ResultKind, default=ResultKind.RESULT, db_default=ResultKind.RESULT)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replacements")
    state = models.TextField(choices=ResultState, default=ResultState.DRAFT)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    sealed_at = models.DateTimeField(null=True)
    abandoned_at = models.DateTimeField(null=True)
    abandon_reason = models.TextField(blank=True)

    class Meta:
        """A number comes with the seal and is given once; a case has one result of a kind on its way or sealed."""

        constraints = (
            models.UniqueConstraint(
                fields=("agency_path", "notation", "year", "number"), name="result_number_given_once"
            ),
            models.UniqueConstraint(
                fields=("case_number", "notation"),
                condition=~Q(state="abandoned") & Q(kind="result", replaces__isnull=True),
                name="result_one_of_a_kind_for_a_case",
            ),
            models.UniqueConstraint(
                fields=("replaces",), condition=~Q(state="abandoned"), name="result_replaced_once"
            ),
            models.CheckConstraint(
                condition=Q(state="sealed", year__isnull=False, number__isnull=False, sealed_at__isnull=False)
                | (~Q(state="sealed") & Q(year__isnull=True, number__isnull=True, sealed_at__isnull=True)),
                name="result_number_comes_with_the_seal",
            ),
            models.CheckConstraint(
                condition=Q(state="abandoned", abandoned_at__isnull=False) & ~Q(abandon_reason="")
                | (~Q(state="abandoned") & Q(abandoned_at__isnull=True, abandon_reason="")),
                name="result_abandoned_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(notation__regex=r"^[0-9A-ZĐ][0-9A-ZĐa-zđ.-]{0,39}$"), name="result_notation_plain"
            ),
        )
        indexes = (
            models.Index(fields=("case_number",), name="result_of_case"),
            models.Index(fields=("sha256",), name="result_of_digest"),
            models.Index(
                fields=("agency_path", "state"),
                condition=Q(state__in=[state.value for state in OPEN]),
                name="result_on_its_way",
            ),
        )

    def __str__(self) -> str:
        return self.code


class ResultSignature(models.Model):
    """Who put which signature on a result, when; only ever added to."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="signatures")
    signatory = models.TextField(choices=Signatory)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(SignatureKey, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        """Each part signs once; who drew a paper up does not approve it."""

        constraints = (
            models.UniqueConstraint(fields=("result", "signatory"), name="result_signature_once"),
            models.UniqueConstraint(
                fields=("result", "account"),
                condition=~Q(signatory="agency"),
                name="result_signature_two_persons",
            ),
        )

    def __str__(self) -> str:
        return f"{self.result_id} {self.signatory}"


class Withdrawal(models.Model):
    """That a sealed result is taken back, by a notice of the same office; in force once the notice is sealed.

    A trigger keeps one that was carried out or given up from being changed or removed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="withdrawals")
    notice = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="withdraws")
    ground = models.TextField(choices=Ground)
    reason = models.TextField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        """A paper is withdrawn once; a proposal is carried out or given up, for a reason that is told."""

        constraints = (
            models.UniqueConstraint(
                fields=("result",), condition=Q(given_up_at__isnull=True), name="withdrawal_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(given_up_at__isnull=True),
                name="withdrawal_one_way_or_the_other",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_for_a_reason"),
        )
        indexes = (
            models.Index(
                fields=("asked_at",),
                condition=Q(withdrawn_at__isnull=True, given_up_at__isnull=True),
                name="withdrawal_on_its_way",
            ),
        )

    def __str__(self) -> str:
        return f"withdrawal:{self.pk}"


class WithdrawalObjection(models.Model):
    """What the applicant wrote against a withdrawal, once, and what a person answered."""

    withdrawal = models.OneToOneField(Withdrawal, on_delete=models.PROTECT, related_name="objection")
    text = models.TextField()
    objected_at = models.DateTimeField()
    answer = models.TextField(choices=ObjectionAnswer, blank=True)
    answer_words = models.TextField(blank=True)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """An answer has its words, its moment and who gave it, or there is none."""

        constraints = (
            models.CheckConstraint(
                condition=Q(answer="", answer_words="", answered_by__isnull=True, answered_at__isnull=True)
                | (
                    ~Q(answer="")
                    & ~Q(answer_words="")
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
                name="withdrawal_objection_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.withdrawal_id}: {self.answer or 'waits'}"


class NumberRegister(models.Model):
    """The last number of one agency, notation and year; its row is the lock that makes numbers follow one another."""

    agency_path = LtreeField()
    notation = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        """One row for each sequence."""

        constraints = (
            models.UniqueConstraint(fields=("agency_path", "notation", "year"), name="number_register_once"),
        )

    def __str__(self) -> str:
        return f"{self.notation}/{self.year}: {self.last}"
