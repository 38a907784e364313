"""One rating for each ended case, by its applicant alone, changed for a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from garden import MEMBER, NOW, STRANGER, UNSURE, Cite, File

from motcua.cases.models import Case
from motcua.events.models import LedgerEntry
from motcua.ratings.models import Rating
from motcua.ratings.queries import own_rating
from motcua.ratings.services import NotARating, NotEnded, RatedForGood, rate_case
from motcua.ratings.states import Step

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def rate(number: str, citizen: Cite, who: str = MEMBER, **more: object) -> bool:
    said: dict[str, object] = {"step": 4, "reasons": ["slow"], "words": " Nhanh. ", "now": LATER, **more}
    return rate_case(number=number, applicant_id=citizen(who).person.id, **said)  # type: ignore[arg-type]  # one a field


def test_rating_is_kept_without_a_person_and_told_without_the_case(file: File, citizen: Cite) -> None:
    number = file().number

    assert rate(number, citizen) is True

    found = own_rating(number=number, applicant_id=citizen(MEMBER).person.id)
    assert found is not None
    assert (found.step, found.reasons, found.words) == (Step.SATISFIED, ("slow",), "Nhanh.")
    told = LedgerEntry.objects.get(name="ServiceRated")
    assert (told.subject, told.actor, told.body) == ("garden_key", "citizen", {})
    columns = {field.name for field in Rating._meta.get_fields()}
    assert columns.isdisjoint({"person", "applicant", "account"})


def test_rating_again_within_a_day_changes_the_one_there_is(file: File, citizen: Cite) -> None:
    number = file().number
    rate(number, citizen)

    assert rate(number, citizen, step=2, now=LATER + timedelta(days=1)) is False

    assert Rating.objects.get(case_number=number).step == 2
    assert LedgerEntry.objects.filter(name="ServiceRated").count() == 1


def test_rating_stays_after_a_day(file: File, citizen: Cite) -> None:
    number = file().number
    rate(number, citizen)

    with pytest.raises(RatedForGood):
        rate(number, citizen, step=1, now=LATER + timedelta(days=1, seconds=1))

    assert Rating.objects.get(case_number=number).step == 4


def test_nobody_else_rates_a_case_or_reads_its_rating(file: File, citizen: Cite) -> None:
    number = file().number

    with pytest.raises(Case.DoesNotExist):
        rate(number, citizen, STRANGER)

    assert not Rating.objects.exists()
    rate(number, citizen)
    assert own_rating(number=number, applicant_id=citizen(STRANGER).person.id) is None


def test_case_on_its_way_is_not_rated(file: File, citizen: Cite) -> None:
    number = file(UNSURE).number

    with pytest.raises(NotEnded):
        rate(number, citizen, UNSURE)

    assert not Rating.objects.exists()


@pytest.mark.parametrize("wrong", [{"step": 0}, {"step": 6}, {"reasons": ["rude"]}, {"words": "x" * 1001}])
def test_what_is_none_of_the_lists_is_refused(file: File, citizen: Cite, wrong: dict[str, object]) -> None:
    number = file().number

    with pytest.raises(NotARating):
        rate(number, citizen, **wrong)

    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"step": 6}, {"reasons": ["rude"]}, {"changed_at": LATER + timedelta(days=2)}]
)
def test_database_holds_the_limits_itself(file: File, citizen: Cite, wrong: dict[str, object]) -> None:
    number = file().number
    rate(number, citizen)

    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(case_number=number).update(**wrong)


def test_second_row_of_a_case_is_refused_by_the_database(file: File, citizen: Cite) -> None:
    number = file().number
    rate(number, citizen)
    row = Rating.objects.get(case_number=number)
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
