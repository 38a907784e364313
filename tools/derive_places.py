"""Derive src/motcua/agencies/data from vietnamadminunits 1.0.4 and from the simplified ward outlines.

Run ``python tools/derive_places.py [--outlines FILE.geojson]``. The result is deterministic; the figures
that SOURCE.md states are asserted here, so that another version of the source cannot slip in unseen.
"""

import argparse
import csv
import importlib.metadata
import importlib.util
import json
import sqlite3
import sys
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import shapely  # type: ignore[import-untyped]  # the package ships no types
from shapely.geometry import mapping, shape  # type: ignore[import-untyped]  # the package ships no types

FOLDER = Path(__file__).resolve().parents[1] / "src" / "motcua" / "agencies" / "data"
VERSION = "1.0.4"
# The snapshot holds the units as reorganised on 1 January 2025 and knows nothing before that day.
SNAPSHOT_FROM = "2025-01-01"
REFORM = "2025-07-01"
KINDS = {
    "Phường": "ward",
    "Xã": "commune",
    "Thị trấn": "township",
    "Đặc khu": "special_zone",
    "Quận": "urban_district",
    "Huyện": "rural_district",
    "Thị xã": "district_town",
    "Thành phố": "provincial_city",
}


@dataclass(frozen=True, slots=True, order=True)
class PlaceRow:
    """One line of places.csv."""

    code: str
    valid_from: str
    valid_to: str
    kind: str
    name: str
    short_name: str
    path: str
    parent_code: str
    latitude: str
    longitude: str
    area_km2: str


@dataclass(frozen=True, slots=True, order=True)
class SuccessionRow:
    """One line of successions.csv: on that day the old place ends and the new one is in force."""

    on: str
    old_code: str
    new_code: str
    kind: str


