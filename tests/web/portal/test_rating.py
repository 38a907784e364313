"""At the end of a case its applicant is asked how satisfied they are, once, on pages that need no script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any  # Any: the town's fixture type lives in conftest, which is not importable

import pytest
from django.test import Client
from django.utils import timezone

from motcua.cases.services import file_case
from motcua.cases.states import Channel
from motcua.identity.people import person_of
from motcua.procedures.queries import procedure_in_force
from motcua.ratings.models import Rating

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
        key=f"rating-{slug}",
        now=now,
    ).number


def test_ended_case_is_rated_and_the_rating_changed(signed_in: SignedIn, town: Any) -> None:
    number = file(town, GRANTED)
    browser, page = signed_in(GRANTED), f"/my/{number}/rating/"

    assert page in browser.get(f"/my/{number}/").content.decode()
    assert page in browser.get(f"/status/?number={number}").content.decode()
    assert "Rất hài lòng" in browser.get(page).content.decode()
    sent = browser.post(page, {"step": "4", "reasons": ["slow", "trips"], "words": "Tốt"})

    assert sent.headers["Location"] == f"/my/{number}/?rated=1"
    after = browser.get(sent.headers["Location"]).content.decode()
    assert "Đã ghi nhận đánh giá" in after
    assert "Hài lòng." in after
    assert "checked" in browser.get(page).content.decode()
    browser.post(page, {"step": "1"})
    assert Rating.objects.values_list("step", "reasons", "words").get() == (1, [], "")


def test_rating_without_a_step_is_asked_for_again(signed_in: SignedIn, town: Any) -> None:
    number = file(town, GRANTED)

    answer = signed_in(GRANTED).post(f"/my/{number}/rating/", {"words": "Lời đã viết"})

    assert answer.status_code == 422
    assert "Chọn một mức." in answer.content.decode()
    assert "Lời đã viết" in answer.content.decode()
    assert not Rating.objects.exists()


def test_case_on_its_way_offers_no_rating(signed_in: SignedIn, town: Any) -> None:
    number = file(town, WAITS)
    browser = signed_in(WAITS)

    assert "/rating/" not in browser.get(f"/my/{number}/").content.decode()
    assert browser.post(f"/my/{number}/rating/", {"step": "5"}).headers["Location"] == f"/my/{number}/"
    assert not Rating.objects.exists()


def test_case_of_somebody_else_is_not_there(signed_in: SignedIn, town: Any) -> None:
    number = file(town, GRANTED)

    assert signed_in(WAITS).post(f"/my/{number}/rating/", {"step": "1"}).status_code == 404
    assert Client().post(f"/my/{number}/rating/", {"step": "1"}).status_code == 302
    assert not Rating.objects.exists()


def test_after_a_day_the_rating_is_shown_and_stays(signed_in: SignedIn, town: Any) -> None:
    number = file(town, GRANTED)
    browser = signed_in(GRANTED)
    browser.post(f"/my/{number}/rating/", {"step": "5"})
    earlier = timezone.now() - timedelta(days=2)
    Rating.objects.update(rated_at=earlier, changed_at=earlier)

    assert browser.post(f"/my/{number}/rating/", {"step": "1"}).headers["Location"] == f"/my/{number}/"
    assert f"/my/{number}/rating/" not in browser.get(f"/my/{number}/").content.decode()
    assert Rating.objects.get().step == 5
