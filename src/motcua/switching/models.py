"""Tables of dry runs, and of what each would do to every case that it touches."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from motcua.agencies.fields import LtreeField
from motcua.directives.models import Directive
from motcua.identity.models import Account
from motcua.switching.states import Category, RunState, Subject
from motcua.switching.switch_models import Notice, Switch, SwitchedCase, SwitchPart

# The tables of switches stand beside their code; Django looks for tables here.
__all__ = ["DryRun", "Effect", "Notice", "Switch", "SwitchPart", "SwitchedCase"]


class DryRun(models.Model):
    """One draft tried out against everything outstanding at the moment at which it is to begin."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    moment = models.DateTimeField(help_text="when the directive would begin")
    everyone = models.BooleanField(default=False, help_text="whether people without a case are decided too")
    state = models.TextField(choices=RunState, default=RunState.QUEUED)
    step = models.TextField(blank=True)
    progress = models.SmallIntegerField(default=0)
    # Counts by category, place, sector, age band and reason, as whoever may see all of it reads them.
    result = models.JSONField(default=dict)
    # Of the law compared and of every effect, in an order of its own: the same run again has the same digits.
    digest = models.CharField(max_length=64, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True, help_text="of the draft that was tried out")
    finished_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)
    effects_dropped_at = models.DateTimeField(
        null=True, help_text="when the list of who changes was deleted; the counts stay"
    )

    class Meta:
        """Constraints: what is done has its digits."""

        constraints = (
            models.CheckConstraint(condition=Q(progress__range=(0, 100)), name="dryrun_progress_in_percent"),
            models.CheckConstraint(
                condition=~Q(state=RunState.DONE) | ~Q(digest="") & Q(finished_at__isnull=False),
                name="dryrun_done_has_digits",
            ),
        )
        indexes = (models.Index(fields=("directive", "-asked_at"), name="dryrun_of_directive"),)

    def __str__(self) -> str:
        return f"dry run {self.pk}"


class EffectQuerySet(models.QuerySet["Effect"]):
    """Effects by run."""

    def of_run(self, run_id: uuid.UUID) -> Self:
        """Keep the effects of one run, in their order."""
        return self.filter(run_id=run_id).order_by("line")


class Effect(models.Model):
    """What the draft does to one case whose category is not ``kept``; never changed.

    Answers are those of the pack's workflow, empty where the pack fails on the case. ``before_*`` is the law in
    force at the run's moment, ``after_*`` the same with the draft; ``stood_until`` is the last moment of the pass as it
    stands. ``claims`` holds, by key, those lines of the new pass that depend on law; the others stay as they are.
    """

    pk = models.CompositePrimaryKey("run_id", "line")
    # Without constraints to other tables: checking them row by row would cost more than the whole run.
    run = models.ForeignKey(
        DryRun, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    line = models.IntegerField(help_text="from 1, by procedure, subject and case number")
    subject = models.TextField(choices=Subject)
    procedure_code = models.TextField()
    revision_id = models.BigIntegerField(help_text="the revision that decides with the draft")
    case_number = models.TextField(blank=True)
    filed_on = models.DateField(null=True)
    state = models.TextField(blank=True, help_text="of the case when it was read")
    credential_id = models.UUIDField(null=True)
    applicant_id = models.BigIntegerField(null=True)
    person_key = models.BinaryField(max_length=32)
    agency_path = LtreeField()
    place_path = LtreeField()
    place_code = models.TextField(blank=True)
    sector = models.TextField(blank=True)
    age_band = models.TextField(blank=True)
    category = models.TextField(choices=Category)
    before_answer = models.TextField(blank=True)
    before_reason = models.TextField(blank=True)
    before_rule = models.TextField(blank=True)
    after_answer = models.TextField(blank=True)
    after_reason = models.TextField(blank=True)
    after_rule = models.TextField(blank=True)
    stood_until = models.DateTimeField(null=True)
    after_from = models.DateTimeField(null=True)
    after_until = models.DateTimeField(null=True)
    outputs = models.JSONField(default=dict)
    claims = models.JSONField(default=dict)
    # Of form and register facts, the day and the revision, never of law: told apart from what the directive does.
    facts_digest = models.TextField()

    objects = EffectQuerySet.as_manager()

    class Meta:
        """Written once by COPY or INSERT ... SELECT, read by run in the order of lines."""

        db_table = "switching_effect"

    def __str__(self) -> str:
        return f"{self.case_number}: {self.category}"
