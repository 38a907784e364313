"""Tables of keys, passes, what is published about them, and scans at checkpoints."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from motcua.agencies.fields import LtreeField
from motcua.credentials.states import Answer, KeyUse
from motcua.identity.models import Account
from motcua.seals.passes import LONGEST_TEXT

models.TextField.register_lookup(Length)


class CredentialKey(models.Model):
    """The public half of a signing key; the private half is a file under ``SECRETS_DIR``."""

    key_id = models.BinaryField(primary_key=True, max_length=8)
    use = models.TextField(choices=KeyUse)
    certificate_der = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """One key of each use signs at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("use",), condition=Q(retired_at__isnull=True), name="credential_key_one_signs"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(retired_at__isnull=False),
                name="credential_key_revoked_does_not_sign",
            ),
        )

    def __str__(self) -> str:
        return bytes(self.key_id).hex()


class CredentialQuerySet(models.QuerySet["Credential"]):
    """Passes by standing."""

    def standing(self) -> Self:
        """Keep the passes that were not revoked."""
        return self.filter(revoked_at__isnull=True)

    def ending_after(self, now: datetime) -> Self:
        """Keep the passes whose last moment is still to come."""
        return self.filter(valid_to__gt=now)


class Credential(models.Model):
    """A signed pass. ``claims`` is what the QR says, never a citizen number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency_path = LtreeField()
    case_number = models.TextField()
    kind = models.TextField()
    revocation_id = models.BigIntegerField(unique=True)
    claims = models.JSONField()
    text = models.TextField()
    # No query looks for passes by their key.
    key = models.ForeignKey(CredentialKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.TextField(blank=True)
    restored_at = models.DateTimeField(null=True, help_text="when a revocation was last taken back")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        """One standing pass a case; a revoked one says why."""

        constraints = (
            models.UniqueConstraint(
                fields=("case_number",), condition=Q(revoked_at__isnull=True), name="credential_one_stands"
            ),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="credential_ends_later"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoke_reason="")
                | Q(revoked_at__isnull=False) & ~Q(revoke_reason=""),
                name="credential_revoked_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(text__length__lte=LONGEST_TEXT), name="credential_text_fits_the_qr"
            ),
        )
        indexes = (
            models.Index(
                fields=("revoked_at",), condition=Q(revoked_at__isnull=False), name="credential_revoked"
            ),
            models.Index(
                fields=("restored_at",), condition=Q(restored_at__isnull=False), name="credential_restored"
            ),
            models.Index(fields=("case_number", "-issued_at"), name="credential_of_case"),
        )

    def __str__(self) -> str:
        return f"credential {self.pk}"


class StatusList(models.Model):
    """A published list of revoked passes, as scanners fetch it."""

    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    content = models.BinaryField()
    revoked = models.IntegerField()

    class Meta:
        """Asked for by its time."""

        db_table = "credentials_statuslist"
        indexes = (models.Index(fields=("-issued_at",), name="statuslist_newest"),)

    def __str__(self) -> str:
        return f"status list of {self.issued_at:%Y-%m-%d %H:%M}"


class KeyBundle(models.Model):
    """The published bundle of trusted keys, signed by the root."""

    issued_at = models.DateTimeField()
    content = models.BinaryField()

    class Meta:
        """Asked for by its time."""

        indexes = (models.Index(fields=("-issued_at",), name="keybundle_newest"),)

    def __str__(self) -> str:
        return f"keys of {self.issued_at:%Y-%m-%d %H:%M}"


class Scan(models.Model):
    """A check made by an inspector, perhaps offline; ``key`` is the scanner's own, so that a repeat is one."""

    key = models.UUIDField(primary_key=True)
    agency_path = LtreeField()
    place_path = LtreeField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    device = models.UUIDField()
    checkpoint = models.TextField(blank=True)
    scanned_at = models.DateTimeField(help_text="by the device's clock, corrected by its error at upload")
    received_at = models.DateTimeField()
    clock_error_seconds = models.IntegerField()
    device_answer = models.TextField(choices=Answer)
    device_reason = models.TextField(blank=True)
    answer = models.TextField(choices=Answer)
    reason = models.TextField(blank=True)
    text_sha256 = models.BinaryField(max_length=32)
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, null=True, related_name="scans")

    class Meta:
        """Scans of one pass are compared by time."""

        indexes = (
            models.Index(fields=("credential", "scanned_at"), name="scan_of_credential"),
            models.Index(fields=("received_at",), name="scan_received"),
        )

    def __str__(self) -> str:
        return f"scan {self.pk}"


class DoubleUse(models.Model):
    """Two scans of one pass at different checkpoints within a time too short for one holder."""

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="double_uses")
    first = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        """A pair is found once."""

        constraints = (models.UniqueConstraint(fields=("first", "second"), name="double_use_found_once"),)
        indexes = (models.Index(fields=("-found_at",), name="double_use_newest"),)

    def __str__(self) -> str:
        return f"double use of {self.credential_id}"
