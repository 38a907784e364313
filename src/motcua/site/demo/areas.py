"""The real places of the demo city as of a day, how many live there, and the epidemic zones they pass through."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from motcua.agencies.services import SHIPPED

# Share of the inhabitants relative to an urban ward: the source has areas, no inhabitants.
_WARD, _COMMUNE, _MOUNTAIN = 100, 45, 9
MOUNTAIN_KM2 = 150
COLORS = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Area:
    """A ward or commune; ``province`` is that of citizen numbers given there before 2025."""

    code: str
    name: str
    short_name: str
    weight: int
    mountain: bool
    province: str


@dataclass(frozen=True, slots=True)
class ZoneRecord:
    """One color of one place for some days, both included; an open end is null."""

    place: str
    color: str
    valid_from: date
    valid_to: date | None


def areas_on(on: date) -> list[Area]:
    """Return the inhabited communes in force on that day, by code."""
    with (SHIPPED / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    former = _former_provinces(rows)
    areas = []
    for row in rows:
        begun = date.fromisoformat(row["valid_from"]) <= on
        over = row["valid_to"] and date.fromisoformat(row["valid_to"]) <= on
        if len(row["code"]) != 5 or not begun or over or row["kind"] == "special_zone":
            continue
        mountain = Decimal(row["area_km2"] or 0) > MOUNTAIN_KM2 and row["kind"] == "commune"
        areas.append(
            Area(
                code=row["code"],
                name=row["name"],
                short_name=row["short_name"],
                weight=_WARD if row["kind"] == "ward" else _MOUNTAIN if mountain else _COMMUNE,
                mountain=mountain,
                province="048" if former.get(row["code"], row["path"]).startswith("vn.p48") else "049",
            )
        )
    return sorted(areas, key=lambda area: area.code)


def _former_provinces(rows: list[dict[str, str]]) -> dict[str, str]:
    """Return for each new code the path of one old place that it came from."""
    old_paths = {row["code"]: row["path"] for row in rows if row["valid_to"]}
    with (SHIPPED / "successions.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["new_code"]: old_paths[row["old_code"]]
            for row in csv.DictReader(file)
            if len(row["new_code"]) == 5
        }


@dataclass(frozen=True, slots=True)
class Zones:
    """What the zones are today: by color, and the two kinds of gap."""

    green: list[Area]
    yellow: list[Area]
    red: list[Area]
    not_judged: Area
    contradictory: Area
    records: list[ZoneRecord]


def make_zones(random: Random, areas: list[Area], today: date) -> Zones:
    """Color every place for the last six weeks; one is not judged today, another has two colors at once."""
    order = sorted(areas, key=lambda area: (-area.weight, area.code))
    random.shuffle(order)
    not_judged, contradictory, *rest = order
    reds = max(2, len(rest) * 8 // 100)
    yellows = max(3, len(rest) * 27 // 100)
    red, yellow, green = rest[:reds], rest[reds : reds + yellows], rest[reds + yellows :]
    records: list[ZoneRecord] = []
    for color, members in (("red", red), ("yellow", yellow), ("green", green), ("yellow", [contradictory])):
        for area in members:
            records.extend(_history(random, area.code, color, today))
    records.append(ZoneRecord(contradictory.code, "red", today - timedelta(days=2), None))
    records.append(
        ZoneRecord(not_judged.code, "yellow", today - timedelta(days=20), today - timedelta(days=1))
    )
    records.sort(key=lambda record: (record.place, record.valid_from))
    return Zones(green, yellow, red, not_judged, contradictory, records)


def _history(random: Random, place: str, color: str, today: date) -> Iterator[ZoneRecord]:
    until, start = None, today - timedelta(days=random.randint(3, 12))
    while True:
        yield ZoneRecord(place, color, start, until)
        if start < today - timedelta(days=42):
            return
        until = start - timedelta(days=1)
        start = until - timedelta(days=random.randint(7, 16))
        color = random.choice([other for other in COLORS if other != color])
