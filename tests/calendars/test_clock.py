"""What the vectors do not say: budgets that are none, sentences of refusals, histories on record, speed."""

import time
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from motcua.calendars import read_calendar, vietnam
from motcua.calendars.clock import (
    Budget,
    BudgetRefused,
    ClockEvent,
    EventRefused,
    ExtendedTooLate,
    ExtendedTwice,
    Kind,
    NotReceivedYet,
    apology_due,
    read_clock,
    verdict,
)
from motcua.calendars.clock_events import SENTENCES

from .test_calendar_files import GOOD

ZONE = vietnam().zone
FIVE_DAYS = Budget.days(5)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def event(text: str, kind: Kind, reason: str = "", until: str = "") -> ClockEvent:
    return ClockEvent(at(text), kind, reason, at(until) if until else None)


RECEIVED = event("2026-11-02T08:00", "received")
EXTENDED = event("2026-11-05T08:00", "extended", "chờ ý kiến", "2026-11-16T17:00")


@pytest.mark.parametrize(
    ("amount", "steps", "said"),
    [
        ("0", {}, "the whole: 0 is no time to work in"),
        ("-1", {}, "the whole: -1 is no time to work in"),
        ("NaN", {}, "the whole: NaN is no time to work in"),
        ("ba", {}, "'ba' is not a number"),
        ("5", {"check": "0"}, "step check: 0 is no time to work in"),
        ("5", {"check": 3, "sign": "2.5"}, "the steps take 5.5 of 5 working days"),
    ],
)
def test_budget_that_is_no_time_is_refused(amount: str, steps: dict[str, str | int], said: str) -> None:
    with pytest.raises(BudgetRefused, match=said):
        Budget.days(amount, steps=steps)


def test_budget_of_another_unit_or_start_is_refused() -> None:
    with pytest.raises(BudgetRefused, match="unit: 'weeks'"):
        Budget(Decimal(5), "weeks")  # type: ignore[arg-type]  # what a file could say
    with pytest.raises(BudgetRefused, match="starts: 'paid'"):
        Budget(Decimal(5), "working_days", "paid")  # type: ignore[arg-type]  # what a file could say


def test_budgets_are_values() -> None:
    assert Budget.days("5", steps={"check": 1}) == Budget.days(5, steps={"check": "1"})
    assert (
        len({Budget.days("5", steps={"check": 1}), Budget.days(5, steps={"check": "1"}), Budget.hours(5)})
        == 2
    )


def test_no_events_have_no_clock() -> None:
    with pytest.raises(NotReceivedYet):
        read_clock([], budget=FIVE_DAYS, calendar=vietnam())


def test_verdict_before_the_receipt_is_refused() -> None:
    clock = read_clock([RECEIVED], budget=FIVE_DAYS, calendar=vietnam())

    with pytest.raises(NotReceivedYet):
        verdict(clock, at=at("2026-11-01T08:00"))


def test_apology_is_asked_as_of_any_moment() -> None:
    paused = event("2026-11-06T10:00", "paused", "additions")
    clock = read_clock([RECEIVED, paused], budget=FIVE_DAYS, calendar=vietnam())

    assert not apology_due(clock, at("2026-11-01T08:00"))
    assert not apology_due(clock, at("2026-11-05T08:00"))
    assert apology_due(clock, at("2026-11-06T08:00"))
    assert not apology_due(clock, at("2026-11-06T10:00"))


def test_refusal_says_what_which_event_and_the_remedy_in_both_languages() -> None:
    events = [RECEIVED, event("2026-11-03T08:00", "resumed")]

    with pytest.raises(EventRefused) as refusal:
        read_clock(events, budget=FIVE_DAYS, calendar=vietnam())

    assert str(refusal.value) == (
        "event 2 (resumed, 03/11/2026 08:00): nothing is paused; add the pause that this ends, or take it out"
    )
    assert refusal.value.vi == (
        "sự kiện 2 (tiếp tục, 03/11/2026 08:00): không có lần tạm dừng nào đang mở; "
        "hãy thêm lần tạm dừng tương ứng, hoặc bỏ sự kiện này"
    )
    assert refusal.value.event is events[1]


def test_second_and_late_extensions_have_refusals_of_their_own() -> None:
    again = event("2026-11-06T08:00", "extended", "lại chờ", "2026-11-20T17:00")
    late = event("2026-11-10T08:00", "extended", "chờ", "2026-11-20T17:00")

    with pytest.raises(ExtendedTwice, match=r"was extended on 05/11/2026 08:00 .* send an apology"):
        read_clock([RECEIVED, EXTENDED, again], budget=FIVE_DAYS, calendar=vietnam())
    with pytest.raises(ExtendedTooLate, match=r"the term ended on 09/11/2026 08:00"):
        read_clock([RECEIVED, late], budget=FIVE_DAYS, calendar=vietnam())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (ClockEvent(datetime(2026, 11, 3, 8), "paused", "payment"), "has no time zone"),
        (ClockEvent(at("2026-11-03T08:00"), "extended", "x", datetime(2026, 12, 1)), "has no time zone"),
        (ClockEvent(at("2026-11-03T08:00"), "forgotten"), "this kind is not known"),  # type: ignore[arg-type]  # so
    ],
)
def test_event_that_is_none_is_refused(wrong: ClockEvent, said: str) -> None:
    with pytest.raises(EventRefused, match=said):
        read_clock([RECEIVED, wrong], budget=FIVE_DAYS, calendar=vietnam())


