"""Tables of drafts: the next rules of a service while they are being written, and each time they were saved."""

from django.db import models

from motcua.identity.models import Account
from motcua.packs.states import Outcome
from motcua.procedures.models import Procedure, Revision


class RuleDraft(models.Model):
    """The files of a revision as a designer changes them; ``version`` counts how often they were saved."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+")
    based_on = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    texts = models.JSONField()
    version = models.PositiveIntegerField(default=0)
    begun_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    outcome = models.TextField(choices=Outcome, default=Outcome.OPEN)
    closed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    installed = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """One open draft a service, so that nobody changes rules beside another unseen."""

        constraints = (
            models.UniqueConstraint(
                fields=("procedure",), condition=models.Q(outcome="open"), name="draft_one_open_per_procedure"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="open", closed_by__isnull=True, closed_at__isnull=True)
                | models.Q(closed_by__isnull=False, closed_at__isnull=False) & ~models.Q(outcome="open"),
                name="draft_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(installed__isnull=False, outcome="installed")
                | models.Q(installed__isnull=True) & ~models.Q(outcome="installed"),
                name="draft_installed_is_a_revision",
            ),
        )

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.procedure_id}"


class DraftVersion(models.Model):
    """One saving of a draft: which files were changed, to what, by whom and when; never changed."""

    draft = models.ForeignKey(RuleDraft, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    changed = models.JSONField()
    saved_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        """Each number once a draft."""

        constraints = (models.UniqueConstraint(fields=("draft", "number"), name="draft_version_once"),)

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.number}"
