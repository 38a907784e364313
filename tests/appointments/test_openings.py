"""When a hall receives people: office hours of the calendar, what it opens besides, less what it closes."""

from datetime import date, time

import pytest

from motcua.appointments.openings import OwnHours, Plan, open_at, plan_on, spans_of, times_of
from motcua.appointments.states import HoursKind
from motcua.calendars.working_time import vietnam

MONDAY, HOLIDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 22)
SWAPPED_SATURDAY = date(2026, 1, 10)


def hours(kind: HoursKind, day: date, opens: int, closes: int) -> OwnHours:
    return OwnHours(kind, day, day, time(opens), time(closes))


def shown(day: date, *own: OwnHours) -> list[str]:
    return [f"{span.opens_at:%H:%M}-{span.closes_at:%H:%M}" for span in spans_of(day, vietnam(), own)]


@pytest.mark.parametrize(
    ("day", "own", "expected"),
    [
        pytest.param(MONDAY, (), ["07:30-11:30", "13:00-17:00"], id="a working day"),
        pytest.param(SUNDAY, (), [], id="Sunday"),
        pytest.param(HOLIDAY, (), [], id="a holiday"),
        pytest.param(SWAPPED_SATURDAY, (), ["07:30-11:30", "13:00-17:00"], id="a swapped Saturday"),
        pytest.param(date(2031, 1, 6), (), [], id="a year that nobody has decided on"),
        pytest.param(
            SUNDAY, (hours(HoursKind.OPEN, SUNDAY, 8, 11),), ["08:00-11:00"], id="opened on a Sunday"
        ),
        pytest.param(
            MONDAY, (hours(HoursKind.CLOSED, MONDAY, 10, 14),), ["07:30-10:00", "14:00-17:00"], id="closed"
        ),
        pytest.param(
            MONDAY,
            (hours(HoursKind.OPEN, MONDAY, 11, 14),),
            ["07:30-11:30", "11:30-13:00", "13:00-17:00"],
            id="open over noon",
        ),
        pytest.param(
            MONDAY,
            (hours(HoursKind.CLOSED, MONDAY, 7, 18), hours(HoursKind.OPEN, MONDAY, 17, 20)),
            ["18:00-20:00"],
            id="closing counts last",
        ),
    ],
)
def test_hours_of_a_day(day: date, own: tuple[OwnHours, ...], expected: list[str]) -> None:
    assert shown(day, *own) == expected


def test_times_fill_the_hours_and_leave_out_what_is_too_short() -> None:
    spans = spans_of(MONDAY, vietnam(), ())

    times = times_of(spans, Plan(MONDAY, None, 50, 3))

    assert [f"{each.starts_at:%H:%M}" for each in times][:5] == ["07:30", "08:20", "09:10", "10:00", "13:00"]
    assert {each.capacity for each in times} == {3}


def test_hours_for_tickets_only_are_open_and_cannot_be_booked() -> None:
    spans = spans_of(SUNDAY, vietnam(), (hours(HoursKind.WALK_IN, SUNDAY, 8, 11),))

    assert times_of(spans, Plan(MONDAY, None, 30, 3)) == ()
    assert open_at(spans[0].opens_at, spans) is spans[0]
    assert open_at(spans[0].closes_at, spans) is None


def test_plan_set_last_holds_on_its_days_and_the_one_before_on_the_others() -> None:
    plans = (Plan(MONDAY, None, 30, 5), Plan(HOLIDAY, HOLIDAY, 30, 2))

    assert [plan.capacity for day in (MONDAY, HOLIDAY) if (plan := plan_on(day, plans))] == [5, 2]
    assert plan_on(SUNDAY, plans) is None
    assert times_of(spans_of(MONDAY, vietnam(), ()), Plan(MONDAY, None, 30, 0)) == ()
