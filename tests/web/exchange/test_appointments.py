"""Appointments for machines: booked once by a key, a clean 409 when a time is full or a person holds enough."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from hall_room import HALL, MONDAY_EIGHT, NOW, Room, account_of, now_is_nine, room

from motcua.appointments.models import Booking
from motcua.identity.states import Scope
from motcua.identity.tokens import issue_token

__all__ = ["now_is_nine", "room"]

BODY = {"hall": HALL, "group": "hotich", "starts_at": MONDAY_EIGHT.isoformat()}
Ask = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def ask(room: Room, now_is_nine: object) -> Ask:
    def asked(
        method: str, path: str = "", body: object = None, *, key: str = "", number: int = 1
    ) -> tuple[int, dict[str, object]]:
        token = issue_token(
            login=account_of(room, number).login,
            scope=frozenset({Scope.SUBMISSIONS}),
            label="test",
            lifetime=timedelta(days=1),
            now=NOW,
        ).text
        headers = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}
        answer = Client().generic(
            method,
            f"/api/appointments{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )
        return answer.status_code, answer.json()

    return asked


def test_same_key_is_the_same_booking(ask: Ask) -> None:
    first, again = (ask("POST", body=BODY, key="k") for _ in range(2))

    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert first[1]["place"] == 1
    assert ask("GET")[1] == [first[1]]


def test_full_time_is_409_with_other_times_and_nothing_is_written(room: Room, ask: Ask) -> None:
    room.book(2)
    room.book(3)

    status, told = ask("POST", body=BODY, key="k")

    assert (status, told["error"]) == (409, "slot_full")
    assert (MONDAY_EIGHT + timedelta(minutes=30)).isoformat()[:16] in str(
        [each.replace("08:", "01:") for each in told["free"]]  # type: ignore[union-attr]  # a list of moments
    )
    assert Booking.objects.count() == 2


def test_too_many_is_409_and_another_time_under_the_key_422(room: Room, ask: Ask) -> None:
    later = [(MONDAY_EIGHT + timedelta(minutes=30 * each)).isoformat() for each in range(3)]
    for each in (0, 1):
        assert ask("POST", body={**BODY, "starts_at": later[each]}, key=str(each))[0] == 201

    assert ask("POST", body={**BODY, "starts_at": later[2]}, key="2")[1]["error"] == "too_many_open"
    assert ask("POST", body={**BODY, "starts_at": later[2]}, key="1")[1]["error"] == "key_reused"


@pytest.mark.parametrize(
    ("changes", "key", "status", "error"),
    [
        ({}, "", 422, "key_missing"),
        ({"group": "none"}, "k", 404, "no_such_group"),
        ({"starts_at": "2026-11-22T01:00:00Z"}, "k", 422, "time_not_offered"),
        ({"starts_at": "2026-11-23T08:00:00"}, "k", 422, "not_readable"),
        ({"service": "none"}, "k", 404, "no_such_procedure"),
        ({"more": 1}, "k", 422, "not_readable"),
    ],
)
def test_what_cannot_be_booked_is_told_why(
    ask: Ask, changes: dict[str, object], key: str, status: int, error: str
) -> None:
    found = ask("POST", body={**BODY, **changes}, key=key)

    assert (found[0], found[1]["error"]) == (status, error)
    assert not Booking.objects.exists()


def test_moved_given_back_and_then_closed(ask: Ask) -> None:
    booked = ask("POST", body=BODY, key="k")[1]["id"]
    later = (MONDAY_EIGHT + timedelta(hours=1)).isoformat()

    assert ask("POST", f"/{booked}/move", {"starts_at": later})[0] == 200
    assert ask("GET", f"/{booked}", number=2)[0] == 404
    assert ask("DELETE", f"/{booked}", number=2)[0] == 404
    assert ask("DELETE", f"/{booked}")[1]["state"] == "cancelled"
    assert ask("DELETE", f"/{booked}")[1]["error"] == "not_open"


def test_halls_and_times_are_open_to_everyone(room: Room, now_is_nine: object) -> None:
    halls = Client().get("/api/appointments/halls").json()
    times = (
        Client().get("/api/appointments/times", {"hall": HALL, "group": "hotich", "day": "2026-11-23"}).json()
    )

    assert halls[0]["groups"][0]["services"] == ["marital_status"]
    assert (times["times"][0]["capacity"], times["times"][0]["left"]) == (2, 2)
    assert Client().get("/api/appointments").status_code == 401
