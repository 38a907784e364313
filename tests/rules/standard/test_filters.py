"""DMN 1.5, 10.3.2.5 and table 55: filters by index and by condition, paths over lists."""

import pytest

from .feel import cases, same, value_of

AN_INDEX_COUNTS_FROM_ONE_OR_FROM_THE_END = r"""
[1, 2, 3][1] => 1
[1, 2, 3][3] => 3
[1, 2, 3][-1] => 3
[1, 2, 3][-3] => 1
[1, 2, 3][0] => null
[1, 2, 3][4] => null
[1, 2, 3][-4] => null
[1, 2, 3][1.5] => null
[[1, 2], [3]][1] => [1, 2]
[[1, 2], [3]][1][2] => 2
[1, 2, 3][1 + 1] => 2
[][1] => null
[1, 2, 3][count([1, 2])] => 2
"""


@pytest.mark.parametrize(("text", "wanted"), cases(AN_INDEX_COUNTS_FROM_ONE_OR_FROM_THE_END))
def test_an_index_counts_from_one_or_from_the_end(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_CONDITION_KEEPS_THE_ITEMS_FOR_WHICH_IT_IS_TRUE = r"""
[1, 2, 3][item > 1] => [2, 3]
[1, 2, 3][item > 5] => []
[1, null, 3][item > 1] => [3]
[1, null][item = null] => [null]
[1, 2, 3][true] => [1, 2, 3]
[1, 2, 3][false] => []
[1, 2, 3][null] => []
[1, 2, 3]["a"] => null
[1, 2, 3][item > 1][item < 3] => [2]
[1, 2, 3, 4][item > 1][1] => 2
[1, 2, 3][even(item)] => [2]
[][item > 1] => []
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_CONDITION_KEEPS_THE_ITEMS_FOR_WHICH_IT_IS_TRUE))
def test_a_condition_keeps_the_items_for_which_it_is_true(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_CONDITION_SEES_THE_MEMBERS_OF_THE_ITEM = r"""
[{x: 1, y: 2}, {x: 2, y: 3}][x = 1] => [{x: 1, y: 2}]
[{x: 1, y: 2}, {x: 2, y: 3}][x < y] => [{x: 1, y: 2}, {x: 2, y: 3}]
[{x: 1}, {y: 1}][x = 1] => [{x: 1}]
[{x: 1}, {y: 1}][x = null] => [{y: 1}]
[{item: 1}, {item: 2}][item = 2] => [{item: 2}]
[{my price: 1}, {my price: 2}][my price > 1] => [{my price: 2}]
[{x: [1, 2]}, {x: [3]}][count(x) = 2] => [{x: [1, 2]}]
[{x: 1}, {x: 2}][item.x = 2] => [{x: 2}]
{a: 5, b: [{c: 1}, {c: 5}][c = 5]}.b => [{c: 5}]
[{x: 1}, {x: 2}][x = 2].x => [2]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_CONDITION_SEES_THE_MEMBERS_OF_THE_ITEM))
def test_a_condition_sees_the_members_of_the_item(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_SINGLE_VALUE_IS_A_LIST_OF_ITSELF = r"""
100[1] => 100
100[2] => null
100[-1] => 100
100[0] => null
100[item = 100] => [100]
100[item = 1] => []
"a"[1] => "a"
true[true] => [true]
{a: 1}[a = 1] => [{a: 1}]
{a: 1}[a = 2] => []
null[1] => null
null[true] => []
null[item = 1] => []
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_SINGLE_VALUE_IS_A_LIST_OF_ITSELF))
def test_a_single_value_is_a_list_of_itself(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_PATH_READS_MEMBERS_AND_RUNS_OVER_LISTS = r"""
{a: 1}.a => 1
{a: {b: {c: 3}}}.a.b.c => 3
{a: 1}.b => null
[{a: 1}, {a: 2}].a => [1, 2]
[{a: 1}, {b: 2}].a => [1, null]
[{a: {b: 1}}, {a: {b: 2}}].a.b => [1, 2]
[{a: [1]}, {a: [2]}].a => [[1], [2]]
[].a => []
null.a => null
1.a => null
"text".length => null
{"a b": 1}.a b => 1
{"a+b": 1}.a+b => 1
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_PATH_READS_MEMBERS_AND_RUNS_OVER_LISTS))
def test_a_path_reads_members_and_runs_over_lists(text, wanted):
    assert same(value_of(text), value_of(wanted))


DATES_TIMES_AND_DURATIONS_HAVE_MEMBERS = r"""
@"2020-02-29".year => 2020
@"2020-02-29".month => 2
@"2020-02-29".day => 29
@"2020-03-01".weekday => 7
@"2020-02-29T10:11:12.5+07:00".hour => 10
@"2020-02-29T10:11:12.5+07:00".minute => 11
@"2020-02-29T10:11:12.5+07:00".second => 12.5
@"2020-02-29T10:11:12.5+07:00".time offset => @"PT7H"
@"2020-02-29T10:11:12.5+07:00".timezone => null
@"2020-07-01T10:11:12@Europe/Paris".time offset => @"PT2H"
@"2020-07-01T10:11:12@Europe/Paris".timezone => "Europe/Paris"
@"2020-02-29T10:11:12".time offset => null
@"10:11:12Z".time offset => @"PT0S"
@"10:11:12".year => null
@"P1DT2H3M4.5S".days => 1
@"P1DT2H3M4.5S".hours => 2
@"P1DT2H3M4.5S".minutes => 3
@"P1DT2H3M4.5S".seconds => 4.5
@"-P1DT2H".days => -1
@"-P1DT2H".hours => -2
@"P14M".years => 1
@"P14M".months => 2
@"-P14M".months => -2
@"P14M".days => null
@"P1D".years => null
[@"2020-01-01", @"2021-01-01"].year => [2020, 2021]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DATES_TIMES_AND_DURATIONS_HAVE_MEMBERS))
def test_dates_times_and_durations_have_members(text, wanted):
    assert same(value_of(text), value_of(wanted))
