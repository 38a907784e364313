"""Tables of what is asked of other agencies, and of the agencies that may read a case which another one has."""

from typing import Self

from django.db import models
from django.db.models import Q

from motcua.agencies.fields import LtreeField
from motcua.identity.models import Account


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Questions by whether they wait for an answer."""

    def open(self) -> Self:
        """Keep those that are neither answered nor taken back."""
        return self.filter(answered_at__isnull=True, taken_back_at__isnull=True)


class Consultation(models.Model):
    """One question of one case to one agency; words and findings of the answer stand in the history."""

    case_number = models.TextField()
    code = models.TextField()
    agency_code = models.TextField()
    agency_path = LtreeField()
    place_path = LtreeField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    entry_id = models.BigIntegerField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        """Asked once at a time; an answer has its officer and its place in the history."""

        constraints = (
            models.UniqueConstraint(
                fields=("case_number", "code"),
                condition=Q(answered_at__isnull=True, taken_back_at__isnull=True),
                name="consultation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, entry_id__isnull=True)
                | Q(
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    entry_id__isnull=False,
                    taken_back_at__isnull=True,
                ),
                name="consultation_answered_by_somebody",
            ),
        )
        indexes = (
            models.Index(fields=("case_number",), name="consultation_of_case"),
            # What waits for an answer is little beside what was ever asked.
            models.Index(
                fields=("due_at",),
                condition=Q(answered_at__isnull=True, taken_back_at__isnull=True),
                name="consultation_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_number}: {self.code}"


class CaseSight(models.Model):
    """That an agency may read a case which another one has: it was asked, or it handed the case on."""

    case_number = models.TextField()
    agency_path = LtreeField()
    place_path = LtreeField()
    since = models.DateTimeField()

    class Meta:
        """One row for each case and agency."""

        constraints = (
            models.UniqueConstraint(fields=("case_number", "agency_path"), name="case_sight_once"),
        )

    def __str__(self) -> str:
        return f"{self.case_number}: {self.agency_path}"
