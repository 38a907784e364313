"""Tables of cases, their history, the keys under which they were submitted, numbers allotted, and drafts.

A case is named by its number everywhere outside this file: the table is partitioned by month, and the
number carries the date, so that no foreign key has to point at a composite key.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from motcua.agencies.fields import LtreeField
from motcua.cases.bulk.models import BulkFile, BulkRow, BulkUpload, Mandate
from motcua.cases.consults.models import CaseSight, Consultation
from motcua.cases.counter.models import CounterDraft, OnBehalf
from motcua.cases.desk.models import (
    Absence,
    ActBatch,
    ActBatchItem,
    Apology,
    Assignment,
    ReasonTemplate,
    SavedFilter,
)
from motcua.cases.states import Channel, Phase
from motcua.identity.models import Account, Person
from motcua.procedures.models import Revision

# The tables of bulk filing, consults, the counter and the desk stand beside their code; Django looks for tables here.
__all__ = [
    "Absence",
    "ActBatch",
    "ActBatchItem",
    "AllottedNumber",
    "Apology",
    "Assignment",
    "BulkFile",
    "BulkRow",
    "BulkUpload",
    "Case",
    "CaseEntry",
    "CaseSight",
    "Consultation",
    "CounterDraft",
    "Draft",
    "EntryDetails",
    "Mandate",
    "OnBehalf",
    "ReasonTemplate",
    "SavedFilter",
    "Submission",
]


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases by owner, by duty and by the clock."""

    def of_person(self, person_id: int) -> Self:
        """Keep the cases that this person asked for."""
        return self.filter(applicant_id=person_id)

    def waiting_for_a_person(self) -> Self:
        """Keep the cases on which an officer has to act."""
        return self.filter(phase=Phase.PERSON)

    def waiting_for_its_applicant(self) -> Self:
        """Keep the cases whose clock stands still until the applicant answers or pays."""
        return self.filter(phase=Phase.CITIZEN)

    def overdue(self, now: datetime) -> Self:
        """Keep the open cases whose deadline has passed; overdue is never stored."""
        return self.filter(due_at__lt=now, phase__in=Phase.open())


class Case(models.Model):
    """One request on its way. Partitioned by month of ``filed_on``."""

    pk = models.CompositePrimaryKey("filed_on", "number")
    agency_path = LtreeField()
    place_path = LtreeField()
    place_code = models.TextField()
    filed_on = models.DateField()
    number = models.TextField()
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    procedure_code = models.TextField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    channel = models.TextField(choices=Channel)
    values = models.JSONField()
    state = models.TextField()
    phase = models.TextField(choices=Phase)
    answer = models.TextField(blank=True)
    reason_code = models.TextField(blank=True)
    decided_by = models.TextField(blank=True)
    objected = models.BooleanField(default=False)
    tries = models.SmallIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        """Created by SQL in the migration, since Django cannot declare partitions."""

        db_table = "cases_case"

    def __str__(self) -> str:
        return self.number


class CaseEntry(models.Model):
    """One line of a case's history: what was done, by whom, and why; never changed."""

    case_number = models.TextField()
    happened_at = models.DateTimeField()
    act = models.TextField()
    from_state = models.TextField(blank=True)
    to_state = models.TextField()
    actor = models.TextField()
    reason = models.TextField(blank=True)

    class Meta:
        """In the order of what happened. Without Django's second index of a text, for LIKE, which nobody asks."""

        ordering = ("happened_at", "id")
        indexes = (models.Index(fields=("case_number",), name="caseentry_of_case"),)

    def __str__(self) -> str:
        return f"{self.case_number}: {self.act}"


class EntryDetails(models.Model):
    """What few entries carry besides a reason: a new date of the answer, corrected answers, or what was found out.

    ``until`` is the date that an extension set. ``corrected`` maps a field of the form to its values before and
    after, ``findings`` what was asked of who acted to the value. A table of its own, so that the many entries without
    them stay as short as they are.
    """

    entry = models.OneToOneField(
        CaseEntry, on_delete=models.PROTECT, primary_key=True, related_name="details"
    )
    until = models.DateTimeField(null=True)
    corrected = models.JSONField(default=dict)
    findings = models.JSONField(default=dict, db_default={})

    class Meta:
        """Said only where there is something to say."""

        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=False) | ~Q(corrected={}) | ~Q(findings={}),
                name="entry_details_say_something",
            ),
        )

    def __str__(self) -> str:
        return f"entry {self.entry_id}"


class Submission(models.Model):
    """A key under which an account submitted, bound to the hash of what it sent and to the case it became."""

    # The constraint below begins with the account: an index of its own would only cost.
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    body_sha256 = models.BinaryField()
    case_number = models.TextField()
    submitted_at = models.DateTimeField()

    class Meta:
        """The same key twice is one case."""

        constraints = (
            models.UniqueConstraint(fields=("account", "key"), name="submission_key_once_per_account"),
            models.CheckConstraint(condition=~Q(key=""), name="submission_key_is_not_empty"),
        )

    def __str__(self) -> str:
        return self.case_number


class Draft(models.Model):
    """What a citizen has filled in so far, under the revision they began with."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    procedure_code = models.TextField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField()
    key = models.UUIDField()
    saved_at = models.DateTimeField()

    class Meta:
        """One draft a service and account."""

        constraints = (
            models.UniqueConstraint(fields=("account", "procedure_code"), name="draft_one_per_procedure"),
        )

    def __str__(self) -> str:
        return f"{self.account_id}/{self.procedure_code}"


class Allotment(models.Model):
    """How many numbers of a pool have been given; one row is the short lock under which they stay without a gap.

    ``before`` is what had been given before the last taking: one statement tells its taker the numbers between.
    """

    key = models.TextField(primary_key=True)
    ceiling = models.PositiveIntegerField()
    before = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()

    class Meta:
        """Never more than there are."""

        constraints = (
            models.CheckConstraint(
                condition=Q(before__lte=F("taken")) & Q(taken__lte=F("ceiling")),
                name="allotment_within_its_ceiling",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.taken} of {self.ceiling}"


class AllottedNumber(models.Model):
    """Which case got which number of a pool: the rows behind the count."""

    pk = models.CompositePrimaryKey("allotment_key", "number")
    allotment_key = models.TextField()
    number = models.PositiveIntegerField()
    case_number = models.TextField(unique=True)

    class Meta:
        """Numbers begin with one."""

        constraints = (models.CheckConstraint(condition=Q(number__gte=1), name="allotted_number_from_one"),)

    def __str__(self) -> str:
        return f"{self.allotment_key}: {self.number}"
