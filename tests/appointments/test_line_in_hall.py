"""Numbers of a hall and the calls at its counters: each number once, each person at one counter."""

from datetime import timedelta

import pytest
from hall_room import HALL, MONDAY_EIGHT, NOW, Room, race

from motcua.appointments.lines import TicketNotKnown, calls_now, figures_of, line_of, ticket_of
from motcua.appointments.models import Counter, Serving, Ticket
from motcua.appointments.queries import hall
from motcua.appointments.services import (
    BookingNotHere,
    CounterBusy,
    HallClosed,
    NobodyWaits,
    NotAtCounter,
    NoTicketsLeft,
    TicketNotWaiting,
    TooEarlyToMiss,
    call_next,
    check_in,
    end_serving,
    hand_over,
    leave_line,
    mark_missed,
    recall,
)
from motcua.appointments.services.calling import back_in_line
from motcua.appointments.services.forgetting import forget_old
from motcua.appointments.states import BookingState, Priority, ServingEnd, TicketState
from motcua.identity.rights import NO_RIGHTS

SOON = NOW + timedelta(minutes=10)


def called(room: Room, counter: int = 0, minutes: int = 10) -> Serving:
    return call_next(
        counter_id=room.counters[counter].pk, rights=room.rights, now=NOW + timedelta(minutes=minutes)
    )


@pytest.mark.django_db(transaction=True)
def test_thirty_two_machines_racing_for_twenty_numbers_get_one_to_twenty(room: Room) -> None:
    def one(index: int) -> object:
        try:
            return room.ticket(group="hotich" if index % 2 else "datdai").number
        except NoTicketsLeft as refusal:
            return refusal

    got = race(32, one)

    assert sorted(each for each in got if isinstance(each, int)) == list(range(1, 21))
    assert sum(isinstance(each, NoTicketsLeft) for each in got) == 12
    assert Ticket.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_counters_calling_at_once_never_call_the_same_person(room: Room) -> None:
    counters = [
        *room.counters,
        *(Counter.objects.create(hall=room.hall, number=n, groups=["hotich"]) for n in range(3, 9)),
    ]
    for _ in range(8):
        room.ticket()

    got = race(
        8, lambda index: call_next(counter_id=counters[index].pk, rights=room.rights, now=SOON).ticket_id
    )

    assert len(set(got)) == 8


def test_hall_that_is_closed_gives_no_number(room: Room) -> None:
    with pytest.raises(HallClosed):
        room.ticket(after=60 * 24)

    assert not Ticket.objects.exists()


def test_call_goes_to_the_groups_of_the_counter_and_is_told_to_the_hall(room: Room) -> None:
    land, first = room.ticket(group="datdai"), room.ticket()

    serving = called(room, counter=0)

    assert serving.ticket_id == first.pk
    with pytest.raises(CounterBusy):
        called(room, counter=0)
    assert called(room, counter=1).ticket_id == land.pk
    assert {(call.number, call.counter) for call in calls_now(room.hall.pk, SOON)} == {(1, 2), (2, 1)}
    assert line_of(room.hall.pk, SOON) == []


def test_nobody_waiting_is_said_and_nothing_written(room: Room) -> None:
    with pytest.raises(NobodyWaits):
        called(room)

    assert not Serving.objects.exists()


def test_called_again_skipped_back_and_finished(room: Room) -> None:
    ticket, counter = room.ticket(), room.counters[0].pk
    serving = called(room)

    assert recall(counter_id=counter, serving_id=serving.pk, rights=room.rights, now=SOON) == 2
    end_serving(
        counter_id=counter, serving_id=serving.pk, end=ServingEnd.SKIPPED, rights=room.rights, now=SOON
    )
    assert ticket_of(ticket.secret, SOON).state is TicketState.SKIPPED
    with pytest.raises(NotAtCounter):
        recall(counter_id=counter, serving_id=serving.pk, rights=room.rights, now=SOON)
    back_in_line(ticket_id=ticket.pk, rights=room.rights, now=SOON)
    again = called(room, minutes=20)
    end_serving(
        counter_id=counter,
        serving_id=again.pk,
        end=ServingEnd.FINISHED,
        rights=room.rights,
        now=SOON + timedelta(minutes=15),
    )

    assert ticket_of(ticket.secret, SOON).state is TicketState.FINISHED
    (_, whole, parts) = figures_of([hall(HALL)], ticket.day)[0]
    assert (whole.taken, whole.finished, whole.absent) == (1, 1, 0)
    assert whole.served.median_seconds == 5 * 60
    assert [part.taken for part in parts] == [1, 0]


