"""DMN 1.5, 10.3.4.4, table 76: functions on lists."""

import pytest

from .feel import cases, same, value_of

CONTAINS_COUNT_AND_PLACES = r"""
list contains([1, 2, 3], 2) => true
list contains([1, 2, 3], 5) => false
list contains([1, null], null) => true
list contains([], null) => false
list contains([[1], [2]], [1]) => true
list contains([1, "1"], "1") => true
list contains([{a: 1}], {a: 1}) => true
list contains(1, 1) => true
list contains(null, 1) => null
list contains(list: [1], element: 1) => true
count([1, 2, 3]) => 3
count([]) => 0
count([1, null]) => 2
count([[1, 2]]) => 1
count(1) => 1
count(null) => null
count(1, 2) => null
count(list: [1]) => 1
index of([1, 2, 3, 2], 2) => [2, 4]
index of([1, null, null], null) => [2, 3]
index of([1, [1]], [1]) => [2]
index of([1, 2], 5) => []
index of([], 1) => []
index of(null, 1) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(CONTAINS_COUNT_AND_PLACES))
def test_contains_count_and_places(text, wanted):
    assert same(value_of(text), value_of(wanted))


MIN_AND_MAX_OF_ANYTHING_WITH_AN_ORDER = r"""
min([1, 2, 3]) => 1
min(1, 2, 3) => 1
min(1) => 1
min(["a", "b"]) => "a"
min("b", "a") => "a"
min(@"2020-01-01", @"2019-01-01") => @"2019-01-01"
min([@"P1D", @"PT1H"]) => @"PT1H"
max([1, 2, 3]) => 3
max("a", "b", "c") => "c"
max([@"P1Y", @"P13M"]) => @"P1Y1M"
max([@"10:00:00", @"11:00:00"]) => @"11:00:00"
max(list: [1, 3]) => 3
min([]) => null
min(null) => null
min([1, null]) => null
min([1, "a"]) => null
max([true, false]) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(MIN_AND_MAX_OF_ANYTHING_WITH_AN_ORDER))
def test_min_and_max_of_anything_with_an_order(text, wanted):
    assert same(value_of(text), value_of(wanted))


SUMS_MEANS_AND_PRODUCTS_OF_NUMBERS = r"""
sum([1, 2, 3]) => 6
sum(1, 2, 3) => 6
sum(1) => 1
sum([]) => null
sum(null) => null
sum([1, null]) => null
sum(["a"]) => null
sum(list: [1, 2]) => 3
mean([1, 2, 3]) => 2
mean(1, 2) => 1.5
mean([1]) => 1
mean([]) => null
mean([1, null]) => null
product([2, 3, 4]) => 24
product(2, 3) => 6
product([]) => null
product([2, "a"]) => null
product([2, null]) => null
median(8, 2, 5, 3, 4) => 4
median([6, 1, 2, 3]) => 2.5
median([1]) => 1
median([]) => null
median([1, null]) => null
stddev(2, 4, 7, 5) => 2.081665999466132735282297706979931
stddev([2, 4, 7, 5]) => 2.081665999466132735282297706979931
stddev([1, 1]) => 0
stddev([47]) => null
stddev(47) => null
stddev([]) => null
stddev([1, null]) => null
mode(6, 3, 9, 6, 6) => [6]
mode([6, 1, 9, 6, 1]) => [1, 6]
mode([1, 2]) => [1, 2]
mode([]) => []
mode([1, null]) => null
mode(["a"]) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(SUMS_MEANS_AND_PRODUCTS_OF_NUMBERS))
def test_sums_means_and_products_of_numbers(text, wanted):
    assert same(value_of(text), value_of(wanted))


ALL_AND_ANY_IN_THREE_VALUES = r"""
all([true, true]) => true
all([true, false]) => false
all([true, null]) => null
all([false, null]) => false
all([]) => true
all(true) => true
all(true, true) => true
all(false, null) => false
all([0]) => null
all(0) => null
all(null) => null
any([false, true]) => true
any([false, false]) => false
any([false, null]) => null
any([true, null]) => true
any([]) => false
any(true) => true
any(false, true) => true
any([true, 0]) => true
any([0]) => null
any(null) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ALL_AND_ANY_IN_THREE_VALUES))
def test_all_and_any_in_three_values(text, wanted):
    assert same(value_of(text), value_of(wanted))


