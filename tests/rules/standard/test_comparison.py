"""DMN 1.5, 10.3.2.5, tables 42 to 44: equality and order of every pair of kinds."""

import pytest

from .feel import cases, same, value_of

EQUALITY_WITHIN_A_KIND = r"""
1 = 1.00 => true
1 = 2 => false
1 != 2 => true
"a" = "a" => true
"a" = "A" => false
true = true => true
true = false => false
null = null => true
null != null => false
@"2020-01-01" = @"2020-01-01" => true
@"10:00:00Z" = @"11:00:00+01:00" => true
@"10:00:00" = @"10:00:00Z" => false
@"2020-01-01T10:00:00Z" = @"2020-01-01T17:00:00+07:00" => true
@"2020-07-01T10:00:00Z" = @"2020-07-01T12:00:00@Europe/Paris" => true
@"2020-01-01T10:00:00" = @"2020-01-01T10:00:00Z" => false
@"P1Y" = @"P12M" => true
@"P1D" = @"PT24H" => true
@"P0D" = @"-P0D" => true
[1, 2] = [1, 2] => true
[1, 2] = [2, 1] => false
[1, 2] = [1, 2, 3] => false
[] = [] => true
[null] = [null] => true
[1, null] = [1, 2] => false
[[1], [2]] = [[1], [2]] => true
{a: 1, b: 2} = {b: 2, a: 1} => true
{a: 1} = {a: 1, b: null} => false
{a: 1} = {a: 2} => false
{} = {} => true
{a: [1, {b: 2}]} = {a: [1, {b: 2}]} => true
[1..2] = [1..2] => true
[1..2] = [1..2) => false
(1..2] = ]1..2] => true
[1..2] = [1..3] => false
"""


@pytest.mark.parametrize(("text", "wanted"), cases(EQUALITY_WITHIN_A_KIND))
def test_equality_within_a_kind(text, wanted):
    assert same(value_of(text), value_of(wanted))


NOTHING_BUT_NULL_EQUALS_NULL = r"""
1 = null => false
"" = null => false
false = null => false
[] = null => false
{} = null => false
@"P0D" = null => false
1 != null => true
null != 1 => true
null = [null] => false
[null] = null => false
"""


@pytest.mark.parametrize(("text", "wanted"), cases(NOTHING_BUT_NULL_EQUALS_NULL))
def test_nothing_but_null_equals_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


DIFFERENT_KINDS_CANNOT_BE_COMPARED = r"""
1 = "1" => null
1 != "1" => null
true = 1 => null
true = "true" => null
[1] = 1 => null
1 = [1] => null
[1, 2] = 1 => null
{} = [] => null
{a: 1} = 1 => null
@"2020-01-01" = "2020-01-01" => null
@"P1Y" = @"P365D" => null
@"P0Y" = @"P0D" => null
@"10:00:00" = @"2020-01-01T10:00:00" => null
[1..2] = [1, 2] => null
[1] = ["1"] => null
{a: 1} = {a: "1"} => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DIFFERENT_KINDS_CANNOT_BE_COMPARED))
def test_different_kinds_cannot_be_compared(text, wanted):
    assert same(value_of(text), value_of(wanted))


ORDER_IS_FOR_NUMBERS_TEXTS_DATES_TIMES_AND_DURATIONS = r"""
1 < 2 => true
2 <= 2 => true
2 > 2 => false
2 >= 2 => true
-1 < 0 => true
"a" < "b" => true
"a" < "B" => false
"a" < "aa" => true
"" < "a" => true
@"2020-01-01" < @"2020-01-02" => true
@"-0001-12-31" < @"0000-01-01" => true
@"10:00:00" < @"10:00:01" => true
@"10:00:00Z" < @"10:00:00-01:00" => true
@"2020-01-01T10:00:00" < @"2020-01-01T10:00:01" => true
@"2020-01-01T10:00:00Z" < @"2020-01-01T10:00:00@America/New_York" => true
@"P1Y" < @"P13M" => true
@"P1D" < @"PT25H" => true
@"-P1D" < @"PT0S" => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ORDER_IS_FOR_NUMBERS_TEXTS_DATES_TIMES_AND_DURATIONS))
def test_order_is_for_numbers_texts_dates_times_and_durations(text, wanted):
    assert same(value_of(text), value_of(wanted))


WHAT_HAS_NO_ORDER_IS_NULL = r"""
null < 1 => null
1 < null => null
null < null => null
null <= null => null
true < false => null
1 < "2" => null
"1" < 2 => null
[1] < [2] => null
{a: 1} < {a: 2} => null
@"P1Y" < @"P366D" => null
@"10:00:00" < @"10:00:00Z" => null
@"2020-01-01T10:00:00" < @"2020-01-01T10:00:00Z" => null
[1..2] < [3..4] => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(WHAT_HAS_NO_ORDER_IS_NULL))
def test_what_has_no_order_is_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


COMPARISONS_OF_ONE_LEVEL_ARE_READ_FROM_THE_LEFT = r"""
1 < 2 = true => true
1 = 1 = true => true
1 < 2 < 3 => null
not(1 = 2) = true => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(COMPARISONS_OF_ONE_LEVEL_ARE_READ_FROM_THE_LEFT))
def test_comparisons_of_one_level_are_read_from_the_left(text, wanted):
    assert same(value_of(text), value_of(wanted))
