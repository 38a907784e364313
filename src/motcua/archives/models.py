"""Tables of the archive: what is kept under which heading for how long, the packages, and what was destroyed by whom.

``archives_archiveddossier`` can only be read and added to (site/database.py): what was archived stays on record after
its package is gone. Triggers keep a package as it is, and let it go only when two persons have decided so.
"""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from motcua.agencies.fields import LtreeField
from motcua.archives.states import Outcome
from motcua.identity.models import Account


class ArchivedDossierQuerySet(models.QuerySet["ArchivedDossier"]):
    """Archived dossiers by what is left of them and by their term."""

    def standing(self) -> Self:
        """Keep those whose package is there."""
        return self.filter(Exists(ArchivedPackage.objects.filter(dossier=OuterRef("pk"))))

    def past_term(self, today: date) -> Self:
        """Keep those that are there although their term is over."""
        return self.standing().filter(keep_until__lt=today)


class ArchivedDossier(models.Model):
    """One edition of a dossier as it was archived: nothing here names a person.

    ``ended_at`` is when something last happened to the case; if more happens, as when a sealed paper is withdrawn, the
    whole of it is archived again as the next edition. ``keep_years`` and ``keep_until`` are null where it is kept for
    ever. ``sha256`` names the package.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_number = models.TextField()
    edition = models.PositiveSmallIntegerField()
    agency_path = LtreeField()
    place_path = LtreeField()
    procedure_code = models.TextField()
    procedure_title_vi = models.TextField()
    procedure_title_en = models.TextField()
    heading_vi = models.TextField()
    heading_en = models.TextField()
    filed_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    year = models.PositiveSmallIntegerField()
    keep_years = models.PositiveSmallIntegerField(null=True)
    keep_until = models.DateField(null=True)
    files = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    archived_at = models.DateTimeField()

    objects = ArchivedDossierQuerySet.as_manager()

    class Meta:
        """Each state of a dossier is archived once; a term has both its years and its last day."""

        constraints = (
            models.UniqueConstraint(fields=("case_number", "edition"), name="archived_dossier_edition_once"),
            models.UniqueConstraint(fields=("case_number", "ended_at"), name="archived_dossier_state_once"),
            models.CheckConstraint(
                condition=Q(keep_years__isnull=True, keep_until__isnull=True)
                | Q(keep_years__gte=1, keep_until__isnull=False),
                name="archived_dossier_term_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("filed_at"), archived_at__gte=F("ended_at")),
                name="archived_dossier_after_its_end",
            ),
        )
        indexes = (
            models.Index(fields=("year", "procedure_code"), name="archived_dossier_by_year"),
            models.Index(fields=("keep_until",), name="archived_dossier_by_term"),
        )

    def __str__(self) -> str:
        return f"{self.case_number}, edition {self.edition}"


class ArchivedPackage(models.Model):
    """The package of a dossier, sealed; gone once it is destroyed."""

    dossier = models.OneToOneField(
        ArchivedDossier, on_delete=models.PROTECT, primary_key=True, related_name="package"
    )
    content_sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"package of {self.dossier_id}"


class ArchivedStamp(models.Model):
    """A time stamp that keeps a sealed result of a package provable; it goes with the package.

    The first stands in the package, in a file of its own that begins with the sealed one; ``tail_sealed`` is what each
    later one adds to the end of that file, and ``sha256`` names the file as it then is.
    """

    dossier = models.ForeignKey(ArchivedDossier, on_delete=models.PROTECT, related_name="stamps")
    code = models.CharField(max_length=16)
    sequence = models.PositiveSmallIntegerField()
    stamped_at = models.DateTimeField()
    good_until = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    tail_sealed = models.BinaryField(default=b"")

    class Meta:
        """One after the other."""

        constraints = (
            models.UniqueConstraint(fields=("dossier", "code", "sequence"), name="archived_stamp_once"),
            models.CheckConstraint(
                condition=Q(sequence=1, tail_sealed=b"") | (Q(sequence__gt=1) & ~Q(tail_sealed=b"")),
                name="archived_stamp_first_in_the_package",
            ),
            models.CheckConstraint(
                condition=Q(good_until__gt=F("stamped_at")), name="archived_stamp_is_good"
            ),
        )
        indexes = (models.Index(fields=("good_until",), name="archived_stamp_by_end"),)

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.code} {self.sequence}"


class Destruction(models.Model):
    """A proposal to destroy dossiers past their term, and what a second person decided on it.

    ``council`` are the members of the council that looked at the list, as the archivist wrote them down; ``minutes``
    is the PDF that lists every number, heading and hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency_path = LtreeField()
    place_path = LtreeField()
    reason = models.TextField()
    council = models.TextField()
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    words = models.TextField(blank=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    minutes = models.BinaryField(default=b"")
    minutes_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        """Two persons, and a decision is whole: outcome, who, when, why, and the minutes."""

        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="destruction_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome="", words="", minutes_sha256="", decided_by__isnull=True, decided_at__isnull=True
                )
                | (
                    Q(decided_by__isnull=False, decided_at__gte=F("proposed_at"))
                    & ~Q(outcome="")
                    & ~Q(words="")
                    & ~Q(minutes_sha256="")
                ),
                name="destruction_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(council=""), name="destruction_has_reason_and_council"
            ),
        )

    def __str__(self) -> str:
        return f"destruction:{self.pk}"


class DestructionItem(models.Model):
    """A dossier that a proposal is about."""

    destruction = models.ForeignKey(Destruction, on_delete=models.PROTECT, related_name="items")
    dossier = models.ForeignKey(ArchivedDossier, on_delete=models.PROTECT, related_name="proposals")

    class Meta:
        """Once a proposal."""

        constraints = (
            models.UniqueConstraint(fields=("destruction", "dossier"), name="destruction_item_once"),
        )

    def __str__(self) -> str:
        return f"{self.destruction_id}: {self.dossier_id}"