SUBLISTS_TAKE_PLACES_THAT_EXIST = r"""
sublist([4, 5, 6], 1, 2) => [4, 5]
sublist([4, 5, 6], 2) => [5, 6]
sublist([4, 5, 6], -1) => [6]
sublist([4, 5, 6], -2, 1) => [5]
sublist([4, 5, 6], -3, 3) => [4, 5, 6]
sublist([4, 5, 6], 0) => null
sublist([4, 5, 6], 4) => null
sublist([4, 5, 6], -4) => null
sublist([4, 5, 6], 1, 4) => null
sublist([4, 5, 6], 1, 0) => null
sublist(null, 1) => null
sublist(list: [4, 5], start position: 2, length: 1) => [5]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(SUBLISTS_TAKE_PLACES_THAT_EXIST))
def test_sublists_take_places_that_exist(text, wanted):
    assert same(value_of(text), value_of(wanted))


LISTS_GROW_AND_SHRINK = r"""
append([1], 2, 3) => [1, 2, 3]
append([1], null) => [1, null]
append([1], [2]) => [1, [2]]
append([], 1) => [1]
append(1, 2) => [1, 2]
append(null, 1) => null
concatenate([1, 2], [3]) => [1, 2, 3]
concatenate([1], [[2]]) => [1, [2]]
concatenate([1]) => [1]
concatenate([], []) => []
concatenate([1, 2], 3) => [1, 2, 3]
concatenate([1], null) => null
insert before([1, 3], 1, 2) => [2, 1, 3]
insert before([1, 3], 2, 2) => [1, 2, 3]
insert before([1, 3], -1, 2) => [1, 2, 3]
insert before([1, 3], -2, 2) => [2, 1, 3]
insert before([1], 1, null) => [null, 1]
insert before([1, 3], 0, 2) => null
insert before([1, 3], 3, 2) => null
insert before([1, 3], -3, 2) => null
insert before([], 1, 1) => null
insert before(null, 1, 1) => null
remove([1, 2, 3], 2) => [1, 3]
remove([1, 2, 3], -1) => [1, 2]
remove([1], 1) => []
remove([1, 2, 3], 0) => null
remove([1, 2, 3], 4) => null
remove(null, 1) => null
reverse([1, 2, 3]) => [3, 2, 1]
reverse([]) => []
reverse(1) => [1]
reverse(null) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(LISTS_GROW_AND_SHRINK))
def test_lists_grow_and_shrink(text, wanted):
    assert same(value_of(text), value_of(wanted))


LIST_REPLACE_BY_PLACE_OR_BY_MATCH = r"""
list replace([2, 4, 7, 8], 3, 6) => [2, 4, 6, 8]
list replace([2, 4, 7, 8], -1, 6) => [2, 4, 7, 6]
list replace([2, 4, 7, 8], 0, 6) => null
list replace([2, 4, 7, 8], 5, 6) => null
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) => [5, 5, 7, 8]
list replace([2, 4], function(item, newItem) false, 5) => [2, 4]
list replace([1], function(item) true, 5) => null
list replace([1], function(item, newItem) null, 5) => null
list replace([1], 1, null) => [null]
list replace(null, 1, 2) => null
list replace(list: [1, 2], position: 1, newItem: 3) => [3, 2]
list replace(list: [1, 2], match: function(item, newItem) item = 1, newItem: 3) => [3, 2]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(LIST_REPLACE_BY_PLACE_OR_BY_MATCH))
def test_list_replace_by_place_or_by_match(text, wanted):
    assert same(value_of(text), value_of(wanted))


SETS_KEEP_THE_FIRST_OF_EQUALS = r"""
union([1, 2], [2, 3]) => [1, 2, 3]
union([1, 1], [1]) => [1]
union([1, null], [null]) => [1, null]
union(1, [2]) => [1, 2]
union([1], null) => null
distinct values([1, 2, 3, 2, 1]) => [1, 2, 3]
distinct values([1, 1.0, "1"]) => [1, "1"]
distinct values([null, 1, null]) => [null, 1]
distinct values([1, [1], [1]]) => [1, [1]]
distinct values([{a: 1}, {a: 1}]) => [{a: 1}]
distinct values([]) => []
distinct values(1) => [1]
distinct values(null) => null
flatten([[1, 2], [[3]], 4]) => [1, 2, 3, 4]
flatten([[null], []]) => [null]
flatten([]) => []
flatten(1) => [1]
flatten(null) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(SETS_KEEP_THE_FIRST_OF_EQUALS))
def test_sets_keep_the_first_of_equals(text, wanted):
    assert same(value_of(text), value_of(wanted))


SORT_BY_A_FUNCTION_THAT_ORDERS = r"""
sort([3, 1, 2], function(x, y) x < y) => [1, 2, 3]
sort([3, 1, 2], function(x, y) x > y) => [3, 2, 1]
sort(["b", "a"], function(x, y) x < y) => ["a", "b"]
sort([{a: 2, b: 1}, {a: 1, b: 2}, {a: 2, b: 0}], function(x, y) x.a < y.a) => [{a: 1, b: 2}, {a: 2, b: 1}, {a: 2, b: 0}]
sort([], function(x, y) x < y) => []
sort(1, function(x, y) x < y) => [1]
sort(list: [2, 1], precedes: function(x, y) x < y) => [1, 2]
sort(null, function(x, y) x < y) => null
sort([1, "a"], function(x, y) x < y) => null
sort([3, 1, 2], function(x) true) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(SORT_BY_A_FUNCTION_THAT_ORDERS))
def test_sort_by_a_function_that_orders(text, wanted):
    assert same(value_of(text), value_of(wanted))
