"""DMN 1.5, 10.3.2.8, tables 45 to 49: arithmetic of numbers, texts, dates and durations."""

import pytest

from .feel import cases, same, value_of

NUMBERS = r"""
1 + 2 * 3 => 7
(1 + 2) * 3 => 9
7 - 2 - 1 => 4
8 / 4 / 2 => 1
2 ** 3 => 8
2 ** 3 ** 2 => 64
-2 ** 2 => 4
2 ** -1 => 0.5
2 ** 0.5 => 1.414213562373095048801688724209698
4 ** 0.5 => 2.000000000000000000000000000000000
(-8) ** (1/3) => null
0 ** 0 => 1
0 ** -1 => null
--1 => 1
- - 1 => 1
-(1 + 1) => -2
10 - -5 => 15
1.1 * 1.1 => 1.21
"""


@pytest.mark.parametrize(("text", "wanted"), cases(NUMBERS))
def test_numbers(text, wanted):
    assert same(value_of(text), value_of(wanted))


TEXT_IS_ONLY_JOINED = r"""
"a" + "b" => "ab"
"a" - "b" => null
"a" * 2 => null
"a" + 1 => null
"a" + null => null
-"a" => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(TEXT_IS_ONLY_JOINED))
def test_text_is_only_joined(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_NULL_OR_A_KIND_THAT_DOES_NOT_FIT_GIVES_NULL = r"""
1 + null => null
null - 1 => null
null * null => null
1 / null => null
null ** 2 => null
true + 1 => null
[1] + [2] => null
1 + "1" => null
{a: 1} + 1 => null
-null => null
-true => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_NULL_OR_A_KIND_THAT_DOES_NOT_FIT_GIVES_NULL))
def test_a_null_or_a_kind_that_does_not_fit_gives_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


DURATIONS_OF_ONE_KIND_ADD_UP = r"""
@"P1Y" + @"P1M" => @"P1Y1M"
@"P1Y" - @"P13M" => @"-P1M"
@"P1D" + @"PT12H" => @"P1DT12H"
@"P1D" - @"PT36H" => @"-PT12H"
@"P1D" + @"P1Y" => null
@"P1D" - @"P1Y" => null
-@"P1Y" => @"-P1Y"
-@"PT1H" => @"-PT1H"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DURATIONS_OF_ONE_KIND_ADD_UP))
def test_durations_of_one_kind_add_up(text, wanted):
    assert same(value_of(text), value_of(wanted))


DURATIONS_SCALE_BY_NUMBERS_AND_DIVIDE_BY_EACH_OTHER = r"""
@"P1D" * 2 => @"P2D"
2 * @"P1D" => @"P2D"
@"P1D" * 0.5 => @"PT12H"
@"P1Y" * 0.5 => @"P6M"
@"P1M" * 1.5 => @"P1M"
@"P1D" / 2 => @"PT12H"
@"P1Y" / 5 => @"P2M"
@"P1Y" / 0 => null
@"P1D" / @"PT1H" => 24
@"P1Y" / @"P1M" => 12
@"P1D" / @"P0D" => null
@"P1D" / @"P1M" => null
1 / @"P1D" => null
@"P1D" * @"P1D" => null
@"P1Y" ** 2 => null
@"P1D" + 1 => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DURATIONS_SCALE_BY_NUMBERS_AND_DIVIDE_BY_EACH_OTHER))
def test_durations_scale_by_numbers_and_divide_by_each_other(text, wanted):
    assert same(value_of(text), value_of(wanted))


