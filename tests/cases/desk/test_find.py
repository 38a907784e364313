"""Cases are found by name without accents and by citizen number, within the rights; who is shown sees it."""

import pytest
from dossier import ONE_STOP, POLICE, Dossier, at, rights

from motcua.cases.desk.filters import NameMissing, drop_filter, filters_kept, save_filter
from motcua.cases.finding import TooShort, find_cases
from motcua.cases.models import SavedFilter
from motcua.cases.queues import Cursor, queue
from motcua.identity.states import Role
from motcua.registers.queries import accesses_of

from .conftest import Hire

pytestmark = pytest.mark.django_db


WORDS = {
    "nguyen thi an": True,
    "Nguyễn Thị An": True,
    "NGUYỄN   thi": True,
    "thi nguyen": False,
    "048190000017": True,
    "048190000018": False,
    "999999999999": False,
    "nguyen%an": False,
}


def test_case_is_found_by_what_officers_type(dossier: Dossier) -> None:
    dossier.file()

    found = {
        words: [
            each.case.number
            for each in find_cases(words=words, rights=rights(ONE_STOP), now=at("16 09:00")).found
        ]
        for words in WORDS
    }

    assert found == {words: [dossier.number] if fits else [] for words, fits in WORDS.items()}


def test_who_is_shown_sees_it_and_others_offices_find_nothing(dossier: Dossier) -> None:
    dossier.file()

    find_cases(words="nguyen thi an", rights=rights(ONE_STOP), now=at("16 09:00"))
    elsewhere = find_cases(words="nguyen thi an", rights=rights(Role.SPECIALIST, POLICE), now=at("16 09:00"))

    assert elsewhere.found == ()
    noted = [each for each in accesses_of(dossier.person.key) if each.case_number == dossier.number]
    assert len(noted) == 1
    with pytest.raises(TooShort):
        find_cases(words=" n%", rights=rights(ONE_STOP), now=at("16 09:00"))


def test_pages_of_the_queue_meet_without_gap_forwards_and_backwards(dossier: Dossier) -> None:
    numbers = []
    for _ in range(5):
        dossier.file()
        numbers.append(dossier.number)
    ask = {"now": at("16 09:00"), "size": 2}

    first = queue(rights(ONE_STOP), **ask)
    second = queue(rights(ONE_STOP), after=Cursor.read(str(first.after)), **ask)
    third = queue(rights(ONE_STOP), after=second.after, **ask)
    back = queue(rights(ONE_STOP), before=third.before, **ask)

    shown = [each.case.number for page in (first, second, third) for each in page.waiting]
    assert shown == sorted(numbers)
    assert [each.case.number for each in back.waiting] == [each.case.number for each in second.waiting]
    assert (first.before, third.after, third.total.count) == (None, None, 5)


def test_place_in_the_queue_that_is_none_is_not_read() -> None:
    for text in ("", "x_1", "12", "99999999999999999_a", "１_a", "12_" + "a" * 41):
        assert Cursor.read(text) is None


def test_filter_is_kept_under_a_name_and_one_of_them_is_the_start(hire: Hire) -> None:
    mine, other = hire("an", ONE_STOP).account_id, hire("binh", ONE_STOP).account_id
    save_filter(account_id=mine, name=" Của  tôi ", query="hand=mine", is_start=True)
    second = save_filter(account_id=mine, name="Trễ", query="clock=overdue", is_start=True)
    save_filter(account_id=mine, name="Của tôi", query="hand=nobody", is_start=False)

    assert [(each.name, each.query, each.is_start) for each in filters_kept(mine)] == [
        ("Trễ", "clock=overdue", True),
        ("Của tôi", "hand=nobody", False),
    ]
    with pytest.raises(SavedFilter.DoesNotExist):
        drop_filter(account_id=other, filter_id=second)
    with pytest.raises(NameMissing):
        save_filter(account_id=mine, name=" ", query="", is_start=False)
