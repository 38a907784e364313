"""Asking about places: a code needs a date, a split place is never guessed."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from motcua.agencies.names import fold
from motcua.agencies.queries import (
    CodeNeedsDate,
    PlaceNotKnown,
    PlaceWasSplit,
    find_places,
    place_at,
    place_of_path,
    places_now,
    predecessors,
    sole_heir,
    successors,
)

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
pytestmark = pytest.mark.usefixtures("places")


def test_a_code_means_what_it_meant_on_the_day() -> None:
    assert place_at("20194", BEFORE).name == "Phường Hòa Hiệp Bắc"
    assert place_at("20194", AFTER).name == "Phường Hải Vân"


def test_a_bare_code_with_two_meanings_is_refused() -> None:
    with pytest.raises(CodeNeedsDate, match=r"Hòa Hiệp Bắc .* and Phường Hải Vân"):
        place_at("20194")


def test_a_bare_code_with_one_meaning_is_answered() -> None:
    assert place_at("20333").name == "Đặc khu Hoàng Sa"


@pytest.mark.parametrize(("code", "on"), [("20194", date(2024, 12, 31)), ("20333", BEFORE), ("99999", AFTER)])
def test_a_code_out_of_its_time_is_refused(code: str, on: date) -> None:
    with pytest.raises(PlaceNotKnown, match=code):
        place_at(code, on)


def test_a_split_place_shows_all_heirs_in_part() -> None:
    hoa_lien = next(place for place in find_places("hoa lien", BEFORE))

    heirs = successors(hoa_lien)

    assert [(heir.place.name, heir.kind) for heir in heirs] == [
        ("Phường Hải Vân", "part"),
        ("Phường Liên Chiểu", "part"),
    ]


def test_a_split_place_has_no_sole_heir() -> None:
    with pytest.raises(PlaceWasSplit, match="Phường Hải Vân and Phường Liên Chiểu"):
        sole_heir(find_places("hòa liên", BEFORE)[0])


def test_a_whole_place_has_one_heir() -> None:
    assert sole_heir(place_at("20195", BEFORE)).name == "Phường Hải Vân"
    assert sole_heir(place_at("49", BEFORE)).path == "vn.p48"


def test_a_district_ended_without_heir() -> None:
    assert successors(place_at("492", BEFORE)) == []
    with pytest.raises(PlaceNotKnown):
        sole_heir(place_at("492", BEFORE))


def test_hoang_sa_went_from_district_to_special_zone() -> None:
    assert sole_heir(place_at("498", BEFORE)) == place_at("20333", AFTER)


def test_lineage_reads_backwards_too() -> None:
    forebears = {kin.place.name: kin.kind for kin in predecessors(place_at("20194", AFTER))}

    assert forebears == {
        "Phường Hòa Hiệp Bắc": "whole",
        "Phường Hòa Hiệp Nam": "whole",
        "Xã Hòa Bắc": "whole",
        "Xã Hòa Liên": "part",
    }


def test_places_of_a_day_come_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        places = places_now(AFTER)

    assert len(places) == 94
    folded = [fold(place.name) for place in places]
    assert folded == sorted(folded)


def test_a_branch_holds_only_its_own_places() -> None:
    hai_chau = places_now(BEFORE, within="vn.p48.d492")

    assert len(hai_chau) == 9
    assert {place.path.rsplit(".", 1)[0] for place in hai_chau} == {"vn.p48.d492"}


def test_a_path_is_answered_for_its_day() -> None:
    assert place_of_path("vn.p48.w20194", AFTER).code == "20194"
    with pytest.raises(PlaceNotKnown):
        place_of_path("vn.p48.w20194", BEFORE)
