"""A city of people who do not exist on places that do: the registers it would have, gaps included.

The same number of people, seed and day always give the same files, byte for byte.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Protocol

from motcua.site.demo.areas import Area, ZoneRecord, areas_on, make_zones
from motcua.site.demo.firms import Firm, TaxCodes, household_business, make_firms
from motcua.site.demo.health import HEADERS as HEALTH_HEADERS
from motcua.site.demo.health import HealthRegisters
from motcua.site.demo.households import Household, Numbers, Resident, make_household
from motcua.site.demo.protection import HEADERS as PROTECTION_HEADERS
from motcua.site.demo.protection import ProtectionRegister
from motcua.site.demo.samples import Sample, make_samples

HEADERS = {
    "population": ["person", "name", "born_on", "sex", "place", "household", "residence"],
    "social_insurance": ["record", "person", "employer_tax_code", "status", "valid_to"],
    "businesses": ["tax_code", "name", "kind", "sector", "place", "owner", "status"],
    "zones": ["place", "color", "valid_from", "valid_to"],
    **HEALTH_HEADERS,
    **PROTECTION_HEADERS,
}
# How many may have filed something before the demo begins.
APPLICANTS = 700


@dataclass(frozen=True, slots=True)
class City:
    """What was made; ``rows`` counts the records of each register."""

    folder: Path
    people: int
    seed: int
    today: date
    rows: dict[str, int]

    def file(self, register: str) -> Path:
        """Return the CSV file of a register."""
        return self.folder / f"{register}.csv"


class _Writer(Protocol):
    def writerow(self, row: list[str], /) -> object: ...


class _Files:
    """The open CSV files, counted."""

    def __init__(self, folder: Path) -> None:
        self._open = {
            name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") for name in HEADERS
        }
        self._writers: dict[str, _Writer] = {
            name: csv.writer(file, lineterminator="\n") for name, file in self._open.items()
        }
        self.rows = dict.fromkeys(HEADERS, 0)
        for name, header in HEADERS.items():
            self._writers[name].writerow(header)

    def write(self, register: str, row: list[str]) -> None:
        self._writers[register].writerow(row)
        self.rows[register] += 1

    def close(self) -> None:
        for file in self._open.values():
            file.close()


def make_city(folder: Path, *, today: date, people: int = 20_000, seed: int = 2021) -> City:
    """Write the registers, ``people.json`` (samples) and ``applicants.json``; return what was made.

    Takes seconds for 20,000 people and about a minute for each half million; memory grows with the
    number of firms, not of people.
    """
    folder.mkdir(parents=True, exist_ok=True)
    areas = areas_on(today)
    zones = make_zones(_random(seed, "zones"), areas, today)
    codes = TaxCodes(_random(seed, "tax codes").randrange(1_000_000, 2_000_000))
    firms = make_firms(_random(seed, "firms"), areas, people, codes)
    numbers = Numbers(seed)
    # Codes of their own, so that a sample keeps its workplace in a city of any size.
    samples = make_samples(zones, TaxCodes(9_000_000), numbers, today)
    files = _Files(folder)
    try:
        for record in zones.records:
            files.write("zones", _zone_row(record))
        maker = _Maker(files, firms, codes, seed=seed, today=today, people=people)
        for sample in samples:
            maker.settle_sample(sample)
        maker.settle(people - len(samples), areas, numbers)
        for firm in [*firms, *maker.household_firms, *(f for s in samples for f in s.firms)]:
            files.write("businesses", _firm_row(firm))
    finally:
        files.close()
    _write_json(folder / "people.json", [sample.as_person() for sample in samples])
    _write_json(folder / "samples.json", [sample.as_json() for sample in samples])
    _write_json(folder / "applicants.json", maker.applicants)
    city = City(folder, people, seed, today, files.rows)
    _write_json(
        folder / "city.json",
        {"people": people, "seed": seed, "today": today.isoformat(), "rows": city.rows},
    )
    return city


def _random(seed: int, part: str) -> Random:
    # Each part draws from its own stream, so that a change in one leaves the others as they were.
    return Random(f"{seed} {part}")  # noqa: S311 - a repeatable city, no secret


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _Maker:
    """Settles households one after another and writes what each register knows of them."""

    def __init__(
        self, files: _Files, firms: list[Firm], codes: TaxCodes, *, seed: int, today: date, people: int
    ) -> None:
        self._files, self._firms, self._codes, self._today = files, firms, codes, today
        self._people, self._gaps = _random(seed, "people"), _random(seed, "gaps")
        self._jobs = _random(seed, "jobs")
        self._health = HealthRegisters(
            files.write,
            doses=_random(seed, "doses"),
            tests=_random(seed, "tests"),
            declarations=_random(seed, "declarations"),
            today=today,
        )
        self._protection = ProtectionRegister(files.write, _random(seed, "protection"))
        self._by_size = list(accumulate(firm.size for firm in firms))
        self._ownerless = (firm for firm in firms if firm.kind == "enterprise")
        self._chance_to_apply = min(1.0, APPLICANTS / max(1, people * 0.35))
        self.household_firms: list[Firm] = []
        self.applicants: list[dict[str, str]] = []

    def settle(self, count: int, areas: list[Area], numbers: Numbers) -> None:
        """Fill the city with households until it has that many people more."""
        cumulative = list(accumulate(area.weight for area in areas))
        left, household = count, 0
        while left > 0:
            household += 1
            area = self._people.choices(areas, cum_weights=cumulative)[0]
            home = make_household(self._people, numbers, area, household, self._today, at_most=left)
            left -= len(home.residents)
            self._protection.list_household(home)
            for resident in home.residents:
                self._register(resident, home)
                self._health.examine(resident.number, resident.age, home.place)
                if 18 <= resident.age < 62:
                    self._employ(resident, home)

    def _register(self, resident: Resident, home: Household) -> None:
        chance = self._gaps.random()
        if chance < 0.015:
            return  # never registered a residence here
        residence = "moved_away" if chance < 0.03 else "temporary" if chance < 0.11 else "resident"
        place = "" if 0.11 <= chance < 0.115 else home.place
        self._files.write(
            "population",
            [
                resident.number,
                resident.name,
                resident.born_on.isoformat(),
                resident.sex,
                place,
                home.code,
                residence if chance < 0.99 else "",
            ],
        )

    def _employ(self, resident: Resident, home: Household) -> None:
        chance = self._jobs.random()
        if chance < 0.46:
            firm = self._jobs.choices(self._firms, cum_weights=self._by_size)[0]
            self._insure(resident, firm)
            self._may_apply(resident, home, firm, "courier" if firm.sector == "logistics" else "employee")
        elif chance < 0.50:
            firm = household_business(
                self._jobs,
                owner=resident.number,
                owner_name=resident.name,
                place=home.place,
                code=self._codes.take(),
            )
            self.household_firms.append(firm)
            self._may_apply(resident, home, firm, "owner")
        elif chance < 0.52 and (owned := next(self._ownerless, None)) is not None:
            owned.owner = resident.number
            self._may_apply(resident, home, owned, "owner")

    def _insure(self, resident: Resident, firm: Firm) -> None:
        """Write the insurance of an employment with the faults that such a register has."""
        chance = self._gaps.random()
        if chance < 0.03:
            return  # the employer never reported it
        for status, until in _insurance(chance, self._gaps, self._today):
            self._write_insurance(resident.number, firm.tax_code, status, until)
        if chance > 0.85:
            former = self._gaps.choices(self._firms, cum_weights=self._by_size)[0]
            ended = self._today - timedelta(days=self._gaps.randint(90, 2500))
            self._write_insurance(resident.number, former.tax_code, "stopped", ended.isoformat())

    def _write_insurance(self, number: str, tax_code: str, status: str, until: str) -> None:
        record = f"B{self._files.rows['social_insurance'] + 1:08d}"
        self._files.write("social_insurance", [record, number, tax_code, status, until])

    def _may_apply(self, resident: Resident, home: Household, firm: Firm, capacity: str) -> None:
        if len(self.applicants) < APPLICANTS and self._jobs.random() < self._chance_to_apply:
            self.applicants.append(
                {
                    "number": resident.number,
                    "name": resident.name,
                    "born_on": resident.born_on.isoformat(),
                    "sex": resident.sex,
                    "household": home.code,
                    "place": home.place,
                    "capacity": capacity,
                    "tax_code": firm.tax_code,
                    "work_place": firm.place,
                    "sector": firm.sector,
                }
            )

    def settle_sample(self, sample: Sample) -> None:
        """Write one of the people of the demo exactly as the story wants it."""
        if sample.registered:
            self._files.write(
                "population",
                [
                    sample.number,
                    sample.name,
                    sample.born_on.isoformat(),
                    sample.sex,
                    sample.place,
                    f"M{sample.number[-6:]}",
                    "resident",
                ],
            )
        for status, until in sample.insured:
            self._write_insurance(sample.number, sample.job.tax_code, status, until)
        self._health.examine_sample(sample)
        self._protection.list_sample(sample)


def _insurance(chance: float, random: Random, today: date) -> Iterator[tuple[str, str]]:
    """Yield status and last day of the reports on one employment; empty text is not known."""
    if chance < 0.05:
        yield "", ""
    elif chance < 0.07:
        # Two reports that contradict each other.
        yield "active", ""
        yield "stopped", ""
    elif chance < 0.11:
        yield "paused", ""
    elif chance < 0.17:
        yield "stopped", (today - timedelta(days=random.randint(5, 400))).isoformat()
    else:
        yield "active", "" if chance < 0.7 else (today + timedelta(days=random.randint(30, 700))).isoformat()


def _zone_row(record: ZoneRecord) -> list[str]:
    until = record.valid_to.isoformat() if record.valid_to else ""
    return [record.place, record.color, record.valid_from.isoformat(), until]


def _firm_row(firm: Firm) -> list[str]:
    return [firm.tax_code, firm.name, firm.kind, firm.sector, firm.place, firm.owner, firm.status]
