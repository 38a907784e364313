"""Fill an empty installation with dossiers that people decide: in every state, over every ward, with their histories.

Everything is written by COPY, as fast as the disk takes it. A case's history is the shortest way of the workflow to
its state, so that its legal clock reads as that of any other.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection

CITY, CITY_PLACE = "dn", "vn.p48"
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
PACKS = Path(__file__).resolve().parents[1] / "packs"
SERVICES = ("marital_status", "birth_registration", "copy_certification", "household_business")
MONTHS, PEOPLE, OFFICERS = 11, 30_000, 200
# Of a hundred dossiers so many wait for an officer, wait for the applicant, or have ended; some are in hand.
WAITING, WITH_APPLICANT, IN_HAND = 45, 10, 0.6


@dataclass(frozen=True, slots=True)
class Way:
    """A state of a service with the acts that lead there: act, state before, state after."""

    code: str
    revision_id: int
    state: str
    phase: str
    steps: tuple[tuple[str, str, str], ...]


def prepare(now: datetime) -> None:
    """Register the agencies, install the services, and make the months of the past."""
    from motcua.agencies.services import load_places
    from motcua.credentials.services import ensure_keys
    from motcua.packs.services import install_pack
    from motcua.site.demo.offices import open_offices

    load_places(now=now)
    ensure_keys(now=now)
    open_offices(on=now.astimezone(LOCAL).date(), now=now)
    for code in SERVICES:
        if (PACKS / code).is_dir():
            install_pack(path=PACKS / code, now=now - timedelta(days=30 * MONTHS + 60))
    first = (now - timedelta(days=30 * MONTHS + 31)).date().replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT create_months(%s, %s)", [first, MONTHS + 3])


def people(random: Random, now: datetime) -> tuple[int, int]:
    """Write the applicants and one account, and return the account and the first of their ids."""
    from motcua.identity.models import Account, Person
    from motcua.identity.numbers import PersonNumber
    from motcua.identity.states import AccountKind
    from motcua.site.demo.names import SURNAMES, person_name

    with (
        connection.cursor() as cursor,
        cursor.copy("COPY identity_person (key, number_sealed, name, sex, recorded_at) FROM STDIN") as copy,
    ):
        for at in range(PEOPLE):
            woman, year = at % 2, 50 + at % 49
            number = PersonNumber.parse(f"048{woman}{year:02d}{at % 1_000_000:06d}")
            name = person_name(
                random,
                surname=SURNAMES.draw(random),
                sex="female" if woman else "male",
                birth_year=1900 + year,
            )
            copy.write_row((number.key(), number.seal(), name, "female" if woman else "male", now))
    account = Account.objects.create(
        kind=AccountKind.CITIZEN,
        login="bench-citizen",
        name="Người nộp",
        issuer="https://id.example",
        subject="bench",
        person=Person.objects.order_by("pk")[0],
        created_at=now,
    )
    return account.pk, Person.objects.order_by("pk")[0].pk


def ways() -> list[Way]:
    """Return every state of every service with the shortest way to it."""
    from motcua.procedures.queries import search_services

    found = []
    for service in search_services():
        workflow = service.content.workflow
        reached: dict[str, tuple[tuple[str, str, str], ...]] = {workflow.start: ()}
        waiting = [workflow.start]
        while waiting:
            state = waiting.pop(0)
            for name, act in workflow.acts.items():
                if state in act.source and act.target not in reached and not act.extends:
                    reached[act.target] = (*reached[state], (name, state, act.target))
                    waiting.append(act.target)
        for state, steps in reached.items():
            phase = workflow.states[state].phase
            if len(steps) < 6:
                found.append(Way(service.code, service.revision_id, state, phase, steps))
    return found


def chosen(random: Random, every: list[Way]) -> Way:
    """Draw a state: so many that wait, so many that ended."""
    lot = random.randrange(100)
    phase = "person" if lot < WAITING else "citizen" if lot < WAITING + WITH_APPLICANT else ""
    fitting = [
        way for way in every if (way.phase == phase if phase else way.phase not in ("person", "citizen"))
    ]
    return random.choice(fitting)


def dossiers(
    random: Random,
    *,
    first: int,
    count: int,
    account_id: int,
    person_id: int,
    officers: list[int],
    now: datetime,
) -> None:
    """Write so many dossiers with their histories, and who has them in hand; the numbers begin at ``first``."""
    wards = _wards(now)
    every = ways()
    made = [_drawn(random, at, every, wards, now) for at in range(first, first + count)]
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY cases_case ({', '.join(_CASE)}) FROM STDIN") as copy:
            for number, way, filed, due, (agency, place, code) in made:
                applicant = person_id + random.randrange(PEOPLE)
                ended = way.phase not in ("person", "citizen")
                answer = {"granted": "grant", "refused": "refuse"}.get(way.phase, "")
                filed_on, who = filed.astimezone(LOCAL).date(), f"account:{officers[0]}" if ended else ""
                copy.write_row(
                    (
                        *(agency, place, code, filed_on, number, filed, due, _changed(way, filed)),
                        *(way.code, way.revision_id, applicant, account_id, "online"),
                        *('{"residence": "' + code + '"}', way.state, way.phase, answer, who),
                    )
                )
        with cursor.copy(f"COPY cases_caseentry ({', '.join(_ENTRY)}) FROM STDIN") as copy:
            for number, way, filed, _, _ in made:
                for entry in _history(number, way, filed, officers[0]):
                    copy.write_row(entry)
        with cursor.copy(
            "COPY cases_assignment (case_number, filed_on, account_id, given_by_id, since) FROM STDIN"
        ) as copy:
            for number, way, filed, _, _ in made:
                if way.phase == "person" and random.random() < IN_HAND:
                    officer = random.choice(officers)
                    copy.write_row((number, filed.astimezone(LOCAL).date(), officer, officer, filed))


_CASE = (
    *("agency_path", "place_path", "place_code", "filed_on", "number", "filed_at", "due_at", "changed_at"),
    *("procedure_code", "revision_id", "applicant_id", "account_id", "channel", '"values"'),
    *("state", "phase", "answer", "decided_by"),
)
_ENTRY = ("case_number", "happened_at", "act", "from_state", "to_state", "actor", "reason")


def _wards(now: datetime) -> list[tuple[str, str, str]]:
    from motcua.agencies.queries import places_now

    on: date = now.astimezone(LOCAL).date()
    return [
        (f"{CITY}.ubnd_{place.code}", place.path, place.code) for place in places_now(on, within=CITY_PLACE)
    ]


def _drawn(
    random: Random, at: int, every: list[Way], wards: list[tuple[str, str, str]], now: datetime
) -> tuple[str, Way, datetime, datetime, tuple[str, str, str]]:
    way = chosen(random, every)
    # What waits was filed lately; what has ended, at any time of the year.
    days = random.uniform(0.2, 40) if way.phase in ("person", "citizen") else random.uniform(5, 30 * MONTHS)
    filed = _working(now - timedelta(days=days))
    due = max(filed + timedelta(hours=2), now + timedelta(days=random.triangular(-6, 20, 6)))
    agency, place, code = random.choice(wards)
    if random.random() < 0.3:
        agency = f"{CITY}.ttpvhcc"
    return f"H17-{filed.astimezone(LOCAL):%Y%m%d}-{at:07d}", way, filed, due, (agency, place, code)


def _working(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(LOCAL).date(), time(9, 30), LOCAL).astimezone(UTC)


def _changed(way: Way, filed: datetime) -> datetime:
    return filed + timedelta(minutes=20 * len(way.steps))


def _history(number: str, way: Way, filed: datetime, officer: int) -> Iterator[tuple[object, ...]]:
    start = way.steps[0][1] if way.steps else way.state
    yield number, filed, "file", "", start, "citizen", ""
    for at, (act, before, after) in enumerate(way.steps, start=1):
        yield number, filed + timedelta(minutes=20 * at), act, before, after, f"account:{officer}", "Lý do"


def officers(now: datetime) -> list[int]:
    """Make officers in whose hands cases are, and return their accounts."""
    from motcua.identity.models import Account
    from motcua.identity.states import AccountKind

    made = Account.objects.bulk_create(
        Account(
            kind=AccountKind.OFFICER,
            login=f"bench.{at}",
            name=f"Cán bộ {at}",
            password=secrets.token_hex(8),
            created_at=now,
        )
        for at in range(OFFICERS)
    )
    return [each.pk for each in made]
