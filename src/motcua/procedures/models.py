"""Tables of the catalogue: a procedure and its revisions. A revision never changes once installed."""

from django.db import models


class Procedure(models.Model):
    """A service that an agency offers, known by the code of its pack."""

    code = models.TextField(unique=True)
    search_text = models.TextField(help_text="title, summary and keywords in lower case without accents")

    def __str__(self) -> str:
        return self.code


class Revision(models.Model):
    """One state of a procedure's content; a running case keeps the revision it was filed under.

    ``texts`` are the files of the pack as they were written, by path: what a draft begins from.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    texts = models.JSONField(default=dict)
    installed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """One number and one content a procedure; at most one revision stands."""

        constraints = (
            models.UniqueConstraint(fields=("procedure", "number"), name="revision_number_is_unique"),
            models.UniqueConstraint(
                fields=("procedure",),
                condition=models.Q(withdrawn_at__isnull=True),
                name="revision_one_in_force",
            ),
        )

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number}"
