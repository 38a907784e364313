"""Registers, their loads, and the log of every question about a person."""

import uuid

from django.db import models


class Register(models.Model):
    """A source of facts as declared; its records live in the schema ``register_<name>``."""

    name = models.CharField(max_length=40, unique=True)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    owner = models.CharField(max_length=100)
    source = models.CharField(max_length=20)
    declaration = models.JSONField()
    declared_at = models.DateTimeField()
    current_load = models.OneToOneField(
        "registers.RegisterLoad", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        """Constraints: names are safe to be part of a schema name."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(name__regex=r"^[a-z][a-z0-9_]{1,39}$"), name="register_name_is_plain"
            ),
        )

    def __str__(self) -> str:
        return self.name


class RegisterLoad(models.Model):
    """One completed load: the register held exactly these rows from then on."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="loads")
    as_of = models.DateTimeField()
    loaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    rejected = models.PositiveBigIntegerField()
    # The first refusals, without cell values: [{"line", "column", "reason"}].
    refusals = models.JSONField(default=list)

    class Meta:
        """Constraints: no load knows the future."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(as_of__lte=models.F("loaded_at")), name="register_load_not_from_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.register_id} as of {self.as_of:%Y-%m-%d}"


class QuestionList(models.Model):
    """Questions that are put together: register, fact and columns of each; never changed.

    The number is made of the hash of the content, so that nobody has to be asked for it (``events.once``).
    """

    id = models.BigIntegerField(primary_key=True)
    content = models.JSONField()

    def __str__(self) -> str:
        return f"questions {self.pk}"


class RegisterAccess(models.Model):
    """A look at one person's data: who, when, why, what. Partitioned by month of ``asked_at``.

    What was looked at stands in the row, or in the list of questions that it names, which many rows share.
    """

    pk = models.CompositePrimaryKey("agency_path", "asked_at", "id")
    agency_path = models.TextField()
    asked_at = models.DateTimeField()
    id = models.UUIDField(default=uuid.uuid4)
    person_key = models.BinaryField(max_length=32)
    asker_kind = models.CharField(max_length=10)
    asker_reference = models.CharField(max_length=100)
    asker_label = models.CharField(max_length=200)
    purpose = models.CharField(max_length=60)
    case_number = models.CharField(max_length=60, blank=True)
    register = models.CharField(max_length=40)
    fact = models.CharField(max_length=100)
    columns = models.JSONField()
    # Of no use to the database: rows of the log are never removed before their list.
    questions = models.ForeignKey(
        QuestionList,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        """The table is created by SQL in the migration, because Django does not know partitions."""

        db_table = "registers_access"

    def __str__(self) -> str:
        return f"{self.register} asked at {self.asked_at:%Y-%m-%d %H:%M}"
