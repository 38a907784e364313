"""Acts on places and agencies: load the shipped places, register agencies, posts and teams."""

import csv
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from motcua.agencies.events import AgencyRegistered, PlacesLoaded
from motcua.agencies.models import Agency, Place, PlaceSuccession, Post, Team
from motcua.agencies.names import fold
from motcua.agencies.queries import AgencyNotKnown, AgencyView, view_of_agency
from motcua.agencies.states import TIERS, AgencyKind, PlaceKind
from motcua.events.services import publish

SHIPPED = Path(__file__).parent / "data"
_UPDATED = (
    "name",
    "short_name",
    "name_folded",
    "kind",
    "tier",
    "path",
    "valid_to",
    "latitude",
    "longitude",
    "area_km2",
)


class AgencyCodeTaken(ValueError):
    """Another agency has that code already."""


@dataclass(frozen=True, slots=True)
class LoadedPlaces:
    """How many places and steps of lineage are now in the database."""

    places: int
    successions: int


@transaction.atomic
def load_places(*, now: datetime, folder: Path = SHIPPED) -> LoadedPlaces:
    """Write the shipped places and their lineage; a second run changes nothing.

    Raises ``IntegrityError`` if periods of one code overlap; then nothing is written.
    """
    content = (folder / "places.csv").read_bytes() + (folder / "successions.csv").read_bytes()
    rows = _rows(folder / "places.csv")
    known: dict[str, list[Place]] = {}
    # Parents first: province, district, commune have codes of two, three and five digits.
    for digits in (2, 3, 5):
        Place.objects.bulk_create(
            [_place_from(row, known) for row in rows if len(row["code"]) == digits],
            update_conflicts=True,
            unique_fields=("code", "valid_from"),
            update_fields=(*_UPDATED, "parent"),
        )
        for place in Place.objects.filter(code__regex=f"^.{{{digits}}}$"):
            known.setdefault(place.code, []).append(place)
    steps = [
        PlaceSuccession(
            old=_ended(known, row["old_code"], date.fromisoformat(row["on"])),
            new=_in_force(known, row["new_code"], date.fromisoformat(row["on"])),
            kind=row["kind"],
        )
        for row in _rows(folder / "successions.csv")
    ]
    PlaceSuccession.objects.bulk_create(
        steps, update_conflicts=True, unique_fields=("old", "new"), update_fields=("kind",)
    )
    publish(
        PlacesLoaded(
            happened_at=now,
            agency_path="",
            subject="places.csv",
            actor="machine",
            places=len(rows),
            successions=len(steps),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    )
    return LoadedPlaces(places=len(rows), successions=len(steps))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _in_force(known: dict[str, list[Place]], code: str, on: date) -> Place:
    return next(p for p in known[code] if p.valid_from <= on and (p.valid_to is None or on < p.valid_to))


def _ended(known: dict[str, list[Place]], code: str, on: date) -> Place:
    return next(place for place in known[code] if place.valid_to == on)


def _place_from(row: dict[str, str], known: dict[str, list[Place]]) -> Place:
    kind = PlaceKind(row["kind"])
    valid_from = date.fromisoformat(row["valid_from"])
    return Place(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        name_folded=fold(row["name"]),
        kind=kind,
        tier=TIERS[kind],
        path=row["path"],
        parent=_in_force(known, row["parent_code"], valid_from) if row["parent_code"] else None,
        valid_from=valid_from,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        latitude=Decimal(row["latitude"]) if row["latitude"] else None,
        longitude=Decimal(row["longitude"]) if row["longitude"] else None,
        area_km2=Decimal(row["area_km2"]) if row["area_km2"] else None,
    )


@transaction.atomic
def register_agency(
    *,
    code: str,
    name: str,
    name_en: str,
    kind: AgencyKind,
    parent: str | None,
    place_path: str,
    now: datetime,
) -> AgencyView:
    """Add an agency below its parent and return it; its path is the parent's path and its code.

    Raises ``AgencyCodeTaken`` and ``AgencyNotKnown`` (the parent).
    """
    if Agency.objects.filter(code=code).exists():
        raise AgencyCodeTaken(f"An agency with the code {code} exists already; choose another code")
    path = f"{_agency(parent).path}.{code}" if parent else code
    row = Agency.objects.create(
        code=code, name=name, name_en=name_en, kind=kind, path=path, place_path=place_path
    )
    publish(
        AgencyRegistered(
            happened_at=now,
            agency_path=path,
            subject=code,
            actor="machine",
            kind=kind.value,
            place_path=place_path,
        )
    )
    return view_of_agency(row)


def add_post(*, agency: str, title: str, title_en: str) -> int:
    """Add a post to the agency, or find the one of that title; return its id. Raises ``AgencyNotKnown``."""
    post, _ = Post.objects.get_or_create(agency=_agency(agency), title=title, defaults={"title_en": title_en})
    return post.pk


def add_team(*, agency: str, code: str, name: str, place_path: str) -> int:
    """Add a team to the agency, or rename and move the one of that code, and return its id.

    Raises ``AgencyNotKnown``.
    """
    team, _ = Team.objects.update_or_create(
        agency=_agency(agency), code=code, defaults={"name": name, "place_path": place_path}
    )
    return team.pk


def _agency(code: str) -> Agency:
    try:
        return Agency.objects.get(code=code)
    except Agency.DoesNotExist:
        raise AgencyNotKnown(f"No agency has the code {code}; register it first") from None
