"""Tables of the law: directives with the text of each saving, what they may set, and a mark that moves with the law."""

from django.db import models
from django.db.models import F, Q

from motcua.identity.models import Account


class LawMark(models.Model):
    """One row whose mark is drawn anew whenever the law changes, so that a process sees that its copy is old."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mark = models.UUIDField()
    moved_at = models.DateTimeField()

    class Meta:
        """There is one law."""

        constraints = (models.CheckConstraint(condition=Q(id=1), name="law_mark_is_one"),)

    def __str__(self) -> str:
        return str(self.mark)


class Parameter(models.Model):
    """What a directive may set, declared by the register that offers it."""

    address = models.CharField(max_length=81, primary_key=True)
    type = models.CharField(max_length=10)
    label_vi = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    allowed = models.JSONField(default=list)
    minimum = models.CharField(max_length=40, null=True)  # noqa: DJ001 - no bound is not an empty bound
    maximum = models.CharField(max_length=40, null=True)  # noqa: DJ001 - no bound is not an empty bound
    by_place = models.BooleanField()

    class Meta:
        """The address is a register and a column."""

        constraints = (
            models.CheckConstraint(
                condition=Q(address__regex=r"^[a-z][a-z0-9_]{1,39}\.[a-z][a-z0-9_]{1,39}$"),
                name="parameter_address_is_plain",
            ),
        )

    def __str__(self) -> str:
        return self.address


class Directive(models.Model):
    """A directive: its text, and the moments that it has passed; what is not begun binds nobody.

    ``prepared_by`` is null for the first law of an installation, which the owner of the database put in force.
    """

    number = models.CharField(max_length=40)
    title_vi = models.TextField()
    title_en = models.TextField()
    issuer = models.TextField()
    issued_on = models.DateField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    replaces = models.JSONField(default=list)
    undo_within_hours = models.PositiveSmallIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    changed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)
    installed_at = models.DateTimeField(null=True)
    scheduled_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    scheduled_at = models.DateTimeField(null=True)
    switch_at = models.DateTimeField(null=True)
    dry_run_id = models.UUIDField(null=True)
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(
        null=True, help_text="when its own end was told to the ledger; the end itself is until_at"
    )
    undone_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    discarded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        """The two persons and the order of moments are held here, whatever a program does."""

        constraints = (
            models.UniqueConstraint(
                fields=("number",),
                condition=Q(discarded_at__isnull=True, undone_at__isnull=True),
                name="directive_number_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(prepared_by__isnull=False) | Q(installed_at__isnull=False),
                name="directive_prepared_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    scheduled_by__isnull=True,
                    scheduled_at__isnull=True,
                    switch_at__isnull=True,
                    dry_run_id__isnull=True,
                )
                | Q(
                    scheduled_by__isnull=False,
                    scheduled_at__isnull=False,
                    switch_at__isnull=False,
                    dry_run_id__isnull=False,
                ),
                name="directive_scheduled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, scheduled_at__isnull=False),
                name="directive_confirmed_after_scheduled",
            ),
            # With an empty side the comparison is neither true nor false, and a constraint lets that pass: the one
            # who confirms is compared only with those that there are.
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("scheduled_by"))
                & ~Q(confirmed_by=F("prepared_by"))
                & (Q(changed_by__isnull=True) | ~Q(confirmed_by=F("changed_by"))),
                name="directive_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True)
                | Q(confirmed_at__isnull=False, begun_at__gte=F("switch_at"))
                | Q(installed_at__isnull=False),
                name="directive_begins_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__gte=F("begun_at"), undone_by__isnull=False, begun_at__isnull=False),
                name="directive_undone_after_begun",
            ),
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=True, discarded_by__isnull=True)
                | Q(discarded_at__isnull=False, discarded_by__isnull=False, begun_at__isnull=True),
                name="directive_discarded_before_begun",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")),
                name="directive_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.number


class DirectiveVersion(models.Model):
    """One saving of a directive's text: what, by whom and when; never changed."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    saved_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        """Each number once a directive."""

        constraints = (
            models.UniqueConstraint(fields=("directive", "number"), name="directive_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.directive_id}/{self.number}"


class OpinionFigure(models.Model):
    """What a source measured of public opinion about a directive by one day; null is what it does not say."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="+")
    measured_on = models.DateField()
    source = models.CharField(max_length=200)
    source_url = models.CharField(max_length=500, blank=True)
    reach = models.BigIntegerField(null=True, help_text="readers or viewers counted")
    against_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    favor_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    imported_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        """A source says one thing a day, and says something."""

        constraints = (
            models.UniqueConstraint(
                fields=("directive", "measured_on", "source"), name="opinion_once_a_day_and_source"
            ),
            models.CheckConstraint(
                condition=Q(reach__isnull=False)
                | Q(against_percent__isnull=False)
                | Q(favor_percent__isnull=False),
                name="opinion_says_something",
            ),
            models.CheckConstraint(
                condition=Q(reach__isnull=True) | Q(reach__gte=0), name="opinion_reach_counts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source}, {self.measured_on}"