def test_handed_over_person_is_next_at_the_other_counter_and_nowhere_else(room: Room) -> None:
    mine = room.ticket()
    room.ticket()
    serving = called(room, counter=0)

    hand_over(
        counter_id=room.counters[0].pk,
        serving_id=serving.pk,
        to_counter_id=room.counters[1].pk,
        rights=room.rights,
        now=SOON,
    )

    assert called(room, counter=0).ticket_id != mine.pk
    assert called(room, counter=1).ticket_id == mine.pk


def test_officer_without_rights_calls_nobody(room: Room) -> None:
    room.ticket()

    with pytest.raises(Counter.DoesNotExist):
        call_next(counter_id=room.counters[0].pk, rights=NO_RIGHTS, now=SOON)

    assert not Serving.objects.exists()


def test_holder_leaves_the_line_once(room: Room) -> None:
    ticket = room.ticket()

    leave_line(secret=ticket.secret, now=SOON)

    with pytest.raises(TicketNotWaiting):
        leave_line(secret=ticket.secret, now=SOON)
    with pytest.raises(NobodyWaits):
        called(room)


def test_ticket_says_how_many_are_before_it_and_a_range_once_enough_is_measured(room: Room) -> None:
    for _ in range(9):
        room.ticket()
    for turn in range(6):
        serving = called(room, minutes=10 + 5 * turn)
        if turn < 5:
            end_serving(
                counter_id=room.counters[0].pk,
                serving_id=serving.pk,
                end=ServingEnd.FINISHED,
                rights=room.rights,
                now=NOW + timedelta(minutes=15 + 5 * turn),
            )
    last = Ticket.objects.get(number=9)

    early = ticket_of(last.secret, NOW + timedelta(minutes=36))
    later = ticket_of(last.secret, NOW + timedelta(minutes=90))

    assert early.ahead == 2
    assert early.estimate is not None
    assert (early.estimate.low_minutes, early.estimate.high_minutes) == (10, 15)
    assert later.estimate is None
    with pytest.raises(TicketNotKnown):
        ticket_of("nothing", NOW)


def test_code_of_a_booking_gives_one_number_called_at_its_time(room: Room) -> None:
    row = room.book(1)
    early = MONDAY_EIGHT - timedelta(minutes=10)

    ticket = check_in(hall_code=HALL, code=row.code, now=early)

    assert check_in(hall_code=HALL, code=row.code, priority=Priority.ELDERLY, now=early).pk == ticket.pk
    row.refresh_from_db()
    assert row.state == BookingState.CAME
    with pytest.raises(BookingNotHere):
        check_in(hall_code=HALL, code="000000" if row.code != "000000" else "111111", now=early)
    with pytest.raises(BookingNotHere):
        check_in(hall_code=HALL, code=row.code, now=NOW)


def test_who_did_not_come_is_noted_after_the_time_only(room: Room) -> None:
    row = room.book(1)

    with pytest.raises(TooEarlyToMiss):
        mark_missed(booking_id=row.pk, rights=room.rights, now=MONDAY_EIGHT)
    mark_missed(booking_id=row.pk, rights=room.rights, now=MONDAY_EIGHT + timedelta(hours=1))

    row.refresh_from_db()
    assert row.state == BookingState.MISSED


def test_old_tickets_and_bookings_are_dropped_and_younger_ones_kept(room: Room) -> None:
    room.ticket()
    called(room)
    room.book(1)

    assert forget_old(now=NOW + timedelta(days=29)) == (0, 0)
    assert forget_old(now=NOW + timedelta(days=31)) == (1, 0)
    assert forget_old(now=NOW + timedelta(days=95)) == (0, 1)
    assert not Serving.objects.exists()
