"""Tables of bulk filing: who may act for which firm, an uploaded list, its rows and its files.

What the list says of persons is kept sealed and for a limited time; outcomes and counts stay.
"""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from motcua.agencies.fields import LtreeField
from motcua.cases.bulk.states import MandateAnswer, Outcome, UploadState
from motcua.identity.models import Account, Person
from motcua.procedures.models import Revision


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates by answer."""

    def waiting(self) -> Self:
        """Keep those that a person still has to confirm or refuse."""
        return self.filter(answer=MandateAnswer.UNKNOWN, decided_at__isnull=True)


class Mandate(models.Model):
    """That a person may act for a firm in one service: a fact of a register, or an officer's confirmation."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    procedure_code = models.TextField()
    firm = models.TextField()
    firm_name = models.TextField(blank=True)
    agency_path = LtreeField()
    place_path = LtreeField()
    answer = models.TextField(choices=MandateAnswer)
    # The fact as the register gave it, with source and date; it names no person.
    fact = models.JSONField()
    asked_at = models.DateTimeField()
    decided_by = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    holds_until = models.DateTimeField(null=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        """What a person decided has a date and a name behind it."""

        db_table = "cases_mandate"
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by="")
                | Q(decided_at__isnull=False) & ~Q(decided_by=""),
                name="mandate_decided_by_someone",
            ),
        )
        indexes = (models.Index(fields=("person", "procedure_code", "firm"), name="mandate_of_person"),)

    def __str__(self) -> str:
        return f"mandate {self.pk} for {self.firm}"


class BulkUpload(models.Model):
    """One list as handed in: where it stands, what is in it, what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="uploads")
    procedure_code = models.TextField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    file_name = models.TextField()
    file_format = models.TextField()
    file_bytes = models.IntegerField()
    file_sha256 = models.BinaryField(max_length=32)
    state = models.TextField(choices=UploadState, default=UploadState.CHECKING)
    # Why the file as a whole cannot be used: {"vi", "en"}.
    fault = models.JSONField(null=True)
    # Counts the beginnings of checking: who began earlier and was thought dead writes no more.
    attempt = models.IntegerField(default=0)
    rows = models.IntegerField(default=0)
    rows_ready = models.IntegerField(default=0)
    rows_faulty = models.IntegerField(default=0)
    filed_through = models.IntegerField(default=0)
    rows_granted = models.IntegerField(default=0)
    rows_refused = models.IntegerField(default=0)
    rows_referred = models.IntegerField(default=0)
    rows_failed = models.IntegerField(default=0)
    uploaded_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)
    manifest = models.BinaryField(null=True)
    sheets_layout = models.TextField(blank=True)
    sheets_parts = models.IntegerField(default=0)
    sheets_made = models.IntegerField(default=0)

    class Meta:
        """Counts agree with each other; a finished upload has its manifest."""

        db_table = "cases_bulkupload"
        constraints = (
            models.CheckConstraint(
                condition=~Q(state__in=[UploadState.DONE, UploadState.CANCELLED]) | Q(manifest__isnull=False),
                name="bulk_upload_finished_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[UploadState.CHECKING, UploadState.UNUSABLE, UploadState.CHECKED])
                | Q(confirmed_at__isnull=False),
                name="bulk_upload_files_after_confirmation",
            ),
        )
        indexes = (models.Index(fields=("account", "-uploaded_at"), name="bulk_upload_of_account"),)

    def __str__(self) -> str:
        return f"bulk upload {self.pk}"

    @property
    def rows_filed(self) -> int:
        """Return how many rows have become cases."""
        return self.rows_granted + self.rows_refused + self.rows_referred


class BulkRow(models.Model):
    """One row of a list: what is wrong with it, or what became of it; ``content_sealed`` is what it says."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(BulkUpload, on_delete=models.CASCADE, related_name="+")
    line = models.IntegerField()
    outcome = models.TextField(choices=Outcome)
    content_sealed = models.BinaryField(default=b"")
    # [{"column": {"vi", "en"}, "vi", "en"}], without what the cell says: that may be personal.
    faults = models.JSONField(default=list)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    case_number = models.TextField(blank=True)

    class Meta:
        """A line stands once in its list; what was filed has a number and a person."""

        db_table = "cases_bulkrow"
        constraints = (
            models.UniqueConstraint(fields=("upload", "line"), name="bulk_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.GRANTED, Outcome.REFUSED, Outcome.REFERRED])
                & ~Q(case_number="")
                & Q(person__isnull=False)
                | Q(outcome__in=[Outcome.READY, Outcome.FAULTY, Outcome.FAILED], case_number=""),
                name="bulk_row_filed_has_a_case",
            ),
        )
        indexes = (
            models.Index(fields=("case_number",), condition=~Q(case_number=""), name="bulk_row_of_case"),
        )

    def __str__(self) -> str:
        return f"row {self.line}"


class BulkFile(models.Model):
    """A file of an upload, sealed: the list itself, the list with its faults, or a part of the QR sheets."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(BulkUpload, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    part = models.IntegerField(default=0)
    content_sealed = models.BinaryField()

    class Meta:
        """One file of a kind and part."""

        db_table = "cases_bulkfile"
        constraints = (
            models.UniqueConstraint(fields=("upload", "kind", "part"), name="bulk_file_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["list", "faults", "sheets"]), name="bulk_file_kind_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.part}"
