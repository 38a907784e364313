"""Appointments and tickets as people meet them: without scripts, in one browser or on the machine of a hall."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hall_room import HALL, MONDAY_EIGHT, NOW, Room, citizen_of, now_is_nine, room

from motcua.appointments.models import Booking, Hall, Ticket
from motcua.appointments.queries import booking_of
from motcua.appointments.services import call_next
from motcua.appointments.services.arriving import who_booked
from motcua.web.portal.booking.reminders import calendar_file, reminder

__all__ = ["citizen_of", "now_is_nine", "room"]

CHOOSE = f"/appointments/{HALL}/hotich/"
BOOK = f"{CHOOSE}book/"
AT = MONDAY_EIGHT.isoformat()
Citizen = Callable[[int], Client]


@pytest.fixture
def machine(room: Room, now_is_nine: object) -> Client:
    browser = Client()
    browser.get(f"/halls/{HALL}/kiosk/open/?k={Hall.objects.get().kiosk_key}")
    return browser


def words(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_place_then_day_then_time_then_booked_moved_and_cancelled(citizen_of: Citizen) -> None:
    browser = citizen_of(1)

    assert CHOOSE in words(browser, "/appointments/?place=20194")
    assert f"{BOOK}?at=2026-11-23T08%3A00%3A00%2B07%3A00" in words(browser, f"{CHOOSE}?day=2026-11-23")
    form = browser.get(BOOK, {"at": AT})
    answer = browser.post(BOOK, {"at": AT, "key": str(form.context["key"])})
    again = browser.post(BOOK, {"at": AT, "key": str(form.context["key"])})
    row = Booking.objects.get()
    assert answer["Location"] == again["Location"] == f"/my/appointments/{row.pk}/?booked=1"
    page = words(browser, f"/my/appointments/{row.pk}/")
    assert f"{row.code[:3]} {row.code[3:]}" in page
    later = (MONDAY_EIGHT + timedelta(hours=1)).isoformat()
    assert browser.post(f"/my/appointments/{row.pk}/move/", {"at": later}).status_code == 302
    row.refresh_from_db()
    assert row.slot.starts_at == MONDAY_EIGHT + timedelta(hours=1)
    browser.post(f"/my/appointments/{row.pk}/cancel/")
    assert "Đã hủy" in words(browser, f"/my/appointments/{row.pk}/")


def test_full_time_is_a_conflict_that_shows_other_times(room: Room, citizen_of: Citizen) -> None:
    room.book(2)
    room.book(3)

    answer = citizen_of(1).post(BOOK, {"at": AT, "key": "k"})

    assert answer.status_code == 409
    assert "vừa hết chỗ" in answer.content.decode()
    assert not Booking.objects.filter(person=room.person(1)).exists()


def test_somebody_elses_appointment_is_not_there(room: Room, citizen_of: Citizen) -> None:
    row = room.book(2)

    for path in ("", "move/", "cancel/", "calendar.ics"):
        assert citizen_of(1).get(f"/my/appointments/{row.pk}/{path}").status_code == 404
    assert citizen_of(1).post(f"/my/appointments/{row.pk}/cancel/").status_code == 404
    assert Booking.objects.get().state == "booked"


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-23T08:00:00"])
def test_time_that_is_none_leads_nowhere(citizen_of: Citizen, at: str) -> None:
    assert citizen_of(1).post(BOOK, {"at": at}).status_code == 404


def test_file_for_a_calendar_names_time_place_and_alarms(room: Room) -> None:
    row = room.book(1)
    found = booking_of(row.person_id, row.pk)

    text = calendar_file(found, "vi", host="motcua.example", now=NOW)

    lines = text.replace("\r\n ", "").split("\r\n")
    assert f"UID:booking-{row.pk}@motcua.example" in lines
    assert {"DTSTART:20261123T010000Z", "DTEND:20261123T013000Z", "TRIGGER:-PT1H"} <= set(lines)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert row.code in reminder(found).vi


def test_machine_gives_numbers_only_where_it_was_opened_with_the_key(machine: Client, room: Room) -> None:
    path = f"/halls/{HALL}/kiosk/take/"

    assert Client().post(path, {"group": "hotich"}).status_code == 403
    answer = machine.post(path, {"group": "hotich", "priority": "elderly"})

    ticket = Ticket.objects.get()
    assert answer["Location"].endswith(f"/kiosk/{ticket.secret}/")
    page = machine.get(answer["Location"])
    assert page["Refresh"].endswith(f"/halls/{HALL}/kiosk/")
    assert "Người cao tuổi" in page.content.decode()
    assert f"/ticket/{ticket.secret}/" not in words(Client(), f"/halls/{HALL}/display/")


def test_machine_takes_the_code_of_an_appointment(
    machine: Client, room: Room, now_is_nine: time_machine.Traveller
) -> None:
    row = room.book(1)
    path = f"/halls/{HALL}/kiosk/arrive/"

    assert machine.post(path, {"code": row.code}).status_code == 422
    now_is_nine.move_to(MONDAY_EIGHT)
    answer = machine.post(path, {"code": f"{row.code[:3]} {row.code[3:]}"})

    assert Ticket.objects.get().booking_id == row.pk
    assert "Có hẹn lúc 08:00" in words(machine, answer["Location"])


def test_closed_hall_shows_its_hours_and_gives_no_number(
    machine: Client, now_is_nine: time_machine.Traveller
) -> None:
    now_is_nine.move_to(NOW + timedelta(hours=3))

    page = words(machine, f"/halls/{HALL}/kiosk/")
    machine.post(f"/halls/{HALL}/kiosk/take/", {"group": "hotich"})

    assert "13:00" in page
    assert "kiosk/for/" not in page
    assert not Ticket.objects.exists()


def test_holder_follows_the_number_until_it_is_called_and_the_display_reads_it(
    room: Room, now_is_nine: object
) -> None:
    ticket = room.ticket()
    path = f"/ticket/{ticket.secret}/"

    assert "Bạn là người tiếp theo" in words(Client(), path)
    serving = call_next(counter_id=room.counters[1].pk, rights=room.rights, now=NOW)

    assert "Mời bạn đến quầy 2" in words(Client(), f"{path}live/")
    shown = words(Client(), f"/halls/{HALL}/display/live/")
    assert f'data-mark="{serving.pk}.1"' in shown
    assert "Mời số 1 đến quầy 2." in shown
    assert Client().get(f"/halls/{HALL}/display.json").json()["calls"][0]["number"] == 1
    assert words(Client(), "/ticket/AAAAAAAAAAAAAAAAAAAAAA/", 404)


def test_holder_leaves_the_line(room: Room, now_is_nine: object) -> None:
    ticket = room.ticket()

    Client().post(f"/ticket/{ticket.secret}/leave/")

    assert "Bạn đã rời hàng chờ" in words(Client(), f"/ticket/{ticket.secret}/")


def test_person_sees_that_an_officer_looked_up_the_name(room: Room, citizen_of: Citizen) -> None:
    row = room.book(1)
    who_booked(booking_id=row.pk, rights=room.rights, now=NOW)

    page = words(citizen_of(1), "/my/access/?source=appointments")

    assert "Đón tiếp người có hẹn" in page
    assert "Họ tên và lịch hẹn" in page


def test_display_without_scripts_loads_itself_anew(room: Room, now_is_nine: object) -> None:
    path = f"/halls/{HALL}/display/"

    assert Client().get(f"{path}?plain=1")["Refresh"] == "10"
    assert "Refresh" not in Client().get(path)


def test_change_of_plan_is_told_on_the_persons_own_page(room: Room, citizen_of: Citizen) -> None:
    row = room.book(1)
    room.plan(0)

    assert "Lịch hẹn này bị ảnh hưởng" in words(citizen_of(1), "/my/")
    page = words(citizen_of(1), "/my/appointments/")

    assert "Lịch hẹn này bị ảnh hưởng" in page
    row.refresh_from_db()
    assert (row.state, row.told_at) == ("booked", NOW)
