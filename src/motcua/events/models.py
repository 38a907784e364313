"""Tables of the ledger, its checkpoints and the deliveries made.

The ledger is partitioned by month of ``happened_at``; the application role may insert and read, never
change or delete (granted in site/database.py).
"""

from django.db import models


class LedgerEntry(models.Model):
    """One event, chained by hash to the entry before it in its lane."""

    pk = models.CompositePrimaryKey("happened_at", "lane", "sequence")
    agency_path = models.TextField()
    happened_at = models.DateTimeField()
    lane = models.SmallIntegerField()
    sequence = models.BigIntegerField()
    name = models.TextField()
    subject = models.TextField()
    actor = models.TextField()
    body = models.JSONField()
    hash = models.BinaryField()

    class Meta:
        """Created by SQL in the migration, since Django cannot declare partitions."""

        db_table = "events_ledgerentry"

    def __str__(self) -> str:
        return f"{self.lane}/{self.sequence} {self.name} {self.subject}"


class Checkpoint(models.Model):
    """The heads of all lanes at a moment, signed; published so that others can keep it."""

    taken_at = models.DateTimeField(unique=True)
    heads = models.TextField()

    class Meta:
        """Newest last."""

        ordering = ("taken_at",)

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d %H:%M:%S}"


class Delivery(models.Model):
    """A handler has had its effect for an entry: written in the handler's own transaction."""

    lane = models.SmallIntegerField()
    sequence = models.BigIntegerField()
    handler = models.TextField()

    class Meta:
        """An effect happens once."""

        constraints = (
            models.UniqueConstraint(fields=("lane", "sequence", "handler"), name="delivery_happens_once"),
        )

    def __str__(self) -> str:
        return f"{self.lane}/{self.sequence} {self.handler}"
