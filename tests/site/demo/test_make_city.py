"""The demo city: the same for the same seed, valid in every number, and faulty as registers are."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from motcua.identity.numbers import PersonNumber
from motcua.registers.cells import tax_code_is_valid
from motcua.registers.declaration import read_declaration
from motcua.simulators.national_identity.people import read_people
from motcua.site.demo.areas import areas_on
from motcua.site.demo.city import HEADERS, City, make_city
from motcua.site.demo.prepare import DECLARATIONS

TODAY = date(2026, 10, 1)
PEOPLE = 4000

Rows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return make_city(tmp_path_factory.mktemp("city"), today=TODAY, people=PEOPLE)


@pytest.fixture(scope="module")
def rows(city: City) -> Rows:
    return {name: read(city.file(name)) for name in HEADERS}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_city_byte_for_byte(city: City, tmp_path: Path) -> None:
    make_city(tmp_path, today=TODAY, people=PEOPLE)

    assert contents(tmp_path) == contents(city.folder)


def test_another_seed_gives_another_city(city: City, tmp_path: Path) -> None:
    make_city(tmp_path, today=TODAY, people=PEOPLE, seed=7)

    assert contents(tmp_path)["population.csv"] != contents(city.folder)["population.csv"]


def test_files_have_the_columns_that_are_declared() -> None:
    declared = {path.stem: read_declaration(path) for path in DECLARATIONS.glob("*.yaml")}

    in_files = {name: d for name, d in declared.items() if d.source == "table"}
    assert {name: [c.name for c in d.columns] for name, d in in_files.items()} == {
        name: columns for name, columns in HEADERS.items() if name in in_files
    }


def test_citizen_numbers_are_valid_unique_and_agree_with_birth_and_sex(rows: Rows) -> None:
    people = rows["population"]
    numbers = [PersonNumber.parse(row["person"], on=TODAY) for row in people]

    assert len(set(numbers)) == len(people)
    assert all(
        number.birth_year == int(row["born_on"][:4]) and number.sex == row["sex"]
        for number, row in zip(numbers, people, strict=True)
    )


def test_nobody_is_born_after_today(rows: Rows) -> None:
    assert max(row["born_on"] for row in rows["population"]) <= TODAY.isoformat()


def test_tax_codes_are_valid_and_unique(rows: Rows) -> None:
    codes = [row["tax_code"] for row in rows["businesses"]]

    assert all(tax_code_is_valid(code) for code in codes)
    assert len(set(codes)) == len(codes)


def test_every_place_is_one_of_today(rows: Rows) -> None:
    known = {area.code for area in areas_on(TODAY)}

    for register in ("population", "businesses", "zones"):
        assert {row["place"] for row in rows[register]} - {""} <= known
    assert len(known) == 93


def test_places_are_those_of_the_day_that_is_asked_for() -> None:
    assert len(areas_on(date(2025, 6, 30))) == 280


def test_registers_have_the_gaps_of_real_ones(rows: Rows) -> None:
    insured = {row["person"] for row in rows["social_insurance"]}
    known = {row["person"] for row in rows["population"]}
    employments = Counter((row["person"], row["employer_tax_code"]) for row in rows["social_insurance"])
    statuses = {row["status"] for row in rows["social_insurance"]}

    assert insured - known, "people at work whom the population register does not know"
    assert max(employments.values()) > 1, "reports that contradict each other"
    assert statuses == {"active", "paused", "stopped", ""}
    assert {row["residence"] for row in rows["population"]} == {"resident", "temporary", "moved_away", ""}
    assert any(not row["place"] for row in rows["population"])
    assert {"suspended", "closed", ""} < {row["status"] for row in rows["businesses"]}
    assert any(not row["sector"] for row in rows["businesses"])


def test_zones_of_today_have_three_colors_a_gap_and_a_contradiction(rows: Rows) -> None:
    today = TODAY.isoformat()
    colors: dict[str, set[str]] = {area.code: set() for area in areas_on(TODAY)}
    for row in rows["zones"]:
        if row["valid_from"] <= today and (not row["valid_to"] or today <= row["valid_to"]):
            colors[row["place"]].add(row["color"])

    counts = Counter(frozenset(found) for found in colors.values())
    assert counts[frozenset()] == 1
    assert counts[frozenset({"red", "yellow"})] == 1
    assert counts[frozenset({"red"})] > 3
    assert counts[frozenset({"yellow"})] > counts[frozenset({"red"})]
    assert counts[frozenset({"green"})] > counts[frozenset({"yellow"})]


def test_zones_have_a_past(rows: Rows) -> None:
    assert min(row["valid_from"] for row in rows["zones"]) < (TODAY - timedelta(days=40)).isoformat()


def test_households_are_families(rows: Rows) -> None:
    sizes = Counter(row["household"] for row in rows["population"])

    assert 2.5 < len(rows["population"]) / len(sizes) < 4.5


def test_the_stand_in_for_the_national_identity_reads_the_samples(city: City) -> None:
    people = read_people(city.folder / "people.json")

    assert len(people) == 15
    assert all(" / " in person.note for person in people.values())


def test_samples_are_the_same_people_with_the_same_work_in_a_city_of_any_size(
    city: City, tmp_path: Path
) -> None:
    make_city(tmp_path, today=TODAY, people=1000)

    assert contents(tmp_path)["samples.json"] == contents(city.folder)["samples.json"]


def test_the_number_of_people_is_kept(city: City, rows: Rows) -> None:
    missing = PEOPLE - len(rows["population"])

    assert 0 < missing < PEOPLE * 0.03


def test_health_registers_have_doses_tests_and_declarations_of_most_people(rows: Rows) -> None:
    vaccinated = {row["person"] for row in rows["vaccinations"]}

    assert 0.5 * PEOPLE < len(vaccinated) < 0.9 * PEOPLE
    assert {row["dose"] for row in rows["vaccinations"]} == {"1", "2", ""}
    assert {row["method"] for row in rows["tests"]} == {"rapid", "pcr"}
    assert {row["result"] for row in rows["tests"]} == {"negative", "positive", ""}
    assert {row["symptoms"] for row in rows["health_declarations"]} == {"true", "false", ""}


def test_health_registers_have_the_gaps_of_real_ones(rows: Rows) -> None:
    newest = Counter(row["person"] for row in rows["vaccinations"] if not row["newest_until"])
    days = {
        register: Counter((row["person"], row[day]) for row in rows[register] if not row["newest_until"])
        for register, day in (("tests", "taken_on"), ("health_declarations", "declared_on"))
    }

    assert max(newest.values()) > 1, "two doses that both claim to be the newest"
    assert max(days["tests"].values()) > 1, "two tests of one day"
    assert max(days["health_declarations"].values()) > 1, "two declarations of one day"
    assert any(len(row["person"]) == 11 for row in rows["vaccinations"]), "a leading zero that was lost"


def test_a_record_is_the_newest_until_the_next_one_begins(rows: Rows) -> None:
    doses: dict[str, list[dict[str, str]]] = {}
    for row in rows["vaccinations"]:
        doses.setdefault(row["person"], []).append(row)
    orderly = [
        each for each in doses.values() if len(each) == 2 and each[0]["newest_until"] and each[0]["dose"]
    ]

    assert orderly
    assert all(
        date.fromisoformat(first["newest_until"]) + timedelta(days=1)
        == date.fromisoformat(second["given_on"])
        for first, second in orderly
    )
