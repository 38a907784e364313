"""The law of the demo: the directives of the repository are in order, and the first is installed with the city's colors."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from directing import leader, switch
from pytest_django import Settings

from motcua.agencies.services import load_places
from motcua.directives.checks import check
from motcua.directives.content import read_directive
from motcua.directives.law import law_at
from motcua.directives.queries import directives
from motcua.directives.services import install, prepare
from motcua.registers.declaration import read_declaration
from motcua.registers.services import declare
from motcua.site.demo.city import make_city
from motcua.site.demo.law import FIRST, NEXT, first_law, install_first_law, places_with_color
from motcua.site.demo.prepare import DECLARATIONS, _law_in_words, folder
from motcua.site.demo.prepare import _make_city as remake_city

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=15)


@pytest.fixture
def declared() -> None:
    load_places(now=NOW)
    for name in ("zones", "limits"):
        declare(read_declaration(DECLARATIONS / f"{name}.yaml"), now=NOW)


@pytest.fixture
def zones(tmp_path: Path) -> Path:
    path = tmp_path / "zones.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["place", "color", "valid_from", "valid_to"],
                ["20194", "red", "2026-10-01", ""],
                ["20194", "yellow", "2026-10-10", ""],
                ["20197", "green", "2026-10-01", "2026-10-19"],
                ["20200", "yellow", "2026-09-01", "2026-10-01"],
                ["20200", "green", "2026-10-02", ""],
            ]
        )
    return path


@pytest.mark.usefixtures("declared")
def test_the_directives_of_the_repository_are_in_order() -> None:
    first = FIRST.read_text(encoding="utf-8")
    assert check(read_directive(first, FIRST.name), NOW) == ()
    install(text=first, now=NOW)

    following = read_directive(NEXT.read_text(encoding="utf-8"), NEXT.name)

    assert check(following, NOW) == ()
    assert first.count("meaning:") == 1
    assert all(meaning.text.vi and meaning.text.en for meaning in following.means)


@pytest.mark.usefixtures("declared")
def test_the_next_directive_sets_all_that_the_first_did() -> None:
    first, following = (read_directive(path.read_text(encoding="utf-8"), path.name) for path in (FIRST, NEXT))

    assert set(following.parameters) == set(first.parameters)
    assert following.parameters != first.parameters


@pytest.mark.usefixtures("declared")
def test_a_place_with_two_colors_or_none_today_has_no_color(zones: Path) -> None:
    install_first_law(zones, since=SINCE, now=NOW)

    found = law_at(NOW).column("zones.color", ["20194", "20197", "20200", "20203"])

    assert [value and value.value for value in found.values()] == [None, None, "green", None]


@pytest.mark.usefixtures("declared")
def test_it_begins_when_the_city_begins(zones: Path) -> None:
    install_first_law(zones, since=SINCE, now=NOW)

    assert law_at(SINCE - timedelta(seconds=1)).enacted == ()
    assert law_at(SINCE).value("limits.opening", "20200") is not None


@pytest.mark.usefixtures("declared")
def test_what_is_law_already_stays(zones: Path) -> None:
    install_first_law(zones, since=SINCE, now=NOW)
    switch(
        NEXT.read_text(encoding="utf-8"),
        by=leader("lanhdao"),
        second=leader("lanhdao.hai"),
        at=NOW + timedelta(hours=3),
    )

    install_first_law(zones, since=SINCE, now=NOW + timedelta(days=1))

    assert len(directives(NOW)) == 2
    assert [each.number for each in law_at(NOW + timedelta(days=1)).enacted] == ["08/CT-UBND"]


@pytest.mark.usefixtures("declared")
def test_the_rest_of_the_text_is_that_of_the_repository(zones: Path) -> None:
    made = read_directive(first_law(zones, on=NOW.date(), since=SINCE), "05.yaml")
    kept = read_directive(FIRST.read_text(encoding="utf-8"), "05.yaml")

    assert (made.means, made.legal_basis, made.number) == (kept.means, kept.legal_basis, kept.number)
    assert made.in_force.since == SINCE


@pytest.mark.usefixtures("declared")
def test_a_leader_prepares_the_next_as_it_stands(zones: Path) -> None:
    install_first_law(zones, since=SINCE, now=NOW)

    assert prepare(text=NEXT.read_text(encoding="utf-8"), account_id=leader("lanhdao"), now=NOW)


@pytest.mark.usefixtures("declared")
def test_a_city_made_by_an_older_version_on_an_earlier_day_has_zones_in_force(
    tmp_path: Path, settings: Settings
) -> None:
    settings.DATA_DIR = tmp_path
    make_city(folder(), today=NOW.date() - timedelta(days=70), people=300, seed=2021)
    manifest = folder() / "city.json"
    old = json.loads(manifest.read_text(encoding="utf-8"))
    # It knew neither vaccinations nor declarations, and the windows of its zones lay in the past.
    for name in ("vaccinations", "tests", "health_declarations"):
        del old["rows"][name]
        (folder() / f"{name}.csv").unlink()
    manifest.write_text(json.dumps(old), encoding="utf-8")

    remake_city(300, 2021, NOW.date())
    install_first_law(folder() / "zones.csv", since=SINCE, now=NOW)

    assert places_with_color(NOW) > 80
    assert (folder() / "vaccinations.csv").exists()


@pytest.mark.usefixtures("declared")
def test_where_no_law_sets_a_color_the_demo_says_so(zones: Path) -> None:
    assert places_with_color(NOW) == 0
    assert "NO LAW IN FORCE" in _law_in_words(0)

    install_first_law(zones, since=SINCE, now=NOW)

    assert places_with_color(NOW) == 1
    assert _law_in_words(1) == "the law in force sets the color of 1 places"
