"""Ratings are told as counts of ten or more, once a day, and none follows from a sum."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from garden import MEMBER, NOW, File

from motcua.identity.rights import Grant, Rights
from motcua.identity.states import Role
from motcua.indicators.queries import figures_of
from motcua.procedures.queries import procedure_in_force
from motcua.ratings.models import Rating
from motcua.ratings.queries import (
    RatingGroup,
    Ratings,
    hidden_together,
    rating_groups,
    ratings_of_service,
    together,
)
from motcua.ratings.states import Step

LEADER = Rights(1, (Grant(Role.LEADER, "garden", "vn.p99"),))
SETTLED = NOW + timedelta(days=3)


def group(rated: int, month: int = 1) -> RatingGroup:
    ratings = Ratings(rated + 5, rated, {Step.SATISFIED: rated} if rated else {})
    return RatingGroup("permit", "office", date(2026, month, 1), ratings, ("lời",))


def told(*sizes: int) -> Sequence[int]:
    groups = hidden_together([group(size, month) for month, size in enumerate(sizes, 1)])
    return [each.ratings.rated for each in sorted(groups, key=lambda each: each.month)]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((12, 30), [12, 30]),
        ((0, 12), [0, 12]),
        # Three alone would follow from the sum: the next larger one is hidden with it.
        ((3, 12, 30), [0, 0, 30]),
        ((3, 9, 30), [0, 0, 30]),
        ((9,), [0]),
    ],
)
def test_what_is_hidden_does_not_follow_from_a_sum(sizes: Sequence[int], shown: Sequence[int]) -> None:
    assert told(*sizes) == shown


def test_hidden_group_tells_no_words() -> None:
    assert [each.words for each in hidden_together([group(9)])] == [()]


def test_services_together_are_those_that_are_told() -> None:
    whole = together([Ratings(50, 20, {Step.SATISFIED: 15, Step.NEUTRAL: 5}), Ratings(40, 3)])

    assert (whole.ended, whole.rated, whole.satisfied, whole.satisfied_percent) == (50, 20, 15, 75)


def rated(file: File, count: int, *, satisfied: int, at: datetime = NOW) -> None:
    for place in range(count):
        Rating.objects.create(
            case_number=file().number,
            procedure_code="garden_key",
            agency_path="garden",
            place_path="vn.p99.w99001",
            filed_on=NOW.date(),
            step=5 if place < satisfied else 2,
            words=f"lời {place}",
            rated_at=at,
            changed_at=at,
        )


@pytest.mark.django_db
def test_ten_are_told_and_become_indicators(file: File) -> None:
    rated(file, 10, satisfied=8)
    file(MEMBER)
    file(MEMBER)

    (found,) = rating_groups(rights=LEADER, now=SETTLED)
    figures = figures_of(procedure_in_force("garden_key"), rights=LEADER, now=SETTLED)

    assert (found.ratings.ended, found.ratings.rated, found.ratings.satisfied_percent) == (12, 10, 80)
    assert len(found.words) == 10
    assert ratings_of_service("garden_key", now=SETTLED).rated_percent == 83
    assert round(figures["rated_share"].value or 0) == 83
    assert figures["satisfied_share"].value == 80


@pytest.mark.django_db
def test_nine_are_told_to_nobody(file: File) -> None:
    rated(file, 9, satisfied=9)

    (found,) = rating_groups(rights=LEADER, now=SETTLED)
    figures = figures_of(procedure_in_force("garden_key"), rights=LEADER, now=SETTLED)

    assert found.ratings.hidden
    assert found.words == ()
    assert ratings_of_service("garden_key", now=SETTLED).hidden
    assert figures["rated_share"].value is None
    assert figures["satisfied_share"].value is None


@pytest.mark.django_db
def test_rating_that_may_change_is_not_counted_yet(file: File) -> None:
    rated(file, 10, satisfied=10)

    assert ratings_of_service("garden_key", now=NOW + timedelta(hours=30)).hidden
    assert ratings_of_service("garden_key", now=NOW + timedelta(hours=48)).rated == 10


@pytest.mark.django_db
def test_officer_of_the_desk_and_leader_elsewhere_are_told_nothing(file: File) -> None:
    rated(file, 10, satisfied=10)
    desk = Rights(1, (Grant(Role.APPROVER, "garden", "vn.p99"),))
    elsewhere = Rights(1, (Grant(Role.LEADER, "other", "vn.p99"),))

    assert rating_groups(rights=desk, now=SETTLED) == []
    assert rating_groups(rights=elsewhere, now=SETTLED) == []
    place = figures_of(procedure_in_force("garden_key"), rights=LEADER, now=SETTLED, within="vn.p99")
    assert place["satisfied_share"].value is None