DATES_MOVE_BY_DURATIONS = r"""
@"2020-01-31" + @"P1M" => @"2020-02-29"
@"2020-03-31" - @"P1M" => @"2020-02-29"
@"2020-02-29" + @"P1Y" => @"2021-02-28"
@"2020-02-29" - @"P4Y" => @"2016-02-29"
@"P1M" + @"2020-01-31" => @"2020-02-29"
@"2020-01-01" + @"P1D" => @"2020-01-02"
@"2020-01-01" - @"P1D" => @"2019-12-31"
@"2020-01-01" + @"PT23H" => @"2020-01-01"
@"2020-01-01" + @"-PT1H" => @"2019-12-31"
@"2020-01-01" - @"PT1H" => @"2019-12-31"
@"999999999-12-31" + @"P1D" => null
@"-999999999-01-01" - @"P1M" => null
@"2020-01-01" + 1 => null
@"P1D" - @"2020-01-01" => null
@"2020-01-01" + @"2020-01-01" => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DATES_MOVE_BY_DURATIONS))
def test_dates_move_by_durations(text, wanted):
    assert same(value_of(text), value_of(wanted))


DATES_WITH_TIMES_MOVE_ON_THE_TIME_LINE = r"""
@"2020-01-31T10:00:00" + @"P1M" => @"2020-02-29T10:00:00"
@"2020-01-01T23:00:00" + @"PT2H" => @"2020-01-02T01:00:00"
@"2020-01-01T10:00:00+07:00" + @"P1D" => @"2020-01-02T10:00:00+07:00"
@"2020-01-01T10:00:00Z" - @"PT10H0.5S" => @"2019-12-31T23:59:59.5Z"
@"2020-03-28T10:00:00@Europe/Paris" + @"PT1H" => @"2020-03-28T11:00:00@Europe/Paris"
@"2020-03-28T10:00:00@Europe/Paris" + @"P1D" => @"2020-03-29T11:00:00@Europe/Paris"
@"2020-10-24T10:00:00@Europe/Paris" + @"PT24H" => @"2020-10-25T09:00:00@Europe/Paris"
@"2020-03-28T10:00:00@Europe/Paris" + @"P1M" => @"2020-04-28T10:00:00@Europe/Paris"
@"99999-03-28T10:00:00@Europe/Paris" + @"P1D" => @"99999-03-29T10:00:00@Europe/Paris"
@"-0300-03-28T10:00:00@Asia/Ho_Chi_Minh" - @"P1D" => @"-0300-03-27T10:00:00@Asia/Ho_Chi_Minh"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DATES_WITH_TIMES_MOVE_ON_THE_TIME_LINE))
def test_dates_with_times_move_on_the_time_line(text, wanted):
    assert same(value_of(text), value_of(wanted))


TIMES_MOVE_AROUND_THE_CLOCK = r"""
@"10:00:00" + @"PT25H" => @"11:00:00"
@"10:00:00" - @"PT11H" => @"23:00:00"
@"10:00:00+07:00" + @"PT1H" => @"11:00:00+07:00"
@"10:00:00" + @"P1D" => @"10:00:00"
@"10:00:00" + @"P1M" => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(TIMES_MOVE_AROUND_THE_CLOCK))
def test_times_move_around_the_clock(text, wanted):
    assert same(value_of(text), value_of(wanted))


DIFFERENCES_ARE_DAYS_AND_TIME_DURATIONS = r"""
@"2020-01-02" - @"2020-01-01" => @"P1D"
@"2020-01-01" - @"2020-01-02" => @"-P1D"
@"2020-01-02T00:00:00" - @"2020-01-01T12:00:00" => @"PT12H"
@"2020-01-02T00:00:00Z" - @"2020-01-02T00:00:00+07:00" => @"PT7H"
@"2020-03-30T00:00:00@Europe/Paris" - @"2020-03-28T00:00:00@Europe/Paris" => @"P1DT23H"
@"2020-01-02" - @"2020-01-01T12:00:00Z" => @"PT12H"
@"2020-01-02T00:00:00Z" - @"2020-01-01" => @"P1D"
@"2020-01-02T00:00:00" - @"2020-01-01T00:00:00Z" => null
@"10:00:00" - @"09:30:00" => @"PT30M"
@"09:30:00" - @"10:00:00" => @"-PT30M"
@"10:00:00Z" - @"10:00:00+01:00" => @"PT1H"
@"10:00:00" - @"10:00:00Z" => null
@"10:00:00" - @"2020-01-01" => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DIFFERENCES_ARE_DAYS_AND_TIME_DURATIONS))
def test_differences_are_days_and_time_durations(text, wanted):
    assert same(value_of(text), value_of(wanted))
