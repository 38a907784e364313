"""Who may not see persons sees no count below ten, nor one that follows from what is shown beside it."""

from hypothesis import given
from hypothesis import strategies as st

from motcua.switching.hiding import (
    FEWEST_SHOWN,
    rounded,
    rounded_beside,
    veiled_counts,
    veiled_groups,
    veiled_parts,
)

COUNTS = st.one_of(st.integers(0, 14), st.integers(0, 2000))
GROUPS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "e", "f"]),
    st.dictionaries(st.sampled_from(["kept", "revoked", "granted"]), COUNTS, max_size=3),
    max_size=6,
)


def totals_of(groups: dict[str, dict[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for counts in groups.values():
        for category, count in counts.items():
            sums[category] = sums.get(category, 0) + count
    return sums


def is_safe(counts: list[int], shown: list[int | None]) -> bool:
    """Tell whether the sum of a line gives no small count away: what it leaves is ten or more of two at least."""
    hidden = [count for count, seen in zip(counts, shown, strict=True) if seen is None]
    everything = all(seen in (None, 0) for seen in shown)
    return not hidden or everything or (len(hidden) > 1 and sum(hidden) >= FEWEST_SHOWN)


@given(st.dictionaries(st.text(max_size=3), COUNTS, max_size=8))
def test_no_small_count_follows_from_a_sum(counts: dict[str, int]) -> None:
    shown = veiled_counts(counts)

    assert all(seen in (None, count) for count, seen in zip(counts.values(), shown.values(), strict=True))
    assert not any(seen is not None and 0 < seen < FEWEST_SHOWN for seen in shown.values())
    assert is_safe(list(counts.values()), list(shown.values()))


@given(GROUPS)
def test_no_small_count_follows_from_the_sums_of_a_table(groups: dict[str, dict[str, int]]) -> None:
    totals = veiled_counts(totals_of(groups))

    shown = veiled_groups(groups, totals)

    for group, counts in groups.items():
        assert is_safe(list(counts.values()), list(shown[group].values()))
        assert not any(seen is not None and 0 < seen < FEWEST_SHOWN for seen in shown[group].values())
    for category, total in totals.items():
        column = [counts.get(category, 0) for counts in groups.values()]
        seen = [shown[group].get(category, 0) for group in groups]
        assert is_safe(column, seen)
        assert total is not None or not any(seen)


def test_what_stands_alone_takes_the_smallest_of_the_others_with_it() -> None:
    groups = {"a": {"revoked": 3}, "b": {"revoked": 40}, "c": {"revoked": 500}}

    shown = veiled_groups(groups, veiled_counts({"revoked": 543}))

    assert shown == {"a": {"revoked": None}, "b": {"revoked": None}, "c": {"revoked": 500}}


def test_large_counts_stay() -> None:
    groups = {"a": {"revoked": 10, "kept": 0}, "b": {"revoked": 40}}

    assert veiled_groups(groups, {"revoked": 50, "kept": 0}) == groups


def test_the_parts_of_a_hidden_total_are_hidden() -> None:
    assert veiled_parts([("revoked", 20), ("granted", 30)], {"revoked": None, "granted": 30}) == [None, 30]


def test_a_part_does_not_stand_hidden_alone() -> None:
    parts = [("revoked", 4), ("revoked", 20), ("revoked", 30), ("granted", 12)]

    assert veiled_parts(parts, {"revoked": 54, "granted": 12}) == [None, None, 30, 12]


@given(COUNTS, st.integers(-9, 9))
def test_two_counts_that_differ_by_few_do_not_tell_by_how_many(planned: int, more: int) -> None:
    done = max(0, planned + more)

    (seen,) = rounded_beside(
        {"revoked": done}, veiled_counts({"revoked": planned, "kept": 500}), all_shown=False
    ).values()

    assert seen is None or seen % 10 == 0
    assert seen != done or done % 10 == 0


def test_who_may_see_persons_sees_every_count() -> None:
    assert rounded(3, all_shown=True) == 3
    assert rounded_beside({"revoked": 3}, {"revoked": 4}, all_shown=True) == {"revoked": 3}
    assert rounded_beside({"revoked": 30}, {"revoked": None}, all_shown=False) == {"revoked": None}
