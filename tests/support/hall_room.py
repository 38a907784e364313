"""A hall with two groups, counters, a plan and people who book; Friday 20 November 2026, nine in the morning."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from motcua.agencies.models import Agency
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.appointments.models import Booking, Counter, Hall, Ticket
from motcua.appointments.openings import Plan
from motcua.appointments.services import book, open_hall, set_counter, set_plan, take_ticket
from motcua.appointments.services.planning import GroupOffered
from motcua.appointments.states import Priority
from motcua.identity.backends import PATH
from motcua.identity.models import Account, Appointment
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import record_person
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import AccountKind, Role, Sex

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
MONDAY_EIGHT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HALL, CITY, PLACE = "ttpvhcc", "dn", "vn.p48"


def race(hands: int, one: Callable[[int], object]) -> list[object]:
    """Let all hands reach for it at once, each on a connection of its own; return what each got."""
    ready = threading.Barrier(hands)

    def hand(index: int) -> object:
        try:
            connection.ensure_connection()
            ready.wait(30)
            return one(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(hand, range(hands)))


@dataclass(frozen=True, slots=True)
class Room:
    """What a test does in one word."""

    hall: Hall
    counters: tuple[Counter, ...]
    rights: Rights

    def person(self, number: int = 1) -> int:
        row = record_person(
            number=PersonNumber(f"048090{number:06d}"),
            name=f"Nguyễn Văn {number}",
            born_on=None,
            sex=Sex.MALE,
            now=NOW,
        )
        return row.pk

    def book(
        self,
        number: int = 1,
        at: datetime = MONDAY_EIGHT,
        key: str = "a",
        group: str = "hotich",
        now: datetime = NOW,
    ) -> Booking:
        return book(
            hall_code=HALL, group_code=group, starts_at=at, person_id=self.person(number), key=key, now=now
        ).booking

    def plan(self, capacity: int, minutes: int = 30, group: str = "hotich", now: datetime = NOW) -> int:
        return set_plan(
            hall_code=HALL,
            group_code=group,
            plan=Plan(date(2026, 11, 1), None, minutes, capacity),
            rights=self.rights,
            now=now,
        )

    def ticket(self, after: int = 0, group: str = "hotich", priority: Priority = Priority.NONE) -> Ticket:
        return take_ticket(
            hall_code=HALL, group_code=group, priority=priority, now=NOW + timedelta(minutes=after)
        )


@pytest.fixture
def room(db: None) -> Room:
    if not Agency.objects.filter(code=CITY).exists():
        for code, parent in ((CITY, None), (HALL, CITY)):
            register_agency(
                code=code,
                name="Trung tâm",
                name_en="Center",
                kind=AgencyKind.CITY,
                parent=parent,
                place_path=PLACE,
                now=NOW,
            )
    hall = open_hall(
        agency_code=HALL,
        address="24 Trần Phú",
        position=None,
        groups=(
            GroupOffered("hotich", "Hộ tịch", "Civil status", ("marital_status",)),
            GroupOffered("datdai", "Đất đai", "Land", ()),
        ),
        most_open=2,
        days_ahead=30,
        tickets_per_day=20,
        now=NOW,
    )
    counters = (
        set_counter(hall_code=HALL, number=1, groups=("hotich",)),
        set_counter(hall_code=HALL, number=2, groups=("hotich", "datdai")),
    )
    account, _ = Account.objects.get_or_create(
        login="an", defaults={"kind": AccountKind.OFFICER, "name": "An", "created_at": NOW}
    )
    made = Room(hall, counters, Rights(account.pk, (Grant(Role.ONE_STOP_OFFICER, CITY, PLACE),)))
    made.plan(2)
    return made


@pytest.fixture
def now_is_nine(room: Room) -> Iterator[time_machine.Traveller]:
    """Let the pages of this test be asked for at the moment of the room."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def citizen_of(room: Room, now_is_nine: object) -> Callable[[int], Client]:
    """Return a browser in which the person of that number is signed in."""

    def signed_in(number: int = 1) -> Client:
        browser = Client()
        browser.force_login(account_of(room, number), backend=PATH)
        return browser

    return signed_in


@pytest.fixture
def officer_with(room: Room, now_is_nine: object) -> Callable[[Role], Client]:
    """Return a browser in which an officer of the city with that role is signed in."""

    def signed_in(role: Role = Role.ONE_STOP_OFFICER) -> Client:
        account, _ = Account.objects.get_or_create(
            login=f"officer.{role}",
            defaults={"kind": AccountKind.OFFICER, "name": "Lê Văn Cán", "created_at": NOW, "password": "!"},
        )
        Appointment.objects.get_or_create(
            account=account,
            role=role,
            agency=Agency.objects.get(code=CITY),
            place_path=PLACE,
            valid_from=(NOW - timedelta(days=30)).date(),
        )
        browser = Client()
        browser.force_login(account)
        return browser

    return signed_in


def account_of(room: Room, number: int) -> Account:
    account, _ = Account.objects.get_or_create(
        login=f"citizen-{number}",
        defaults={
            "kind": AccountKind.CITIZEN,
            "name": f"Nguyễn Văn {number}",
            "issuer": "https://id.example",
            "subject": str(number),
            "person_id": room.person(number),
            "created_at": NOW,
        },
    )
    return account
