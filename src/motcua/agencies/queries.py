"""Questions about places, their lineage and agencies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from motcua.agencies.models import Agency, Place, PlaceSuccession
from motcua.agencies.names import fold
from motcua.agencies.states import AgencyKind, PlaceKind, PlaceTier, SuccessionKind
from motcua.events.copying import array_cell
from motcua.events.trips import Rows, fetch

OUTLINES = Path(__file__).parent / "data" / "wards_2025.geojson"


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place during its period; ``valid_to`` is the first day without it, ``area_km2`` null before 2025."""

    code: str
    name: str
    short_name: str
    kind: PlaceKind
    tier: PlaceTier
    path: str
    valid_from: date
    valid_to: date | None
    latitude: Decimal | None
    longitude: Decimal | None
    area_km2: Decimal | None


@dataclass(frozen=True, slots=True)
class Kinship:
    """A place before or after another, and whether the old one went wholly or in part."""

    place: PlaceView
    kind: SuccessionKind


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency, where it stands in the tree of agencies, and the branch of places it serves."""

    code: str
    name: str
    name_en: str
    kind: AgencyKind
    path: str
    place_path: str


class PlaceNotKnown(LookupError):
    """No place has that code on that day."""

    def __init__(self, code: str, on: date | None) -> None:
        super().__init__(
            f"No place has the code {code}"
            + (f" on {on:%d/%m/%Y}; places are known from 01/01/2025" if on else "")
        )


class CodeNeedsDate(LookupError):
    """The code has meant several places, so that without a date it means none."""

    def __init__(self, code: str, meanings: list[str]) -> None:
        super().__init__(f"The code {code} has meant {' and '.join(meanings)}; say on which day")


class PlaceWasSplit(LookupError):
    """The place went in parts to several, and no one may guess which."""

    def __init__(self, name: str, heirs: list[str]) -> None:
        super().__init__(f"{name} was split between {' and '.join(heirs)}; ask where exactly")


class AgencyNotKnown(LookupError):
    """No agency has that code."""


def place_at(code: str, on: date | None = None) -> PlaceView:
    """Return the place that the code meant on that day.

    Raises ``PlaceNotKnown``, and ``CodeNeedsDate`` if no day is given and the code had several meanings.
    """
    found = Place.objects.filter(code=code).order_by("valid_from")
    places = list(found.valid(on) if on else found)
    if not places:
        raise PlaceNotKnown(code, on)
    if len(places) > 1:
        raise CodeNeedsDate(code, [f"{place.name} ({place.valid_from:%d/%m/%Y})" for place in places])
    return view_of(places[0])


def place_of_path(path: str, on: date) -> PlaceView:
    """Return the place of that path on that day; raises ``PlaceNotKnown``."""
    place = Place.objects.valid(on).filter(path=path).first()
    if place is None:
        raise PlaceNotKnown(path, on)
    return view_of(place)


def places_now(on: date, *, tier: PlaceTier = PlaceTier.COMMUNE, within: str = "vn") -> list[PlaceView]:
    """Return the places of a tier in force on that day below a path, by folded name; one query."""
    rows = Place.objects.valid(on).within(within).filter(tier=tier).order_by("name_folded", "code")
    return [view_of(place) for place in rows]


def place_names(paths: Collection[str]) -> dict[str, str]:
    """Return the latest name of each path, of whatever period; unknown paths are left out. One query."""
    rows = Place.objects.filter(path__in=list(paths)).order_by("valid_from")
    return dict(rows.values_list("path", "name"))


def place_names_on(on: date, codes: Collection[str]) -> dict[str, str]:
    """Return what each code named on that day; codes that named nothing are left out. One query."""
    rows = Place.objects.valid(on).filter(code__in=list(codes))
    return dict(rows.values_list("code", "name"))


def place_names_and_paths(on: date, codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return name and path of what each code meant on that day; codes that meant nothing are left out. One query."""
    wanted = names_and_paths_wanted(on, codes)
    fetch(wanted)
    return names_and_paths_found(wanted)


def names_and_paths_wanted(on: date, codes: Collection[str]) -> Rows:
    """Return the statement behind :func:`place_names_and_paths`, to be run with others in one round trip."""
    return Rows(_NAMES_AND_PATHS, (array_cell(sorted(codes)), on.isoformat()))


def names_and_paths_found(wanted: Rows) -> dict[str, tuple[str, str]]:
    """Return name and path by code, of a statement that was run."""
    return {code or "": (name or "", path or "") for code, name, path in wanted.found}


