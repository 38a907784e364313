"""Tables of filing on behalf: what an officer is filling in for somebody, and who filed what for whom."""

import uuid

from django.db import models
from django.db.models import Q

from motcua.agencies.fields import LtreeField
from motcua.cases.states import Channel
from motcua.identity.models import Account, Person
from motcua.procedures.models import Revision


class CounterDraft(models.Model):
    """A form that an officer fills in for the person before them; its id is the key under which it is filed.

    ``arrived_on`` is the day on which the post brought it, ``papers`` are the ids of those that were taken for it.
    Dropped when it is filed, or after a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    procedure_code = models.TextField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)
    papers = models.JSONField(default=list)
    phone_sealed = models.BinaryField(default=b"")
    channel = models.TextField(choices=Channel)
    arrived_on = models.DateField(null=True)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        """Constraints: what came by post came on a day."""

        constraints = (
            models.CheckConstraint(
                condition=Q(channel=Channel.COUNTER, arrived_on__isnull=True)
                | Q(channel=Channel.POST, arrived_on__isnull=False),
                name="counter_draft_came_by_counter_or_post",
            ),
        )
        indexes = (models.Index(fields=("saved_at",), name="counter_draft_by_age"),)

    def __str__(self) -> str:
        return f"counter draft {self.pk}"


class OnBehalf(models.Model):
    """That a case was filed by somebody for its applicant: by which account, at which office, how it came."""

    case_number = models.TextField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    agency_path = LtreeField()
    channel = models.TextField(choices=Channel)
    arrived_on = models.DateField(null=True)
    phone_sealed = models.BinaryField(default=b"")
    filed_at = models.DateTimeField()

    class Meta:
        """Constraints: only what came by post has a day on which it came."""

        constraints = (
            models.CheckConstraint(
                condition=Q(channel=Channel.POST) | Q(arrived_on__isnull=True),
                name="on_behalf_arrived_by_post",
            ),
        )
        indexes = (models.Index(fields=("account", "-filed_at"), name="on_behalf_of_account"),)

    def __str__(self) -> str:
        return f"{self.case_number} by account:{self.account_id}"
