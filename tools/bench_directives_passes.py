"""Stores outstanding travel passes by the many, as if their people had asked one by one: for a measure, not for use.

Who may ask is read from the files of the simulated city. Each case has what the path would have written: form, facts
with their sources, decision, history, and a pass that is really signed. Left out are the entries of the ledger and the
notes of who looked, which no directive reads.
"""

import csv
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from motcua.agencies.queries import agency, place_names_and_paths, places_now
from motcua.calendars import vietnam
from motcua.cases.credential import layout_scope, place_codes
from motcua.cases.facts import scope_of
from motcua.cases.numbers import LOCAL
from motcua.cases.plans import Judged, Plan, plan_of
from motcua.credentials.services import PassDraft, SealedPass, seal_together, store_together
from motcua.decisions.facts import FactsKept
from motcua.directives.law import InForce, Law, law_at
from motcua.events.copying import bytes_cell, cell, copy_rows, json_cell, written_json
from motcua.events.trips import fetch
from motcua.identity.models import Person
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import PersonView
from motcua.identity.states import Sex
from motcua.procedures.content import FactDeclaration
from motcua.procedures.queries import procedure_in_force
from motcua.registers.facts import Answer, Because, Fact, Value
from motcua.registers.models import Register

PROCEDURE = "travel_pass"
CHUNK = 2000
# Passes of one person differ by the day they were asked for, the first day and the shift.
DAYS_BACK, MOST_A_PERSON = 4, 32
_AT_WORK = frozenset({"work_zone", "opening"})
_NOT_THERE = frozenset({"moved_away", ""})


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who may ask for a pass: as registers know them and their one workplace."""

    number: str
    name: str
    born_on: date
    sex: str
    home: str
    residence: str
    tax_code: str
    sector: str
    work: str
    owner: bool
    insured: bool


def workers(folder: Path, today: date) -> Iterator[Worker]:
    """Yield the insured and the owners of the city's working firms who live in a known place, in the files' order."""
    firms = {row["tax_code"]: row for row in _rows(folder / "businesses.csv") if row["status"] == "active"}
    owners = {row["owner"]: code for code, row in firms.items() if row["owner"] and row["sector"]}
    reports: dict[tuple[str, str], int] = {}
    jobs: dict[str, str] = {}
    for row in _rows(folder / "social_insurance.csv"):
        pair = (row["person"], row["employer_tax_code"])
        reports[pair] = reports.get(pair, 0) + 1
        standing = row["status"] == "active" and (
            not row["valid_to"] or row["valid_to"] > (today + timedelta(days=60)).isoformat()
        )
        if standing and firms.get(pair[1], {}).get("sector"):
            jobs[pair[0]] = pair[1]
    for row in _rows(folder / "population.csv"):
        number = row["person"]
        code = jobs.get(number) or owners.get(number)
        if code is None or not row["place"] or row["residence"] in _NOT_THERE:
            continue
        insured = number in jobs
        # One clear report, or none: what contradicts itself goes to a person.
        if reports.get((number, code), 0) != insured:
            continue
        firm = firms[code]
        yield Worker(
            number, row["name"], date.fromisoformat(row["born_on"]), row["sex"], row["place"], row["residence"],
            code, firm["sector"], firm["place"], firm["owner"] == number, insured,
        )  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


class Issuer:
    """Files, decides and signs for one worker after another, in memory; stores them by the chunk."""

    def __init__(self, *, account_id: int, now: datetime) -> None:
        procedure = procedure_in_force(PROCEDURE)
        self.plan: Plan = plan_of(procedure)
        self.account_id, self.now = account_id, now
        self.office = agency(self.plan.content.manifest.agency).path
        self.law: Law = law_at(now)
        today = now.astimezone(LOCAL).date()
        self.paths = {place.code: place.path for place in places_now(today)}
        names = place_names_and_paths(today, list(self.paths))
        self.place_names = {code: name for code, (name, _) in names.items()}
        self.registers = {row.name: row for row in Register.objects.select_related("current_load")}
        self.in_json = FactsKept()
        self._kept: dict[tuple[str, Value | None, datetime], Fact] = {}
        hours = self.plan.content.manifest.within_working_hours
        self.filed = [
            (moment, vietnam().after(moment, working_hours=hours))
            for moment in (now - timedelta(days=back, minutes=7) for back in range(DAYS_BACK))
        ]

    def store(self, several: Sequence[Worker], which: int, *, most: int) -> int:
        """Store the ``which``-th pass of those who get one, at most so many, and return how many; one transaction."""
        granted = [found for worker in several if (found := self._granted(worker, which)) is not None][:most]
        with transaction.atomic():
            people = self._people([worker for worker, *_ in granted])
            serials = _serials(len(granted))
            made = [
                _Made(self, worker, people[worker.number], scope, facts, judged, which, serial)
                for (worker, scope, facts, judged), serial in zip(granted, serials, strict=True)
            ]
            sealed = seal_together([each.draft() for each in made], now=self.now)
            refused = [each for each in sealed if isinstance(each, Exception)]
            if refused:
                raise refused[0]
            self._write(made)
            store_together([each for each in sealed if isinstance(each, SealedPass)], now=self.now)
        return len(made)

    def _granted(
        self, worker: Worker, which: int
    ) -> tuple[Worker, dict[str, object], list[Fact], Judged] | None:
        values, filed_at = self.values(worker, which), self.filed[which % DAYS_BACK][0]
        facts = self._facts(worker, filed_at)
        scope = scope_of(self.plan.content.form, values, facts, filed_at.astimezone(LOCAL).date())
        judged = self.plan.judge(scope)
        name, act = self.plan.act_for(judged.answer)
        del name
        return (worker, scope, facts, judged) if "issue_credential" in act.effect else None

    def values(self, worker: Worker, which: int) -> dict[str, object]:
        """Return the form that the worker hands in."""
        filed_on = self.filed[which % DAYS_BACK][0].astimezone(LOCAL).date()
        capacity = "courier" if worker.sector == "logistics" else "employee"
        return {
            "capacity": "owner" if worker.owner else capacity,
            "employer_tax_code": worker.tax_code,
            "work_place": worker.work,
            "needed_from": (filed_on + timedelta(days=which // DAYS_BACK % 4)).isoformat(),
            "days_needed": 7 + (which + int(worker.number[-2:])) % 8,
            "shift": "night" if which // 16 % 2 else "day",
            "vehicle": "none",
            "truthful": True,
        }

    def _facts(self, worker: Worker, asked_at: datetime) -> list[Fact]:
        known: dict[str, Value | None] = {
            "in_population_register": True,
            "residence_status": worker.residence,
            "home_place": worker.home,
            "employer_registered": True,
            "employer_status": "active",
            "employer_sector": worker.sector,
            "insured_at_employer": worker.insured,
            "insurance_status": "active" if worker.insured else None,
            "owner_of_business": worker.owner,
        }
        return [self._fact(declared, known, worker, asked_at) for declared in self.plan.content.facts]

    def _fact(
        self, declared: FactDeclaration, known: Mapping[str, Value | None], worker: Worker, asked_at: datetime
    ) -> Fact:
        """Return the fact; what many share is one object, which is written as JSON once."""
        name = declared.name
        told = known.get(name, worker.work if name in _AT_WORK else worker.home)
        key = (name, told, asked_at)
        fact = self._kept.get(key)
        if fact is None:
            fact = self._kept[key] = self._made(declared, told, by_law=name not in known, asked_at=asked_at)
        return fact

    def _made(
        self, declared: FactDeclaration, told: Value | None, *, by_law: bool, asked_at: datetime
    ) -> Fact:
        row = self.registers[declared.register_name]
        as_of = row.current_load.as_of if row.current_load else None
        value, because = told, Because.RECORD
        if by_law:
            stated = self._stated(declared.register_name, declared.returns or "", str(told))
            value, as_of = (stated.value, stated.since) if stated else (None, None)
            because = Because.RECORD if stated else Because.ABSENT
            if stated and declared.returns == "directive":
                value = stated.directive
        elif told is None or told is False:
            because = Because.NO_RECORD
        return Fact(
            name=declared.name,
            value=value,
            answer=_answer(value, because),
            register=declared.register_name,
            source_title=row.title_vi,
            source_title_en=row.title_en,
            as_of=as_of,
            because=because,
            asked_at=asked_at,
        )

    def _stated(self, register: str, column: str, code: str) -> InForce | None:
        if column != "directive":
            return self.law.value(f"{register}.{column}", code)
        return self.law.value("zones.color" if register == "zones" else "limits.opening", code)

    def _people(self, several: Sequence[Worker]) -> dict[str, PersonView]:
        """Write down those who are not yet, and return all of them by number; two statements."""
        numbers = {worker.number: PersonNumber.parse(worker.number) for worker in several}
        keys = {number: numbers[number].key() for number in numbers}
        known = set(Person.objects.filter(key__in=list(keys.values())).values_list("key", flat=True))
        known = {bytes(key) for key in known}
        fresh = {
            worker.number: worker for worker in several if keys[worker.number] not in known
        }  # a worker may stand here once only
        copy_rows(
            "identity_person",
            "key, number_sealed, name, born_on, sex, recorded_at",
            [
                f"{bytes_cell(keys[number])}\t{bytes_cell(numbers[number].seal())}\t{cell(worker.name)}"
                f"\t{worker.born_on.isoformat()}\t{worker.sex}\t{self.now.isoformat()}"
                for number, worker in fresh.items()
            ],
        )
        rows = Person.objects.filter(key__in=list(keys.values())).values_list("key", "pk")
        ids = {bytes(key): pk for key, pk in rows}
        return {
            worker.number: PersonView(
                ids[keys[worker.number]], keys[worker.number], worker.name, worker.born_on, Sex(worker.sex),
                numbers[worker.number].masked, worker.born_on.year,
            )
            for worker in several
        }  # fmt: skip

    def _write(self, made: Sequence["_Made"]) -> None:
        copy_rows(
            "cases_case",
            "agency_path, place_path, place_code, filed_on, number, filed_at, due_at, changed_at, procedure_code,"
            ' revision_id, applicant_id, account_id, channel, "values", state, phase, answer, reason_code,'
            " decided_by, objected, tries",
            [each.case() for each in made],
        )
        copy_rows(
            "cases_caseentry",
            "case_number, happened_at, act, from_state, to_state, actor, reason",
            [line for each in made for line in each.entries()],
        )
        decisions = [each.decision() for each in made]
        fetch(*self.in_json.headings())
        copy_rows(
            "decisions_decisionrecord",
            "agency_path, decided_at, id, case_number, decided_by, model_sha256, answer, reason_code, rule, facts,"
            " explanation, text_vi, text_en",
            decisions,
        )


@dataclass(slots=True)
class _Made:
    """One granted request on its way into the tables."""

    issuer: Issuer
    worker: Worker
    person: PersonView
    scope: Mapping[str, object]
    facts: Sequence[Fact]
    judged: Judged
    which: int
    serial: int

    @property
    def filed_at(self) -> datetime:
        return self.issuer.filed[self.which % DAYS_BACK][0]

    @property
    def number(self) -> str:
        return f"H17-{self.filed_at.astimezone(LOCAL):%Y%m%d}-{self.serial:07d}"

    def draft(self) -> PassDraft:
        plan, values = self.issuer.plan, self.issuer.values(self.worker, self.which)
        scope = layout_scope(
            plan,
            self.scope,
            values=values,
            holder=self.person,
            number=self.number,
            place_names={code: self.issuer.place_names[code] for code in place_codes(plan, values)},
            allotted=None,
        )
        carried = plan.carried(scope, self.number)
        return PassDraft(
            self.number,
            self.issuer.office,
            carried.kind,
            carried.claims,
            carried.valid_from,
            carried.valid_to,
        )

    def case(self) -> str:
        issuer, moment = self.issuer, self.filed_at.isoformat()
        state = issuer.plan.act_for(self.judged.answer)[1].target
        due = issuer.filed[self.which % DAYS_BACK][1].isoformat()
        values = json_cell(written_json(issuer.values(self.worker, self.which)))
        return "\t".join(
            (
                issuer.office, issuer.paths[self.worker.home], self.worker.home,
                self.filed_at.astimezone(LOCAL).date().isoformat(), self.number, moment, due, moment, PROCEDURE,
                str(issuer.plan.revision_id), str(self.person.id), str(issuer.account_id), "online", values,
                state, "granted", self.judged.answer, self.judged.reason, "machine", "f", "0",
            )
        )  # fmt: skip

    def entries(self) -> list[str]:
        moment, plan = self.filed_at.isoformat(), self.issuer.plan
        name, act = plan.act_for(self.judged.answer)
        start = plan.content.workflow.start
        return [
            f"{self.number}\t{moment}\tfile\t\t{start}\tcitizen\t",
            f"{self.number}\t{moment}\t{name}\t{start}\t{act.target}\tmachine\t",
        ]

    def decision(self) -> str:
        facts = json_cell(self.issuer.in_json(self.facts))
        judged = self.judged
        return (
            f"{self.issuer.office}\t{self.filed_at.isoformat()}\t{uuid.uuid4()}\t{self.number}\tmachine"
            f"\t{self.issuer.plan.model.sha256}\t{judged.answer}\t{judged.reason}\t{judged.rule}\t{facts}\t{{}}"
            f"\t{cell(judged.text_vi)}\t{cell(judged.text_en)}"
        )


def _answer(value: Value | None, because: Because) -> Answer:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "no" if because is Because.NO_RECORD else "unknown"
    return "known"


def _serials(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [count])
        return [int(serial) for (serial,) in cursor.fetchall()]


class TooFewPasses(RuntimeError):
    """The city has too few people who may have a pass for so many."""


class Passes:
    """Outstanding passes, more and more of them: each worker gets a first before anybody gets a second."""

    def __init__(self, folder: Path, *, account_id: int, now: datetime) -> None:
        self.issuer = Issuer(account_id=account_id, now=now)
        self.made = 0
        self._chunks = _rounds(folder, now.astimezone(LOCAL).date())

    def fill(self, wanted: int) -> None:
        """Store passes until there are so many. Raises ``TooFewPasses``."""
        while self.made < wanted:
            which, several = next(self._chunks, (0, []))
            if not several:
                raise TooFewPasses(f"{self.made:,} passes can be made of {wanted:,}; give more --people")
            self.made += self.issuer.store(several, which, most=wanted - self.made)


def _rounds(folder: Path, today: date) -> Iterator[tuple[int, list[Worker]]]:
    for which in range(MOST_A_PERSON):
        crowd = workers(folder, today)
        while several := list(islice(crowd, CHUNK)):
            yield which, several