_NAMES_AND_PATHS = """
SELECT code, name, path::text FROM agencies_place WHERE code = ANY($1::text[])
    AND valid_from <= $2::date AND (valid_to IS NULL OR valid_to > $2::date)
"""


def find_places(words: str, on: date, *, limit: int = 20) -> list[PlaceView]:
    """Return places in force whose name holds all the words, with or without diacritics, communes first."""
    rows = Place.objects.valid(on)
    for word in fold(words).split()[:8]:
        rows = rows.filter(name_folded__contains=word)
    return [view_of(place) for place in rows.order_by("tier", "name_folded", "code")[:limit]]


def successors(place: PlaceView) -> list[Kinship]:
    """Return every heir of the place, by code; empty if it still exists or ended without heir."""
    steps = PlaceSuccession.objects.filter(old__code=place.code, old__valid_from=place.valid_from)
    return [
        Kinship(view_of(step.new), SuccessionKind(step.kind))
        for step in steps.select_related("new").order_by("new__code")
    ]


def predecessors(place: PlaceView) -> list[Kinship]:
    """Return every forebear of the place, by code."""
    steps = PlaceSuccession.objects.filter(new__code=place.code, new__valid_from=place.valid_from)
    return [
        Kinship(view_of(step.old), SuccessionKind(step.kind))
        for step in steps.select_related("old").order_by("old__code")
    ]


def sole_heir(place: PlaceView) -> PlaceView:
    """Return the one place that took over wholly; raises ``PlaceWasSplit`` or ``PlaceNotKnown``."""
    heirs = successors(place)
    if not heirs:
        raise PlaceNotKnown(place.code, place.valid_to)
    if len(heirs) > 1 or heirs[0].kind == SuccessionKind.PART:
        raise PlaceWasSplit(place.name, [heir.place.name for heir in heirs])
    return heirs[0].place


def agency(code: str) -> AgencyView:
    """Return the agency of that code; raises ``AgencyNotKnown``."""
    try:
        return view_of_agency(Agency.objects.get(code=code))
    except Agency.DoesNotExist:
        raise AgencyNotKnown(f"No agency has the code {code}; register it first") from None


def agencies_by_code(codes: Collection[str]) -> dict[str, AgencyView]:
    """Return the agencies of those codes; codes of none are left out. One query."""
    wanted = agencies_wanted(codes)
    fetch(wanted)
    return agencies_found(wanted)


def agencies_wanted(codes: Collection[str]) -> Rows:
    """Return the statement behind :func:`agencies_by_code`, to be run with others in one round trip."""
    return Rows(_AGENCIES, (array_cell(sorted(codes)),))


def agencies_found(wanted: Rows) -> dict[str, AgencyView]:
    """Return the agencies by code, of a statement that was run."""
    rows = ([cell or "" for cell in row] for row in wanted.found)
    return {
        code: AgencyView(code, name, name_en, AgencyKind(kind), path, place_path)
        for code, name, name_en, kind, path, place_path in rows
    }


_AGENCIES = """
SELECT code, name, name_en, kind, path::text, place_path::text FROM agencies_agency WHERE code = ANY($1::text[])
"""


def agencies_within(path: str) -> list[AgencyView]:
    """Return the agencies at or below a path of the tree of agencies, by path."""
    return [view_of_agency(row) for row in Agency.objects.filter(path__within=path).order_by("path")]


def agency_serving(place_path: str, *, kind: AgencyKind) -> AgencyView:
    """Return the nearest agency of a kind whose area holds the place; raises ``AgencyNotKnown``."""
    rows = Agency.objects.filter(place_path__above=place_path, kind=kind).order_by("-place_path", "code")
    nearest = rows.first()
    if nearest is None:
        raise AgencyNotKnown(f"No agency of kind {kind} serves {place_path}; register one")
    return view_of_agency(nearest)


def view_of(place: Place) -> PlaceView:
    """Return the row as a value."""
    return PlaceView(
        code=place.code,
        name=place.name,
        short_name=place.short_name,
        kind=PlaceKind(place.kind),
        tier=PlaceTier(place.tier),
        path=place.path,
        valid_from=place.valid_from,
        valid_to=place.valid_to,
        latitude=place.latitude,
        longitude=place.longitude,
        area_km2=place.area_km2,
    )


def view_of_agency(row: Agency) -> AgencyView:
    """Return the row as a value."""
    return AgencyView(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        kind=AgencyKind(row.kind),
        path=row.path,
        place_path=row.place_path,
    )
