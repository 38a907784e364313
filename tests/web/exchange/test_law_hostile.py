"""Odd moments and places asked of the law are refused in words."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00+14:00", "0001-01-01", "9999-12-31T23:59Z", "9999-12-31T23:59-12:00", "soon"]
)
@pytest.mark.parametrize("place", ["", "20194"])
def test_a_moment_at_the_end_of_the_calendar_is_no_moment(at: str, place: str) -> None:
    answer = Client().get("/api/law", {"at": at, "place": place})

    assert (answer.status_code, answer.json()["error"]) == (422, "no_such_moment")


@pytest.mark.parametrize("place", ["\x01", "٢٠١٩٤", "20194\n", "9" * 500, "' OR 1=1"])
def test_a_code_of_no_possible_shape_is_no_place(place: str) -> None:
    answer = Client().get("/api/law", {"place": place})

    assert (answer.status_code, answer.json()["error"]) == (404, "no_such_place")
