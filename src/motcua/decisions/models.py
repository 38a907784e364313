"""Tables of decisions: the answer, the rule, the facts it read and the explanation, as they were that moment."""

from django.db import models

from motcua.agencies.fields import LtreeField
from motcua.decisions.facts import FactsField


class DecisionRecord(models.Model):
    """One decision on one case; never changed. Partitioned by month of ``decided_at``."""

    pk = models.CompositePrimaryKey("decided_at", "id")
    id = models.UUIDField()
    agency_path = LtreeField()
    decided_at = models.DateTimeField()
    case_number = models.TextField()
    decided_by = models.TextField()
    model_sha256 = models.CharField(max_length=64)
    answer = models.TextField()
    reason_code = models.TextField()
    rule = models.TextField()
    facts = FactsField()
    explanation = models.JSONField()
    text_vi = models.TextField()
    text_en = models.TextField()

    class Meta:
        """Created by SQL in the migration, since Django cannot declare partitions."""

        db_table = "decisions_decisionrecord"

    def __str__(self) -> str:
        return f"{self.case_number}: {self.answer}"


class FactHeading(models.Model):
    """What the facts of many decisions share: for each its name, register and titles; never changed.

    The number is made of the hash of the content, so that nobody has to be asked for it (``events.once``).
    """

    id = models.BigIntegerField(primary_key=True)
    content = models.JSONField()

    def __str__(self) -> str:
        return f"heading {self.pk}"
