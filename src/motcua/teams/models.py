"""Tables of help: who filed for whom with which consent, the papers that came before, and objections to it."""

from django.db import models
from django.db.models import F, Q

from motcua.agencies.fields import LtreeField
from motcua.agencies.models import Team
from motcua.identity.models import Account, Person
from motcua.teams.states import Clock, Finding


class Assistance(models.Model):
    """One filing on behalf of a person: the consent first, the number of the case once it is filed.

    ``key`` was drawn by the device and is the idempotency key of the case. ``consent_words`` are what was read to
    the person, word for word; ``signature_sealed`` is what they drew with a finger. ``consented_at`` is reckoned by
    our clock, ``device_said_at`` is what the device showed, ``clock_error_seconds`` how far it was ahead when it sent.
    """

    key = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    agency_path = LtreeField()
    place_path = LtreeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    procedure_code = models.CharField(max_length=60)
    consent_words = models.TextField()
    signature_sealed = models.BinaryField()
    consented_at = models.DateTimeField()
    device_said_at = models.DateTimeField()
    clock_error_seconds = models.BigIntegerField()
    clock = models.CharField(max_length=9, choices=Clock)
    received_at = models.DateTimeField()
    # When filing was last tried: from then on a case may stand under the key, even if we heard of none.
    tried_at = models.DateTimeField(null=True)
    case_number = models.CharField(max_length=60, blank=True)
    filed_at = models.DateTimeField(null=True)

    class Meta:
        """A case was helped with once; what is filed has a number."""

        constraints = (
            models.UniqueConstraint(
                fields=("case_number",), condition=~Q(case_number=""), name="assistance_once_per_case"
            ),
            models.CheckConstraint(
                condition=Q(case_number="", filed_at__isnull=True)
                | (Q(filed_at__isnull=False) & ~Q(case_number="")),
                name="assistance_filed_with_number",
            ),
            models.CheckConstraint(condition=~Q(consent_words=""), name="assistance_has_consent"),
            models.CheckConstraint(
                condition=Q(consented_at__lte=F("received_at")), name="assistance_consent_came_first"
            ),
        )
        indexes = (
            models.Index(fields=("account", "-filed_at"), name="assistance_of_member"),
            models.Index(fields=("team", "filed_at"), name="assistance_of_team"),
            models.Index(
                fields=("tried_at",),
                condition=Q(filed_at__isnull=True, tried_at__isnull=False),
                name="assistance_not_heard_of",
            ),
        )

    def __str__(self) -> str:
        return f"help:{self.pk}"


class CarriedPaper(models.Model):
    """A paper that the device sent before the dossier; ``paper_id`` is where the vault of the person keeps it."""

    assistance = models.ForeignKey(Assistance, on_delete=models.CASCADE, related_name="papers")
    device_id = models.UUIDField()
    paper_id = models.UUIDField()
    received_at = models.DateTimeField()

    class Meta:
        """Sent again it is the same paper."""

        constraints = (
            models.UniqueConstraint(fields=("assistance", "device_id"), name="carried_paper_once"),
        )

    def __str__(self) -> str:
        return f"{self.assistance_id}: {self.device_id}"


class HelpObjection(models.Model):
    """A person says that they did not ask for the help; an auditor finds out, and says what was found."""

    assistance = models.OneToOneField(Assistance, on_delete=models.PROTECT, related_name="objection")
    words = models.TextField(blank=True)
    said_at = models.DateTimeField()
    finding = models.CharField(max_length=9, choices=Finding, blank=True)
    answer = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """A finding has an answer in words, a moment and an auditor."""

        constraints = (
            models.CheckConstraint(
                condition=Q(finding="", answer="", settled_at__isnull=True, settled_by__isnull=True)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(finding="") & ~Q(answer="")),
                name="help_objection_settled_whole",
            ),
        )
        indexes = (
            models.Index(
                fields=("said_at",), condition=Q(settled_at__isnull=True), name="help_objection_open"
            ),
        )

    def __str__(self) -> str:
        return f"objection to help:{self.assistance_id}"