def test_moments_of_other_zones_are_the_same_moments() -> None:
    elsewhere = ClockEvent(datetime.fromisoformat("2026-11-02T01:00+00:00"), "received")

    clock = read_clock([elsewhere], budget=FIVE_DAYS, calendar=vietnam())

    assert clock.due_at == at("2026-11-09T08:00")


def test_extension_on_record_stands_when_the_calendar_changes_afterwards() -> None:
    # It came at the minute due; then a day of that week was made a working day, and the term ended earlier.
    text = GOOD.replace("swapped: [2026-01-03]", "swapped: []").replace('"12:00"', '"16:00"')
    before = read_calendar(text)
    after = read_calendar(text.replace("swapped: []", "swapped: [2026-05-09]"))
    received = ClockEvent(datetime(2026, 5, 8, 10, tzinfo=ZONE), "received")
    extended = ClockEvent(
        datetime(2026, 5, 11, 10, tzinfo=ZONE), "extended", "x", datetime(2026, 5, 15, 16, tzinfo=ZONE)
    )
    events, budget = [received, extended], Budget.days(1)
    assert before.works_on(date(2026, 5, 9)) is not after.works_on(date(2026, 5, 9))

    assert read_clock(events, budget=budget, calendar=before).due_at == extended.until
    with pytest.raises(ExtendedTooLate):
        read_clock(events, budget=budget, calendar=after)
    recorded = read_clock(events, budget=budget, calendar=after, recorded=2)

    assert recorded.due_at == extended.until
    assert recorded.missed_at is None
    assert recorded.as_of(extended.at) == recorded


def test_new_date_on_record_stands_when_the_calendar_changes_afterwards() -> None:
    text = GOOD.replace("swapped: [2026-01-03]", "swapped: []").replace('"12:00"', '"16:00"')
    after = read_calendar(text.replace("holidays: [2026-01-01]", "holidays: [2026-05-12]"))
    received = ClockEvent(datetime(2026, 5, 8, 10, tzinfo=ZONE), "received")
    extended = ClockEvent(
        datetime(2026, 5, 11, 10, tzinfo=ZONE), "extended", "x", datetime(2026, 5, 12, 16, tzinfo=ZONE)
    )
    events, budget = [received, extended], Budget.days(2)

    with pytest.raises(EventRefused, match="is not after the present one"):
        read_clock(events, budget=budget, calendar=after)
    recorded = read_clock(events, budget=budget, calendar=after, recorded=2)

    assert recorded.due_at == extended.until


def test_every_refusal_is_said_in_both_languages() -> None:
    assert all(en and vi and en != vi for en, vi in SENTENCES.values())


def test_ten_events_are_read_in_a_small_part_of_a_millisecond() -> None:
    events = [
        RECEIVED,
        event("2026-11-02T08:00", "entered", "check"),
        event("2026-11-03T08:00", "paused", "additions"),
        event("2026-11-04T08:00", "resumed"),
        event("2026-11-04T09:00", "entered", "decide"),
        EXTENDED,
        event("2026-11-06T08:00", "paused", "payment"),
        event("2026-11-09T08:00", "resumed"),
        event("2026-11-10T08:00", "done"),
        event("2026-11-11T08:00", "returned"),
    ]
    budget = Budget.days(5, steps={"check": 1})
    rounds = 50

    def cost() -> float:
        began = time.process_time()
        for _ in range(rounds):
            read_clock(events, budget=budget, calendar=vietnam())
        return (time.process_time() - began) / rounds

    # A slow core takes about 0.15 ms; processor time, and the best of five, since the machine has other work.
    assert min(cost() for _ in range(5)) < 0.001


def test_many_years_cost_no_more_than_a_day() -> None:
    calendar, moment = vietnam(), at("2021-01-04T08:00")
    rounds = 500

    def cost(hours: float) -> float:
        began = time.process_time()
        for _ in range(rounds):
            calendar.between(moment, calendar.after(moment, working_hours=hours))
        return time.process_time() - began

    day, years = min(cost(8) for _ in range(3)), min(cost(8 * 1500) for _ in range(3))

    assert years < 5 * day + timedelta(milliseconds=5).total_seconds()
