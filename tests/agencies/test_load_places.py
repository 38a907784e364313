"""Loading the shipped places: totals across 1 July 2025, repeatable, no overlap of one code."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from motcua.agencies.models import Place, PlaceSuccession
from motcua.agencies.names import fold
from motcua.agencies.services import SHIPPED, load_places
from motcua.events.models import LedgerEntry

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
pytestmark = pytest.mark.django_db


def test_281_old_units_became_94(places: None) -> None:
    below_provinces = PlaceSuccession.objects.exclude(new__tier="province")

    assert below_provinces.values("old").distinct().count() == 281
    assert below_provinces.values("new").distinct().count() == 94
    assert sorted(below_provinces.filter(kind="part").values_list("old__name", "new__name")) == [
        ("Xã Hòa Liên", "Phường Hải Vân"),
        ("Xã Hòa Liên", "Phường Liên Chiểu"),
    ]


def test_every_day_has_its_own_map(places: None) -> None:
    def count(on: date) -> dict[str, int]:
        kinds = list(Place.objects.valid(on).values_list("kind", flat=True))
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}

    assert count(BEFORE) == {
        "city": 1,
        "commune": 201,
        "district_town": 1,
        "province": 1,
        "provincial_city": 2,
        "rural_district": 16,
        "township": 14,
        "urban_district": 6,
        "ward": 65,
    }
    assert count(AFTER) == {"city": 1, "commune": 70, "special_zone": 1, "ward": 23}


def test_only_one_new_code_was_not_a_code_before(places: None) -> None:
    old = set(Place.objects.valid(BEFORE).values_list("code", flat=True))
    new = set(Place.objects.valid(AFTER).filter(tier="commune").values_list("code", flat=True))

    assert new - old == {"20333"}


def test_loading_twice_changes_nothing(places: None) -> None:
    before = (
        list(Place.objects.order_by("pk").values()),
        list(PlaceSuccession.objects.order_by("pk").values()),
    )

    again = load_places(now=NOW)

    after = list(Place.objects.order_by("pk").values()), list(PlaceSuccession.objects.order_by("pk").values())
    assert after == before
    assert (again.places, again.successions) == (402, 284)


def test_loading_is_told_in_the_ledger(places: None) -> None:
    entry = LedgerEntry.objects.get(name="PlacesLoaded")

    assert (entry.body["places"], entry.body["successions"]) == (402, 284)


@pytest.mark.parametrize("path", ["vn.p48.w20194", "vn.p48.other"])
def test_the_same_code_twice_at_a_time_is_refused(places: None, path: str) -> None:
    twin = Place.objects.get(code="20194", valid_from=AFTER)
    twin.pk, twin.path, twin.valid_from = None, path, date(2025, 12, 1)

    with pytest.raises(IntegrityError, match="at_a_time"), transaction.atomic():
        twin.save()

    assert Place.objects.filter(code="20194").count() == 2


def test_an_overlapping_file_writes_nothing(db: None, tmp_path: Path) -> None:
    lines = (SHIPPED / "places.csv").read_text(encoding="utf-8").splitlines()
    twin = next(line for line in lines if line.startswith("20194,2025-07-01"))
    (tmp_path / "places.csv").write_text("\n".join([*lines, twin.replace("2025-07-01", "2025-09-01")]) + "\n")
    (tmp_path / "successions.csv").write_bytes((SHIPPED / "successions.csv").read_bytes())

    with pytest.raises(IntegrityError, match="at_a_time"), transaction.atomic():
        load_places(now=NOW, folder=tmp_path)

    assert not Place.objects.exists()


@pytest.mark.parametrize("text", ["Phường Điện Bàn Đông", "PHƯỜNG  điện bàn đông "])
def test_names_fold_without_diacritics(text: str) -> None:
    assert fold(text) == "phuong dien ban dong"
