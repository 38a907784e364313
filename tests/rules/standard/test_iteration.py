"""DMN 1.5, 10.3.2.14 and 10.3.2.15: for, some and every."""

import pytest

from .feel import cases, same, value_of

FOR_RUNS_OVER_LISTS_AND_RANGES = r"""
for i in [1, 2] return i * 2 => [2, 4]
for i in [] return i => []
for i in 1..3 return i => [1, 2, 3]
for i in 3..1 return i => [3, 2, 1]
for i in 0..-2 return i => [0, -1, -2]
for i in 1..1 return i => [1]
for i in [1..3] return i => [1, 2, 3]
for i in (1..3) return i => [2]
for i in [1..3) return i => [1, 2]
for i in @"2020-02-28"..@"2020-03-01" return i => [@"2020-02-28", @"2020-02-29", @"2020-03-01"]
for i in [@"2020-01-02"..@"2020-01-01"] return i => [@"2020-01-02", @"2020-01-01"]
for i in 1 return i => [1]
for i in "ab" return i => ["ab"]
for i in {a: 1} return i.a => [1]
for i in [[1, 2], [3]] return count(i) => [2, 1]
for i in [null, 1] return i => [null, 1]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(FOR_RUNS_OVER_LISTS_AND_RANGES))
def test_for_runs_over_lists_and_ranges(text, wanted):
    assert same(value_of(text), value_of(wanted))


WHAT_CANNOT_BE_RUN_OVER_IS_NULL = r"""
for i in null return i => null
for i in "a".."c" return i => null
for i in 1..2.5 return i => null
for i in (< 5) return i => null
for i in 1..null return i => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(WHAT_CANNOT_BE_RUN_OVER_IS_NULL))
def test_what_cannot_be_run_over_is_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


SEVERAL_ITERATORS_NEST_AND_MAY_DEPEND_ON_EACH_OTHER = r"""
for i in [1, 2], j in [3, 4] return i * j => [3, 4, 6, 8]
for i in [[1, 2], [3]], j in i return j => [1, 2, 3]
for i in 1..3, j in 1..i return i * j => [1, 2, 4, 3, 6, 9]
for i in [1], j in [], k in [1] return 1 => []
for i in 1..2 return for j in 1..i return j => [[1], [1, 2]]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(SEVERAL_ITERATORS_NEST_AND_MAY_DEPEND_ON_EACH_OTHER))
def test_several_iterators_nest_and_may_depend_on_each_other(text, wanted):
    assert same(value_of(text), value_of(wanted))


PARTIAL_HOLDS_THE_RESULTS_SO_FAR = r"""
for i in 0..4 return if i = 0 then 1 else i * partial[-1] => [1, 1, 2, 6, 24]
for i in 1..3 return count(partial) => [0, 1, 2]
for i in 1..2, j in 1..2 return count(partial) => [0, 1, 2, 3]
for i in 1..3 return sum(partial) + 1 => [null, null, null]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(PARTIAL_HOLDS_THE_RESULTS_SO_FAR))
def test_partial_holds_the_results_so_far(text, wanted):
    assert same(value_of(text), value_of(wanted))


PARTIAL_HIDES_A_NAME_FURTHER_OUT_BUT_NO_ITERATOR = r"""
{partial: [9], r: for i in 1..2 return partial}.r => [[], [[]]]
{partial: 9, r: some i in [1] satisfies partial = 9}.r => true
{partial: 9, r: every i in partial satisfies partial = i}.r => true
{partial: [1, 2], r: for i in partial return i}.r => [1, 2]
for partial in [1, 2] return partial => [1, 2]
for i in 1..2, partial in [i] return partial => [1, 2]
for partial amount in [1, 2] return partial amount => [1, 2]
for i in 1..2 return for j in [1] return count(partial) => [[0], [0]]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(PARTIAL_HIDES_A_NAME_FURTHER_OUT_BUT_NO_ITERATOR))
def test_partial_hides_a_name_further_out_but_no_iterator(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_NAME_OF_SEVERAL_WORDS_MAY_BE_AN_ITERATOR = r"""
for my item in [1, 2] return my item + 1 => [2, 3]
some my item in [1, 2] satisfies my item = 2 => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_NAME_OF_SEVERAL_WORDS_MAY_BE_AN_ITERATOR))
def test_a_name_of_several_words_may_be_an_iterator(text, wanted):
    assert same(value_of(text), value_of(wanted))


SOME_IS_TRUE_IF_ONE_IS = r"""
some i in [1, 2] satisfies i > 1 => true
some i in [1, 2] satisfies i > 2 => false
some i in [] satisfies true => false
some i in [1, null] satisfies i > 0 => true
some i in [null, 1] satisfies i > 1 => null
some i in [1, 2] satisfies "a" => null
some i in null satisfies true => null
some i in 5 satisfies i = 5 => true
some x in [1, 2], y in [2, 3] satisfies x = y => true
some x in 1..3, y in x..3 satisfies x + y = 6 => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(SOME_IS_TRUE_IF_ONE_IS))
def test_some_is_true_if_one_is(text, wanted):
    assert same(value_of(text), value_of(wanted))


EVERY_IS_TRUE_IF_ALL_ARE = r"""
every i in [1, 2] satisfies i > 0 => true
every i in [1, 2] satisfies i > 1 => false
every i in [] satisfies false => true
every i in [1, null] satisfies i > 0 => null
every i in [null, 0] satisfies i > 0 => false
every i in [1, 2] satisfies "a" => null
every i in null satisfies true => null
every x in 1..3, y in 4..6 satisfies x < y => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(EVERY_IS_TRUE_IF_ALL_ARE))
def test_every_is_true_if_all_are(text, wanted):
    assert same(value_of(text), value_of(wanted))
