"""Tables of cases, their history, the keys under which they were submitted, and drafts.

A case is named by its number everywhere outside this file: the table is partitioned by month, and the
number carries the date, so that no foreign key has to point at a composite key.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from motcua.agencies.fields import LtreeField
from motcua.cases.states import Channel, Phase
from motcua.identity.models import Account, Person
from motcua.procedures.models import Revision


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases by owner, by duty and by the clock."""

    def of_person(self, person_id: int) -> Self:
        """Keep the cases that this person asked for."""
        return self.filter(applicant_id=person_id)

    def waiting_for_a_person(self) -> Self:
        """Keep the cases on which an officer has to act."""
        return self.filter(phase=Phase.PERSON)

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

    case_number = models.TextField(db_index=True)
    happened_at = models.DateTimeField()
    act = models.TextField()
    from_state = models.TextField(blank=True)
    to_state = models.TextField()
    actor = models.TextField()
    reason = models.TextField(blank=True)

    class Meta:
        """In the order of what happened."""

        ordering = ("happened_at", "id")

    def __str__(self) -> str:
        return f"{self.case_number}: {self.act}"


class Submission(models.Model):
    """A key under which an account submitted, bound to the hash of what it sent and to the case it became."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
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
