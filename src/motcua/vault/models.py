"""Tables of the vault: contents kept once, papers of people, parts of dossiers, and shares that end."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from motcua.identity.models import Account, Person
from motcua.vault.states import Means, Source


class PaperFile(models.Model):
    """A content, sealed; kept once however many papers have it, and never changed."""

    sha256 = models.BinaryField(max_length=32, unique=True)
    content_sealed = models.BinaryField()
    thumbnail_sealed = models.BinaryField()
    media_type = models.CharField(max_length=40)
    bytes = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    scanned = models.BooleanField()
    kept_at = models.DateTimeField()

    class Meta:
        """Constraints: only what the checks can have passed."""

        constraints = (
            models.CheckConstraint(
                condition=Q(media_type__in=("image/jpeg", "image/png", "application/pdf")),
                name="paper_file_of_a_checked_type",
            ),
            models.CheckConstraint(condition=Q(bytes__gt=0), name="paper_file_is_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.media_type}, {self.bytes} bytes"


class Paper(models.Model):
    """A paper of a person: what it is, where it comes from, as of when.

    ``added_for`` is the code of the procedure in whose form it was uploaded, empty for the list of papers. A result
    that its office took back stays, with ``withdrawn_at`` and the ground in a word; no dossier takes it any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(PaperFile, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=120, blank=True)
    received_sha256 = models.BinaryField(max_length=32)
    source = models.CharField(max_length=8, choices=Source)
    case_number = models.CharField(max_length=60, blank=True)
    register = models.CharField(max_length=40, blank=True)
    as_of = models.DateField()
    added_at = models.DateTimeField()
    added_for = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_for = models.CharField(max_length=40, blank=True, db_default="")

    class Meta:
        """Constraints: the same content is one paper of a person and kind; each source names where it comes from."""

        constraints = (
            models.UniqueConstraint(fields=("person", "file", "kind"), name="paper_once_per_person_and_kind"),
            models.CheckConstraint(
                condition=Q(source=Source.UPLOADED, case_number="", register="")
                | (Q(source=Source.RESULT, register="") & ~Q(case_number=""))
                | (Q(source=Source.REGISTER, case_number="") & ~Q(register="")),
                name="paper_names_its_source",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_for="")
                | (Q(withdrawn_at__isnull=False, source=Source.RESULT) & ~Q(withdrawn_for="")),
                name="paper_withdrawn_is_a_result",
            ),
        )
        indexes = (models.Index(fields=("person", "-added_at"), name="paper_of_person"),)

    def __str__(self) -> str:
        return f"paper:{self.pk}"


class Component(models.Model):
    """A part that a dossier asked for, and how it was provided; it holds its paper for as long as it stands."""

    case_number = models.CharField(max_length=60)
    procedure_code = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    means = models.CharField(max_length=8, choices=Means)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, related_name="components")
    fact = models.CharField(max_length=100, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        """Constraints: each part once a case, with a paper exactly where a paper provides it."""

        constraints = (
            models.UniqueConstraint(fields=("case_number", "field"), name="component_once_per_case"),
            models.CheckConstraint(
                condition=Q(means__in=(Means.UPLOADED, Means.REUSED), paper__isnull=False)
                | Q(means__in=(Means.DATA, Means.MISSING), paper__isnull=True),
                name="component_has_what_provides_it",
            ),
        )
        indexes = (
            models.Index(fields=("procedure_code", "noted_at"), name="component_of_procedure"),
            models.Index(fields=("noted_at",), name="component_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.case_number}: {self.field} {self.means}"


class ShareQuerySet(models.QuerySet["Share"]):
    """Shares by whether they can be opened."""

    def standing(self, now: datetime) -> Self:
        """Keep those that are neither over, revoked nor, where they serve once, used."""
        return self.filter(until_at__gt=now, revoked_at__isnull=True).exclude(
            one_time=True, opened_at__isnull=False
        )


class Share(models.Model):
    """Papers shown to whoever holds a link, until a moment; of the link only the SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    for_whom = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    papers = models.ManyToManyField(Paper, related_name="shares")
    created_at = models.DateTimeField()
    until_at = models.DateTimeField()
    one_time = models.BooleanField()
    opened_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        """Constraints: a share ends, thirty days after it begins at the latest."""

        constraints = (
            models.CheckConstraint(
                condition=Q(until_at__gt=F("created_at"))
                & Q(until_at__lte=F("created_at") + timedelta(days=30)),
                name="share_ends_within_thirty_days",
            ),
        )
        indexes = (models.Index(fields=("person", "-created_at"), name="share_of_person"),)

    def __str__(self) -> str:
        return f"share:{self.pk}"