def main() -> int:
    """Write places.csv, successions.csv and, if outlines are given, wards_2025.geojson."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outlines", type=Path, help="GeoJSON of the 94 units, with property code")
    options = parser.parse_args()
    found = importlib.metadata.version("vietnamadminunits")
    if found != VERSION:
        sys.stderr.write(f"vietnamadminunits {VERSION} is needed, found {found}\n")
        return 1
    legacy, present, converter = _read_source()
    places = sorted({*_old_places(legacy), *_new_places(present)})
    successions = sorted(_successions(legacy, present, converter))
    _check(places, successions)
    _write(FOLDER / "places.csv", PlaceRow, places)
    _write(FOLDER / "successions.csv", SuccessionRow, successions)
    if options.outlines:
        _write_outlines(options.outlines, {place.code for place in places if not place.valid_to})
    sys.stdout.write(f"{len(places)} places, {len(successions)} successions\n")
    return 0


def _read_source() -> tuple[list[sqlite3.Row], list[sqlite3.Row], dict[str, dict[str, dict[str, object]]]]:
    spec = importlib.util.find_spec("vietnamadminunits")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "data"
    connection = sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    legacy = connection.execute(
        "SELECT * FROM admin_units_legacy WHERE provinceCode IN ('48', '49')"
    ).fetchall()
    present = connection.execute("SELECT * FROM admin_units WHERE provinceCode = '48'").fetchall()
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    return legacy, present, converter


def _degrees(value: float) -> str:
    return f"{value:.4f}"


def _old_places(rows: Iterable[sqlite3.Row]) -> Iterable[PlaceRow]:
    """Yield provinces, districts and communes of both provinces until 30 June 2025."""
    for row in rows:
        province, district = row["provinceCode"], row["districtCode"]
        path = f"vn.p{province}"
        period = {"valid_from": SNAPSHOT_FROM, "valid_to": REFORM, "area_km2": ""}
        yield PlaceRow(
            code=province,
            kind="city" if row["province"].startswith("Thành phố") else "province",
            name=row["province"],
            short_name=row["provinceShort"],
            path=path,
            parent_code="",
            latitude=_degrees(row["provinceLat"]),
            longitude=_degrees(row["provinceLon"]),
            **period,
        )
        yield PlaceRow(
            code=district,
            kind=KINDS[row["districtType"]],
            name=row["district"],
            short_name=row["districtShort"],
            path=f"{path}.d{district}",
            parent_code=province,
            latitude=_degrees(row["districtLat"]),
            longitude=_degrees(row["districtLon"]),
            **period,
        )
        if row["wardCode"]:
            yield PlaceRow(
                code=row["wardCode"],
                kind=KINDS[row["wardType"]],
                name=row["ward"],
                short_name=row["wardShort"],
                path=f"{path}.d{district}.w{row['wardCode']}",
                parent_code=district,
                latitude=_degrees(row["wardLat"]),
                longitude=_degrees(row["wardLon"]),
                **period,
            )


def _new_places(rows: Iterable[sqlite3.Row]) -> Iterable[PlaceRow]:
    """Yield the city and its 94 units from 1 July 2025."""
    for row in rows:
        yield PlaceRow(
            code=row["provinceCode"],
            valid_from=REFORM,
            valid_to="",
            kind="city",
            name=row["province"],
            short_name=row["provinceShort"],
            path=f"vn.p{row['provinceCode']}",
            parent_code="",
            latitude=_degrees(row["provinceLat"]),
            longitude=_degrees(row["provinceLon"]),
            area_km2="",
        )
        yield PlaceRow(
            code=row["wardCode"],
            valid_from=REFORM,
            valid_to="",
            kind=KINDS[row["wardType"]],
            name=row["ward"],
            short_name=row["wardShort"],
            path=f"vn.p{row['provinceCode']}.w{row['wardCode']}",
            parent_code=row["provinceCode"],
            latitude=_degrees(row["wardLat"]),
            longitude=_degrees(row["wardLon"]),
            area_km2=f"{row['wardAreaKm2']:.2f}",
        )


def _successions(
    legacy: Iterable[sqlite3.Row],
    present: Iterable[sqlite3.Row],
    converter: dict[str, dict[str, dict[str, object]]],
) -> Iterable[SuccessionRow]:
    """Yield the lineage; a split commune goes in part to each heir, whatever default the source picks."""
    # Hoàng Sa had no communes: there the district itself is the old unit.
    old_codes = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": row["wardCode"]
        or row["districtCode"]
        for row in legacy
    }
    new_codes = {row["wardKey"]: row["wardCode"] for row in present}
    for new_key, old_keys in converter["DICT_PROVINCE_WARD_NO_DIVIDED"]["thanhphodanang"].items():
        for old_key in old_keys:  # type: ignore[attr-defined]  # the source is untyped JSON
            yield SuccessionRow(REFORM, old_codes[old_key], new_codes[new_key], "whole")
    for old_key, heirs in converter["DICT_PROVINCE_WARD_DIVIDED"]["thanhphodanang"].items():
        for heir in heirs:  # type: ignore[attr-defined]  # the source is untyped JSON
            yield SuccessionRow(REFORM, old_codes[old_key], new_codes[heir["newWardKey"]], "part")
    yield SuccessionRow(REFORM, "48", "48", "whole")
    yield SuccessionRow(REFORM, "49", "48", "whole")


def _check(places: list[PlaceRow], successions: list[SuccessionRow]) -> None:
    old = {place.code: place for place in places if place.valid_to}
    new = {place.code: place for place in places if not place.valid_to}
    below = [row for row in successions if len(row.new_code) == 5]
    assert (len(old), len(new)) == (2 + 25 + 280, 1 + 94), (len(old), len(new))
    assert len({row.old_code for row in below}) == 281
    assert len({row.new_code for row in below}) == 94
    assert [row.kind for row in below].count("part") == 2
    assert len({code for code in new if len(code) == 5} & old.keys()) == 93
    for row in successions:
        assert row.old_code in old
        assert row.new_code in new


def _write(path: Path, row_type: type, rows: Iterable[object]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow([field.name for field in fields(row_type)])
        writer.writerows(astuple(row) for row in rows)  # type: ignore[call-overload]  # both rows are dataclasses


def _write_outlines(source: Path, codes: set[str]) -> None:
    """Simplify the outlines once more as one coverage, so that neighbours keep a common border."""
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    shapes = shapely.coverage_simplify([shape(feature["geometry"]) for feature in features], 0.0015)
    simplified = [
        {
            "type": "Feature",
            "id": feature["properties"]["code"],
            "properties": {key: feature["properties"][key] for key in ("code", "name")},
            "geometry": _rounded(mapping(outline)),
        }
        for feature, outline in zip(features, shapes, strict=True)
    ]
    assert {feature["id"] for feature in simplified} == {code for code in codes if len(code) == 5}
    text = json.dumps(
        {"type": "FeatureCollection", "features": simplified}, ensure_ascii=False, separators=(",", ":")
    )
    (FOLDER / "wards_2025.geojson").write_text(text + "\n", encoding="utf-8")


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return value


if __name__ == "__main__":
    raise SystemExit(main())
