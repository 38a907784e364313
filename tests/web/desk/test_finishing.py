"""A result that is signed does not get lost between the leader and its applicant: whoever seals and hands over sees it."""

import pytest
from django.test import Client
from dossier import (
    LEADER,
    OFFICE,
    ONE_STOP,
    POLICE,
    SPECIALIST,
    Dossier,
    accepted,
    dossier,
    office,
)
from dossier_desk import Desk, desk

from motcua.identity.states import Role

__all__ = ["accepted", "desk", "dossier", "office"]
pytestmark = pytest.mark.django_db
PAGE = "/desk/results/"


def told(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def approved(accepted: Dossier) -> Dossier:
    """Signed by the leader, without the seal."""
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")
    return accepted


def test_signed_paper_waits_for_its_seal_and_then_for_who_collects_it(approved: Dossier, desk: Desk) -> None:
    browser = desk(ONE_STOP, "17 15:30")
    signed = told(browser)
    approved.act("seal", ONE_STOP, "17 16:00")
    sealed = told(browser)
    approved.act("hand_over", ONE_STOP, "17 16:30")

    assert "Chờ vào số, đóng dấu (1)" in signed
    assert "Chờ trả cho người nộp (0)" in signed
    assert signed.count(f"/desk/{approved.number}/") == 1
    assert "Chờ vào số, đóng dấu (0)" in sealed
    assert "Chờ trả cho người nộp (1)" in sealed
    assert approved.number not in told(browser)


@pytest.mark.parametrize(("role", "agency"), [(SPECIALIST, OFFICE), (ONE_STOP, POLICE)])
def test_who_neither_seals_nor_hands_over_here_sees_none(
    approved: Dossier, desk: Desk, role: Role, agency: str
) -> None:
    assert approved.number not in told(desk(role, "17 15:30", agency))


def test_page_names_nobody_and_is_led_to_from_every_page(approved: Dossier, desk: Desk) -> None:
    browser = desk(ONE_STOP, "17 15:30")

    assert "Nguyễn Thị An" not in told(browser)
    assert f'href="{PAGE}"' in browser.get("/desk/").content.decode()
