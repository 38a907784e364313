"""Every dated vector of tests/calendars/vectors: worked out by hand from the calendar, with the reason in a line."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

from motcua.calendars import WorkingCalendar, read_calendar, vietnam
from motcua.calendars.clock import (
    Clock,
    EventRefused,
    apology_due,
    apology_from,
    read_clock,
    verdict,
)
from motcua.calendars.clock_files import Dossier, dossier_of, moment_of
from motcua.calendars.working_time import DayNotCovered

FOLDER = Path(__file__).parent / "vectors"
SAID_OF_A_VECTOR = {"name", "why", "calendar", "wanted"}
Vector = dict[str, object]


def vectors() -> list[tuple[str, Vector]]:
    """Return every vector with its file and name, values as text."""
    return [
        (f"{path.stem}: {vector['name']}", vector)
        for path in sorted(FOLDER.glob("*.yaml"))
        for vector in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    ]


@cache
def calendar_of(name: object) -> WorkingCalendar:
    if name is None:
        return vietnam()
    return read_calendar((FOLDER / "calendars" / f"{name}.yaml").read_text("utf-8"))


def said(span: timedelta | None, clock: Clock) -> str:
    """Say working time in the unit of the budget, without zeros at the end."""
    if span is None:
        return "open"
    one = clock.calendar.ordinary_day if clock.budget.unit == "working_days" else timedelta(hours=1)
    number = (Decimal(span // timedelta(microseconds=1)) / (one // timedelta(microseconds=1))).normalize()
    return f"{number:f}"


def moment(at: datetime | None) -> str:
    return "none" if at is None else f"{at:%Y-%m-%d %H:%M}"


def answered(clock: Clock, question: str, given: object, calendar: WorkingCalendar) -> object:
    """Return what the clock says to a question of a vector, in the form in which the vector wants it."""
    if question in ("due", "starts", "missed", "finished"):
        return moment(
            {
                "due": clock.due_at,
                "starts": clock.starts_at,
                "missed": clock.missed_at,
                "finished": clock.finished_at,
            }[question]
        )
    if question in ("used", "left"):
        return said(clock.used if question == "used" else clock.left, clock)
    if question == "additions":
        return str(clock.additions_requested)
    if question == "provisional":
        return str(clock.is_provisional).lower()
    if question == "suspensions":
        return [
            f"{one.reason}, {moment(one.paused_at)} to {moment(one.resumed_at)}, {said(one.set_aside, clock)}"
            for one in clock.suspensions
        ]
    if question == "extensions":
        return [f"{moment(one.from_due_at)} to {moment(one.to_due_at)}" for one in clock.extensions]
    if question == "apology_from":
        ready = apology_from(clock)
        if ready is not None:
            assert apology_due(clock, ready)
            assert not apology_due(clock, ready - timedelta(minutes=1)) or ready <= clock.events[-1].at
        return moment(ready)
    if question == "steps":
        return {
            step.step: f"used {said(step.used, clock)}, due {moment(step.due_at)}, missed {moment(step.missed_at)}"
            for step in clock.steps
        }
    assert isinstance(given, list), question
    return [f"{one[:16]} {at_a_moment(clock, question, moment_of(one[:16], calendar))}" for one in given]


def at_a_moment(clock: Clock, question: str, at: datetime) -> str:
    if question == "overdue":
        return "yes" if clock.overdue(at) else "no"
    if question == "left_at":
        return said(clock.left_at(at), clock)
    if question == "used_at":
        return said(clock.used_at(at), clock)
    if question == "set_aside_at":
        return said(clock.set_aside_at(at), clock)
    if question == "may_extend":
        return "yes" if clock.may_extend(at) else "no"
    if question == "steps_overdue":
        return " ".join(step.step for step in clock.steps if step.overdue(at)) or "none"
    if question == "verdict":
        judged = verdict(clock, at=at)
        state = "finished" if judged.finished else "open"
        return f"{state} on time" if judged.on_time else f"{state} late {' '.join(judged.because)}"
    raise AssertionError(f"no vector may ask for {question}")


def dossier(vector: Vector) -> Dossier:
    body = {key: value for key, value in vector.items() if key not in SAID_OF_A_VECTOR}
    return dossier_of(body, calendar_of(vector.get("calendar")))


def test_there_are_at_least_120_vectors_with_names_of_their_own_and_a_reason() -> None:
    names = [name for name, _ in vectors()]

    assert len(names) >= 120
    assert len(set(names)) == len(names)
    assert all(len(str(vector["why"])) > 20 for _, vector in vectors())


@pytest.mark.parametrize("vector", [pytest.param(vector, id=name) for name, vector in vectors()])
def test_clock_says_what_was_worked_out_by_hand(vector: Vector) -> None:
    calendar = calendar_of(vector.get("calendar"))
    written = dossier(vector)
    wanted = vector["wanted"]
    assert isinstance(wanted, dict)

    if "refused" in wanted:
        number, code = wanted["refused"].split()
        with pytest.raises(EventRefused) as refusal:
            read_clock(written.events, budget=written.budget, calendar=calendar)
        assert (refusal.value.number, refusal.value.code) == (int(number), code)
        return
    if "not_covered" in wanted:
        with pytest.raises(DayNotCovered, match=wanted["not_covered"]):
            read_clock(written.events, budget=written.budget, calendar=calendar)
        return
    clock = read_clock(written.events, budget=written.budget, calendar=calendar)

    assert {key: answered(clock, key, given, calendar) for key, given in wanted.items()} == wanted
