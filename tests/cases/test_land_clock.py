"""A parcel becomes residential land over Tết: the date due is exact at every step, and everybody is told the same.

Each date was counted by hand from the list of days off; the slow reckoning of tests/support finds the same.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from land import Land, open_town
from office_hours import CITY, DAY, after, between

from motcua.calendars.clock import ExtendedTwice, verdict
from motcua.cases.queries import case_of_person
from motcua.cases.services.results import keep_results_of_case
from motcua.documents.queries import check_paper, result_bytes, results_of_case
from motcua.documents.signing.report import Answer
from motcua.documents.states import ResultState
from motcua.fees.queries import demands_of_case
from motcua.vault.queries import papers_of


def at(text: str) -> datetime:
    """Return a moment of 2026 in the city: ``"02-03 09:00"``."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CITY)


@pytest.fixture
def land(db: None, tmp_path: Path) -> Iterator[Land]:
    with override_settings(SECRETS_DIR=tmp_path, TIME_STAMPS="own", SITE_URL="https://motcua.example"):
        open_town()
        # Monday evening, after the office has closed.
        yield Land(at("02-02 19:30"))


def test_due_date_is_exact_at_every_step_over_tet(land: Land) -> None:
    # Eight working hours to accept count from the opening of Tuesday.
    assert land.due("counter", at("02-02 20:00")) == at("02-03 17:00")

    # Fifteen days; Monday 16 to Friday 20 February are Tết.
    assert land.act("counter", "accept", at("02-03 09:00")) == "checking"
    assert land.due("specialist", at("02-03 09:00")) == at("03-03 09:00")
    assert after(at("02-03 09:00"), 15 * DAY) == at("03-03 09:00")

    assert land.act("specialist", "ask_for_additions", at("02-05 15:00")) == "awaiting_additions"
    assert land.due("specialist", at("02-09 09:00")) is None

    # It stood for 3 days and 4 hours and a half.
    assert land.supply(at("02-11 10:00"), {"map_sheet": 13}) == "checking"
    stood = between(at("02-05 15:00"), at("02-11 10:00"))
    assert stood == 3 * DAY + timedelta(hours=4.5)
    assert land.due("specialist", at("02-11 10:00")) == at("03-06 15:00") == after(at("03-03 09:00"), stood)

    # Asking two agencies at once moves no date, and neither does an answer.
    assert land.act("specialist", "consult", at("02-11 14:00")) == "consulting"
    assert land.answer("planner", "planning", at("02-12 09:00"), in_plan=True) == "consulting"
    assert land.due("planner", at("02-12 09:00")) == at("03-06 15:00")
    assert land.answer("environment", "environment", at("02-13 16:00"), disputed=False) == "assessing"
    assert land.due("tax", at("02-13 16:00")) == at("03-06 15:00")

    # The last half hour before Tết, and the first hour after it.
    findings = {"tax_vnd": 96_000_000, "tax_notice": "TB 15/2026"}
    assert land.act("tax", "assess", at("02-13 16:30"), **findings) == "awaiting_payment"
    assert land.due("tax", at("02-18 10:00")) is None
    (demand,) = demands_of_case(land.number)
    assert demand.total_vnd == 96_000_000
    assert land.pay(96_000_000, at("02-23 08:30")) == "drafting"
    stood = between(at("02-13 16:30"), at("02-23 08:30"))
    assert land.due("specialist", at("02-23 08:30")) == at("03-06 16:30") == after(at("03-06 15:00"), stood)

    until = at("03-13 17:00")
    assert land.act("specialist", "extend_drafting", at("02-24 10:00"), until=until) == "drafting"
    assert land.due("specialist", at("02-24 10:00")) == until
    with pytest.raises(ExtendedTwice):
        land.act("specialist", "extend_drafting", at("02-24 11:00"), until=at("03-20 17:00"))
    assert land.due("specialist", at("02-24 11:00")) == until

    assert land.act("specialist", "submit", at("02-25 09:00")) == "with_leader"
    assert land.due("leader", at("02-25 09:00")) == until
    assert land.act("leader", "approve", at("02-26 15:00")) == "approved"
    assert land.due("leader", at("02-26 15:00")) is None
    assert land.act("counter", "hand_over", at("02-27 09:00")) == "returned"

    _holds(land)


def _holds(land: Land) -> None:
    """Hold the verdict, what the clock tells of its pauses, and the paper."""
    found = case_of_person(land.number, land.person.id).clock
    assert found is not None
    assert verdict(found.clock, at=at("02-27 10:00")).on_time is True
    assert found.clock.additions_requested == 1
    assert [each.set_aside for each in found.clock.suspensions] == [
        3 * DAY + timedelta(hours=4.5),
        timedelta(hours=1.5),
    ]
    (paper,) = results_of_case(land.number)
    assert paper.state is ResultState.SEALED
    assert check_paper(result_bytes(paper.id), now=at("02-27 10:00")).answer is Answer.VALID
    assert keep_results_of_case(number=land.number, now=at("02-27 10:00")) == 1
    (kept,) = papers_of(land.person.id)
    assert kept.kind == "land_use_decision"
