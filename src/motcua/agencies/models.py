"""Tables of places with their lineage, and of agencies with posts and teams."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from motcua.agencies.fields import LtreeField
from motcua.agencies.states import AgencyKind, PlaceKind, PlaceTier, SuccessionKind


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places by date and by branch of the tree."""

    def valid(self, on: date) -> Self:
        """Keep the places in force on that day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)

    def within(self, path: str) -> Self:
        """Keep the place of that path and all below it."""
        return self.filter(path__within=path)


class Place(models.Model):
    """An administrative unit during one period; the same code in another period is another row.

    ``valid_to`` is the first day on which the unit no longer exists. The migration adds the
    exclusion constraints ``place_code_once_at_a_time`` and ``place_path_once_at_a_time``.
    """

    code = models.CharField(max_length=5)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=120)
    name_folded = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=PlaceKind)
    tier = models.CharField(max_length=10, choices=PlaceTier)
    path = LtreeField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    area_km2 = models.DecimalField(max_digits=9, decimal_places=2, null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        """Names of table and constraints."""

        db_table = "agencies_place"
        constraints = [  # noqa: RUF012 - Django's Meta
            models.UniqueConstraint(fields=["code", "valid_from"], name="place_code_from"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{2,5}$"), name="place_code_digits"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="place_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code}, {self.valid_from:%d/%m/%Y})"


class PlaceSuccession(models.Model):
    """One step of lineage: the old place went to the new one, wholly or in part."""

    old = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="heirs")
    new = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="forebears")
    kind = models.CharField(max_length=5, choices=SuccessionKind)

    class Meta:
        """Names of table and constraints."""

        db_table = "agencies_place_succession"
        constraints = [  # noqa: RUF012 - Django's Meta
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.UniqueConstraint(
                fields=["old"], condition=Q(kind="whole"), name="succession_whole_has_one_heir"
            ),
            models.CheckConstraint(condition=~Q(old=F("new")), name="succession_to_another_place"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} -> {self.new_id} ({self.kind})"


class Agency(models.Model):
    """A body of the administration: its place in the tree of agencies and the places it serves."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=AgencyKind)
    path = LtreeField(unique=True)
    place_path = LtreeField()

    class Meta:
        """Names of table and constraints."""

        db_table = "agencies_agency"
        constraints = [  # noqa: RUF012 - Django's Meta
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="agency_code_plain"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post in an agency, held by an officer through an appointment."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)

    class Meta:
        """Names of table and constraints."""

        db_table = "agencies_post"
        constraints = [  # noqa: RUF012 - Django's Meta
            models.UniqueConstraint(fields=["agency", "title"], name="post_title_once_in_agency"),
        ]

    def __str__(self) -> str:
        return self.title


class Team(models.Model):
    """A group of officers of one agency in one area, such as a checkpoint."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    place_path = LtreeField()

    class Meta:
        """Names of table and constraints."""

        db_table = "agencies_team"
        constraints = [  # noqa: RUF012 - Django's Meta
            models.UniqueConstraint(fields=["agency", "code"], name="team_code_once_in_agency"),
        ]

    def __str__(self) -> str:
        return self.name
