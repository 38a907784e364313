"""A citizen takes back what still waits, after being asked once."""

from collections.abc import Callable
from typing import Any  # Any: the town's fixture type lives in conftest, which is not importable

import pytest
from django.test import Client
from django.utils import timezone

from motcua.cases.models import Case
from motcua.cases.services import file_case
from motcua.cases.states import Channel
from motcua.identity.people import person_of
from motcua.procedures.queries import procedure_in_force

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
WAITS, GRANTED = "bao-hiem-bo-trong", "nhan-vien-sieu-thi"


def file(town: Any, slug: str) -> str:
    now = timezone.now()
    return file_case(
        procedure=procedure_in_force("travel_pass"),
        values=town[slug].values(now),
        applicant=person_of(town[slug].account),
        account_id=town[slug].account.pk,
        channel=Channel.ONLINE,
        key=f"withdrawal-{slug}",
        now=now,
    ).number


def test_waiting_case_is_withdrawn_after_one_question(signed_in: SignedIn, town: Any) -> None:
    number = file(town, WAITS)
    browser = signed_in(WAITS)
    address = f"/my/{number}/withdrawal/"

    assert address in browser.get(f"/my/{number}/").content.decode()
    assert "Bạn muốn rút" in browser.get(address).content.decode()
    assert Case.objects.get(number=number).state == "with_officer"
    assert browser.post(address).headers["Location"] == f"/my/{number}/"
    assert Case.objects.get(number=number).state == "withdrawn"
    assert "Đã rút" in browser.get(f"/my/{number}/").content.decode()


def test_granted_case_offers_no_withdrawal_and_takes_none(signed_in: SignedIn, town: Any) -> None:
    number = file(town, GRANTED)
    browser = signed_in(GRANTED)

    assert "withdrawal" not in browser.get(f"/my/{number}/").content.decode()
    browser.post(f"/my/{number}/withdrawal/")

    assert Case.objects.get(number=number).state == "granted"


def test_withdrawal_of_another_is_not_there(signed_in: SignedIn, town: Any) -> None:
    number = file(town, WAITS)

    assert signed_in(GRANTED).post(f"/my/{number}/withdrawal/").status_code == 404
    assert Case.objects.get(number=number).state == "with_officer"
