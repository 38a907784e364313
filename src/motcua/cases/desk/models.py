"""Tables of the desk: who has a case in hand, absences, filters, templates of reasons, acts on many, apologies.

None of them is written when a request is filed, and none holds a column of a case that moves.
"""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from motcua.agencies.fields import LtreeField
from motcua.identity.models import Account


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments by whether they stand."""

    def standing(self) -> Self:
        """Keep those that were not given back or passed on."""
        return self.filter(until__isnull=True)


class Assignment(models.Model):
    """That an officer had a case in hand, from when until when; ``given_by`` is who gave it, or took it.

    Rows are ended and never deleted: by them the history tells who acted for whom. The day of filing stands
    beside the number, so that the case is looked for in one month only.
    """

    case_number = models.TextField()
    filed_on = models.DateField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        """One officer at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("case_number",), condition=Q(until__isnull=True), name="assignment_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="assignment_ends_after_it_begins",
            ),
        )
        indexes = (
            models.Index(fields=("account",), condition=Q(until__isnull=True), name="assignment_in_hand"),
            models.Index(fields=("case_number",), name="assignment_of_case"),
        )

    def __str__(self) -> str:
        return f"{self.case_number}: account:{self.account_id}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences by moment."""

    def at(self, now: datetime) -> Self:
        """Keep those of who is away at that moment."""
        return self.filter(from_at__lte=now, until_at__gt=now)


class Absence(models.Model):
    """That an officer is away and who stands in; ended early, ``until_at`` is the moment of the return."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    stand_in = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        """Nobody is away twice at once, or stands in for themselves."""

        constraints = (
            models.CheckConstraint(
                condition=Q(until_at__gte=F("from_at")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(stand_in=F("account")), name="absence_another_stands_in"),
            ExclusionConstraint(
                name="absence_once_at_a_time",
                expressions=(
                    ("account", RangeOperators.EQUAL),
                    (
                        Func(
                            F("from_at"),
                            F("until_at"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"account:{self.account_id} away until {self.until_at:%d/%m/%Y}"


class SavedFilter(models.Model):
    """A filter of the queue that an officer keeps under a name; ``query`` is its part of the address."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=400)
    is_start = models.BooleanField(default=False)

    class Meta:
        """A name is one filter, and one of them is the start page."""

        constraints = (
            models.UniqueConstraint(fields=("account", "name"), name="saved_filter_name_once"),
            models.UniqueConstraint(
                fields=("account",), condition=Q(is_start=True), name="saved_filter_one_start"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_filter_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class ReasonTemplate(models.Model):
    """One version of a reason that an office keeps ready; ``key`` is the same in all versions.

    Empty ``procedure_code`` or ``act`` means any. The version that holds has no ``replaced_at``.
    """

    key = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveIntegerField()
    agency_path = LtreeField()
    procedure_code = models.TextField(blank=True)
    act = models.TextField(blank=True)
    title = models.CharField(max_length=80)
    text = models.TextField()
    written_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        """Versions count up, and one of them holds at most."""

        constraints = (
            models.UniqueConstraint(fields=("key", "version"), name="reason_template_version_once"),
            models.UniqueConstraint(
                fields=("key",), condition=Q(replaced_at__isnull=True), name="reason_template_one_holds"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="reason_template_says_something"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class ActBatch(models.Model):
    """One act that an officer confirmed for many cases; the id was on the page that asked, so that it runs once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    act = models.TextField()
    reason = models.TextField(blank=True)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.act} at {self.begun_at:%d/%m/%Y %H:%M}"


class ActBatchItem(models.Model):
    """What became of one case of a batch, written in the transaction of its act."""

    batch = models.ForeignKey(ActBatch, on_delete=models.PROTECT, related_name="items", db_index=False)
    case_number = models.TextField()
    outcome = models.TextField()
    state = models.TextField(blank=True)

    class Meta:
        """A case once in a batch, however often it is confirmed."""

        constraints = (models.UniqueConstraint(fields=("batch", "case_number"), name="act_batch_case_once"),)

    def __str__(self) -> str:
        return f"{self.case_number}: {self.outcome}"


class Apology(models.Model):
    """That the office apologized for a missed date, and the day it promised; the legal date stays where it is."""

    case_number = models.TextField()
    ordinal = models.PositiveSmallIntegerField()
    promised_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """Two officers at once send one letter."""

        constraints = (
            models.UniqueConstraint(fields=("case_number", "ordinal"), name="apology_counted"),
            models.CheckConstraint(
                condition=Q(promised_at__gt=F("sent_at")), name="apology_promises_a_day_to_come"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_number}: {self.ordinal}"
