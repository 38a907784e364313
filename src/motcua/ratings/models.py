"""The table of ratings: one row for each case that was rated.

It holds no person and no account: who may write it follows from the case. Service, office, place and day of filing
are copies of the case's, by which ratings are counted without touching the cases.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from motcua.agencies.fields import LtreeField
from motcua.ratings.states import EDITABLE, LONGEST_WORDS, Reason, Step


class Rating(models.Model):
    """What the applicant of one ended case thinks of how it was handled."""

    case_number = models.TextField(unique=True)
    procedure_code = models.TextField()
    agency_path = LtreeField()
    place_path = LtreeField()
    filed_on = models.DateField()
    step = models.SmallIntegerField(choices=Step)
    reasons = ArrayField(models.TextField(choices=Reason), default=list)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    rated_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """Held by the database: one a case, five steps, reasons of the list, and no change after a day."""

        constraints = (
            models.CheckConstraint(condition=Q(step__in=Step.values), name="rating_has_five_steps"),
            models.CheckConstraint(
                condition=Q(reasons__contained_by=Reason.values), name="rating_reasons_of_the_list"
            ),
            models.CheckConstraint(
                condition=Q(changed_at__gte=F("rated_at"), changed_at__lte=F("rated_at") + EDITABLE),
                name="rating_changed_within_a_day",
            ),
        )
        indexes = (models.Index(fields=("procedure_code", "filed_on"), name="rating_of_service"),)

    def __str__(self) -> str:
        return f"rating {self.pk}"
