"""Tables of the plain way, and the tables of the registers, which belong to the installation."""

import uuid

from django.db import models

from motcua.identity.models import Account, Person


class Case(models.Model):
    """One request and what became of it."""

    number = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=60)
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    place_code = models.CharField(max_length=10, db_index=True)
    values = models.JSONField()
    state = models.CharField(max_length=40)
    answer = models.CharField(max_length=40)
    reason = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    body_sha256 = models.BinaryField()

    class Meta:
        """A key is used once by an account."""

        constraints = (models.UniqueConstraint(fields=("account", "key"), name="plain_key_once_per_account"),)

    def __str__(self) -> str:
        return self.number


class CaseEntry(models.Model):
    """One line of a case's history."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    happened_at = models.DateTimeField()
    act = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    actor = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.act


class Access(models.Model):
    """One question about a person to a register."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    person_key = models.BinaryField(db_index=True)
    asked_at = models.DateTimeField()
    purpose = models.CharField(max_length=60)
    register = models.CharField(max_length=40)
    fact = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.fact


class Decision(models.Model):
    """The answer with what it was made of."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    answer = models.CharField(max_length=40)
    reason = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    facts = models.JSONField()
    explanation = models.JSONField()
    text_vi = models.TextField()
    text_en = models.TextField()

    def __str__(self) -> str:
        return self.answer


class Lane(models.Model):
    """The end of one chain of the ledger; several, so that transactions need not wait for each other."""

    sequence = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=bytes(32))

    def __str__(self) -> str:
        return f"{self.pk}/{self.sequence}"


class LedgerEntry(models.Model):
    """One event, chained by hash to the one before."""

    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="+")
    sequence = models.BigIntegerField()
    happened_at = models.DateTimeField()
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, db_index=True)
    body = models.JSONField()
    hash = models.BinaryField()

    class Meta:
        """A chain has one entry at each place."""

        constraints = (models.UniqueConstraint(fields=("lane", "sequence"), name="plain_chain_once"),)

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """A signed pass."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="credential")
    revocation_id = models.BigIntegerField(unique=True)
    claims = models.JSONField()
    text = models.TextField()
    issued_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:12]


class PlaceLaw(models.Model):
    """What the directive in force sets at a place; filled when the tables are made."""

    place = models.CharField(primary_key=True, max_length=5)
    color = models.CharField(null=True)  # noqa: DJ001 - no directive sets one
    opening = models.CharField(null=True)  # noqa: DJ001 - as above
    days_green = models.IntegerField(null=True)
    days_yellow = models.IntegerField(null=True)
    directive = models.CharField(null=True)  # noqa: DJ001 - as above

    def __str__(self) -> str:
        return self.place


OURS = (Case, CaseEntry, Access, Decision, Lane, LedgerEntry, Credential, PlaceLaw)


class Resident(models.Model):
    """Row of the population register."""

    person = models.BinaryField(primary_key=True)
    place = models.CharField(null=True)  # noqa: DJ001 - as the register has it
    residence = models.CharField(null=True)  # noqa: DJ001 - as the register has it

    class Meta:
        """Filled by the installation."""

        managed = False
        db_table = 'register_population"."records'

    def __str__(self) -> str:
        return "a resident"


class Business(models.Model):
    """Row of the register of businesses."""

    tax_code = models.TextField(primary_key=True)
    sector = models.CharField(null=True)  # noqa: DJ001 - as the register has it
    owner = models.BinaryField(null=True)
    status = models.CharField(null=True)  # noqa: DJ001 - as the register has it

    class Meta:
        """Filled by the installation."""

        managed = False
        db_table = 'register_businesses"."records'

    def __str__(self) -> str:
        return self.tax_code


class Insured(models.Model):
    """Row of the social insurance register."""

    record = models.TextField(primary_key=True)
    person = models.BinaryField()
    employer_tax_code = models.TextField()
    status = models.CharField(null=True)  # noqa: DJ001 - as the register has it
    valid_to = models.DateField(null=True)

    class Meta:
        """Filled by the installation."""

        managed = False
        db_table = 'register_social_insurance"."records'

    def __str__(self) -> str:
        return self.record
