"""DMN 1.5, 10.3.2.3.11 and 10.3.2.12: ranges of every kind, their members, and `in`."""

import pytest

from .feel import cases, same, value_of

A_RANGE_HOLDS_ITS_INCLUDED_ENDS = r"""
1 in [1..3] => true
3 in [1..3] => true
1 in (1..3) => false
3 in (1..3) => false
1 in ]1..3[ => false
1 in [1..3) => true
3 in [1..3) => false
3 in (1..3] => true
2.5 in [1..3] => true
"b" in ["a".."c"] => true
@"2020-02-01" in [@"2020-01-01"..@"2020-03-01"] => true
@"10:00:00" in [@"09:00:00"..@"11:00:00"] => true
@"P2D" in [@"P1D"..@"P3D"] => true
@"P2M" in [@"P1M"..@"P3M"] => true
2 in [3..1] => false
2 in [1 + 0..2 * 2] => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_RANGE_HOLDS_ITS_INCLUDED_ENDS))
def test_a_range_holds_its_included_ends(text, wanted):
    assert same(value_of(text), value_of(wanted))


WHAT_HAS_NO_ORDER_WITH_THE_ENDS_IS_NULL = r"""
"a" in [1..3] => null
null in [1..3] => null
1 in [@"2020-01-01"..@"2020-03-01"] => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(WHAT_HAS_NO_ORDER_WITH_THE_ENDS_IS_NULL))
def test_what_has_no_order_with_the_ends_is_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_COMPARISON_ALONE_IS_A_RANGE_TOO = r"""
1 in < 2 => true
1 in <= 1 => true
1 in > 2 => false
1 in >= 1 => true
1 in (< 2) => true
1 in (> 2) => false
1 in = 1 => true
1 in != 1 => false
1 in (= 1) => true
1 in (!= 1) => false
null in (< 1) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_COMPARISON_ALONE_IS_A_RANGE_TOO))
def test_a_comparison_alone_is_a_range_too(text, wanted):
    assert same(value_of(text), value_of(wanted))


IN_TAKES_SEVERAL_TESTS_AND_LISTS = r"""
1 in (1, 2) => true
3 in (1, 2) => false
1 in (< 0, > 0) => true
1 in ([0..1], 5) => true
1 in [1, 2] => true
3 in [1, 2] => false
1 in [[0..1], 5] => true
1 in [] => false
[1, 2] in [[1, 2], [3]] => true
[1, 2] in ([1, 2], 5) => true
"a" in ("a", "b") => true
null in (1, null) => true
null in null => true
{a: 1} in {a: 1} => true
[1..2] in [[1..2]] => true
1 in (not(1)) => false
"""


@pytest.mark.parametrize(("text", "wanted"), cases(IN_TAKES_SEVERAL_TESTS_AND_LISTS))
def test_in_takes_several_tests_and_lists(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_RANGE_TELLS_ITS_ENDS = r"""
[1..2].start => 1
[1..2].end => 2
[1..2].start included => true
[1..2).end included => false
(< 5).start => null
(< 5).end => 5
(< 5).start included => false
(< 5).end included => false
(>= 5).start => 5
(>= 5).end => null
(>= 5).start included => true
(= 5).start => 5
(= 5).end included => true
(!= 5).start => null
[@"2020-01-01"..@"2020-02-01"].end.month => 2
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_RANGE_TELLS_ITS_ENDS))
def test_a_range_tells_its_ends(text, wanted):
    assert same(value_of(text), value_of(wanted))


RANGES_EQUAL_ONLY_RANGES_WRITTEN_ALIKE = r"""
(< 5) = (< 5) => true
(< 5) = (<= 5) => false
(= 10) = [10..10] => false
(< 10) = (null..10) => false
["a"..1] => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(RANGES_EQUAL_ONLY_RANGES_WRITTEN_ALIKE))
def test_ranges_equal_only_ranges_written_alike(text, wanted):
    assert same(value_of(text), value_of(wanted))


BETWEEN_INCLUDES_BOTH_ENDS = r"""
1 between 1 and 2 => true
2 between 1 and 2 => true
3 between 1 and 2 => false
1 between 2 and 1 => false
"b" between "a" and "c" => true
@"2020-01-02" between @"2020-01-01" and @"2020-01-03" => true
1 between "a" and 2 => null
null between 1 and 2 => null
1 between null and 2 => null
3 between 1 and 2 + 2 => true
1 between 0 and 2 and true => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(BETWEEN_INCLUDES_BOTH_ENDS))
def test_between_includes_both_ends(text, wanted):
    assert same(value_of(text), value_of(wanted))
