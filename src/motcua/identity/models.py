"""Tables of people, accounts, second factors, appointments, API tokens and sign-in tries."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from motcua.agencies.fields import LtreeField
from motcua.agencies.models import Agency, Post, Team
from motcua.identity.states import AccountKind, Role, Sex


class Person(models.Model):
    """A natural person; the citizen number is kept as a keyed hash to look up and sealed to print masked."""

    key = models.BinaryField(unique=True, max_length=32)
    number_sealed = models.BinaryField()
    name = models.CharField(max_length=160)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=6, choices=Sex)
    recorded_at = models.DateTimeField()

    class Meta:
        """Name of the table."""

        db_table = "identity_person"

    def __str__(self) -> str:
        return f"person:{self.pk}"


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by login; accounts are made by ``identity.services`` and ``identity.oidc`` only."""


class Account(AbstractBaseUser):
    """Someone or something that signs in: a citizen by the national identity, an officer, a system."""

    kind = models.CharField(max_length=7, choices=AccountKind)
    login = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=160)
    issuer = models.CharField(max_length=200, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="accounts")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "kind"]

    class Meta:
        """Name of table and constraints."""

        db_table = "identity_account"
        constraints = [  # noqa: RUF012 - Django's Meta
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=~Q(issuer=""), name="account_subject_once_per_issuer"
            ),
            models.CheckConstraint(
                condition=Q(kind="citizen") & ~Q(issuer="") & ~Q(subject="")
                | ~Q(kind="citizen") & Q(issuer="", subject="", person__isnull=True),
                name="account_citizens_come_from_an_issuer",
            ),
        ]

    def __str__(self) -> str:
        return f"account:{self.pk}"

    @property
    def reference(self) -> str:
        """Name the account without personal data, as events and logs do."""
        return f"account:{self.pk}"


class SecondFactor(models.Model):
    """The sealed TOTP secret of an officer, and the last time step that was used."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="second_factor")
    secret_sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        """Name of the table."""

        db_table = "identity_second_factor"

    def __str__(self) -> str:
        return f"second factor of account:{self.account_id}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by date."""

    def in_force(self, on: date) -> Self:
        """Keep appointments that hold on that day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class Appointment(models.Model):
    """An officer's role in an agency for a branch of places; ``valid_to`` is the first day without it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    place_path = LtreeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        """Name of table and constraints."""

        db_table = "identity_appointment"
        constraints = [  # noqa: RUF012 - Django's Meta
            models.UniqueConstraint(
                fields=["account", "role", "agency", "place_path", "valid_from"], name="appointment_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="appointment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of account:{self.account_id}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens by validity."""

    def usable(self, now: datetime) -> Self:
        """Keep tokens that are neither expired nor revoked and whose account is active."""
        return self.filter(account__is_active=True, revoked_at__isnull=True, expires_at__gt=now)


class ApiToken(models.Model):
    """A bearer token for machines; only its SHA-256 is kept."""

    digest = models.BinaryField(unique=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=120)
    scope = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        """Name of table and constraints."""

        db_table = "identity_api_token"
        constraints = [  # noqa: RUF012 - Django's Meta
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(scope__regex=r"^[a-z_]+( [a-z_]+)*$"), name="api_token_scope_words"
            ),
        ]

    def __str__(self) -> str:
        return f"token:{self.pk}"


class SignInTries(models.Model):
    """Failed tries of one account name or one address in the running window; the name itself is hashed."""

    key = models.BinaryField(primary_key=True, max_length=32)
    started_at = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField()

    class Meta:
        """Name of the table."""

        db_table = "identity_sign_in_tries"

    def __str__(self) -> str:
        return f"{self.tries} tries since {self.started_at:%H:%M}"
