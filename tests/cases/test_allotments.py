"""Numbers given out first come, first served: exactly as many as there are, without a repeat and without a gap."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from garden import NOW, content

from motcua.cases.allotments import NothingLeft, Pool, allot, allotted_number, pool_of, take
from motcua.cases.models import Allotment, AllottedNumber
from motcua.procedures.content import AllotmentRule, Bilingual, Content

BEDS = {"label": {"vi": "chỗ trồng rau", "en": "vegetable beds"}, "ceiling": 20, "per": ["form.ward"]}
WORD = Bilingual(vi="chỗ", en="beds")


def pool(key: str = "beds", ceiling: int = 20) -> Pool:
    return Pool(key, ceiling, WORD, None)


def garden(**changes: object) -> Content:
    whole = content()
    rule = AllotmentRule.model_validate({**BEDS, **changes})
    return whole.model_copy(update={"manifest": whole.manifest.model_copy(update={"allotment": rule})})


def race(hands: int, one: Callable[[int], object]) -> list[object]:
    """Let all hands reach for it at once, each on a connection of its own; return what each got."""
    ready = threading.Barrier(hands)

    def hand(index: int) -> object:
        try:
            connection.ensure_connection()
            ready.wait(30)
            return one(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool_of_hands:
        return list(pool_of_hands.map(hand, range(hands)))


@pytest.mark.django_db(transaction=True)
def test_thirty_two_hands_racing_for_twenty_get_one_to_twenty_and_twelve_refusals() -> None:
    def one(index: int) -> object:
        with transaction.atomic():
            return allot([(f"H17-20261122-{index:07d}", pool())])[0]

    got = race(32, one)

    numbers = sorted(each for each in got if isinstance(each, int))
    assert numbers == list(range(1, 21))
    assert sum(isinstance(each, NothingLeft) for each in got) == 12
    assert sorted(AllottedNumber.objects.values_list("number", flat=True)) == numbers
    assert Allotment.objects.get(key="beds").taken == 20


@pytest.mark.django_db(transaction=True)
def test_hands_that_fail_after_taking_leave_no_gap() -> None:
    def one(index: int) -> object:
        try:
            with transaction.atomic():
                (number,) = allot([(f"H17-20261122-{index:07d}", pool(ceiling=50))])
                if index % 3 == 0:
                    raise ConnectionError("the web process died before its commit")
                return number
        except ConnectionError:
            return None

    got = race(32, one)

    numbers = sorted(each for each in got if isinstance(each, int))
    assert numbers == list(range(1, 22))
    assert Allotment.objects.get(key="beds").taken == 21


@pytest.mark.django_db(transaction=True)
def test_batches_over_the_same_pools_in_opposite_order_do_not_block_each_other() -> None:
    pools = [pool("a", 1000), pool("b", 1000), pool("c", 1000)]

    def one(index: int) -> object:
        mine = pools if index % 2 else pools[::-1]
        for turn in range(10):
            with transaction.atomic():
                take(dict.fromkeys(mine, 1 + turn % 2))
        return None

    race(8, one)

    assert set(Allotment.objects.values_list("taken", flat=True)) == {8 * 15}


@pytest.mark.django_db
def test_batch_gets_the_rest_in_its_own_order_and_the_others_a_refusal() -> None:
    take({pool(ceiling=5): 3})

    got = allot([(f"H17-20261122-{index:07d}", pool(ceiling=5)) for index in range(4)])

    assert got[:2] == [4, 5]
    assert [type(each) for each in got[2:]] == [NothingLeft, NothingLeft]
    assert allotted_number("H17-20261122-0000001") == 5
    assert allotted_number("H17-20261122-0000002") is None


@pytest.mark.django_db
def test_lower_ceiling_takes_nothing_back_and_a_higher_one_goes_on() -> None:
    take({pool(ceiling=10): 8})

    assert take({pool(ceiling=5): 1}) == {pool(): range(0)}
    assert take({pool(ceiling=12): 9}) == {pool(): range(9, 13)}
    assert Allotment.objects.get(key="beds").ceiling == 12


@pytest.mark.django_db
def test_pools_are_counted_apart() -> None:
    first, second = pool("a", 1), pool("b", 1)

    got = allot([("H17-20261122-0000001", first), ("H17-20261122-0000002", second)])

    assert got == [1, 1]


def test_pack_without_an_allotment_has_no_pool() -> None:
    assert pool_of(content(), {"ward": "99001"}, NOW) is None


def test_each_choice_and_each_period_is_a_pool_of_its_own() -> None:
    today = garden(every="day")
    keys = Counter(
        pool_of(today, {"ward": ward}, moment).key  # type: ignore[union-attr]  # the pack has one
        for ward in ("99001", "99002")
        for moment in (
            datetime(2026, 11, 20, 16, 59, tzinfo=UTC),  # 23:59 in the city
            datetime(2026, 11, 20, 17, 0, tzinfo=UTC),  # midnight
            datetime(2026, 11, 21, 16, 59, tzinfo=UTC),
        )
    )

    assert keys == {
        '["garden_key","99001","2026-11-20"]': 1,
        '["garden_key","99001","2026-11-21"]': 2,
        '["garden_key","99002","2026-11-20"]': 1,
        '["garden_key","99002","2026-11-21"]': 2,
    }


@pytest.mark.parametrize(
    ("every", "sentence"),
    [
        ("day", "Đợt tiếp theo được phát từ 00:00 ngày 21/11/2026."),
        ("month", "Đợt tiếp theo được phát từ 00:00 ngày 01/12/2026."),
        ("year", "Đợt tiếp theo được phát từ 00:00 ngày 01/01/2027."),
        (None, "Không có đợt phát nào nữa; hãy chọn ngày hoặc nơi khác nếu biểu mẫu có."),
    ],
)
def test_refusal_says_what_is_gone_and_when_the_next_are_given(every: str | None, sentence: str) -> None:
    wanted = pool_of(garden(every=every), {"ward": "99001"}, NOW)
    assert wanted is not None

    told = NothingLeft(wanted).told

    assert told.vi.startswith("Đã phát hết 20 số (chỗ trồng rau, Phường: 99001")
    assert told.vi.endswith(sentence)
    assert told.en.startswith("All 20 have been given out (vegetable beds, Phường: 99001")
