"""Tables of switches: what was carried out, case by case and part by part, and whom it was told."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from motcua.directives.models import Directive
from motcua.identity.models import Account, Person
from motcua.switching.states import Category
from motcua.switching.steps import Kind, Left, Stage, SwitchState


class Switch(models.Model):
    """A confirmed directive put into effect on everything outstanding.

    ``dry_run`` is the one that two persons confirmed, ``final_run`` the one made at the moment itself. Counts are by
    category; ``why_stopped`` is a list of sentences in both languages.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="+")
    dry_run = models.ForeignKey("switching.DryRun", on_delete=models.PROTECT, related_name="+")
    final_run = models.ForeignKey("switching.DryRun", on_delete=models.PROTECT, null=True, related_name="+")
    late_run = models.ForeignKey(
        "switching.DryRun",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="over what was decided by the old law while the switch was on its way",
    )
    looked_again_at = models.DateTimeField(null=True)
    state = models.TextField(choices=SwitchState, default=SwitchState.SCHEDULED)
    due_at = models.DateTimeField(help_text="the moment that was confirmed")
    begun_at = models.DateTimeField(null=True, help_text="when the directive became law")
    parts = models.IntegerField(default=0)
    drift = models.JSONField(default=dict, help_text="how the final run differs from the confirmed one")
    why_stopped = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undo_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    undo_asked_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undo_counts = models.JSONField(default=dict)

    class Meta:
        """A schedule is switched once, and who undid it is known."""

        constraints = (
            models.UniqueConstraint(fields=("directive", "dry_run"), name="switch_once_a_schedule"),
            models.CheckConstraint(
                condition=Q(undo_by__isnull=True, undo_asked_at__isnull=True)
                | Q(undo_by__isnull=False, undo_asked_at__isnull=False),
                name="switch_undone_by_somebody",
            ),
        )
        indexes = (models.Index(fields=("state",), name="switch_by_state"),)

    def __str__(self) -> str:
        return f"switch {self.pk}"

    @property
    def reason(self) -> str:
        """The reason under which its passes are revoked, by which they are found again."""
        return f"switch:{self.pk}"


class SwitchedCase(models.Model):
    """What a switch does to one case, and where the case stood before: written first, so that it can be undone.

    The pass to come has its id from the beginning: whoever takes the work up again makes the same one.
    """

    pk = models.CompositePrimaryKey("switch_id", "case_number")
    # Without constraints to other tables: checking them row by row would cost as much as the work itself.
    switch = models.ForeignKey(
        Switch, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    case_number = models.TextField()
    part = models.IntegerField()
    line = models.IntegerField(help_text="of its effect in the final run, or in the late one")
    late = models.BooleanField(
        default=False, help_text="decided by the old law while the switch was on its way"
    )
    category = models.TextField(choices=Category)
    filed_on = models.DateField()
    person_id = models.BigIntegerField()
    before_state = models.TextField()
    before_phase = models.TextField()
    before_due_at = models.DateTimeField()
    before_changed_at = models.DateTimeField()
    before_revision_id = models.BigIntegerField()
    before_answer = models.TextField(blank=True)
    before_reason = models.TextField(blank=True)
    before_decided_by = models.TextField(blank=True)
    old_credential = models.UUIDField(null=True)
    new_credential = models.UUIDField(null=True)
    left_because = models.TextField(choices=Left, blank=True)
    not_undone_because = models.TextField(choices=Left, blank=True)

    class Meta:
        """Asked for by part."""

        indexes = (models.Index(fields=("switch", "part"), name="switchedcase_of_part"),)

    def __str__(self) -> str:
        return f"{self.case_number}: {self.category}"


class SwitchPart(models.Model):
    """One transaction of a switch; it happens once, by whichever process holds it. ``sha256`` is of what it did."""

    switch = models.ForeignKey(Switch, on_delete=models.CASCADE, related_name="+")
    stage = models.TextField(choices=Stage)
    number = models.IntegerField()
    done_at = models.DateTimeField(null=True)
    cases = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        """Each number once a stage."""

        constraints = (models.UniqueConstraint(fields=("switch", "stage", "number"), name="switchpart_once"),)

    def __str__(self) -> str:
        return f"{self.switch_id}/{self.stage}/{self.number}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by their reader."""

    def of_person(self, person_id: int) -> Self:
        """Keep what was told to this person, newest first."""
        return self.filter(person_id=person_id).order_by("-created_at", "-pk")


class Notice(models.Model):
    """One message to one person about all that a switch did for them, or about its undoing."""

    switch = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField(choices=Kind)
    # What weighs most of all that happened to the person's cases.
    category = models.TextField(choices=Category)
    case_numbers = models.JSONField(default=list)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        """However often the work restarts, a person is told once."""

        constraints = (
            models.UniqueConstraint(fields=("switch", "kind", "person"), name="notice_once_a_person"),
        )
        indexes = (models.Index(fields=("person", "-created_at"), name="notice_of_person"),)

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"
