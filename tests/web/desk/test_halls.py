"""The hall on the desk: who came, whom a change affects before it is made, and the work at a counter."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hall_room import HALL, MONDAY_EIGHT, Room, now_is_nine, officer_with, room

from motcua.appointments.models import Booking, GroupPlan, HallHours, Serving
from motcua.identity.states import Role
from motcua.registers.models import RegisterAccess

__all__ = ["now_is_nine", "officer_with", "room"]

Officer = Callable[..., Client]
LIST, PLAN = "/desk/appointments/", f"/desk/halls/{HALL}/"
LOWER = {
    "change": "plan",
    "group": "hotich",
    "first_day": "20/11/2026",
    "last_day": "",
    "slot_minutes": "30",
    "capacity": "1",
}
CLOSE = {
    "change": "hours",
    "kind": "closed",
    "first_day": "2026-11-23",
    "last_day": "",
    "opens": "7:00",
    "closes": "18:00",
    "reason": "Sửa điện",
}


def test_list_shows_codes_and_a_name_only_when_asked_which_is_noted(
    room: Room, officer_with: Officer
) -> None:
    row = room.book(1)
    desk = officer_with()

    page = desk.get(f"{LIST}?day=2026-11-23").content.decode()
    assert row.code in page
    assert "Nguyễn Văn 1" not in page
    assert not RegisterAccess.objects.exists()
    assert (
        "Nguyễn Văn 1" in desk.post(f"{LIST}{row.pk}/name/?day=2026-11-23", {"hall": HALL}).content.decode()
    )
    assert RegisterAccess.objects.count() == 1


def test_came_gives_a_number_and_absent_only_after_the_time(
    room: Room, officer_with: Officer, now_is_nine: time_machine.Traveller
) -> None:
    came, absent = room.book(1), room.book(2)
    now_is_nine.move_to(MONDAY_EIGHT)
    desk = officer_with()

    assert "number=1" in desk.post(f"{LIST}arrive/", {"hall": HALL, "code": came.code})["Location"]
    assert desk.post(f"{LIST}arrive/", {"hall": HALL, "code": "12"}).status_code == 409
    assert desk.post(f"{LIST}{absent.pk}/missed/", {"hall": HALL}).status_code == 409
    now_is_nine.move_to(MONDAY_EIGHT + timedelta(hours=1))
    desk.post(f"{LIST}{absent.pk}/missed/", {"hall": HALL})

    assert dict(Booking.objects.values_list("pk", "state")) == {came.pk: "came", absent.pk: "missed"}


@pytest.mark.parametrize("change", [LOWER, CLOSE], ids=["lowered", "closed"])
def test_change_shows_whom_it_affects_and_is_made_only_when_confirmed(
    room: Room, officer_with: Officer, change: dict[str, str]
) -> None:
    room.book(1)
    last = room.book(2)
    desk, plans = officer_with(Role.LEADER), GroupPlan.objects.count()

    shown = desk.post(PLAN, change).content.decode()
    assert last.code in shown
    assert (GroupPlan.objects.count(), HallHours.objects.count()) == (plans, 0)
    assert not Booking.objects.exclude(displaced="").exists()
    assert "displaced=" in desk.post(PLAN, {**change, "confirmed": "yes"})["Location"]

    assert last.code in desk.get(f"{LIST}?hall={HALL}").content.decode()
    assert Booking.objects.filter(state="booked").count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({**LOWER, "capacity": "many"}, "capacity"),
        ({**LOWER, "first_day": "31/2/2026"}, "plan-first_day"),
        ({**LOWER, "first_day": "19/11/2026"}, "plan-first_day"),
        ({**LOWER, "last_day": "1/11/2026"}, "plan-first_day"),
        ({**LOWER, "slot_minutes": "1"}, "slot_minutes"),
        ({**CLOSE, "closes": "6:00"}, "opens"),
        ({**CLOSE, "reason": " "}, "reason"),
    ],
)
def test_mistake_is_told_beside_its_field(
    officer_with: Officer, room: Room, change: dict[str, str], field: str
) -> None:
    before = GroupPlan.objects.count()

    answer = officer_with().post(PLAN, {**change, "confirmed": "yes"})

    assert answer.status_code == 422
    assert f"#field-{field}" in answer.content.decode()
    assert (GroupPlan.objects.count(), HallHours.objects.count()) == (before, 0)


def test_counter_calls_again_hands_over_and_finishes(room: Room, officer_with: Officer) -> None:
    room.ticket()
    room.ticket()
    desk, first = officer_with(), f"/desk/counters/{room.counters[0].pk}/"

    desk.post(f"{first}act/", {"act": "next"})
    serving = Serving.objects.get()
    assert desk.post(f"{first}act/", {"act": "next"}).status_code == 409
    desk.post(f"{first}act/", {"act": "recall", "serving": serving.pk})
    desk.post(f"{first}act/", {"act": "hand_over", "serving": serving.pk, "to": room.counters[1].pk})
    desk.post(f"{first}act/", {"act": "next"})
    other = Serving.objects.get(ended_at__isnull=True)
    desk.post(f"{first}act/", {"act": "finish", "serving": other.pk})

    serving.refresh_from_db()
    assert (serving.calls, serving.end) == (2, "handed_over")
    assert "chuyển từ quầy khác" in desk.get(f"/desk/counters/{room.counters[1].pk}/live/").content.decode()
    assert desk.post(f"{first}act/", {"act": "finish", "serving": other.pk}).status_code == 409
    assert "Trung tâm" in desk.get("/operations/halls/").content.decode()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.INSPECTOR])
def test_others_have_no_hall(officer_with: Officer, room: Room, role: Role) -> None:
    row, desk = room.book(1), officer_with(role)

    for path in (LIST, PLAN, "/desk/counters/", f"/desk/counters/{room.counters[0].pk}/"):
        assert desk.get(path).status_code == 404
    assert desk.post(f"{LIST}{row.pk}/name/", {"hall": HALL}).status_code == 404
    assert not RegisterAccess.objects.exists()
