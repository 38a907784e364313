"""Places in times: sold once, never more than there are, given back, moved; a person holds so many."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hall_room import MONDAY_EIGHT, NOW, Room, race

from motcua.appointments.models import Booking, Slot
from motcua.appointments.services import (
    BookingNotOpen,
    KeyReused,
    SlotFull,
    TimeNotOffered,
    TooManyOpen,
    cancel_booking,
    move_booking,
)
from motcua.events.models import LedgerEntry

HALF_PAST = MONDAY_EIGHT + timedelta(minutes=30)


@pytest.mark.django_db(transaction=True)
def test_thirty_two_people_racing_for_twenty_places_get_one_to_twenty_and_twelve_refusals(room: Room) -> None:
    room.plan(20)
    people = [room.person(number) for number in range(1, 33)]
    assert len(set(people)) == 32

    def one(index: int) -> object:
        try:
            return room.book(index + 1).place
        except SlotFull as refusal:
            return refusal

    got = race(32, one)

    assert sorted(each for each in got if isinstance(each, int)) == list(range(1, 21))
    assert sum(isinstance(each, SlotFull) for each in got) == 12
    assert sorted(Booking.objects.values_list("place", flat=True)) == list(range(1, 21))
    assert Slot.objects.get().taken == 20


@pytest.mark.django_db(transaction=True)
def test_eight_windows_of_one_person_book_no_more_than_the_hall_allows(room: Room) -> None:
    room.plan(20)
    room.person(1)

    def one(index: int) -> object:
        try:
            return room.book(1, key=f"window-{index}").pk
        except TooManyOpen as refusal:
            return refusal.most

    got = race(8, one)

    assert Booking.objects.count() == 2
    assert got.count(2) >= 6


@pytest.mark.django_db(transaction=True)
def test_moving_both_ways_at_once_keeps_the_counts_and_nobody_waits_for_the_other(room: Room) -> None:
    room.plan(20)
    rows = [room.book(number, at=HALF_PAST if number % 2 else MONDAY_EIGHT) for number in range(1, 9)]

    def one(index: int) -> object:
        row = rows[index]
        for turn in range(4):
            there = MONDAY_EIGHT if (index + turn) % 2 else HALF_PAST
            move_booking(booking_id=row.pk, person_id=row.person_id, starts_at=there, now=NOW)
        return None

    race(8, one)

    for slot in Slot.objects.all():
        assert slot.taken == slot.bookings.count()
    assert sum(Slot.objects.values_list("taken", flat=True)) == 8


def test_booking_that_is_rolled_back_takes_no_place(room: Room) -> None:
    def dies() -> None:
        with transaction.atomic():
            room.book()
            raise ConnectionError("the web process died before its commit")

    with pytest.raises(ConnectionError):
        dies()

    assert not Slot.objects.exists()
    assert room.book(2).place == 1


def test_place_given_back_is_sold_again(room: Room) -> None:
    first, second = room.book(1), room.book(2)
    with pytest.raises(SlotFull):
        room.book(3)

    cancel_booking(booking_id=first.pk, person_id=first.person_id, now=NOW)

    assert room.book(3).place == 1
    assert second.place == 2
    assert LedgerEntry.objects.filter(name="BookingMade").count() == 3


def test_same_key_is_the_same_booking_and_for_another_time_a_refusal(room: Room) -> None:
    row = room.book(1, key="k")

    assert room.book(1, key="k").pk == row.pk
    with pytest.raises(KeyReused):
        room.book(1, key="k", at=HALF_PAST)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    "starts_at",
    [
        pytest.param(MONDAY_EIGHT + timedelta(minutes=7), id="between two times"),
        pytest.param(MONDAY_EIGHT + timedelta(days=1), id="a holiday"),
        pytest.param(MONDAY_EIGHT - timedelta(days=1), id="a Sunday"),
        pytest.param(NOW - timedelta(hours=1), id="past"),
        pytest.param(MONDAY_EIGHT + timedelta(days=35), id="too far ahead"),
        pytest.param(MONDAY_EIGHT + timedelta(hours=4), id="at noon"),
    ],
)
def test_time_that_is_not_offered_is_refused(room: Room, starts_at: datetime) -> None:
    with pytest.raises(TimeNotOffered):
        room.book(at=starts_at)

    assert not Booking.objects.exists()


def test_person_holds_so_many_in_a_group_and_may_book_again_after_giving_one_back(room: Room) -> None:
    room.plan(5)
    room.plan(5, group="datdai")
    first = room.book(1, key="a")
    room.book(1, key="b", at=HALF_PAST)

    with pytest.raises(TooManyOpen):
        room.book(1, key="c", at=HALF_PAST)
    room.book(1, key="d", group="datdai")
    cancel_booking(booking_id=first.pk, person_id=first.person_id, now=NOW)

    assert room.book(1, key="c", at=HALF_PAST).place == 2


def test_full_time_leaves_the_old_place_to_who_wanted_to_move(room: Room) -> None:
    mine = room.book(1)
    room.book(2, at=HALF_PAST)
    room.book(3, at=HALF_PAST)

    with pytest.raises(SlotFull):
        move_booking(booking_id=mine.pk, person_id=mine.person_id, starts_at=HALF_PAST, now=NOW)

    mine.refresh_from_db()
    assert mine.slot.starts_at == MONDAY_EIGHT
    assert dict(Slot.objects.values_list("starts_at", "taken")) == {MONDAY_EIGHT: 1, HALF_PAST: 2}


def test_cancelled_booking_is_neither_moved_nor_cancelled_again(room: Room) -> None:
    row = room.book()
    cancel_booking(booking_id=row.pk, person_id=row.person_id, now=NOW)

    with pytest.raises(BookingNotOpen):
        move_booking(booking_id=row.pk, person_id=row.person_id, starts_at=HALF_PAST, now=NOW)
    with pytest.raises(BookingNotOpen):
        cancel_booking(booking_id=row.pk, person_id=row.person_id, now=NOW)
    assert Slot.objects.get(starts_at=MONDAY_EIGHT).taken == 0


def test_nobody_else_cancels_or_moves_it(room: Room) -> None:
    row = room.book()

    with pytest.raises(Booking.DoesNotExist):
        cancel_booking(booking_id=row.pk, person_id=room.person(2), now=NOW)
    with pytest.raises(Booking.DoesNotExist):
        move_booking(booking_id=row.pk, person_id=room.person(2), starts_at=HALF_PAST, now=NOW)
    assert Slot.objects.get().taken == 1
