"""A change of plan drops nobody: who no longer fits stays booked, is listed, and the mark goes when there is room."""

from datetime import date, time, timedelta

import pytest
from hall_room import HALL, MONDAY, MONDAY_EIGHT, NOW, Room

from motcua.appointments.models import Booking, GroupPlan, Hall, Slot
from motcua.appointments.openings import OwnHours, Plan
from motcua.appointments.queries import (
    booking_of,
    days_with_room,
    displaced_in,
    halls,
    hours_in,
    is_kiosk_key,
    plans_in,
    times_with_room,
)
from motcua.appointments.queries import hall as hall_of
from motcua.appointments.services import (
    SlotFull,
    lift_hours,
    mark_told,
    move_booking,
    new_kiosk_key,
    set_hours,
    set_plan,
)
from motcua.appointments.services.arriving import note_seen, who_booked
from motcua.appointments.services.planning import whole_day
from motcua.appointments.states import HoursKind
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import Role
from motcua.registers.models import RegisterAccess

LATER = NOW + timedelta(minutes=1)


def closed(room: Room, day: date = MONDAY) -> int:
    return set_hours(
        hall_code=HALL,
        hours=whole_day(HoursKind.CLOSED, day, day),
        reason="Sửa điện",
        rights=room.rights,
        now=LATER,
    )


def test_lowered_capacity_keeps_everybody_and_lists_who_booked_last(room: Room) -> None:
    room.plan(3)
    rows = [room.book(number, now=NOW + timedelta(seconds=number)) for number in (1, 2, 3)]

    assert room.plan(2, now=LATER) == 1

    assert [each.id for each in displaced_in(room.hall.pk, LATER)] == [rows[2].pk]
    assert Booking.objects.filter(state="booked").count() == 3
    assert Slot.objects.get().taken == 3
    with pytest.raises(SlotFull):
        room.book(4)
    assert room.plan(3, now=LATER) == 0
    assert displaced_in(room.hall.pk, LATER) == []


def test_closed_day_lists_who_booked_and_moving_settles_it(room: Room) -> None:
    row = room.book(1)

    assert closed(room) == 1
    assert days_with_room(row.group_id, LATER)[0][0] != MONDAY
    note_seen(person_id=row.person_id, now=LATER)
    assert booking_of(row.person_id, row.pk).told_at == LATER

    move_booking(
        booking_id=row.pk, person_id=row.person_id, starts_at=MONDAY_EIGHT + timedelta(days=2), now=LATER
    )

    assert displaced_in(room.hall.pk, LATER) == []
    assert booking_of(row.person_id, row.pk).displaced == ""


def test_lifted_closure_gives_the_times_back(room: Room) -> None:
    room.book(1)
    closed(room)
    (hours,) = hours_in(room.hall.pk, NOW.date())

    assert lift_hours(hall_code=HALL, hours_id=hours.id, rights=room.rights, now=LATER) == 0

    assert hours_in(room.hall.pk, NOW.date()) == []
    assert [each.left for each in times_with_room(room.hall.groups.all()[0].pk, MONDAY, LATER)][:3] == [
        2,
        1,
        2,
    ]


def test_officer_notes_that_somebody_was_told_and_reading_a_name_is_noted(room: Room) -> None:
    row = room.book(1)
    closed(room)

    mark_told(booking_id=row.pk, rights=room.rights, now=LATER)
    found = who_booked(booking_id=row.pk, rights=room.rights, now=LATER)

    assert displaced_in(room.hall.pk, LATER)[0].told_at == LATER
    assert found.name == "Nguyễn Văn 1"
    assert RegisterAccess.objects.get().register == "appointments"


@pytest.mark.parametrize(
    ("role", "agency", "may"),
    [
        (Role.ONE_STOP_OFFICER, "dn.ttpvhcc", True),
        (Role.LEADER, "dn", True),
        (Role.AUDITOR, "dn", False),
        (Role.APPROVER, "dn", False),
        (Role.ONE_STOP_OFFICER, "dn.so_y_te", False),
    ],
)
def test_plan_is_set_by_one_stop_officers_and_leaders_of_the_office(
    room: Room, role: Role, agency: str, may: bool
) -> None:
    rights = Rights(room.rights.account_id, (Grant(role, agency, "vn.p48"),))
    before = GroupPlan.objects.count()

    def act() -> int:
        return set_plan(
            hall_code=HALL, group_code="datdai", plan=Plan(MONDAY, None, 30, 1), rights=rights, now=NOW
        )

    if may:
        assert act() == 0
    else:
        with pytest.raises(Hall.DoesNotExist):
            act()
    assert GroupPlan.objects.count() == before + may


def test_plan_for_some_days_stands_over_the_one_without_end(room: Room) -> None:
    set_plan(
        hall_code=HALL,
        group_code="hotich",
        plan=Plan(MONDAY, MONDAY, 60, 7),
        rights=room.rights,
        now=NOW,
    )

    assert [(plan.capacity, plan.last_day) for plan in plans_in(hall_of(HALL), NOW.date())] == [
        (7, MONDAY),
        (2, None),
    ]
    assert {each.capacity for each in times_with_room(room.hall.groups.all()[0].pk, MONDAY, NOW)} == {7}


def test_hours_opened_on_a_day_off_can_be_booked(room: Room) -> None:
    sunday = date(2026, 11, 22)
    hours = OwnHours(HoursKind.OPEN, sunday, sunday, time(8), time(9))

    set_hours(hall_code=HALL, hours=hours, reason="Trực Chủ nhật", rights=room.rights, now=NOW)

    assert room.book(1, at=MONDAY_EIGHT - timedelta(days=1)).place == 1


def test_new_key_shuts_the_machines_out(room: Room) -> None:
    old = Hall.objects.get(code=HALL).kiosk_key
    key = new_kiosk_key(hall_code=HALL, rights=room.rights)

    assert (is_kiosk_key(HALL, old), is_kiosk_key(HALL, key), is_kiosk_key(HALL, "")) == (False, True, False)


def test_halls_that_serve_the_place_come_first(room: Room) -> None:
    assert [each.code for each in halls(near=("vn.p48.w20194", 16.0, 108.2))] == [HALL]
    assert halls()[0].group_for("marital_status") == halls()[0].groups[0]
